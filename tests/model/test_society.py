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
from glasshouse.agents.citizens import TERMS, Citizens
from glasshouse.agents.institutions import INSTITUTIONS, known_columns
from glasshouse.agents.rules.choosing import choice_probability
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
        "citizens.fear.learning": draw(st.floats(0, 1)),
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
        total = c.complies.astype(int) - c.complies_unchanged
        pressure = c.complies.astype(int) - c.complies_unobserved
        internalised = c.complies_unobserved.astype(int) - c.complies_unchanged
        np.testing.assert_array_equal(total, pressure + internalised)
        assert last["compliance"] == last["compliance_unchanged"] + last["internalised"] + last["pressure"]
        assert last["compliance"] == pytest.approx(c.complies.mean(), abs=1e-15)


@given(scenarios(), seeds)
def test_reports_are_conserved(scenario, seed):
    # A tie that is dropped takes along the reports that were made over it.
    kept = scenario.change({"institutions.exit": None, "institutions.tie_sorting": None})
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
        before = society.citizens.score.copy()
        society.step()
        c, now = society.citizens, society.conditions
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
    for name in ("initial_conviction", "conformity", "reactance", "wealth", "complies", "group"):
        np.testing.assert_array_equal(getattr(a.citizens, name), getattr(b.citizens, name))
    np.testing.assert_array_equal(a.ties.neighbours, b.ties.neighbours)


def test_citizens_start_as_the_scenario_says():
    society = gh.Society("baseline", rng=3, **{"population.size": 50_000})
    c, s = society.citizens, society.plan
    for d, domain in enumerate(s.domains.values()):
        assert c.initial_conviction[:, d].mean() == pytest.approx(domain.conviction_mean, abs=0.01)
    ordered = np.sort(c.wealth)
    n = len(ordered)
    gini = ((2 * np.arange(1, n + 1) - n - 1) * ordered).sum() / (n * ordered.sum())
    assert gini == pytest.approx(s.citizens.wealth_gini, abs=0.01)
    assert c.wealth.mean() == pytest.approx(1, abs=0.02)
    assert c.reactance.min() == 0
    assert society.ties.trust.mean() == pytest.approx(0.8, abs=0.005)
    assert np.bincount(c.group).tolist() == [1000] * 50


def test_what_is_switched_off_is_gone_and_what_it_did_remains():
    society = gh.Society("switched-off", rng=1, **{"population.size": 400})
    society.run_for(150)
    before, after = society.history.loc[129], society.history.loc[130]
    assert before["reports"] > 0 and after["reports"] == 0
    assert np.isfinite(before["score_mean"]) and np.isnan(after["score_mean"])
    assert after["exposure"] < before["exposure"]
    assert not society.institutions
    assert society.events[0][0] == 130
    assert society.citizens.fear.max() > 0
    plain = gh.Society("baseline", rng=1, **{"population.size": 400})
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
    """Pattern 0: over 520 weeks compliance drifts by less than 3 points in any domain, near plausible levels."""
    plausible = {"credit": 0.85, "conduct": 0.9, "civic": 0.3, "consumption": 0.5, "speech": 0.6, "inquiry": 0.5}
    courses = []
    for seed in range(8):
        society = gh.Society("baseline", rng=seed)
        society.run_for(520)
        courses.append(society.history)
    mean = sum(courses) / len(courses)
    for domain, level in plausible.items():
        compliance = mean[f"compliance_{domain}"]
        assert abs(compliance.iloc[-26:].mean() - compliance.iloc[:26].mean()) < 0.03, domain
        assert compliance.iloc[-26:].mean() == pytest.approx(level, abs=0.06), domain
    conviction = society.citizens.conviction
    assert conviction.min() < 0.05 and conviction.max() > 0.95


def test_initial_columns_replace_what_would_be_drawn():
    score = np.linspace(800, 1200, 50)
    initial = {"score": score, "wealth": 2.0, "trust": 0.25, "conviction": 0.75}
    society = gh.Society("visible-score", rng=1, initial=initial, **{"population.size": 50})
    np.testing.assert_array_equal(society.citizens.score, score)
    assert (society.citizens.wealth == 2).all() and (society.ties.trust == 0.25).all()
    assert (society.citizens.initial_conviction == 0.75).all()


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
