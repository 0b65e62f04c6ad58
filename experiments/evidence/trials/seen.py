"""Being seen: records shown to others, observers who leave, checks and their halo, watching alone."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf

import numpy as np

from .trial import Place, Statistic, Trial, chances, log_odds, show_record

GERBER = "Gerber, Green & Larimer 2008, doi:10.1017/S000305540808009X, n = 344,084 (A)"
STILL = {"population.turnover": 0.0}
"""Nobody comes or leaves in a trial of weeks."""

AUDIENCES = ("authority", "close", "all")


def records_shown(place: Place) -> Mapping[str, float]:
    """Show the record in `civic` of a random tenth to each audience for eight weeks."""
    found: dict[str, float] = {}
    plain = place.society(STILL)
    who = place.tenth(plain)
    conviction = plain.citizens.conviction[:, plain.domains.names.index("civic")].copy()
    low, high = np.quantile(conviction, [1 / 3, 2 / 3])
    untreated = np.zeros(len(who))
    for _ in range(8):
        plain.step()
        untreated += chances(plain, "civic") / 8
    for audience in AUDIENCES:
        society = place.society(STILL)
        treated = np.zeros(len(who))
        for _ in range(8):
            show_record(society, "civic", who, audience)
            society.step()
            treated += chances(society, "civic") / 8
        found[audience] = log_odds(treated[who], untreated[who])
        if audience == "all":
            upper, lower = who & (conviction > high), who & (conviction <= low)
            found["ratio"] = log_odds(treated[upper], untreated[upper]) / log_odds(treated[lower], untreated[lower])
    return {
        "T1": found["all"],
        "T1 order": min(found["close"] - found["authority"], found["all"] - found["close"]),
        "T1 authority": found["authority"],
        "T1 close ties": found["close"],
        "T2": found["ratio"],
    }


def observers_leave(place: Place) -> Mapping[str, float]:
    """Sensors and an audience in `conduct` for eight weeks, then none."""
    plain, society = place.society(STILL), place.society(STILL)
    everyone = np.ones(plain.founders, bool)
    during = after = 0.0
    for week in range(10):
        if week < 8:
            show_record(society, "conduct", everyone, "authority")
            show_record(society, "conduct", everyone, "all")
        else:
            society.citizens.override("watched", 0.0)
            society.conditions.gain = np.zeros(len(society.domains))
        plain.step()
        society.step()
        effect = log_odds(chances(society, "conduct"), chances(plain, "conduct"))
        during += effect / 8 if week < 8 else 0.0
        after = effect
    return {"T3": after / during}


def halo(place: Place, weeks: int) -> list[float]:
    """Effect of sensors and a court in `conduct` in the last week of checks, and in each week after it."""
    checks = {"institutions.sensor_network": {}, "institutions.court": {}, **STILL}
    plain, society = place.society(STILL), place.society({**checks})
    effects: list[float] = []
    d = society.domains.names.index("conduct")
    for week in range(weeks + 16):
        if week == 0:
            watched = society.citizens.watched.copy()
            watched[:, np.arange(len(society.domains)) != d] = 0
            society.citizens.override("watched", watched)
        if week == weeks:
            society.change({"institutions.sensor_network": None, "institutions.court": None})
        plain.step()
        society.step()
        effects.append(log_odds(chances(society, "conduct"), chances(plain, "conduct")))
    return effects[weeks - 1 :]


def half_life(effects: list[float]) -> float:
    """Weeks until the effect is half of that in the last week of checks, between weeks by straight lines."""
    half = effects[0] / 2
    for week in range(1, len(effects)):
        if effects[week] <= half:
            return week - 1 + (effects[week - 1] - half) / (effects[week - 1] - effects[week])
    return float(len(effects))


def checks(place: Place) -> Mapping[str, float]:
    """One week and six weeks of checks."""
    one, six = halo(place, 1), halo(place, 6)
    return {
        "T4 gone": one[2] / one[0],
        "T4 half-life": half_life(six),
        "T4 longer": half_life(six) - half_life(one),
    }


def watching_alone(place: Place) -> Mapping[str, float]:
    """Sensors alone: searches in the first quarter, and in the third year."""
    plain, society = place.society(STILL), place.society(STILL, "surveillance-only")
    found: list[float] = []
    for start, end in ((0, 13), (143, 156)):
        plain.run_for(start - plain.week)
        society.run_for(start - society.week)
        with_it = without = 0.0
        for _ in range(start, end):
            plain.step()
            society.step()
            with_it += float(1 - chances(society, "inquiry").mean())
            without += float(1 - chances(plain, "inquiry").mean())
        found.append(with_it / without - 1)
    return {"T5": found[0], "T5 later": found[1]}


TRIALS = (
    Trial(
        "T1, T2",
        "Turnout 29.7% → 31.5 (told of duty) → 32.2 (researchers look) → 34.5 (household sees) → 37.8 (neighbours see)",
        GERBER,
        (
            Statistic("T1", "log-odds of volunteering when all ties see the record", 0.25, 0.5),
            Statistic("T1 order", "smallest step from authority to close to all ties", 0, inf),
            Statistic("T1 authority", "log-odds when the authority alone sees it"),
            Statistic("T1 close ties", "log-odds when close ties see it"),
            Statistic("T2", "effect in the upper third of conviction, over that in the lower", 0.6, 1.6),
        ),
        records_shown,
        "It passes near the lower edge. What the other arms did in the field, .12 where the authority alone sees it "
        "and .22 where the household does, is more than here and not asked for.",
    ),
    Trial(
        "T3",
        "Hand hygiene rises while observed and is back right after",
        "Gould 2020, doi:10.1177/1757177420907999 (B)",
        (Statistic("T3", "share of the effect left in the second week after observers leave", -inf, 0.2),),
        observers_leave,
    ),
    Trial(
        "T4",
        "The halo of police checks: 3 days after one dose, up to 8 weeks after six weeks",
        "Hauer, Ahlin & Bowser 1982; Vaa 1997 (B)",
        (
            Statistic("T4 gone", "share of the effect left a week after one week of checks", -inf, 0.1),
            Statistic("T4 half-life", "weeks until half is left after six weeks of checks", 0, 8),
            Statistic("T4 longer", "by how many weeks longer than after one week", 0, inf),
        ),
        checks,
        "There is hardly a halo here: what is asked for has no lower edge, and half of the effect is gone within the "
        "first week. It grows with the dose, by a fraction of a week.",
    ),
    Trial(
        "T5",
        "Searches for what might be watched fall by 5 to 30%",
        "Penney 2016, doi:10.15779/Z38SS13; Stoycheff 2016 (B)",
        (
            Statistic("T5", "change of searches in the first quarter of watching alone", -0.3, -0.05),
            Statistic("T5 later", "the same in the third year"),
        ),
        watching_alone,
    ),
)
