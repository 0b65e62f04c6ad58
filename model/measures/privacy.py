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

DISSENT_DOMAIN = "speech"


@compiled
def sum_exposure(visibility: Floats, watched: Floats, openness: Floats, raised: Floats, weight: Floats) -> Floats:
    """Sums over citizens of the weighted chance that an act is known: to anyone, to the authority, to neighbours."""
    size, domains = watched.shape
    sums = np.zeros(3)
    for i in range(size):
        for d in range(domains):
            seen = openness[d] + visibility[i] * raised[d]
            sums[0] += weight[d] * (1 - (1 - seen) * (1 - watched[i, d]))
            sums[1] += weight[d] * watched[i, d]
            sums[2] += weight[d] * seen
    return sums


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
    sums = sum_exposure(c.visibility, c.watched, domains.openness, now.weight * (1 - domains.openness), weight)
    anyone, authority, peers = (sums / len(c)).tolist()
    return {
        "exposure": anyone,
        "exposure_authority": authority,
        "exposure_peers": peers,
        "disclosed": float(c.visibility.mean()),
    }


@compiled
def auc(evidence: Floats, order: npt.NDArray[np.int64], positive: npt.NDArray[np.bool_]) -> float:
    """Chance that a positive has more evidence than a negative, equal evidence counting half: Mann & Whitney.

    `order` sorts `evidence`. NaN where one of the classes is empty.
    """
    size = len(order)
    positives = 0
    negatives = 0
    wins = 0.0
    start = 0
    while start < size:
        stop = start
        here = 0
        while stop < size and evidence[order[stop]] == evidence[order[start]]:
            here += positive[order[stop]]
            stop += 1
        beaten = stop - start - here
        wins += here * (negatives + beaten / 2)
        positives += here
        negatives += beaten
        start = stop
    if positives == 0 or negatives == 0:
        return np.nan
    return wins / (positives * negatives)


def visible_record(society: Society, domain: int) -> Floats:
    """What an onlooker takes for each citizen's chance of complying in a domain, shape (N,), [0, 1].

    An act that is glimpsed (at the rate neighbours see acts) is taken at its word, 1 or 0. Of the others the onlooker
    knows the score where it is shown, as a share of its range, and otherwise nothing: one half.
    """
    c, now = society.citizens, society.conditions
    openness = society.domains.openness[domain]
    seen = openness + c.visibility * now.weight[domain] * (1 - openness)
    floor, ceiling = now.score_range
    shown = c.visibility > 0
    by_score = (c.score - floor) / (ceiling - floor) if ceiling > floor else 0.5
    known = np.where(shown, by_score, 0.5)
    return np.where(society.uniforms(Purpose.GLIMPSE, c.identity) < seen, c.complies[:, domain], known)


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
    evidence = visible_record(society, d)
    assents = society.citizens.conviction[:, d] >= 0.5
    return {"adversary_advantage": 2 * auc(evidence, np.argsort(evidence), assents) - 1}
