"""What Mesa's verbs do to a society, or in which words they are refused; with lasting views and with passing ones."""

from __future__ import annotations

import copy

import mesa
import numpy as np
import pytest

import glasshouse as gh
from glasshouse.agents.base import Institution
from glasshouse.agents.institutions.firm import Company
from glasshouse.agents.settings import Settings
from glasshouse.model import mesa_face
from tests.support.scenes import assert_same

SMALL = {"population.size": 60}


@pytest.fixture(params=["lasting", "passing"], autouse=True)
def views(request, monkeypatch) -> str:
    """Whether views last, as up to 100,000 citizens, or are made when asked for."""
    if request.param == "passing":
        monkeypatch.setattr(mesa_face, "MOST_EAGER", 10)
    return request.param


def assert_gone(society: gh.Society, nodes: list[int], founders: int = 60) -> None:
    stay = np.setdiff1d(np.arange(founders), nodes)
    assert society.citizens.node.tolist() == stay.tolist()
    assert [a.node for a in society.agents_by_type[gh.Citizen]] == stay.tolist()
    assert len(society.agents) == len(stay) + len(society.institutions)
    assert all(len(getattr(society.citizens, name)) == len(stay) for name in society.citizens.columns)
    assert (society.row_of[nodes] == -1).all() and len(society.ties.indptr) == len(stay) + 1


def removals():
    def poor(society):
        society.agents_by_type[gh.Citizen].select(lambda a: a.node % 7 == 3).do("remove")

    def shuffled(society):
        society.agents.select(lambda a: a.node % 7 == 3, agent_type=gh.Citizen).shuffle_do("remove")

    def called(society):
        society.agents_by_type[gh.Citizen].do(lambda a: a.remove() if a.node % 7 == 3 else None)

    def one_by_one(society):
        for citizen in society.agents.to_list():
            if isinstance(citizen, gh.Citizen) and citizen.node % 7 == 3:
                citizen.remove()

    def deregistered(society):
        for citizen in society.agents_by_type[gh.Citizen]:
            if citizen.node % 7 == 3:
                society.deregister_agent(citizen)

    def of_mesa(society):
        chosen = [a for a in society.agents_by_type[gh.Citizen] if a.node % 7 == 3]
        mesa.agentset.AgentSet(chosen, random=society.random).do("remove")

    return [poor, shuffled, called, one_by_one, deregistered, of_mesa]


@pytest.mark.parametrize("remove", removals())
def test_who_is_removed_emigrates(remove):
    society = gh.Society("visible-score-and-reports", rng=1, **SMALL)
    like_exit = gh.Society("visible-score-and-reports", rng=1, **SMALL)
    nodes = list(range(3, 60, 7))
    like_exit.run_for(2)
    like_exit.citizens.flags[nodes] |= np.uint32(1 << 6)
    like_exit.step()
    society.run_for(3)
    leaver = society.citizen(10)
    remove(society)
    assert_gone(society, nodes)
    with pytest.raises(LookupError, match="citizen 10 has emigrated"):
        _ = leaver.wealth
    leaver.remove()  # once more is nothing, as in Mesa
    # From then on it is the same run as if they had emigrated by themselves in the week before.
    for each in (society, like_exit):
        each.run_for(3)
    assert society.history.iloc[3:].equals(like_exit.history.iloc[3:])
    for name in society.citizens.columns:
        np.testing.assert_array_equal(getattr(society.citizens, name), getattr(like_exit.citizens, name))
    assert society.history["emigrated"].iloc[-1] == pytest.approx(len(nodes) / 60)


def test_who_stays_keeps_its_luck():
    a, b = (gh.Society("baseline", rng=1, **SMALL) for _ in range(2))
    b.citizen(17).remove()
    for society in (a, b):
        society.step()
    same = a.citizens.complies_unchanged[np.arange(60) != 17]
    np.testing.assert_array_equal(same, b.citizens.complies_unchanged)


class Expeller(Institution):
    """Removes citizens in the middle of a week."""

    settings: Settings

    def act(self, society) -> None:
        """Let three go, and look."""
        if society.week == 4:  # the week in which Exit notes who leaves, too
            for row in (5, 6, 7):
                society.citizen(row).remove()
            self.seen = len(society.citizens)


def test_who_is_removed_within_a_week_leaves_at_its_end():
    plan = gh.Scenario.load("baseline").change({**SMALL, "institutions.exit": {"rate": 0.0}})
    society = gh.Society(plan, rng=1)
    expeller = society.institutions["expeller"] = Expeller(society, Settings())
    society.run_for(4)
    assert expeller.seen == 60
    assert_gone(society, [5, 6, 7])


def test_a_selection_knows_persons_not_rows():
    society = gh.Society("baseline", rng=1, **SMALL)
    some = society.agents.select(lambda a: a.node in (3, 8, 20), agent_type=gh.Citizen)
    society.citizen(0).remove()
    assert [a.node for a in some] == [3, 8, 20] and len(some) == 3
    society.citizen(int(society.row_of[8])).remove()
    assert [a.node for a in some] == [3, 20] and len(some) == 2
    assert some.get("identity") == [3, 20]


def test_nobody_can_remove_everybody():
    society = gh.Society("visible-score", rng=1, **SMALL)
    everybody = (
        society.remove_all_agents,
        lambda: society.agents.do("remove"),
        lambda: society.agents.shuffle_do("remove"),
        lambda: society.agents_by_type[gh.Citizen].select(at_most=59).do("remove"),
    )
    for attempt in everybody:
        with pytest.raises(gh.GlasshouseError, match="cannot lose everybody; 2 citizens stay"):
            attempt()
        assert_gone(society, [])
    with pytest.raises(gh.GlasshouseError, match="cannot lose everybody"):
        for citizen in society.agents_by_type[gh.Citizen]:
            citizen.remove()
    assert len(society.citizens) == 2
    society.run_for(2)


def test_an_institution_that_is_removed_leaves_as_by_a_change():
    ways = (
        lambda s: s.institutions["score_bureau"].remove(),
        lambda s: s.deregister_agent(s.institutions["score_bureau"]),
        lambda s: s.agents.select(lambda a: getattr(a, "name", "") == "score_bureau").do("remove"),
        lambda s: s.change({"institutions.score_bureau": None}),
    )
    plan = gh.Scenario.load("visible-score").change({**SMALL, "institutions.reward_scheme": None})
    societies = [gh.Society(plan, rng=1) for _ in ways]
    for society, way in zip(societies, ways, strict=True):
        society.run_for(2)
        bureau = society.institutions["score_bureau"]
        way(society)
        assert "score_bureau" not in society.plan.institutions and "score_bureau" not in society.institutions
        assert society.events == [(3, "", {"institutions.score_bureau": None})]
        assert bureau not in society.agents and len(society.agents) == 61
        bureau.remove()  # once more is nothing
        assert len(society.events) == 1
        society.run_for(2)
        assert_same(society, societies[0])


def test_an_institution_put_in_by_hand_can_be_removed():
    society = gh.Society("baseline", rng=1, **SMALL)
    society.institutions["expeller"] = Expeller(society, Settings())
    society.institutions["expeller"].remove()
    society.run_for(4)
    assert_gone(society, [])


class Reformer(Institution):
    """Tries to remove another institution in the middle of a week."""

    settings: Settings

    def act(self, society) -> None:
        """Try."""
        society.institutions["sensor_network"].remove()


def test_institutions_do_not_leave_within_a_week():
    society = gh.Society("visible-score", rng=1, **SMALL)
    society.institutions["reformer"] = Reformer(society, Settings())
    with pytest.raises(gh.GlasshouseError, match="nothing changes in the middle of a week"):
        society.step()
    assert "sensor_network" in society.institutions


def test_parts_of_an_institution_go_with_it():
    society = gh.Society("four-pillars", rng=1, **{"population.size": 200})
    company = society.agents_by_type[Company].to_list()[0]
    for attempt in (company.remove, lambda: society.deregister_agent(company)):
        with pytest.raises(ValueError, match=r"leaves only with all of firm: society.institutions\['firm'\].remove"):
            attempt()
    society.institutions["firm"].remove()
    assert not society.agents_by_type[Company] and company not in society.agents


def test_sets_of_all_agents_are_no_way_to_join_or_leave():
    society = gh.Society("visible-score", rng=1, **SMALL)
    citizen, bureau = society.citizen(3), society.institutions["score_bureau"]
    for agents in (society.agents, society.agents_by_type[gh.Citizen], society.agents_by_type[type(bureau)]):
        for attempt in (agents.remove, agents.discard, agents.add):
            with pytest.raises(gh.GlasshouseError, match=r"call|its own remove\(\)"):
                attempt(citizen if citizen in agents else bureau)
        for attempt in (agents.pop, agents.clear):
            with pytest.raises(gh.GlasshouseError, match=r"its own remove\(\)"):
                attempt()
    some = society.agents.copy()
    some.remove(citizen)
    assert citizen not in some and len(some) == 62 and len(society.agents) == 63
    assert len(some | society.agents) == 63 and len(some & society.agents) == 62
    assert len(society.agents.select(at_most=5, inplace=True)) == 5 and len(society.agents) == 63
    assert society.agents[3].node == 3


def test_who_may_join():
    society, other = (gh.Society("baseline", rng=1, **SMALL) for _ in range(2))
    twin = gh.Society("baseline", rng=1, **SMALL)

    class Reporter(mesa.Agent):
        """Acts when it is called."""

        count = 0

        def step(self):
            """Count."""
            self.count += 1

    reporter = Reporter(society)
    assert reporter in society.agents and society.agents_by_type[Reporter].to_list() == [reporter]
    society.step()
    twin.step()
    assert reporter.count == 0
    assert_same(society, twin)
    society.agents.do("step")
    assert reporter.count == 1
    for attempt, words in (
        (lambda: society.register_agent(other.citizen(0)), "belongs to another model"),
        (lambda: society.deregister_agent(other.citizen(0)), "belongs to another model"),
        (lambda: society.register_agent(reporter), "registered already"),
        (lambda: society.register_agent(society.citizen(0)), "no citizen joins"),
        (lambda: gh.Citizen(society), "no citizen joins"),
        (lambda: gh.Citizen.create_agents(society, 3), "no citizen joins"),
    ):
        with pytest.raises(gh.GlasshouseError, match=words):
            attempt()
    assert len(society.agents) == 61 and len(other.citizens) == 60
    reporter.remove()
    assert_gone(society, [])


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("conviction", 2, "conviction has values outside its range, 0 to 1"),
        ("conviction", [0.5, 0.5], r"conviction has shape \(2,\); it must fit \(6,\)"),
        ("wealth", -1, "wealth has values outside its range, 0 to inf"),
        ("wealth", np.inf, "outside its range"),
        ("wealth", np.nan, "outside its range"),
        ("wealth", "much", "wealth is 'much'; give numbers"),
        ("wealth", None, "wealth is None; give numbers"),
        ("group", 1.5, "group has fractions"),
        ("identity", 3, "who a citizen is and never changes"),
        ("node", 3, "who a citizen is and never changes"),
    ],
)
def test_what_does_not_fit_a_column_is_refused(name, value, words):
    society = gh.Society("baseline", rng=1, **SMALL)
    before = getattr(society.citizens, name).copy()
    for attempt in (
        lambda: setattr(society.citizen(4), name, value),
        lambda: society.agents_by_type[gh.Citizen].set(name, value),
        lambda: society.agents_by_type[gh.Citizen].select(at_most=1).set(name, value),
    ):
        with pytest.raises(ValueError, match=words.replace("6,", r"\d+, ?\d*|6,") if "shape" in words else words):
            attempt()
        np.testing.assert_array_equal(getattr(society.citizens, name), before)


def test_what_fits_a_column_is_written(views):
    society = gh.Society("visible-score", rng=1, **SMALL)
    citizen = society.citizen(4)
    citizen.conviction, citizen.score, citizen.group = 0.25, np.nan, 0.0
    assert (society.citizens.conviction[4] == 0.25).all() and np.isnan(society.citizens.score[4])
    society.agents_by_type[gh.Citizen].set("wealth", np.arange(60.0))
    assert society.citizens.wealth.tolist() == list(range(60))
    if views == "lasting":
        citizen.mood = "fine"
        assert society.citizen(4).mood == "fine"
    else:
        with pytest.raises(AttributeError, match="mood is no column, and in so large a society"):
            citizen.mood = "fine"


def test_a_society_keeps_its_seed_and_has_no_end():
    society = gh.Society("baseline", rng=1, **SMALL)
    twin = gh.Society("baseline", rng=1, **SMALL)
    with pytest.raises(gh.GlasshouseError, match=r"run_for\(260\)"):
        society.run_model()
    for attempt in (lambda: society.reset_rng(2), lambda: society.reset_randomizer(2)):
        with pytest.raises(gh.GlasshouseError, match="keeps its seed, 1; make another one"):
            attempt()
    first = [a.node for a in society.agents_by_type[gh.Citizen].shuffle()]
    society.reset_rng()
    assert [a.node for a in society.agents_by_type[gh.Citizen].shuffle()] == first
    society.reset_randomizer()
    for each in (society, twin):
        each.run_for(2)
    assert_same(society, twin)


def test_copies_do_not_share_citizens():
    society = gh.Society("baseline", rng=1, **SMALL)
    other = copy.copy(society)
    other.citizen(3).remove()
    other.run_for(2)
    assert society.week == 0 and len(society.citizens) == 60 and len(other.citizens) == 59


def test_a_data_collector_of_mesa_reads_agents():
    society = gh.Society("baseline", rng=1, **SMALL)
    collector = mesa.DataCollector(agenttype_reporters={gh.Citizen: {"wealth": "wealth"}})
    collector.collect(society)
    frame = collector.get_agenttype_vars_dataframe(gh.Citizen)
    assert frame["wealth"].tolist() == society.citizens.wealth.tolist()


def test_a_model_made_of_mesas_scenario_begins_as_the_first_did():
    plan = gh.Scenario.load("visible-score").change(SMALL)
    society = gh.Society(plan, rng=7, record=["conviction"])
    society.run_for(2)
    society.change({"institutions.score_bureau": None, "institutions.reward_scheme": None})
    kind = type(society.scenario)
    assert "score_bureau" not in society.scenario.institutions
    again = gh.Society(scenario=kind())
    assert again.seed_number == 7 and again.plan == plan and again.history_record.columns == ("conviction",)
    first = gh.Society(plan, rng=7)
    for each in (again, first):
        each.run_for(2)
    assert_same(again, first)
    smaller = gh.Society(scenario=kind(), **{"population.size": 40})
    assert smaller.seed_number == 7 and len(smaller.citizens) == 40 and smaller.plan.institutions == plan.institutions
    assert gh.Society(scenario=kind(), rng=8).seed_number == 8
    assert type(smaller.scenario)().beginning.plan.population.size == 40
