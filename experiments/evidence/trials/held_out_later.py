"""Facts that are held out, of years and generations."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf

import pandas as pd

from .pressed import FULL
from .trial import YEAR, Place, Statistic, Trial

CAMPAIGN, LATER = 2 * YEAR, 25 * YEAR


def last_year(place: Place, scenario: str, heritage: float | None) -> pd.Series:
    """Measures in the 25th year after a campaign of two years, or without any, differences to the unwatched world."""
    changes = {} if heritage is None else {"citizens.trust.heritage": heritage}
    society, plain = place.society(changes, scenario), place.society(changes)
    society.run_for(CAMPAIGN)
    society.change({f"institutions.{name}": None for name in society.plan.institution_names})
    society.run_for(LATER)
    plain.run_for(CAMPAIGN + LATER)
    return society.history.tail(YEAR).mean() - plain.history.tail(YEAR).mean()


def persecution(place: Place) -> Mapping[str, float]:
    """Trust in the authority and dissent 25 years after a mass campaign, with heritage and without."""
    found, orphaned = last_year(place, "mass-campaign", None), last_year(place, "mass-campaign", 0.0)
    return {
        "H5 trust": float(found["trust_authority"]),
        "H5 dissent": -float(found["compliance_speech"]),
        "H5 heritage": float(orphaned["trust_authority"] - found["trust_authority"]),
    }


TRUSTS = {"H9 authority": "trust_authority", "H9 strangers": "trust_strangers", "H9 neighbours": "trust_ties"}


def returning(place: Place) -> Mapping[str, float]:
    """Years until half of what twenty years of the regime did to each trust is left."""
    society, plain = place.society(scenario=FULL), place.society()
    society.run_for(20 * YEAR)
    society.change({f"institutions.{name}": None for name in society.plan.institution_names})
    society.run_for(40 * YEAR)
    plain.run_for(60 * YEAR)
    gaps = (society.history - plain.history).rolling(26).mean()
    found: dict[str, float] = {}
    for name, measure in TRUSTS.items():
        gap = gaps[measure].to_numpy()[20 * YEAR - 1 :]
        # Until it is half for good: what recovers and falls back has not come back.
        above = (gap / gap[0] > 0.5).nonzero()[0]
        found[name] = float(above[-1] + 1) / YEAR
    return found


TRIALS = (
    Trial(
        "H5",
        "Where there was more persecution, people trust leaders less and protest less, decades later and in the next "
        "generation",
        "Wang 2021, doi:10.1017/S0007123419000255 (B)",
        (
            Statistic("H5 trust", "trust in the authority 25 years after a campaign of two years", -inf, 0),
            Statistic("H5 dissent", "speaking up, the same", -inf, 0),
            Statistic("H5 heritage", "loss of trust that goes where nothing is handed on", 0, inf),
        ),
        persecution,
    ),
    Trial(
        "H9",
        "Which trust comes back first",
        "Rainer & Siedler 2009; Trüdinger & Braun (B, contested)",
        (
            Statistic("H9 authority", "years until half of the loss is left: trust in the authority"),
            Statistic("H9 strangers", "the same: in strangers"),
            Statistic("H9 neighbours", "the same: in neighbours"),
        ),
        returning,
    ),
)
