"""Under a score, reports and a court: falsification, flows, norms told, errors, lists."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf

import numpy as np

from ....agents.citizens import Lists
from ....model.measures.course import exit_rate
from ...running.outcomes import copies
from .trial import YEAR, Place, Statistic, Trial, chances

FULL = "visible-score-and-reports"
STILL = {"population.turnover": 0.0}


def fifth_year(place: Place) -> Mapping[str, float]:
    """Public less private compliance in `speech`, and the flows, in the fifth year of the visible score and reports."""
    society = place.society(scenario=FULL)
    d = society.domains.names.index("speech")
    society.run_for(4 * YEAR)
    gap = 0.0
    for _ in range(YEAR):
        society.step()
        c = society.citizens
        gap += float(c.complies[:, d].mean() - c.complies_unobserved[:, d].mean()) / YEAR
    history = society.history
    reports, false = history["reports"].sum(), history["false_reports"].sum()
    return {
        "T6": gap,
        "T8 reports": float(reports) / 5 * 1000,
        "T8 false": float(false / reports) if reports else np.nan,
        "T8 sanctions": float(history["sanctions"].sum()) / 5,
    }


def norm_told(place: Place) -> Mapping[str, float]:
    """Tell everyone once what share of others complies; thirds of compliance before, four weeks after."""
    plain, told = place.society(STILL), place.society(STILL)
    names = plain.domains.names
    before = np.zeros((plain.founders, len(names)))
    for _ in range(13):
        plain.step()
        told.step()
        before += np.stack([chances(plain, name) for name in names], axis=1)
    told.citizens.expectation[:] = told.citizens.complies.mean(axis=0)
    change = np.zeros_like(before)
    for _ in range(4):
        plain.step()
        told.step()
        change += np.stack([chances(told, name) - chances(plain, name) for name in names], axis=1) / 4
    habit = before.sum(axis=1)
    low, high = np.quantile(habit, [1 / 3, 2 / 3])
    mean = change.mean(axis=1)
    return {"T12 high": float(mean[habit > high].mean()), "T12 low": float(mean[habit <= low].mean())}


def errors(place: Place) -> Mapping[str, float]:
    """Compliance where a court errs in half of the innocent's cases, less that where it does not err."""
    found: list[float] = []
    for error in (0.0, 0.5):
        society = place.society({**STILL, "institutions.court.error": error}, "visible-score-and-reports")
        society.run_for(52)
        total = 0.0
        for _ in range(52):
            society.step()
            total += float(np.mean([chances(society, name).mean() for name in society.domains.names])) / 52
        found.append(total)
    return {"T13": found[1] - found[0]}


def list_flows(place: Place) -> Mapping[str, float]:
    """Who is on the court's blacklist, how many leave it and what they are denied, in the fifth to tenth year."""
    society = place.society(scenario="court-blacklist")
    society.history_record.columns = ("flags",)
    society.run_for(10 * YEAR)
    late = 5 * YEAR
    listed = (copies(society, "flags", 5 * YEAR) & np.uint32(Lists.BLACKLISTED)) > 0
    years = listed.sum() / YEAR
    journeys = float(society.history["denied_journeys"].iloc[late:].sum()) * society.founders
    return {
        "T7 stock": float(listed.mean()),
        "T7 exits": exit_rate(listed),
        "T7 journeys": journeys / years if years else np.nan,
    }


def listing(place: Place) -> Mapping[str, float]:
    """Compliance in `credit` with a blacklist, less that without."""
    found: list[float] = []
    for changes in ({"institutions.blacklist": None}, {}):
        society = place.society({**STILL, **changes}, "court-blacklist")
        society.run_for(52)
        total = 0.0
        for _ in range(52):
            society.step()
            total += float(chances(society, "credit").mean()) / 52
        found.append(total)
    return {"T14": found[1] - found[0]}


TRIALS = (
    Trial(
        "T6, T8",
        "Lists experiments: 14 to 25 points more support in public; informers and sanctions in orders of magnitude",
        "Robinson & Tannenberg 2019, doi:10.1177/2053168019856449; Carter et al. 2024 (B); Lichter et al. (C)",
        (
            Statistic("T6", "public less unobserved compliance in speech, fifth year", 0.10, 0.25),
            Statistic("T8 reports", "reports per 1,000 citizens and year", 5, 200),
            Statistic("T8 false", "share of them that is false", 0.1, 0.5),
            Statistic("T8 sanctions", "sanctions a citizen and year", 0, 0.3),
        ),
        fifth_year,
        "The first lies below what the experiments found, 14 to 25 points, and within a band that begins at 10.",
    ),
    Trial(
        "T7",
        "About one in a hundred is listed, a third leaves within a year, and listed people are denied a journey a year",
        "Supreme People's Court figures, 2018 to 2024 (B)",
        (
            Statistic("T7 stock", "share of people on the list", 0.005, 0.02),
            Statistic("T7 exits", "exits a listed year", 0.2, 0.5),
            Statistic("T7 journeys", "denied journeys a listed year", 0.4, 1.6),
        ),
        list_flows,
    ),
    Trial(
        "T12",
        "Told what others do, those above the norm do less and those below more",
        "Schultz et al. 2007 (C)",
        (
            Statistic("T12 high", "change in the upper third of compliance", -inf, 0),
            Statistic("T12 low", "change in the lower third", 0, inf),
        ),
        norm_told,
    ),
    Trial("T13", "Errors do not deter", "Png 1986; Polinsky & Shavell (theory)",
          (Statistic("T13", "compliance at court error .5 less that at 0", -inf, 0),), errors,
          "It has the sign that theory asks for, and no size to speak of."),
    Trial("T14", "Being listed deters", "the court's own purpose; Engelmann et al. 2019 (B)",
          (Statistic("T14", "compliance in credit with the list less that without", 0, inf),), listing),
)  # fmt: skip
