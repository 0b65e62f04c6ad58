"""Measures against independent computations and cases worked by hand."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

import glasshouse as gh
from glasshouse.model.measures import justice, privacy


@pytest.fixture(scope="module")
def society() -> gh.Society:
    society = gh.Society("visible-score-and-reports", rng=3, **{"population.size": 400})
    society.run_for(30)
    return society


@pytest.fixture(scope="module")
def last(society):
    return society.history.iloc[-1]


def test_columns_of_the_history(last):
    expected = [
        "compliance",
        "compliance_credit",
        "compliance_inquiry",
        "compliance_at_start",
        "circumstances",
        "internalised",
        "following",
        "pressure",
        "conviction",
        "polarisation",
        "approval",
        "pluralistic_ignorance",
        "perceived_detection",
        "exposure",
        "adversary_advantage",
        "disclosed",
        "chilling",
        "trust_authority",
        "trust_ties",
        "trust_strong_ties",
        "trust_weak_ties",
        "trust_strangers",
        "stranger_deals",
        "assured_deals",
        "reports",
        "false_reports",
        "harm",
        "fraud",
        "exchange",
        "wrongful",
        "score_mean",
        "score_gini",
        "score_conviction_correlation",
        "assortativity",
    ]
    assert set(expected) <= set(last.index)
    assert np.isfinite(last[expected]).all()


def test_correlations_are_pearsons(society, last):
    c = society.citizens
    scored = society.domains.scored == 1
    for name, other in {
        "score_conviction_correlation": c.conviction[:, scored].mean(axis=1),
        "score_unobserved_correlation": c.complies_unobserved[:, scored].mean(axis=1),
        "score_wealth_correlation": c.wealth,
    }.items():
        assert last[name] == pytest.approx(np.corrcoef(c.score, other)[0, 1], abs=1e-10)


def test_assortativity_is_networkxs(society, last):
    graph = society.to_networkx()
    assert last["assortativity"] == pytest.approx(nx.numeric_assortativity_coefficient(graph, "score"), abs=1e-8)


def test_gini_of_known_distributions():
    for values, known in (([0, 0, 0, 4], 0.75), ([3] * 7, 0), ([1, 2, 3], 2 / 9)):
        assert justice.gini(np.bincount(values)) == pytest.approx(known)
    assert np.isnan(justice.gini(np.array([3])))


def test_gini_of_the_scores(society, last):
    x = np.sort(society.citizens.score)
    n = len(x)
    exact = ((2 * np.arange(1, n + 1) - n - 1) * x).sum() / (n * x.sum())
    assert last["score_gini"] == pytest.approx(exact, rel=0.01)
    assert last["score_mean"] == pytest.approx(x.mean())


@given(st.lists(st.integers(0, 6), min_size=1, max_size=40), st.lists(st.integers(0, 6), min_size=1, max_size=40))
def test_auc_is_mann_whitneys_with_ties(positives, negatives):
    known = stats.mannwhitneyu(positives, negatives).statistic / (len(positives) * len(negatives))
    counts = (np.bincount(values, minlength=7) for values in (positives, negatives))
    assert privacy.auc(*counts) == pytest.approx(known, abs=1e-12)


def test_auc_without_a_class_is_not_a_number():
    assert np.isnan(privacy.auc(np.zeros(3, int), np.ones(3, int)))


def test_an_adversary_who_sees_everything_of_sincere_citizens_reads_minds():
    changes = {
        "population.size": 300,
        "citizens.rationality": float("inf"),
        "citizens.conformity": 0.0,
        "citizens.image_concern": 0.0,
        "domains.speech.cost": 0.0,
    }
    for openness, advantage in ((1.0, 1.0), (0.0, 0.0)):
        society = gh.Society("baseline", rng=1, **{**changes, "domains.speech.openness": openness})
        society.run_for(2)
        assert society.history["adversary_advantage"].iloc[-1] == pytest.approx(advantage)


def test_exposure_by_hand(society, last):
    domains, c, now = society.domains, society.citizens, society.conditions
    weight = domains.sensitivity / domains.sensitivity.sum()
    sight = domains.openness + c.visibility[:, None] * now.weight * (1 - domains.openness)
    seen = 1 - (1 - sight) ** np.diff(society.ties.indptr)[:, None]
    recorded = np.array([(c.noted | c.detected | c.reported | c.denounced) >> d & 1 for d in range(len(domains))]).T
    assert 0 < recorded.mean() < 1 and (recorded[:, domains.names.index("inquiry")] == 1).any()
    known = np.where(recorded == 1, 1.0, c.watched)
    assert last["exposure"] == pytest.approx(((1 - (1 - seen) * (1 - known)) @ weight).mean())
    assert last["exposure_authority"] == pytest.approx((known @ weight).mean())
    assert last["exposure_peers"] == pytest.approx((seen @ weight).mean())
    assert last["known_authority"] == pytest.approx(recorded.mean())


def test_beliefs_by_hand(society, last):
    c = society.citizens
    graph = nx.to_numpy_array(society.to_networkx(), weight=None)
    heard = graph / graph.sum(axis=1, keepdims=True) @ c.conviction
    assert last["pluralistic_ignorance"] == pytest.approx((c.approval - heard).mean())
    assert last["approval"] == pytest.approx(c.approval.mean())
    assert last["perceived_detection"] == pytest.approx(c.perceived_detection.mean())
    assert last["conviction"] == pytest.approx(c.conviction.mean())
    assert last["polarisation"] == pytest.approx(2 * c.conviction.std(axis=0).mean())


def test_polarisation_runs_from_agreement_to_two_camps():
    for conviction, known in ((np.full((50, 6), 0.3), 0.0), (np.arange(50)[:, None] % 2 * np.ones(6), 1.0)):
        society = gh.Society("baseline", rng=1, initial={"conviction": conviction}, **{"population.size": 50})
        assert society.history_record.latest["polarisation"] == pytest.approx(known, abs=1e-7)


def test_trust_by_strength_of_tie(society, last):
    strong = society.ties.first >= np.quantile(society.ties.first, 0.8)
    assert last["trust_strong_ties"] == pytest.approx(society.ties.trust[strong].mean())
    assert last["trust_weak_ties"] == pytest.approx(society.ties.trust[~strong].mean())
    assert strong.mean() == pytest.approx(0.2, abs=0.01)
    c = society.citizens
    assert last["trust_strangers"] == pytest.approx(c.generalised_trust.mean())
    assert last["stranger_deals"] == ((c.deals & 4) > 0).mean() > 0
    assert last["assured_deals"] == ((c.deals & 16) > 0).mean()


def test_order_by_hand(society, last):
    c, domains = society.citizens, society.domains
    assert last["harm"] == pytest.approx(((1 - c.complies) @ domains.harm).mean())
    deals = ((c.deals & 1) > 0).sum() + ((c.deals & 4) > 0).sum()
    frauds = ((c.deals & 2) > 0).sum() + ((c.deals & 8) > 0).sum()
    assert last["exchange"] == deals / len(c)
    assert last["fraud"] == frauds / deals


def test_chilling_is_of_what_nobody_scores(society, last):
    c, d = society.citizens, society.domains.names.index("inquiry")
    assert last["chilling"] == pytest.approx(c.complies[:, d].mean() - c.complies_unobserved[:, d].mean())
    assert last["chilling"] > 0


def test_measures_without_a_score_or_without_credit():
    society = gh.Society("baseline", rng=1, **{"population.size": 60, "domains.credit": None, "domains.speech": None})
    society.run_for(3)
    last = society.history.iloc[-1]
    assert last[["score_mean", "assortativity", "adversary_advantage", "fraud"]].isna().all()
    assert last["exchange"] == 0


def test_partly_enrolled_scores_leave_the_others_out():
    changes = {"population.size": 500, "institutions.score_bureau.enrolled": 0.4}
    society = gh.Society("visible-score", rng=1, **changes)
    society.run_for(10)
    c, last = society.citizens, society.history.iloc[-1]
    has = ~np.isnan(c.score)
    assert 0.3 < has.mean() < 0.5
    assert last["score_mean"] == pytest.approx(c.score[has].mean())
    assert last["score_wealth_correlation"] == pytest.approx(np.corrcoef(c.score[has], c.wealth[has])[0, 1])
    graph = society.to_networkx().subgraph(np.flatnonzero(has).tolist())
    assert last["assortativity"] == pytest.approx(nx.numeric_assortativity_coefficient(graph, "score"), abs=1e-8)
    assert (c.visibility[~has] == 0).all()
