"""The ordinary Mesa program that speed is measured against follows the same rules: it agrees in distribution."""

from __future__ import annotations

import numpy as np

import glasshouse as gh
from benchmarks.peers.mesa_society import PlainSociety

SIZE, WEEKS = 500, 26


def test_the_peer_agrees_with_the_compiled_rules():
    names = ["compliance", "trust_authority", "trust_ties", "reports", "score_mean"]
    ours, peers = [], []
    for seed in range(8):
        changes = {"population.size": SIZE, "population.turnover": 0.0}
        society = gh.Society("visible-score-and-reports", rng=seed, **changes)
        peer = PlainSociety(gh.Society("visible-score-and-reports", rng=100 + seed, **changes), rng=seed)
        for _ in range(WEEKS):
            society.step()
            peer.step()
        ours.append(society.history[names].iloc[-8:].mean())
        peers.append(peer.datacollector.get_model_vars_dataframe()[names].iloc[-8:].mean())
    ours, peers = np.array(ours), np.array(peers)
    error = np.sqrt(ours.var(axis=0, ddof=1) / 8 + peers.var(axis=0, ddof=1) / 8)
    gap = np.abs(ours.mean(axis=0) - peers.mean(axis=0)) / error
    # Five t-tests with about 14 degrees of freedom: 6 standard errors is an error rate below 2e-4 in all.
    assert (gap < 6).all(), dict(zip(names, gap, strict=True))
