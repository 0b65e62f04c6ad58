"""The emperor's dilemma: its numbers, and the limit in which citizens and its people do the same."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest

import glasshouse as gh
from glasshouse.experiments.evidence.docking import centola_willer_macy as docked
from tests.support.scenes import one_domain

INF = float("inf")
QUICK = [check for check in docked.CHECKS if not check.full]


@pytest.mark.parametrize("check", QUICK, ids=lambda check: check.name)
def test_numbers(check):
    assert check.low <= check.measure() <= check.high


def citizens_of(graph: nx.Graph, believers: set[int], strengths: np.ndarray) -> gh.Society:
    """Citizens who weigh conviction and conformity alone: λ (1 − 2x) / J is the strength of a disbeliever."""
    conviction = (1 - strengths) / 2
    conviction[list(believers)] = 1.0
    initial = {
        "conviction": conviction[:, None],
        "complies": (conviction == 1.0)[:, None].astype(int),
        "expectation": 0.0,
    }
    return gh.Society(one_domain({"citizens.rationality": INF}), rng=1, graph=graph, initial=initial)


def scene(seed: int, share: float, strongest: float) -> tuple[nx.Graph, set[int], np.ndarray]:
    rng = np.random.default_rng(seed)
    graph = nx.random_regular_graph(8, 300, seed=seed)
    believers = {int(node) for node in rng.choice(300, int(share * 300), replace=False)}
    return graph, believers, strongest * (1 - rng.random(300))


@pytest.mark.parametrize("share", [0.3, 0.4, 0.5])
def test_where_enforcing_is_free_citizens_do_what_its_people_do_week_for_week(share):
    """With K just below 0 everybody enforces what it does, so that p = −B Σ C_j / N: conformity to what is done."""
    graph, believers, strengths = scene(3, share, 0.38)
    model = docked.EmperorsDilemma(graph, believers, strengths, cost=-1e-9, together=True)
    model.step()  # In its first step nobody enforces yet, and all keep to their beliefs.
    assert all(person.complies == person.enforces == person.belief for person in model.people)
    society = citizens_of(graph, believers, strengths)
    course = []
    for _ in range(15):
        model.step()
        society.step()
        theirs = np.array([person.complies > 0 for person in model.people])
        np.testing.assert_array_equal(society.citizens.complies[:, 0] == 1, theirs)
        course.append(theirs.mean())
    assert course[-1] > share


def test_where_enforcing_is_free_turns_or_all_together_end_alike():
    """Nobody who has come to comply goes back: the end is the least fixed point, in any order."""
    graph, believers, strengths = scene(5, 0.4, 0.38)
    society = citizens_of(graph, believers, strengths)
    society.run_for(60)
    for order in range(3):
        model = docked.EmperorsDilemma(graph, believers, strengths, cost=-1e-9, rng=order)
        # In the published first step those who choose early meet people who do not enforce yet, and give way more.
        for person in model.people:
            person.enforces = person.belief
        model.settle()
        theirs = np.array([person.complies > 0 for person in model.people])
        np.testing.assert_array_equal(society.citizens.complies[:, 0] == 1, theirs)


def test_silent_deviants_hold_citizens_back_who_would_follow_enforcers():
    """What does not reduce: there only enforcers press, here everybody who is seen; one in a hundred moves nobody."""
    seed = next(seed for seed in range(9) if docked.run(docked.torus(), docked.clustered(), seed).compliance() > 0.9)
    strengths = docked.STRONGEST * (1 - np.random.default_rng(seed).random(docked.SIDE**2))
    society = citizens_of(docked.torus(), docked.clustered(), strengths)
    society.run_for(100)
    assert society.citizens.complies.sum() == len(docked.clustered())
