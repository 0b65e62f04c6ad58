"""The limits in which the literature knows the answer, by switching terms off; nothing is special-cased."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from scipy.optimize import brentq

import glasshouse as gh
from glasshouse.agents.base import Institution, Settings
from tests.support.scenes import STILL, one_domain

INF = float("inf")


def run_thresholds(thresholds: list[int]) -> int:
    """Citizens who comply in the end, where each complies once so many of the others do (Granovetter 1978)."""
    n = len(thresholds)
    # Conviction 1 − share complies from that share of others on; half a citizen of margin keeps off the ties.
    conviction = 1 - np.maximum(0, np.array(thresholds) - 0.5) / (n - 1)
    scenario = one_domain({"population.size": n, "population.network": "complete", "citizens.rationality": INF})
    initial = {"conviction": conviction[:, None], "complies": 0, "expectation": 0.0}
    society = gh.Society(scenario, rng=1, initial=initial)
    society.run_for(n + 1)
    return int(society.citizens.complies.sum())


def test_granovetter_everyone_riots():
    assert run_thresholds(list(range(100))) == 100


def test_granovetter_one_threshold_stops_the_riot():
    assert run_thresholds([0, 2, 2, *range(3, 100)]) == 1


def cascade(degree: float, threshold: float, seed: int, size: int = 4000) -> float:
    """Share that complies in the end on a Poisson graph, one citizen having started (Watts 2002)."""
    graph = nx.fast_gnp_random_graph(size, degree / (size - 1), seed=seed)
    conviction = np.full((size, 1), 1 - threshold)
    conviction[0] = 1.0
    scenario = one_domain({"citizens.rationality": INF})
    initial = {"conviction": conviction, "complies": 0, "expectation": 0.0}
    society = gh.Society(scenario, rng=seed, graph=graph, initial=initial)
    before = -1
    while (now := int(society.citizens.complies.sum())) != before or society.week < 3:
        before = now
        society.step()
    return now / size


@pytest.mark.parametrize(
    ("threshold", "degree", "global_cascades"),
    [
        (0.18, 0.8, False),
        (0.18, 1.5, True),
        (0.18, 5.0, True),
        (0.18, 6.5, False),
        (0.25, 0.8, False),
        (0.25, 1.5, True),
        (0.25, 3.4, True),
        (0.25, 4.6, False),
    ],
)
def test_watts_cascade_window(threshold, degree, global_cascades):
    """Inside (1.021, 5.765) for .18 and (1.114, 3.863) for .25 a single seed can set off a global cascade."""
    largest = max(cascade(degree, threshold, seed) for seed in range(12))
    assert (largest > 0.2) == global_cascades, largest


def settled(beta: float, h: float, start: float, size: int = 1500, weeks: int = 150) -> float:
    """Mean of m = 2 · compliance − 1 once settled, all having started from expecting `start` (Brock & Durlauf)."""
    scenario = one_domain({"population.size": size, "population.network": "complete", "citizens.rationality": beta})
    complies = (np.arange(size) < (start + 1) / 2 * size).astype(int)[:, None]
    initial = {"conviction": (h + 1) / 2, "complies": complies}
    society = gh.Society(scenario, rng=4, initial=initial)
    society.run_for(weeks)
    return float(2 * society.history["compliance"].iloc[weeks // 3 :].mean() - 1)


def roots(beta: float, h: float) -> list[float]:
    """Solutions of m = tanh(β (h + m) / 2)."""
    grid = np.linspace(-1, 1, 2001)
    gap = np.tanh(beta * (h + grid) / 2) - grid
    turns = np.flatnonzero(np.diff(np.sign(gap)))
    return [brentq(lambda m: np.tanh(beta * (h + m) / 2) - m, grid[k], grid[k + 1]) for k in turns]


def test_brock_durlauf_one_root_below_the_critical_rationality():
    (root,) = roots(1.5, 0.1)
    assert settled(1.5, 0.1, -1) == pytest.approx(root, abs=0.02)
    assert settled(1.5, 0.1, 1) == pytest.approx(root, abs=0.02)


def test_brock_durlauf_three_roots_above_it():
    low, middle, high = roots(3.0, 0.02)
    assert settled(3.0, 0.02, -1) == pytest.approx(low, abs=0.02)
    assert settled(3.0, 0.02, 1) == pytest.approx(high, abs=0.02)
    # The middle root is unstable: it parts what falls from what rises.
    assert settled(3.0, 0.02, middle - 0.12) == pytest.approx(low, abs=0.02)
    assert settled(3.0, 0.02, middle + 0.12) == pytest.approx(high, abs=0.02)


def talking(graph: nx.Graph, trust: np.ndarray, conviction: np.ndarray, talk: float, anchor: float) -> gh.Society:
    """A society in which convictions move by talk and anchor alone, along fixed trust."""
    scenario = one_domain(
        {
            "citizens.internalise.talk": talk,
            "citizens.internalise.anchor": anchor,
            "citizens.internalise.temperament_share": 0.0,
            "citizens.internalise.plasticity": 0.0,
            "citizens.trust.recovery": 0.0,
            "citizens.conviction_weight": 0.0,
        }
    )
    # All are alike by temperament, so that what one has come to think is what one thinks.
    initial = {"conviction": conviction[:, None], "temperament": 0.5}
    society = gh.Society(scenario, rng=1, graph=graph, initial=initial)
    society.ties.trust[:] = trust[society.ties.owners(), society.ties.neighbours]
    return society


def test_friedkin_johnsen_four_persons():
    """(25, 25, 75, 85) → (60.02, 59.98, 75, 74.99) (Friedkin & Johnsen).

    Each person's own susceptibility 1 − w_ii stands in a second, deaf person of its own initial opinion, trusted
    with weight w_ii: x_i ((1 − w)² + w) = (1 − w) Σ_{j≠i} w_ij x_j + w s_i is the published fixed point.
    """
    w = np.array(
        [[0.220, 0.120, 0.360, 0.300], [0.147, 0.215, 0.344, 0.294], [0, 0, 1, 0], [0.090, 0.178, 0.446, 0.286]]
    )
    own = np.diag(w)
    trust = np.zeros((8, 8))
    trust[:4, :4] = (1 - own)[:, None] * (w - np.diag(own))
    trust[range(4), range(4, 8)] = own
    opinions = np.array([25, 25, 75, 85]) / 100
    graph = nx.complete_graph(4)
    graph.add_edges_from((i, i + 4) for i in range(4))
    society = talking(graph, trust, np.tile(opinions, 2), talk=0.5, anchor=0.0)
    society.run_for(200)
    assert 100 * society.citizens.conviction[:4, 0] == pytest.approx([60.02, 59.98, 75, 74.99], abs=0.006)


def test_talk_and_anchor_settle_where_the_linear_system_says():
    rng = np.random.default_rng(3)
    graph = nx.connected_watts_strogatz_graph(60, 6, 0.2, seed=1)
    trust = rng.uniform(0.1, 1, (60, 60)) * nx.to_numpy_array(graph)
    start = rng.uniform(0, 1, 60)
    talk, anchor = 0.3, 0.05
    society = talking(graph, trust, start, talk, anchor)
    society.run_for(600)
    weights = trust / trust.sum(axis=1, keepdims=True)
    known = np.linalg.solve(talk * (np.eye(60) - weights) + anchor * np.eye(60), anchor * start)
    np.testing.assert_allclose(society.citizens.conviction[:, 0], known, atol=1e-10)


def test_degroot_consensus_weighs_by_the_left_eigenvector():
    rng = np.random.default_rng(5)
    graph = nx.complete_graph(12)
    trust = rng.uniform(0.1, 1, (12, 12)) * nx.to_numpy_array(graph)
    start = rng.uniform(0, 1, 12)
    society = talking(graph, trust, start, 0.5, 0.0)
    society.run_for(300)
    weights = trust / trust.sum(axis=1, keepdims=True)
    values, vectors = np.linalg.eig(weights.T)
    influence = np.real(vectors[:, np.argmax(np.real(values))])
    np.testing.assert_allclose(society.citizens.conviction[:, 0], start @ influence / influence.sum(), atol=1e-10)


class Experience(Institution):
    """Sanctions everyone justly in the first weeks and everyone wrongly in the others."""

    settings: Settings
    zero = {}
    fair_weeks = 7

    def sanction(self, society):
        society.citizens.complies[:] = 0 if society.week <= self.fair_weeks else 1
        society.citizens.sanctioned[:] = 1


@pytest.mark.parametrize("weeks", [7, 10, 30])
def test_beta_evidence(weeks):
    """N just sanctions and m of innocents, which count twice, leave trust (n + 1) / (n + 2 m + 2)."""
    still = {"citizens.trust.forgetting": 0.0, "citizens.trust.vicarious": 0.0, "citizens.trust.prior": 0.0}
    scenario = one_domain({**still, "citizens.trust.slow": 0.0, "population.size": 50})
    society = gh.Society(scenario, rng=1, initial={"conviction": 1.0})
    society.institutions["experience"] = Experience(society, Settings())
    society.run_for(weeks)
    n, m = min(weeks, 7), max(0, weeks - 7)
    assert society.history["trust_authority"].iloc[-1] == pytest.approx((n + 1) / (n + 2 * m + 2), abs=1e-12)


def test_without_institutions_nothing_presses_in_what_nobody_sees():
    society = gh.Society("baseline", rng=2, **{"population.size": 500, "domains.inquiry.openness": 0.0})
    society.history_record.columns = ("complies", "complies_unobserved")
    society.run_for(30)
    d = society.domains.names.index("inquiry")
    for public, unobserved in zip(*society.history_record.copies.values(), strict=True):
        np.testing.assert_array_equal(public[:, d], unobserved[:, d])
    assert society.history[["reports", "wrongful", "exposure_authority", "disclosed"]].to_numpy().max() == 0
    assert society.history["score_mean"].isna().all()


def test_still_convictions_do_not_move():
    society = gh.Society(
        gh.Scenario.load("visible-score").change(STILL), rng=2, **{"population.size": 200, "population.turnover": 0.0}
    )
    society.run_for(20)
    np.testing.assert_array_equal(society.citizens.conviction, society.citizens.start_conviction)
    assert society.history["internalised"].abs().max() == 0
