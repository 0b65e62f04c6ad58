"""What is left afterwards: of informers, of a regime's length, of a generation."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf

import numpy as np

from ....model.society import Society
from .pressed import FULL
from .trial import YEAR, Floats, Place, Statistic, Trial, chances

REWARDS = (-0.5, 0.0, 0.5, 1.0, 1.5)
"""Reward for a report in each of five regions; a negative one is added to the hassle of reporting."""

LICHTER = "Lichter, Löffler & Siegloch 2021, doi:10.1093/jeea/jvaa009, table C.2.1: −.099 (.044) (B)"


def informers(place: Place) -> Mapping[str, float]:
    """Five regions under hotlines of different reward for thirty years; strangers 13 and 18 years after their end.

    A region is a fifth of the ring, taken from a society that is under its reward as a whole: rewards are an
    institution's, not a place's, so that nothing spills over at a border.
    """
    regions = place.society().citizens.node * len(REWARDS) // place.size
    reports = np.zeros(place.size)
    found: dict[int, dict[str, Floats]] = {years: {} for years in (13, 18)}
    plain: dict[int, dict[str, Floats]] = {}
    rates = np.zeros(len(REWARDS))
    baseline = place.society()
    hassle = baseline.rates.report.hassle
    societies: list[tuple[int, Society]] = [
        (k, place.society({"institutions.hotline": {"reward": max(0.0, reward)}, "citizens.report.hassle":
                           hassle - min(0.0, reward)}))
        for k, reward in enumerate(REWARDS)
    ]  # fmt: skip
    for k, society in societies:
        here = regions == k
        for _ in range(30 * YEAR):
            society.step()
            reports[here] += society.citizens.reports_against[here]
        rates[k] = reports[here].mean()
        society.change({"institutions.hotline": None})
    for years in (13, 18):
        baseline.run_for((30 + years) * YEAR - baseline.week)
        plain[years] = _outcomes(baseline)
        for k, society in societies:
            society.run_for((30 + years) * YEAR - society.week)
            here = regions == k
            for name, values in _outcomes(society).items():
                found[years].setdefault(name, np.zeros(place.size))[here] = values[here]
    density = rates[regions]
    deviations = (density - density.mean()) / density.std()

    def effect(name: str, years: int) -> float:
        """Change of an outcome, a SD of reporting, against the same people without hotlines."""
        return float((deviations * (found[years][name] - plain[years][name])).mean())

    in_sd = {years: effect("strangers", years) / float(plain[years]["strangers"].std()) for years in found}
    return {
        "T9": in_sd[13],
        "T9 ratio": in_sd[18] / in_sd[13],
        # Without institutions all trust the authority alike, so that there is no SD to compare with.
        "T9 authority": effect("authority", 13),
        "T9 civic": effect("civic", 13),
    }


def _outcomes(society: Society) -> dict[str, Floats]:
    """Trust in strangers and in the authority, and the chance of volunteering, of each citizen."""
    c = society.citizens
    return {
        "strangers": c.generalised_trust.copy(),
        "authority": c.authority_trust.copy(),
        "civic": chances(society, "civic"),
    }


def left_after(place: Place, years: float) -> float:
    """Share of the internalised part that is left two years after a regime of so many years."""
    regime, plain = place.society(scenario=FULL), place.society()
    weeks = int(years * YEAR)
    scored = regime.domains.scored == 1

    def heart(society: Society) -> float:
        total = 0.0
        for _ in range(13):
            society.step()
            c = society.citizens
            total += float((c.complies_alone[:, scored] - c.complies_unchanged[:, scored].astype(float)).mean()) / 13
        return total

    regime.run_for(weeks - 13)
    plain.run_for(weeks - 13)
    before = heart(regime) - heart(plain)
    regime.change({f"institutions.{name}": None for name in regime.plan.institution_names})
    regime.run_for(2 * YEAR - 13)
    plain.run_for(2 * YEAR - 13)
    return (heart(regime) - heart(plain)) / before


def duration(place: Place) -> Mapping[str, float]:
    """Regimes of half a year, two, ten and thirty years."""
    left = {years: left_after(place, years) for years in (0.5, 2, 10, 30)}
    return {
        "T10 ten": left[0.5] / left[10],
        "T10 thirty": left[0.5] / left[30],
        "T10 half": left[0.5],
        "T10 at 10": left[10],
        "T10 at 30": left[30],
    }


def convergence(place: Place) -> Mapping[str, float]:
    """Forty years of the regime, forty without: how the gap in convictions closes."""
    regime, plain = place.society(scenario=FULL), place.society()
    scored = regime.domains.scored == 1
    regime.run_for(40 * YEAR - 26)
    plain.run_for(40 * YEAR - 26)

    def gap() -> float:
        total = 0.0
        for _ in range(26):
            regime.step()
            plain.step()
            total += float((regime.citizens.conviction - plain.citizens.conviction)[:, scored].mean()) / 26
        return total

    gaps = [gap()]
    regime.change({f"institutions.{name}": None for name in regime.plan.institution_names})
    for _ in range(80):
        gaps.append(gap())
    half = next((k for k, value in enumerate(gaps) if value <= gaps[0] / 2), len(gaps)) / 2
    first, third = gaps[0] - gaps[20], gaps[40] - gaps[60]
    return {"T11": half, "T11 slower": (first - third) / gaps[0]}


TRIALS = (
    Trial(
        "T9",
        "Where informers were denser, strangers are trusted less, decades after",
        LICHTER,
        (
            Statistic("T9", "SD of trust in strangers, a SD of reporting, 13 years after", -0.15, -0.05),
            Statistic("T9 ratio", "the effect 18 years after over that 13 years after", 0.7, 1.5),
            Statistic("T9 authority", "trust in the authority, a SD of reporting, 13 years after"),
            Statistic("T9 civic", "chance of volunteering, the same"),
        ),
        informers,
        "Regions are fifths of a ring of people, each taken from a society that is under its reward as a whole: "
        "rewards belong to an institution and not to a place, so that nothing spills over at a border.",
    ),
    Trial(
        "T10",
        "The longer, the more is left",
        "shape only: Allcott & Rogers 2014; Brandon et al. 2017 (B)",
        (
            Statistic("T10 ten", "left of half a year, over that of ten years", -inf, 0.6),
            Statistic("T10 thirty", "left of half a year, over that of thirty years", -inf, 0.5),
            Statistic("T10 half", "left two years after half a year"),
            Statistic("T10 at 10", "left two years after ten years"),
            Statistic("T10 at 30", "left two years after thirty years"),
        ),
        duration,
        "Of the scored domains alone, over a quarter at either end; the README tells of all domains. What makes it: "
        "left after half a year, ten and thirty are .23, .57 and .69 as it is (600 people, 2 seeds); .16, .33 and .48 "
        "without the slow store (`citizens.internalise.character` 0); .19, .56 and .57 where nobody is born or leaves "
        "(`population.turnover` 0); and .13, .25 and .22 with neither. So that thirty years leave more than ten is the "
        "work of these two; that ten leave more than half a year is so only in part.",
    ),
    Trial(
        "T11",
        "Values after a regime converge in one to two generations, more slowly at the end",
        "Alesina & Fuchs-Schündeln 2007; Bondar & Fuchs-Schündeln 2023, doi:10.1515/ger-2022-0042 (B, contested)",
        (
            Statistic("T11", "years until half of the gap in conviction is left", 12, 30),
            Statistic("T11 slower", "share of the gap closed in the first decade less that in the third", 0, inf),
        ),
        convergence,
    ),
)
