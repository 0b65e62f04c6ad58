"""Patterns that the tuned model must show: each a statistic of a few runs, with a band (pattern-oriented modelling).

Grimm et al. 2005, doi:10.1126/science.1116681. Patterns 1 to 7 are what the starting values were tuned on, by
`evidence.fit`; 8 to 10 were held out and never tuned on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import inf
from pathlib import Path
from typing import Any

import numpy as np

from ...model.declarations import declaration
from ...model.scenario import Scenario
from ..running.pool import Executor
from ..running.results import Results
from ..running.run import RunConfiguration
from ..running.runner import Point, Progress, Study, carry_out, seeds_of
from ..running.store import Store
from .statistics import CONFIDENCE, estimate

LEVELS = {"credit": 0.85, "conduct": 0.9, "civic": 0.3, "consumption": 0.5, "speech": 0.6, "inquiry": 0.5}
"""Plausible shares complying without any institution (assumptions)."""

FULL = "visible-score-and-reports"


@dataclass(frozen=True)
class World:
    """A run that patterns look at: a scenario with changes, its weeks, and how many times the usual citizens."""

    scenario: str
    weeks: int
    changes: Mapping[str, Any] = field(default_factory=dict)
    times: int = 1

    def plan(self, changes: Mapping[str, Any], size: int) -> Scenario:
        """Its scenario with settings to try, by path; those of an institution count only where it exists."""
        plan = Scenario.load(self.scenario).change({"population.size": self.times * size, **self.changes})
        return plan.change({path: value for path, value in changes.items() if _exists(plan, path)})


def _exists(plan: Scenario, path: str) -> bool:
    part, _, rest = path.partition(".")
    # What is no setting at all is for the scenario to refuse.
    unknown = declaration(Scenario, path) is None
    return part != "institutions" or unknown or rest.partition(".")[0] in plan.institutions


@dataclass(frozen=True)
class Reading:
    """What is read off a world: an outcome, as a design names it."""

    world: World
    outcome: str


BASELINE = World("baseline", 520)
FIVE_YEARS = World(FULL, 260)
FIRST_QUARTER = World(FULL, 13)
COURT = World("court-blacklist", 416, times=5)
UNSEEN, SEEN = (World("visible-score", 104, {"institutions.score_bureau.visibility.peers": x}) for x in (0.0, 1.0))
FREE = World(FULL, 208)
LISTED = World(FULL, 208, {"institutions.blacklist": {"entry": 0.05}})
HELD = World(FULL, 208, {**LISTED.changes, "institutions.score_bureau.association": 0.05})
ALL_NAIVE, NONE_NAIVE = (
    World("dating-disclosure", 104, {"institutions.partner_market.naive": share}) for share in (1.0, 0.0)
)
UNREWARDED, REWARDED = (World(FULL, 208, {"institutions.hotline.reward": reward}) for reward in (0.0, 1.5))
SWITCHED_OFF = World("switched-off", 260)
PERSECUTION = World("mass-campaign", 364, {"institutions.mass_campaign.end": 104})

COURSE = tuple(Reading(BASELINE, f"{part} compliance_{name} 26") for part in ("first", "last") for name in LEVELS)
PULLS = tuple(
    Reading(world, f"pull {name} 13") for world in (FIRST_QUARTER, FIVE_YEARS) for name in ("stake", "image", "fear")
)


def drift(*levels: float) -> float:
    """Largest change of compliance in any domain over 520 weeks without institutions, first half-year against last."""
    first, last = np.reshape(levels, (2, -1))
    return float(np.abs(last - first).max())


def implausibility(*levels: float) -> float:
    """Largest distance of compliance in any domain from its plausible level, without institutions."""
    return max(abs(level - plausible) for level, plausible in zip(levels, LEVELS.values(), strict=True))


def falsification(gap: float) -> float:
    """Public minus unobserved compliance in `speech`, fifth year of the visible score with reports."""
    return gap


def chilling(before: float, after: float) -> float:
    """Share by which inquiry falls under the visible score with reports, fifth year, against that without."""
    return 1 - (1 - after) / (1 - before)


def blacklist_stock(listed: float) -> float:
    """Share of citizens on the blacklist, after three years."""
    return listed


def blacklist_exits(exits: float) -> float:
    """Exits from the blacklist a listed citizen and year."""
    return exits


def blacklist_denials(journeys: float, listed: float) -> float:
    """Journeys denied a listed citizen and year."""
    return journeys / max(listed, 1e-9) * 52


def reward_salience(stake: float, image: float, fear: float) -> float:
    """Share of stake and image in stake, image and fear together, in the first quarter of the visible score."""
    return (stake + image) / (stake + image + fear)


def reward_saturation(early: float, late: float) -> float:
    """Stake in the score in the last quarter of five years, as a share of that in the first."""
    return late / early


def difference(before: float, after: float) -> float:
    """Change from one world to the other."""
    return after - before


def unravelling(naive: float, knowing: float, seeking: float) -> float:
    """Seekers who show their score without anyone naive, minus those who do when all are, as a share of seekers."""
    return (knowing - naive) / seeking


def distance(before: float, after: float) -> float:
    """Distance of one world from the other."""
    return abs(after - before)


@dataclass(frozen=True)
class Pattern:
    """A statistic of what is read off the worlds of one seed, and the band that its mean over seeds must lie in.

    Where an edge of the band is infinite, the whole interval of the mean must lie in it.
    """

    number: int
    name: str
    statistic: Callable[..., float]
    readings: tuple[Reading, ...]
    low: float
    high: float
    scenario: str
    source: str
    says: str = ""
    held_out: bool = False

    def passes(self, mean: float, low: float, high: float) -> bool:
        """Whether a mean, or its interval where the band is open, lies in the band."""
        if np.isfinite([self.low, self.high]).all():
            return self.low <= mean <= self.high
        return self.low <= low and high <= self.high

    @property
    def words(self) -> str:
        """What the statistic is."""
        return self.says or (self.statistic.__doc__ or "").splitlines()[0]


LISTS = "list experiments: Robinson & Tannenberg 2019, doi:10.1177/2053168019856449; meta-analysis mean 14"
FIGURES = "court figures 2018 to 2024"
SCHULTZ, KOSTKA = "Schultz et al. 2007", "Kostka & Antoine 2020"
LICHTER = "Lichter, Löffler & Siegloch 2021"
WANG = "Wang 2021, doi:10.1017/S0007123419000255"
TRAP = "Change in the chance of leaving the tiers below A within a year, by"


def both(outcome: str, *worlds: World) -> tuple[Reading, ...]:
    """The same outcome of some worlds."""
    return tuple(Reading(world, outcome) for world in worlds)


PATTERNS: tuple[Pattern, ...] = (
    Pattern(0, "no drift", drift, COURSE, 0, 0.03, "baseline", "assumption"),
    Pattern(0, "plausible levels", implausibility, COURSE[len(LEVELS) :], 0, 0.06, "baseline", "assumption"),
    Pattern(1, "falsification", falsification, both("falsification speech 52", FIVE_YEARS), 0.14, 0.25, FULL, LISTS),
    Pattern(2, "chilling", chilling, both("last compliance_inquiry 52", BASELINE, FIVE_YEARS), 0.05, 0.30, FULL,
            "Penney 2016, doi:10.15779/Z38SS13"),
    Pattern(3, "stock of the listed", blacklist_stock, both("listed 260", COURT), 0.005, 0.015, COURT.scenario,
            FIGURES),
    Pattern(3, "exits of the listed", blacklist_exits, both("listed_exits 260", COURT), 0.25, 0.41, COURT.scenario,
            FIGURES),
    Pattern(3, "denied journeys", blacklist_denials,
            (Reading(COURT, "last denied_journeys 260"), Reading(COURT, "listed 260")), 0.6, 1.0, COURT.scenario,
            FIGURES),
    Pattern(4, "reward salience", reward_salience, PULLS[:3], 0.5, 1.0, FULL, KOSTKA),
    Pattern(4, "reward saturation", reward_saturation, PULLS[::3], -inf, 1.0, FULL, KOSTKA),
    Pattern(5, "boomerang", difference, both("last compliance_civic 52", UNSEEN, SEEN), -inf, 0, "visible-score",
            SCHULTZ, "Change of compliance by full visibility where most deviate (`civic`)"),
    Pattern(5, "amplification", difference, both("last compliance_conduct 52", UNSEEN, SEEN), 0, inf, "visible-score",
            SCHULTZ, "Change of compliance by full visibility where most comply (`conduct`)"),
    Pattern(6, "poverty trap", difference, both("recovery 960", FREE, HELD), -inf, 0, FULL, "hypothesis of the model",
            f"{TRAP} blacklist and association spill"),
    Pattern(6, "poverty trap, list alone", difference, both("recovery 960", FREE, LISTED), -inf, 0, FULL,
            "hypothesis of the model", f"{TRAP} the blacklist alone"),
    Pattern(7, "unravelling", unravelling, (*both("last disclosing 13", ALL_NAIVE, NONE_NAIVE),
            Reading(ALL_NAIVE, "setting institutions.partner_market.seeking")), 0, inf, ALL_NAIVE.scenario,
            "Peppet 2011; Jin, Luca & Martin"),
    Pattern(8, "no way back", distance,
            (Reading(BASELINE, "between compliance 209 260"), Reading(SWITCHED_OFF, "last compliance 52")), 0.005, inf,
            SWITCHED_OFF.scenario, "Gneezy & Rustichini 2000",
            "Distance of compliance, in the years after the end of the score, from the same people without it", True),
    *(
        Pattern(9, f"reports and {words}", difference, both(f"last {measure} 52", UNREWARDED, REWARDED), -inf, 0, FULL,
                LICHTER, f"Change of {words} by a high reward for reports", True)
        for words, measure in (("trust in strangers", "trust_strangers"), ("trust in the authority", "trust_authority"))
    ),
    *(
        Pattern(10, f"persecution and {words}", difference,
                (Reading(BASELINE, f"between {measure} 313 364"), Reading(PERSECUTION, f"last {measure} 52")), low,
                high, PERSECUTION.scenario, WANG, f"Change of {words} five years after a mass campaign of two", True)
        for words, measure, low, high in (
            ("trust in the authority", "trust_authority", -inf, 0),
            ("trust in weak ties", "trust_weak_ties", -inf, 0),
            ("trust in strong ties", "trust_strong_ties", -0.01, inf),
        )
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Finding:
    """What became of a pattern: mean over seeds, its interval, and whether it lies in the band."""

    pattern: Pattern
    mean: float
    low: float
    high: float
    passes: bool


def chosen_patterns(held_out: bool) -> list[Pattern]:
    """Patterns, with those held out or without."""
    return [pattern for pattern in PATTERNS if held_out or not pattern.held_out]


def worlds_of(patterns: Sequence[Pattern]) -> list[World]:
    """Worlds that some patterns look at, each once."""
    found: list[World] = []
    for pattern in patterns:
        found += [reading.world for reading in pattern.readings if reading.world not in found]
    return found


def pattern_points(changes: Mapping[str, Any], seeds: int, size: int, patterns: Sequence[Pattern]) -> list[Point]:
    """Every world that some patterns look at, under settings to try.

    A world is asked for what all patterns read off it, so that it is the same run whichever are computed.
    """
    points: list[Point] = []
    for world in worlds_of(patterns):
        asked = dict.fromkeys(each.outcome for p in PATTERNS for each in p.readings if each.world == world)
        configuration = RunConfiguration(world.weeks, min(26, world.weeks), world.weeks, outcomes=tuple(asked))
        factors = {"scenario": world.scenario, "weeks": world.weeks, **world.changes, **changes}
        plain = {path: str(value) if isinstance(value, dict) else value for path, value in factors.items()}
        points.append(Point(world.plan(changes, size), plain, seeds_of(seeds), configuration))
    return points


def statistics_of(results: Results, start: int, patterns: Sequence[Pattern]) -> list[Any]:
    """Statistic of every pattern for every seed, from the runs of `pattern_points` that begin in a row of a study."""
    worlds = worlds_of(patterns)
    found: list[Any] = []
    for pattern in patterns:
        read = [results.values(each.outcome)[start + worlds.index(each.world)] for each in pattern.readings]
        found.append(np.array([pattern.statistic(*values) for values in zip(*read, strict=True)]))
    return found


def find(
    seeds: int = 20,
    changes: Mapping[str, Any] | None = None,
    size: int = 1000,
    held_out: bool = True,
    *,
    store: Store | str | Path | None = None,
    executor: Executor | None = None,
    workers: int = 1,
    progress: Callable[[Progress], None] = lambda progress: None,
) -> list[Finding]:
    """Compute every pattern over seeds 1, 2, ….

    Parameters
    ----------
    seeds
        How many, at least 2.
    changes
        Settings to try, by path.
    size
        Citizens of each world.
    held_out
        Whether the patterns that were held out are computed too.
    store, executor, workers, progress
        As for `compare`.
    """
    patterns = chosen_patterns(held_out)
    points = pattern_points(dict(changes or {}), seeds, size, patterns)
    study = Study(f"patterns at {size}", points, RunConfiguration(), {"design": "patterns"})
    results = carry_out(study, store, executor=executor, workers=workers, progress=progress)
    return [_finding(*each) for each in zip(patterns, statistics_of(results, 0, patterns), strict=True)]


def _finding(pattern: Pattern, values: Any) -> Finding:
    found = estimate(values, CONFIDENCE)
    passes = found.n >= 2 and pattern.passes(found.mean, found.low, found.high)
    return Finding(pattern, found.mean, found.low, found.high, passes)
