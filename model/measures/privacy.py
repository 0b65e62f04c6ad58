"""Privacy: what is known of citizens, and what can be inferred."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ...agents.chance import Purpose
from ...agents.compiled import compiled

if TYPE_CHECKING:
    from ..society import Society

Floats = npt.NDArray[np.float64]
Singles = npt.NDArray[np.float32]

DISSENT_DOMAIN = "speech"


@compiled
def sum_exposure(
    lanes: tuple[int, ...], visibility: Floats, watched: Floats, openness: Floats, raised: Floats, weight: Floats
) -> tuple[float, float, float]:
    """Sums over citizens of the weighted chance that an act is known: to anyone, to the authority, to neighbours."""
    anyone = 0.0
    authority = 0.0
    peers = 0.0
    for i in range(len(watched)):
        for d in range(len(lanes)):
            seen = openness[d] + visibility[i] * raised[d]
            anyone += weight[d] * (1 - (1 - seen) * (1 - watched[i, d]))
            authority += weight[d] * watched[i, d]
            peers += weight[d] * seen
    return anyone, authority, peers


def exposure(society: Society) -> dict[str, float]:
    """Chance that an act is known, weighted by how private the domain is, mean over citizens.

    For one act: to neighbours v = openness + visibility · weight · (1 − openness), to the authority the chance of
    detection o, to anyone 1 − (1 − v)(1 − o). Domains weigh by `sensitivity`, normalised to 1.

    Columns
    -------
    exposure, exposure_authority, exposure_peers
        [0, 1].
    disclosed
        Mean rate at which neighbours see the score, [0, 1]; 0 where there is none.
    """
    c, domains, now = society.citizens, society.domains, society.conditions
    total = domains.sensitivity.sum()
    weight = domains.sensitivity / total if total > 0 else domains.sensitivity
    raised = now.weight * (1 - domains.openness)
    anyone, authority, peers = sum_exposure(domains.lanes, c.visibility, c.watched, domains.openness, raised, weight)
    return {
        "exposure": anyone / len(c),
        "exposure_authority": authority / len(c),
        "exposure_peers": peers / len(c),
        "disclosed": float(c.visibility.mean()),
    }


@compiled
def auc(positives: Singles, negatives: Singles) -> float:
    """Chance that a positive has more evidence than a negative, equal evidence counting half (Mann & Whitney).

    Both arrays are sorted in ascending order. NaN where one is empty.
    """
    wins = 0.0
    below = 0
    not_above = 0
    for x in positives:
        while below < len(negatives) and negatives[below] < x:
            below += 1
        not_above = max(not_above, below)
        while not_above < len(negatives) and negatives[not_above] <= x:
            not_above += 1
        wins += (below + not_above) / 2
    return wins / (len(positives) * len(negatives))


@compiled
def visible_record(glimpsed: bool, complies: bool, shown: bool, standing: float) -> float:
    """What an onlooker takes for a citizen's chance of complying, [0, 1].

    An act that is glimpsed is taken at its word, 1 or 0. Otherwise the onlooker goes by the score where it is shown, as
    a share of its range, and where it is not knows nothing: one half.
    """
    if glimpsed:
        return 1.0 if complies else 0.0
    return standing if shown else 0.5


@compiled
def evidence(
    luck: Floats,
    domain: int,
    openness: float,
    raised: float,
    floor: float,
    ceiling: float,
    complies: npt.NDArray[np.int8],
    conviction: Floats,
    visibility: Floats,
    score: Floats,
) -> tuple[Singles, Singles]:
    """Visible records in a domain of those who privately assent (conviction of one half or more) and of the others.

    An act is glimpsed at the rate at which neighbours see it. In single precision, which sorts twice as fast and is
    finer than any score is shown.
    """
    found = np.empty((2, len(luck)), np.float32)
    count = np.zeros(2, np.int64)
    for i in range(len(luck)):
        glimpsed = luck[i] < openness + visibility[i] * raised
        shown = visibility[i] > 0 and ceiling > floor
        standing = (score[i] - floor) / (ceiling - floor) if shown else 0.5
        side = 0 if conviction[i, domain] >= 0.5 else 1
        found[side, count[side]] = visible_record(glimpsed, complies[i, domain] != 0, shown, standing)
        count[side] += 1
    return found[0, : count[0]], found[1, : count[1]]


def inference(society: Society) -> dict[str, float]:
    """How well dissent in `speech` can be told from what is visible.

    Columns
    -------
    adversary_advantage
        2 · AUC − 1, [−1, 1], of telling those who privately assent (conviction of at least one half) from those who
        do not by their `visible_record`: 0 is guessing, 1 is reading minds. NaN without the domain or without
        dissent.

    References
    ----------
    Advantage as in membership-inference attacks: Yeom et al. 2018, doi:10.1109/CSF.2018.00027.
    """
    d = society.domains.index(DISSENT_DOMAIN)
    if d is None:
        return {"adversary_advantage": np.nan}
    c, now, openness = society.citizens, society.conditions, society.domains.openness[d]
    assenting, dissenting = evidence(
        society.uniforms(Purpose.GLIMPSE, c.identity),
        d,
        openness,
        now.weight[d] * (1 - openness),
        *now.score_range,
        c.complies,
        c.conviction,
        c.visibility,
        c.score,
    )
    return {"adversary_advantage": 2 * auc(np.sort(assenting), np.sort(dissenting)) - 1}
