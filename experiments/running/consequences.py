"""Outcomes that show what single institutions do to people: asked for by name, like those in `outcomes`."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ...agents.citizens import IMAGE, Lists
from ...model.society import Society
from .outcomes import Measure, functions_of


def change(society: Society, measure: Measure, weeks: int = 10) -> float:
    """Mean of a measure over the last weeks, minus that over the first."""
    values = society.history[measure]
    return float(values.iloc[-weeks:].mean() - values.iloc[:weeks].mean())


def wrongful_share(society: Society, start: int, end: int) -> float:
    """Share of the sanctions from one week to another that were wrong; NaN where nobody was sanctioned."""
    history = society.history.loc[start:end]
    sanctions = history["sanctions"].sum()
    return float(history["wrongful"].sum() / sanctions) if sanctions > 0 else np.nan


def trust_of_born_after(society: Society, week: int) -> float:
    """Mean trust in the authority of those who came of age after a week; NaN where there are none."""
    c = society.citizens
    later = c.born > week
    return float(c.authority_trust[later].mean()) if later.any() else np.nan


def compliance_of_young(society: Society, years: float) -> float:
    """Compliance in the domain of order of those who came of age not longer ago than so many years."""
    c = society.citizens
    young = society.week - c.born < 52 * years
    return float(c.complies[young, society.domains.role("order")].mean()) if young.any() else np.nan


def scored_compliance(society: Society, weeks: int = 52) -> float:
    """Compliance in scored domains over the last weeks."""
    scored = [
        f"compliance_{name}" for name, on in zip(society.domains.names, society.domains.scored, strict=True) if on
    ]
    return float(society.history[scored].iloc[-weeks:].to_numpy().mean())


def _named(society: Society) -> npt.NDArray[np.bool_]:
    """The named; where nobody is, the lowest tenth, whom a share of .1 would name."""
    c = society.citizens
    named = c.on(Lists.SHAMED)
    return named if named.any() else c.score <= np.nanquantile(c.score, 0.1)


def trust_in_named(society: Society) -> float:
    """Mean trust of their neighbours in the named, or in the lowest tenth of scorers where nobody is named."""
    return float(society.ties.trust[_named(society)[society.ties.neighbours]].mean())


def image_of_named(society: Society) -> float:
    """Mean image term in scored domains of the named, or of the lowest tenth of scorers where nobody is named."""
    of_image = society.citizens.terms[_named(society), :, IMAGE]
    return float(of_image[:, society.domains.scored == 1].mean())


def compliance_of_named(society: Society) -> float:
    """Compliance in scored domains of the named, or of the lowest tenth of scorers where nobody is named."""
    return float(society.citizens.complies[_named(society)][:, society.domains.scored == 1].mean())


def trust_in_listed(society: Society) -> float:
    """Mean trust of their neighbours in those on the blacklist; NaN where nobody is on it."""
    listed = society.citizens.on(Lists.BLACKLISTED)
    return float(society.ties.trust[listed[society.ties.neighbours]].mean()) if listed.any() else np.nan


def image_of_highest(society: Society) -> float:
    """Mean image term in scored domains of the highest tenth of scorers."""
    c = society.citizens
    highest = c.score >= np.nanquantile(c.score, 0.9)
    return float(c.terms[highest, :, IMAGE][:, society.domains.scored == 1].mean())


OUTCOMES = functions_of(vars())
"""Every outcome defined here, by name."""
