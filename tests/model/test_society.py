"""Properties of a society over many random cases."""

from __future__ import annotations

import copy
import pickle
from functools import reduce
from operator import add

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import glasshouse as gh
from glasshouse.agents.citizens import FEAR, TERMS, Citizens
from glasshouse.agents.institutions import INSTITUTIONS, known_columns
from glasshouse.agents.rules.utility import choice_probability
from tests.support.golden import DIFFERING, check_acts, check_golden, live
from tests.support.scenes import assert_same

NAMES = tuple(INSTITUTIONS)


@st.composite
def scenarios(draw) -> gh.Scenario:
    """Small societies under any mix of institutions, far from the defaults."""
    changes = {
        "population.size": draw(st.integers(12, 60)),
        "population.degree": draw(st.integers(1, 10)),
        "population.network": draw(st.sampled_from(["small-world", "random", "scale-free", "community"])),
        "population.rewiring": draw(st.floats(0, 1)),
        "citizens.rationality": draw(st.sampled_from([0.0, 0.5, 2.0, 50.0, float("inf")])),
        "citizens.memory": draw(st.sampled_from([0.0, 3.0, 100.0])),
        "citizens.conformity": draw(st.floats(0, 10)),
        "citizens.reactance": draw(st.floats(0, 10)),
        "citizens.internalise.self": draw(st.floats(0, 1)),
        "citizens.internalise.talk": draw(st.floats(0, 1)),
        "citizens.internalise.react": draw(st.floats(0, 1)),
        "citizens.internalise.anchor": draw(st.floats(0, 1)),
        "citizens.trust.suspicion": draw(st.floats(0, 1)),
        "citizens.trust.recovery": draw(st.floats(0, 1)),
        "citizens.report.hassle": draw(st.floats(0, 4)),
        "citizens.report.false_rate": draw(st.floats(0, 1)),
        "citizens.traits_sd": draw(st.floats(0, 1)),
        "citizens.face_value": draw(st.floats(0, 1)),
        "citizens.image.counts_close": draw(st.sampled_from([0.0, 0.15, 1.0])),
        "citizens.image.counts_other": draw(st.sampled_from([0.0, 0.09, 1.0])),
        "domains.speech.openness": draw(st.sampled_from([0.0, 0.3, 1.0])),
        "citizens.consequence.alertness": draw(st.floats(0, 1)),
        "citizens.consequence.forgetting": draw(st.floats(0, 1)),
        "citizens.habit.weight": draw(st.sampled_from([0.0, 3.0])),
        "citizens.crowding.erosion": draw(st.sampled_from([0.0, 0.5])),
        "population.settle": draw(st.integers(0, 4)),
        "population.turnover": draw(st.sampled_from([0.0, 1 / 3120, 0.2])),
    }
    changes |= {f"institutions.{name}": {} for name in draw(st.sets(st.sampled_from(NAMES)))}
    return gh.Scenario.load("baseline").change(changes)


seeds = st.integers(0, 2**64 - 1)


@given(scenarios(), seeds)
def test_every_column_stays_in_its_range(scenario, seed):
    society = gh.Society(scenario, rng=seed)
    society.run_for(6)
    for name, column in society.citizens.columns.items():
        values = getattr(society.citizens, name)
        if name.endswith("score"):
            # Nobody has one until somebody keeps it.
            values = values[~np.isnan(values)]
        low, high = (0, 1300) if name == "score" else (column.low, column.high)
        assert (values >= low).all() and (values <= high).all(), name
    assert (society.ties.trust >= 0).all() and (society.ties.trust <= 1).all()


@given(scenarios(), seeds)
def test_compliance_splits_exactly(scenario, seed):
    # Who leaves this week is still measured.
    society = gh.Society(scenario.change({"institutions.exit": None}), rng=seed)
    for _ in range(4):
        society.step()
        c, last = society.citizens, society.history.iloc[-1]
        parts = {name: after.astype(int) - before for name, (after, before) in {
            "circumstances": (c.complies_unchanged, c.complies_at_start),
            "internalised": (c.complies_alone, c.complies_unchanged),
            "following": (c.complies_unobserved, c.complies_alone),
            "pressure": (c.complies, c.complies_unobserved),
        }.items()}  # fmt: skip
        np.testing.assert_array_equal(sum(parts.values()), c.complies.astype(int) - c.complies_at_start)
        total = last["compliance_at_start"]
        for name, part in parts.items():
            assert last[name] == pytest.approx(part.mean(), abs=1e-15), name
            total += last[name]
        assert last["compliance"] == total
        assert last["compliance"] == pytest.approx(c.complies.mean(), abs=1e-15)


@given(scenarios(), seeds)
def test_reports_are_conserved(scenario, seed):
    # A tie that is dropped takes along the reports that were made over it.
    kept = scenario.change({f"institutions.{name}": None for name in ("exit", "tie_sorting", "partner_market")})
    society = gh.Society(kept, rng=seed)
    for _ in range(4):
        society.step()
        c, ties = society.citizens, society.ties
        by_tie = np.bincount(ties.owners(), weights=ties.accusations, minlength=len(c))
        np.testing.assert_array_equal(
            by_tie + c.read("stranger_reports", known_columns()["stranger_reports"]), c.reports_against
        )
        assert (c.false_against <= c.reports_against).all()
        true_reports = c.reports_against - c.false_against
        assert ((np.bitwise_count(c.reported) > 0) == (true_reports > 0)).all()
        deviating = np.zeros(len(c), np.uint32)
        for d in range(len(society.domains)):
            deviating |= (1 - c.complies[:, d]).astype(np.uint32) << np.uint32(d)
        assert not (c.reported & ~deviating).any(), "a true report is of what happened"
        assert not (c.denounced & deviating).any(), "a false report is of what did not"
        if not {"hotline", "commune", "debtor_map"} & set(society.institutions):
            assert c.reports_against.sum() == 0


@given(scenarios(), seeds)
def test_the_terms_explain_the_act(scenario, seed):
    society = gh.Society(scenario, rng=seed)
    society.run_for(3)
    for row in range(0, len(society.citizens), 5):
        for domain in society.domains.names:
            why = society.citizen(row).explain(domain)
            assert tuple(why.terms) == TERMS
            assert why.utility == reduce(add, why.terms.values())
            assert why.probability == choice_probability(why.utility, scenario.citizens.rationality)
            if abs(why.probability - why.draw) > 1e-9 and not np.isinf(scenario.citizens.rationality):
                assert why.complies == (why.probability >= why.draw)
            if np.isinf(scenario.citizens.rationality):
                assert why.complies == (why.utility >= 0)


@given(scenarios(), seeds)
def test_the_score_is_an_account_that_balances(scenario, seed):
    """Without decay, association and limits, the scores move by the points of the week's record alone."""
    scenario = scenario.change(
        {
            "institutions.score_bureau": {"decay": 0.0, "ceiling": 1e6, "floor": -1e6},
            "institutions.sensor_network": {},
            "institutions.point_market": None,
            "institutions.exit": None,
        }
    )
    society = gh.Society(scenario, rng=seed)
    for _ in range(3):
        before, people = society.citizens.score.copy(), society.citizens.identity.copy()
        society.step()
        c, now = society.citizens, society.conditions
        # A newcomer has a new record.
        before[c.identity != people] = now.score_start
        points = sum(
            now.gain[d] * (c.noted >> d & 1) - now.loss[d] * (c.upheld >> d & 1) + now.loss[d] * (c.restored >> d & 1)
            for d in range(len(society.domains))
        )
        np.testing.assert_allclose(c.score, before + points)


@given(seeds, st.integers(0, 2**32 - 1), st.sampled_from(["visible-score-and-reports", "visible-score", "baseline"]))
def test_relabelling_citizens_relabels_the_run(seed, order, name):
    """The same people under other row numbers do the same, people being told apart by `identity`."""
    size = 80
    graph = nx.gnm_random_graph(size, 5 * size, seed=order)
    rows = np.random.default_rng(order).permutation(size)
    relabelled = nx.Graph()
    relabelled.add_nodes_from(range(size))
    relabelled.add_edges_from((int(rows[u]), int(rows[v])) for u, v in graph.edges)
    identity = np.empty(size, np.uint32)
    identity[rows] = np.arange(size)
    a = gh.Society(name, rng=seed, graph=graph)
    b = gh.Society(name, rng=seed, graph=relabelled, initial={"identity": identity})
    a.run_for(8)
    b.run_for(8)
    for column in set(Citizens.own) - {"node"}:
        here, there = getattr(a.citizens, column), getattr(b.citizens, column)[rows]
        np.testing.assert_allclose(here, there, rtol=1e-9, atol=1e-12, err_msg=column)
    np.testing.assert_allclose(a.history, b.history, rtol=1e-6, atol=1e-9)


@given(scenarios(), seeds, st.integers(1, 5))
def test_stopping_to_pickle_changes_nothing(scenario, seed, weeks):
    society = gh.Society(scenario, rng=seed)
    society.run_for(weeks)
    for other in (pickle.loads(pickle.dumps(society)), copy.deepcopy(society)):
        other.run_for(3)
        again = copy.deepcopy(society)
        again.run_for(3)
        assert_same(again, other)


def test_threads_change_nothing():
    def run(threads: int) -> gh.Society:
        society = gh.Society(
            "visible-score-and-reports",
            rng=1,
            threads=threads,
            **{"population.size": 13_001, "citizens.internalise.talk": 0.02},
        )
        society.run_for(5)
        return society

    one = run(1)
    for threads in (2, 3):
        assert_same(one, run(threads))


def test_a_seed_is_a_run():
    first, again, other = (gh.Society("visible-score", rng=seed, **{"population.size": 100}) for seed in (7, 7, 8))
    for society in (first, again, other):
        society.run_for(5)
    assert_same(first, again)
    assert not first.history.equals(other.history)


def test_two_scenarios_under_one_seed_are_the_same_people():
    a, b = (gh.Society(name, rng=7, **{"population.size": 100}) for name in ("baseline", "visible-score-and-reports"))
    for name in ("start_conviction", "temperament", "conformity", "reactance", "wealth", "complies", "born", "group"):
        np.testing.assert_array_equal(getattr(a.citizens, name), getattr(b.citizens, name))
    np.testing.assert_array_equal(a.ties.neighbours, b.ties.neighbours)


def test_citizens_start_as_the_scenario_says():
    society = gh.Society("baseline", rng=3, **{"population.size": 50_000, "population.settle": 0})
    c, s = society.citizens, society.plan
    for d, domain in enumerate(s.domains.values()):
        assert c.start_conviction[:, d].mean() == pytest.approx(domain.conviction_mean, abs=0.01)
        # Of a Beta distribution with mean m and concentration c.
        spread = np.sqrt(
            domain.conviction_mean * (1 - domain.conviction_mean) / (s.citizens.conviction_concentration + 1)
        )
        assert c.start_conviction[:, d].std() == pytest.approx(spread, abs=0.005)
    ordered = np.sort(c.wealth)
    n = len(ordered)
    gini = ((2 * np.arange(1, n + 1) - n - 1) * ordered).sum() / (n * ordered.sum())
    assert gini == pytest.approx(s.citizens.wealth_gini, abs=0.01)
    assert c.wealth.mean() == pytest.approx(1, abs=0.02)
    assert c.reactance.min() > 0
    for name in ("conformity", "image_concern", "reactance", "privacy_concern"):
        trait = getattr(c, name)
        assert trait.mean() == pytest.approx(getattr(s.citizens, name), rel=0.01)
        assert np.log(trait).std() == pytest.approx(s.citizens.traits_sd, abs=0.01)
    assert society.ties.resting.mean() == pytest.approx(0.6, abs=0.005)
    assert 0.3 <= society.ties.resting.min() < 0.31 and 0.89 < society.ties.resting.max() <= 0.9
    assert c.born.max() <= 0 and -52 * 62 <= c.born.min() < -52 * 61
    assert np.bincount(c.group).tolist() == [1000] * 50


def test_what_is_switched_off_is_gone_and_what_it_did_remains():
    changes = {"population.size": 400, "citizens.report.hassle": 2.0}
    society = gh.Society("switched-off", rng=1, **changes)
    society.run_for(129)
    c, unscored = society.citizens, society.domains.names.index("consumption")
    slow, reporting, punished = (a.copy() for a in (c.slow_detection[:, unscored], c.reporting, c.punished))
    feared, people = c.terms[:, :, FEAR].max(), c.identity.copy()
    society.run_for(21)
    before, after = society.history.loc[129], society.history.loc[130]
    assert before["reports"] > 0 and after["reports"] == 0
    assert np.isfinite(before["score_mean"]) and np.isnan(after["score_mean"])
    assert after["exposure"] < before["exposure"]
    assert not society.institutions
    assert society.events[0][0] == 130
    # Where nobody reports, only the slow part of perceived detection is left; the memory of sanctions fades.
    np.testing.assert_allclose(c.perceived_detection[:, unscored], 0.15 * slow * (1 - 0.04) ** 21)
    np.testing.assert_allclose(c.reporting, reporting * (1 - 0.05) ** 21)
    same = c.identity == people
    np.testing.assert_allclose(c.punished[same], punished[same] * (1 - 0.034) ** 21)
    assert 0 < c.terms[:, :, FEAR].max() < feared / 2 and c.punished.max() > 0
    plain = gh.Society("baseline", rng=1, **changes)
    plain.run_for(150)
    assert society.history["trust_ties"].iloc[-1] < plain.history["trust_ties"].iloc[-1] - 0.02


@pytest.mark.parametrize(
    "changes",
    [
        {"institutions.hotline": {}, "citizens.memory": 9.0},
        # These note the week in which they come, or draw by it.
        {"institutions.hotline": {}, "institutions.authority": {"growth": 5.0}},
        {"institutions.predictor": {"interval": 2}, "institutions.household_registry": {}, "institutions.firm": {}},
    ],
)
def test_a_change_in_course_is_the_same_as_a_dated_one(changes):
    plan = gh.Scenario.load("visible-score").change({"population.size": 100})
    dated = gh.Scenario.from_dict({**plan.to_dict(), "change": [{"week": 6, "set": changes}]})
    a, b = gh.Society(dated, rng=2), gh.Society(plan, rng=2)
    a.run_for(20)
    b.run_for(5)
    b.change(changes)
    assert b.week == 5
    b.run_for(15)
    assert_same(a, b)
    assert a.events == b.events and b.events[0][0] == 6


def test_a_refused_change_changes_nothing():
    society = gh.Society("visible-score", rng=2, **{"population.size": 100})
    society.run_for(2)
    before = society.plan
    for changes in ({"population.size": 50}, {"citizens.memory": -1.0}, {"institutions.nothing": {}}):
        with pytest.raises(gh.ScenarioError):
            society.change(changes)
    assert society.plan is before
    assert society.events == []


@pytest.mark.parametrize("name", gh.scenarios())
def test_every_scenario_runs_as_recorded(name, update_golden):
    society = gh.Society(name, rng=1, changes={"population.size": 300})
    check_acts(name, live(society, 160), update_golden)
    check_golden(name, society, update_golden)


SIGNED = {
    "institutions.hotline.anonymous": False,
    "institutions.blacklist.joint_punishment": False,
    "institutions.score_bureau.unified": True,
}


@pytest.mark.parametrize(("suffix", "changes"), [("", {}), ("-signed", SIGNED)])
def test_a_society_in_which_every_setting_differs_runs_as_recorded(suffix, changes, update_golden):
    """Two settings, or two arguments of a loop, that are taken for each other show here."""
    plan = gh.Scenario.load(DIFFERING)
    numbers = [v for v in plan.settings().values() if isinstance(v, int | float) and not isinstance(v, bool)]
    assert len(set(numbers)) == len(numbers) > 250
    society = gh.Society(plan, rng=7, changes=changes)
    check_acts(f"every-setting-differs{suffix}", live(society, 60), update_golden)
    check_golden(f"every-setting-differs{suffix}", society, update_golden)


def test_the_baseline_neither_drifts_nor_dies():
    """Pattern 0: over 520 weeks compliance drifts by less than 2 points in any domain, near the level that is set."""
    levels = {name: domain.level for name, domain in gh.Scenario.load("baseline").domains.items()}
    courses = []
    for seed in range(8):
        society = gh.Society("baseline", rng=seed)
        society.run_for(520)
        courses.append(society.history)
    mean = sum(courses) / len(courses)
    for domain, level in levels.items():
        compliance = mean[f"compliance_{domain}"]
        assert abs(compliance.iloc[-26:].mean() - compliance.iloc[:26].mean()) < 0.02, domain
        assert compliance.iloc[-26:].mean() == pytest.approx(level, abs=0.03), domain
    conviction = society.citizens.conviction
    assert conviction.min() < 0.05 and conviction.max() > 0.95


def test_initial_columns_replace_what_would_be_drawn():
    score = np.linspace(800, 1200, 50)
    initial = {"score": score, "wealth": 2.0, "trust": 0.25, "conviction": 0.75}
    society = gh.Society("visible-score", rng=1, initial=initial, **{"population.size": 50})
    np.testing.assert_array_equal(society.citizens.score, score)
    assert (society.citizens.wealth == 2).all() and (society.ties.trust == 0.25).all()
    assert (society.citizens.start_conviction == 0.75).all()


def test_a_bureau_that_goes_takes_the_score_with_it():
    society = gh.Society("visible-score", rng=1, **{"population.size": 100})
    society.run_for(10)
    assert society.citizens.closeness.max() > 0
    society.change({"institutions.score_bureau": None})
    assert np.isnan(society.citizens.score).all() and society.citizens.closeness.max() == 0
    society.change({"institutions.score_bureau": {}})
    assert (society.citizens.score == 1000).all()


def test_initial_columns_are_checked():
    for initial, words in (
        ({"convictoin": 0.5}, "no such column"),
        ({"conviction": 2.0}, "outside its range"),
        ({"conviction": np.zeros((3, 3))}, "must fit"),
        ({"identity": np.zeros(50)}, "permutation"),
    ):
        with pytest.raises(gh.ScenarioError, match=words):
            gh.Society("baseline", rng=1, initial=initial, **{"population.size": 50})
