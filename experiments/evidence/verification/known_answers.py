"""Limits in which the answer is known, by switching terms off in the model itself; nothing is special-cased."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import networkx as nx
import numpy as np
import numpy.typing as npt

from ....agents.base import Institution, Settings
from ....agents.chance import philox
from ....agents.view import SocietyView
from ....model.scenario import Scenario
from ....model.society import Society
from ...evidence.contract import state
from .check import Check
from .scenes import STILL, one_domain

Floats = npt.NDArray[np.float64]

GROUP = "Known answers"
INF = float("inf")

PERSONS = np.array(
    [[0.220, 0.120, 0.360, 0.300], [0.147, 0.215, 0.344, 0.294], [0, 0, 1, 0], [0.090, 0.178, 0.446, 0.286]]
)
"""Weights of the four persons of Friedkin & Johnsen."""


def run_thresholds(thresholds: list[int]) -> int:
    """Citizens who comply in the end, where each complies once so many of the others do (Granovetter 1978)."""
    n = len(thresholds)
    # Conviction 1 − share complies from that share of others on; half a citizen of margin keeps off the ties.
    conviction = 1 - np.maximum(0, np.array(thresholds) - 0.5) / (n - 1)
    scenario = one_domain({"population.size": n, "population.network": "complete", "citizens.rationality": INF})
    initial = {"conviction": conviction[:, None], "complies": 0, "expectation": 0.0}
    society = Society(scenario, rng=1, initial=initial)
    society.run_for(n + 1)
    return int(society.citizens.complies.sum())


def cascade(degree: float, threshold: float, seed: int, size: int = 4000) -> float:
    """Share that complies in the end on a Poisson graph, one citizen having started (Watts 2002)."""
    graph = nx.fast_gnp_random_graph(size, degree / (size - 1), seed=seed)
    conviction = np.full((size, 1), 1 - threshold)
    conviction[0] = 1.0
    scenario = one_domain({"citizens.rationality": INF})
    initial = {"conviction": conviction, "complies": 0, "expectation": 0.0}
    society = Society(scenario, rng=seed, graph=graph, initial=initial)
    before = -1
    while (now := int(society.citizens.complies.sum())) != before or society.week < 3:
        before = now
        society.step()
    return now / size


@cache
def largest_cascade(degree: float, threshold: float) -> float:
    """Largest share over a dozen graphs."""
    return max(cascade(degree, threshold, seed) for seed in range(12))


@cache
def settled_mean(beta: float, h: float, start: float, size: int = 1500, weeks: int = 150) -> float:
    """Mean of m = 2 · compliance − 1 once settled, all having started from expecting `start` (Brock & Durlauf)."""
    scenario = one_domain({"population.size": size, "population.network": "complete", "citizens.rationality": beta})
    complies = (np.arange(size) < (start + 1) / 2 * size).astype(int)[:, None]
    society = Society(scenario, rng=4, initial={"conviction": (h + 1) / 2, "complies": complies})
    society.run_for(weeks)
    return float(2 * society.history["compliance"].iloc[weeks // 3 :].mean() - 1)


def roots(beta: float, h: float) -> list[float]:
    """Solutions of m = tanh(β (h + m) / 2)."""
    from scipy.optimize import brentq  # here, since it would slow down every start

    def gap(m: float) -> float:
        return float(np.tanh(beta * (h + m) / 2) - m)

    grid = np.linspace(-1, 1, 2001)
    turns = np.flatnonzero(np.diff(np.sign([gap(m) for m in grid])))
    return [float(np.asarray(brentq(gap, grid[k], grid[k + 1]))) for k in turns]


def talking(graph: nx.Graph[int], trust: Floats, conviction: Floats, talk: float, anchor: float) -> Society:
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
    society = Society(scenario, rng=1, graph=graph, initial=initial)
    society.ties.trust[:] = trust[society.ties.owners(), society.ties.neighbours]
    return society


@cache
def four_persons() -> tuple[float, ...]:
    """Opinions in which Friedkin & Johnsen's four persons end.

    Each person's own susceptibility 1 − w_ii stands in a second, deaf person of its own initial opinion, trusted with
    weight w_ii: x_i ((1 − w)² + w) = (1 − w) Σ_{j≠i} w_ij x_j + w s_i is the published fixed point.
    """
    own = np.diag(PERSONS)
    trust = np.zeros((8, 8))
    trust[:4, :4] = (1 - own)[:, None] * (PERSONS - np.diag(own))
    trust[range(4), range(4, 8)] = own
    graph = nx.complete_graph(4)
    graph.add_edges_from((i, i + 4) for i in range(4))
    society = talking(graph, trust, np.tile(np.array([25, 25, 75, 85]) / 100, 2), talk=0.5, anchor=0.0)
    society.run_for(200)
    return tuple(float(100 * x) for x in society.citizens.conviction[:4, 0])


def consensus_gap() -> float:
    """Largest distance of DeGroot opinions from the consensus that the left eigenvector of the weights gives."""
    rng = np.random.default_rng(5)
    graph = nx.complete_graph(12)
    trust = rng.uniform(0.1, 1, (12, 12)) * nx.to_numpy_array(graph)
    start = rng.uniform(0, 1, 12)
    society = talking(graph, trust, start, 0.5, 0.0)
    society.run_for(300)
    values, vectors = np.linalg.eig((trust / trust.sum(axis=1, keepdims=True)).T)
    influence = np.real(vectors[:, np.argmax(np.real(values))])
    return float(np.abs(society.citizens.conviction[:, 0] - start @ influence / influence.sum()).max())


def anchored_gap() -> float:
    """Largest distance of opinions under talk and anchor from the solution of their linear system."""
    rng = np.random.default_rng(3)
    graph = nx.connected_watts_strogatz_graph(60, 6, 0.2, seed=1)
    trust = rng.uniform(0.1, 1, (60, 60)) * nx.to_numpy_array(graph)
    start, talk, anchor = rng.uniform(0, 1, 60), 0.3, 0.05
    society = talking(graph, trust, start, talk, anchor)
    society.run_for(600)
    weights = trust / trust.sum(axis=1, keepdims=True)
    known = np.linalg.solve(talk * (np.eye(60) - weights) + anchor * np.eye(60), anchor * start)
    return float(np.abs(society.citizens.conviction[:, 0] - known).max())


class Experience(Institution):
    """Sanctions everyone justly in the first weeks and everyone wrongly in the others."""

    settings: Settings
    zero = {}
    fair_weeks = 7

    def sanction(self, society: SocietyView) -> None:
        """Sanction everybody."""
        society.citizens.complies[:] = 0 if society.week <= self.fair_weeks else 1
        society.citizens.sanctioned[:] = 1


def trust_after(weeks: int) -> float:
    """Trust in the authority after seven just sanctions and then wrong ones, from an even prior."""
    still = {"citizens.trust.forgetting": 0.0, "citizens.trust.vicarious": 0.0, "citizens.trust.prior": 0.0}
    scenario = one_domain({**still, "citizens.trust.slow": 0.0, "population.size": 50})
    society = Society(scenario, rng=1, initial={"conviction": 1.0})
    society.institutions["experience"] = Experience(society, Settings())
    society.run_for(weeks)
    return float(society.history["trust_authority"].iloc[-1])


def drift() -> float:
    """Largest mean surprise at any of twenty convictions where nobody presses, in standard errors."""
    scenario = Scenario.load("baseline").change({**STILL, "population.size": 1000, "population.turnover": 0.0})
    society = Society(scenario, rng=3)
    sums, squares = np.zeros(20), np.zeros(20)
    for _ in range(150):
        society.step()
        c = society.citizens
        place = np.minimum((c.conviction * 20).astype(int), 19).ravel()
        sums += np.bincount(place, c.surprise.ravel(), 20)
        squares += np.bincount(place, c.surprise.ravel() ** 2, 20)
    return float((np.abs(sums) / np.sqrt(squares + 1e-12)).max())


def pressed(face_value: float, weeks: int) -> Society:
    """People alike who are all watched and threatened, and in which nobody's conviction or fear of sanctions moves."""
    scenario = one_domain({
        "institutions.sensor_network": {"coverage": 1.0, "blind_share": 0.0, "false_positive": 0.0},
        "domains.speech.detection": 1.0, "domains.speech.loss": 4.0, "domains.speech.sanctioned": True,
        "population.size": 400, "population.network": "complete", "citizens.rationality": 2.0,
        "citizens.conformity": 0.0, "citizens.face_value": face_value, "citizens.memory_norm": 20.0,
        "citizens.consequence.prior": 0.3, "citizens.consequence.prior_weight": 1e3, "domains.speech.level": 0.5,
        "citizens.consequence.salience": 0.0, "citizens.consequence.forgetting": 1.0,
        "citizens.consequence.slow_weight": 0.0,
    })  # fmt: skip
    society = Society(scenario, rng=5, initial={"conviction": 0.5})
    society.citizens.intercept[:], society.citizens.approval[:] = 0.0, 0.5
    society.run_for(weeks)
    return society


def observed_approval(face_value: float) -> float:
    """Believed approval of people under pressure, less the truth at face value 0, and the misreading at 1."""
    from scipy.optimize import brentq  # here, since it would slow down every start

    history = pressed(face_value, 400).history
    approval = float(history["approval"].iloc[-100:].mean())
    if face_value == 0:
        return approval - 0.5
    share = float(history["compliance"].iloc[-100:].mean())

    def off(y: float) -> float:
        return 1 / (1 + float(np.exp(-2.0 * (2 * y - 1)))) - share

    return approval - min(1.0, float(np.asarray(brentq(off, -3, 3))))


def surprise_gap() -> float:
    """Distance of surprise from (1 − excuse) · (1 − ½) for those who complied under pressure, relative to it."""
    society = pressed(1.0, 3)
    c = society.citizens
    pressure = float(c.terms[0, 0, 5])
    excuse = pressure / (pressure + society.rates.conviction_weight)
    complied = c.complies[:, 0] == 1
    return float(np.abs(c.surprise[complied, 0] / ((1 - excuse) * 0.5) - 1).max())


def two_stores_gap(anchor: float, character: float, share: float) -> float:
    """Distance of conviction and character, held away and let go, from the two exponentials of their matrix."""
    scenario = one_domain({
        "citizens.internalise.anchor": anchor, "citizens.internalise.character": character, "population.size": 4,
        "citizens.internalise.temperament_share": share, "citizens.internalise.plasticity": 0.0, "population.degree": 2,
    })  # fmt: skip
    society = Society(scenario, rng=1, initial={"conviction": 0.3})
    c = society.citizens
    for _ in range(30):
        c.conviction[:] = 0.8
        society.step()
    x, h = c.conviction[0, 0], c.character[0, 0]
    # Of (x − temperament, h − temperament) in a week, h following the new x.
    step = np.array([[1 - anchor, anchor * (1 - share)]])
    step = np.vstack([step, [character * step[0, 0], 1 - character + character * step[0, 1]]])
    rates, vectors = np.linalg.eig(step)
    weights = np.linalg.solve(vectors, np.array([x, h]) - 0.3)
    society.run_for(200)
    expected = np.real(0.3 + (vectors * rates**200) @ weights)
    return float(np.abs(np.array([c.conviction[0, 0], c.character[0, 0]]) - expected).max())


def generations(seed: int, nature: float, weeks: int, **initial: float) -> float:
    """By how much mean conviction moves in so many weeks in which nothing but newcomers moves it, in a domain of .5."""
    scenario = one_domain({
        "population.size": 2000, "population.turnover": 0.02, "citizens.upbringing.nature": nature,
        "citizens.upbringing.socialisation": 0.0, "domains.speech.conviction_mean": 0.5,
    })  # fmt: skip
    society = Society(scenario, rng=seed, initial=initial)
    before = society.citizens.conviction.mean()
    society.run_for(weeks)
    return float(society.citizens.conviction.mean() - before)


def generations_off(nature: float, expected: float, **initial: float) -> float:
    """Distance of the mean move over ten seeds from the expected one, in standard errors."""
    means = np.array([generations(seed, nature, 60, **initial) for seed in range(10)])
    return float(abs(means.mean() - expected) / (means.std(ddof=1) / np.sqrt(len(means))))


def idle_institution_differs() -> float:
    """How many arrays of a society change by an institution of zero strength."""
    plain, beside = (Society("visible-score", rng=3, threads=1, changes={"population.size": 300, **more})
                     for more in ({}, {"institutions.hotline": {"reach": 0.0}}))  # fmt: skip
    plain.run_for(30)
    beside.run_for(30)
    a, b = state(plain), state(beside)
    return float(sum(not np.array_equal(a[name], b[name], equal_nan=True) for name in a.keys() & b.keys()))


def philox_wrong() -> float:
    """Words that differ from the published vectors of Philox4x32-10."""
    ones = 0xFFFFFFFF
    vectors = (
        ((0,) * 4, (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
        ((ones,) * 4, (ones, ones), (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
        ((0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344), (0xA4093822, 0x299F31D0),
         (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1)),
    )  # fmt: skip
    return float(sum(
        int(got) != known for counter, key, words in vectors
        for got, known in zip(philox(*(np.uint32(word) for word in (*counter, *key))), words, strict=True)
    ))  # fmt: skip


def _near(name: str, says: str, source: str, known: float, off: float, measure: Callable[[], float],
          full: bool = False) -> Check:  # fmt: skip
    return Check.near(name, GROUP, says, source, known, off, measure, full)


def _cascades() -> list[Check]:
    """Windows of global cascades: (1.021, 5.765) at a threshold of .18, (1.114, 3.863) at .25."""
    found: list[Check] = []
    for threshold, degrees in ((0.18, (0.8, 1.5, 5.0, 6.5)), (0.25, (0.8, 1.5, 3.4, 4.6))):
        for degree, spreads in zip(degrees, (False, True, True, False), strict=True):
            name = f"cascade: threshold {threshold}, mean degree {degree}"
            says = f"Largest cascade of 12 Poisson graphs; {'inside' if spreads else 'outside'} the window."
            low, high = (0.2, 1.0) if spreads else (0.0, 0.2)

            def measure(degree: float = degree, threshold: float = threshold) -> float:
                return largest_cascade(degree, threshold)

            found.append(Check(name, GROUP, says, "Watts 2002, doi:10.1073/pnas.082090499", low, high, measure, True))
    return found


def _equilibria() -> list[Check]:
    source = "Brock & Durlauf 2001, doi:10.1111/1467-937X.00168"
    found: list[Check] = []
    for beta, h, name in ((1.5, 0.1, "one root"), (3.0, 0.02, "three roots")):
        known = roots(beta, h)
        for start, root in ((-1.0, known[0]), (1.0, known[-1])):
            title = f"equilibrium: {name}, from {'below' if start < 0 else 'above'}"
            says = f"Mean of 2 · compliance − 1 of 1,500 people, β = {beta:g}, h = {h:g}: m = tanh(β (h + m) / 2)."

            def measure(beta: float = beta, h: float = h, start: float = start) -> float:
                return settled_mean(beta, h, start)

            found.append(_near(title, says, source, root, 0.02, measure, True))
    return found


CHECKS: tuple[Check, ...] = (
    _near("random words", "Words that differ from the published vectors of Philox4x32-10.",
          "Salmon et al. 2011, doi:10.1145/2063384.2063405", 0, 0, philox_wrong),
    _near("thresholds: everyone riots", "Citizens who comply under the thresholds 0, 1, …, 99.",
          "Granovetter 1978, doi:10.1086/226707", 100, 0, lambda: run_thresholds(list(range(100)))),
    _near("thresholds: one stops the riot", "The same with 2 in the place of 1.", "Granovetter 1978", 1, 0,
          lambda: run_thresholds([0, 2, 2, *range(3, 100)])),
    *_cascades(),
    *_equilibria(),
    *(_near(f"four persons: {k + 1}", "Opinion in which one of four persons ends.",
            "Friedkin & Johnsen, four persons", known, 0.006, lambda k=k: four_persons()[k])
      for k, known in enumerate((60.02, 59.98, 75.0, 74.99))),
    _near("consensus", "Largest distance of opinions from what the left eigenvector gives.",
          "DeGroot 1974, doi:10.1080/01621459.1974.10480137", 0, 1e-10, consensus_gap),
    _near("talk and anchor", "Largest distance of opinions from the solution of their linear system.",
          "Friedkin & Johnsen 1990", 0, 1e-10, anchored_gap),
    *(_near(f"beta evidence: {weeks} weeks", "Trust after n just sanctions and m wrong ones, (n + 1) / (n + 2 m + 2).",
            "Jøsang & Ismail 2002", (min(weeks, 7) + 1) / (min(weeks, 7) + 2 * max(0, weeks - 7) + 2), 1e-12,
            lambda weeks=weeks: trust_after(weeks)) for weeks in (7, 10, 30)),
    _near("idle institution", "Arrays that a hotline that reaches nobody changes.", "no draw is shared", 0, 0,
          idle_institution_differs),
    Check("no drift", GROUP, "Largest mean surprise at any of 20 convictions where nobody presses, in standard errors.",
          "no institutions: E[Δx] = 0", 0, 3.9, drift),
    _near("surprise", "Relative distance of surprise from what pressure adds.", "self-perception: Bem 1972", 0, 2e-3,
          surprise_gap),
    _near("rational observer", "Believed approval less the truth, at face value 0.", "closed form", 0, 0.01,
          lambda: observed_approval(0.0)),
    _near("misreading observer", "Believed approval less that which explains all that is seen, at face value 1.",
          "correspondence bias: Jones & Harris 1967", 0, 0.01, lambda: observed_approval(1.0)),
    *(_near(f"two stores: {anchor:g}, {character:g}, {share:g}",
            "Distance of conviction and character from two exponentials, 200 weeks after.", "a 2 × 2 matrix", 0, 1e-10,
            lambda of=(anchor, character, share): two_stores_gap(*of))
      for anchor, character, share in ((0.025, 0.0036, 0.5), (0.2, 0.05, 0.1), (0.05, 0.1, 0.9))),
    Check("martingale", GROUP, "Mean move of conviction by newcomers without nature, in standard errors of ten seeds.",
          "no nature: E[Δ mean] = 0", 0, 4.3, lambda: generations_off(0.0, 0.0), True),
    Check("nature", GROUP, "The same less what nature closes of a gap, in standard errors of ten seeds.",
          "a gap decays at rate μ ν", 0, 4.3,
          lambda: generations_off(0.6, 0.3 * (1 - 0.6 * 0.02) ** 60 - 0.3, conviction=0.8), True),
)  # fmt: skip
