"""Privacy: what is known of citizens, and what can be inferred."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ...agents.base import Measure
from ...agents.chance import BATCH, GLIMPSE, Words, fill_by_pair
from ...agents.citizens import Citizens
from ...agents.compiled import compiled
from ...agents.conditions import Conditions
from ...agents.view import Domains, SocietyView
from .declaring import gives
from .sums import ANYONE, AUTHORITY, DISCLOSED, FIRMS, PEERS, RECORDS, STRANGERS, Sums

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]

SCORE_STEPS = 1000
"""How finely scores are told apart: in thousandths of the scheme's range, about a point of Rongcheng's."""

LEVELS = SCORE_STEPS + 3
"""Levels of `visible_record`."""


KNOWN = "chance that an act is known"


@gives(
    "privacy",
    Measure("exposure", "Exposure to anyone", KNOWN, 0, 1,
            "Chance that an act of this week is known to anyone, 1 − (1 − v)(1 − o)(1 − x)(1 − s), weighted by how "
            "private the domain is, mean over citizens."),
    Measure("exposure_authority", "Exposure to the authority", KNOWN, 0, 1,
            "The same for the authority, o: 1 where the act was noted, detected or reported, else the chance of "
            "detection where it reaches."),
    Measure("known_authority", "Known to the authority", "share of acts", 0, 1,
            "Share of acts that are in the authority's records: noted, detected, reported or denounced this week, mean "
            "over citizens and domains."),
    Measure("exposure_peers", "Exposure to neighbours", KNOWN, 0, 1,
            "The same for neighbours, v: 1 − (1 − rate) ** ties, at the rate openness + visibility · weight · (1 − "
            "openness), or what fellow members see."),
    Measure("exposure_firms", "Exposure to firms", KNOWN, 0, 1,
            "The same for firms, x: what they extract, and what a score that they see tells."),
    Measure("exposure_strangers", "Exposure to strangers", KNOWN, 0, 1,
            "The same for strangers, s: what is displayed, or a public score tells."),
    Measure("disclosed", "Score seen by neighbours", "rate", 0, 1,
            "Rate at which neighbours see the score, mean over citizens; 0 where there is none."),
)  # fmt: skip
def exposure(society: SocietyView, sums: Sums) -> dict[str, float]:
    """Chance that an act is known, weighted by how private the domain is, mean over citizens.

    A score tells of an act by the domain's weight in it. Domains weigh by `sensitivity`, normalised to 1.
    """
    known = {
        "exposure": ANYONE,
        "exposure_authority": AUTHORITY,
        "exposure_peers": PEERS,
        "exposure_firms": FIRMS,
        "exposure_strangers": STRANGERS,
        "disclosed": DISCLOSED,
    }
    found = {name: sums.of[place] / sums.count for name, place in known.items()}
    recorded = sums.of[RECORDS] / (sums.count * max(1, len(society.domains)))
    return {"exposure": found.pop("exposure"), "exposure_authority": found.pop("exposure_authority"),
            "known_authority": recorded, **found}  # fmt: skip


@compiled
def auc(positives: Counts, negatives: Counts) -> float:
    """Chance that a positive has more evidence than a negative, equal evidence counting half (Mann & Whitney).

    `positives` and `negatives` count the cases at each level of evidence, in ascending order. NaN where there is none.
    """
    wins = 0.0
    below = 0
    for level in range(len(positives)):
        wins += positives[level] * (below + negatives[level] / 2)
        below += negatives[level]
    return wins / (positives.sum() * below)


@compiled
def visible_record(glimpsed: bool, complies: bool, shown: bool, standing: int) -> int:
    """What an onlooker takes for a citizen's likelihood of complying, as a level from 0 to SCORE_STEPS + 2.

    An act that is glimpsed is taken at its word: the highest level or the lowest. Otherwise the onlooker goes by the
    score where it is shown, and where it is not knows nothing: a level in the middle.
    """
    known = SCORE_STEPS + 2 if complies else 0
    believed = 1 + (standing if shown else SCORE_STEPS // 2)
    return known if glimpsed else believed


@compiled
def count_standings(score: Floats, floor: float, ceiling: float) -> Counts:
    """Citizens at each standing, the score in thousandths of its range, rounded; who has none does not count."""
    counts = np.zeros(SCORE_STEPS + 1, np.int64)
    for i in range(len(score)):
        if score[i] == score[i]:
            counts[standing(score[i], floor, ceiling)] += 1
    return counts


@compiled
def standing(score: float, floor: float, ceiling: float) -> int:
    """A score in thousandths of the range from floor to ceiling, rounded."""
    return int((score - floor) * (SCORE_STEPS / (ceiling - floor)) + 0.5)


@compiled
def _evidence_loop(
    start: int,
    stop: int,
    c: Citizens,
    domains: Domains,
    now: Conditions,
    domain: int,
    chance: tuple[Words, int],
    counts: npt.NDArray[np.int64],
) -> None:
    seed, step = chance
    luck, levels, nobody = np.empty(BATCH), np.empty(BATCH, np.int64), np.zeros(BATCH, np.uint32)
    openness, scored, floor = domains.openness[domain], now.ceiling > now.floor, now.floor
    raised, ceiling = now.weight[domain] * (1 - openness), now.ceiling if scored else now.floor + 1
    for first in range(start, stop, BATCH):
        last = min(stop, first + BATCH)
        count = last - first
        fill_by_pair(luck[:count], c.identity[first:last], nobody[:count], step, GLIMPSE, seed)
        visibility, score, complies = c.visibility[first:last], c.score[first:last], c.complies[first:last, domain]
        conviction = c.conviction[first:last, domain]
        for k in range(count):
            glimpsed = luck[k] < openness + visibility[k] * raised
            shown = (visibility[k] > 0) & (score[k] == score[k]) & scored
            at = standing(score[k] if shown else floor, floor, ceiling)
            level = visible_record(glimpsed, complies[k] != 0, shown, at)
            levels[k] = level if conviction[k] >= 0.5 else level + LEVELS
        for k in range(count):
            counts[levels[k]] += 1


@gives(
    "privacy",
    Measure("adversary_advantage", "Dissent told from outside", "advantage", -1, 1,
            "How well those who privately assent (conviction of at least one half) can be told from those who do not "
            "by their visible record in the domain of dissent: 2 · AUC − 1; 0 is guessing, 1 is reading minds, NaN "
            "without the domain or without dissent.",
            "advantage as in membership inference: Yeom, Fredrikson & Jha 2017, arXiv:1709.01604"),
)  # fmt: skip
def inference(society: SocietyView, _sums: Sums) -> dict[str, float]:
    """How well dissent can be told from each citizen's `visible_record`."""
    d = society.domains.role("dissent")
    if d < 0:
        return {"adversary_advantage": np.nan}
    counts = np.zeros(2 * LEVELS, np.int64)
    chance = (society.seed, society.week)
    society.once(_evidence_loop, society.citizens, society.domains, society.conditions, d, chance, counts)
    return {"adversary_advantage": 2 * auc(counts[:LEVELS], counts[LEVELS:]) - 1}
