"""Privacy: what is known of citizens, and what can be inferred."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ...agents.chance import Purpose
from ...agents.compiled import compiled
from ...agents.sight import open_sight
from ...agents.view import SocietyView

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]

DISSENT_DOMAIN = "speech"

SCORE_STEPS = 1000
"""How finely scores are told apart: in thousandths of the scheme's range, about a point of Rongcheng's."""


@compiled
def standings(score: Floats, floor: float, ceiling: float) -> Counts:
    """Scores in thousandths of the range from floor to ceiling, rounded; −1 for citizens without one."""
    out = np.full(len(score), -1)
    if ceiling > floor:
        scale = SCORE_STEPS / (ceiling - floor)
        for i in range(len(score)):
            if not np.isnan(score[i]):
                out[i] = int((score[i] - floor) * scale + 0.5)
    return out


@compiled
def sum_exposure(
    lanes: tuple[int, ...],
    visibility: Floats,
    inside: Floats,
    fellows: Floats,
    group_sight: float,
    watched: Floats,
    reach: Floats,
    extracted: Floats,
    displayed: Floats,
    scored: Floats,
    openness: Floats,
    raised: Floats,
    public: Floats,
    firms_see: Floats,
    weight: Floats,
) -> tuple[float, float, float, float, float]:
    """Sums over citizens of the weighted chance that an act is known, by audience.

    To anyone, the authority, neighbours, firms and strangers.
    """
    anyone = 0.0
    authority = 0.0
    peers = 0.0
    firms = 0.0
    strangers = 0.0
    for i in range(len(watched)):
        for d in range(len(lanes)):
            seen = open_sight(openness[d], raised[d], visibility[i], group_sight, inside[i], fellows[i])
            sensed = reach[i] * watched[i, d]
            taken = 1 - (1 - extracted[i, d]) * (1 - scored[i] * firms_see[d])
            told = 1 - (1 - displayed[i]) * (1 - scored[i] * public[d])
            anyone += weight[d] * (1 - (1 - seen) * (1 - sensed) * (1 - taken) * (1 - told))
            authority += weight[d] * sensed
            peers += weight[d] * seen
            firms += weight[d] * taken
            strangers += weight[d] * told
    return anyone, authority, peers, firms, strangers


def exposure(society: SocietyView) -> dict[str, float]:
    """Chance that an act is known, weighted by how private the domain is, mean over citizens.

    For one act: to neighbours v = openness + visibility · weight · (1 − openness), or what fellow members see; to the
    authority the chance of detection o where it reaches; to firms what they extract and what a score they see tells x;
    to strangers what is displayed or a public score tells s; to anyone 1 − (1 − v)(1 − o)(1 − x)(1 − s). A score tells
    of an act by the domain's weight in it. Domains weigh by `sensitivity`, normalised to 1.

    Columns
    -------
    exposure, exposure_authority, exposure_peers, exposure_firms, exposure_strangers
        [0, 1].
    disclosed
        Mean rate at which neighbours see the score, [0, 1]; 0 where there is none.
    """
    c, domains, now = society.citizens, society.domains, society.conditions
    total = domains.sensitivity.sum()
    weight = domains.sensitivity / total if total > 0 else domains.sensitivity
    raised = now.weight * (1 - domains.openness)
    sums = sum_exposure(
        domains.lanes,
        c.visibility,
        c.inside,
        c.fellows,
        now.group_sight,
        c.watched,
        c.reach,
        c.extracted,
        c.displayed,
        (~np.isnan(c.score)).astype(np.float64),
        domains.openness,
        raised,
        now.public * now.weight,
        now.firms * now.weight,
        weight,
    )
    names = tuple(f"exposure{audience}" for audience in ("", "_authority", "_peers", "_firms", "_strangers"))
    return {
        **{name: value / len(c) for name, value in zip(names, sums, strict=True)},
        "disclosed": float(c.visibility.mean()),
    }


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
    if glimpsed:
        return SCORE_STEPS + 2 if complies else 0
    return 1 + (standing if shown else SCORE_STEPS // 2)


@compiled
def count_evidence(
    luck: Floats,
    domain: int,
    openness: float,
    raised: float,
    complies: npt.NDArray[np.int8],
    conviction: Floats,
    visibility: Floats,
    standings: Counts,
) -> tuple[Counts, Counts]:
    """Citizens at each level of `visible_record` in a domain: those who privately assent, and the others.

    To assent is to have a conviction of at least one half. An act is glimpsed at the rate at which neighbours see it.
    """
    counts = np.zeros((2, SCORE_STEPS + 3), np.int64)
    for i in range(len(luck)):
        glimpsed = luck[i] < openness + visibility[i] * raised
        shown = visibility[i] > 0 and standings[i] >= 0
        level = visible_record(glimpsed, complies[i, domain] != 0, shown, standings[i])
        counts[0 if conviction[i, domain] >= 0.5 else 1, level] += 1
    return counts[0], counts[1]


def inference(society: SocietyView) -> dict[str, float]:
    """How well dissent in `speech` can be told from what is visible.

    Columns
    -------
    adversary_advantage
        2 · AUC − 1, [−1, 1], of telling those who privately assent (conviction of at least one half) from those who
        do not by their `visible_record`: 0 is guessing, 1 is reading minds. NaN without the domain or without
        dissent.

    References
    ----------
    Advantage as in membership inference: Yeom, Fredrikson & Jha 2017, arXiv:1709.01604.
    """
    d = society.domains.index(DISSENT_DOMAIN)
    if d is None:
        return {"adversary_advantage": np.nan}
    c, now, openness = society.citizens, society.conditions, society.domains.openness[d]
    assenting, dissenting = count_evidence(
        society.uniforms(Purpose.GLIMPSE, c.identity),
        d,
        openness,
        now.weight[d] * (1 - openness),
        c.complies,
        c.conviction,
        c.visibility,
        standings(c.score, *now.score_range),
    )
    return {"adversary_advantage": 2 * auc(assenting, dissenting) - 1}
