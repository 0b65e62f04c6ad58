"""Patterns that the tuned model must show: each a statistic of a few runs, with a band (pattern-oriented modelling).

Grimm et al. 2005, doi:10.1126/science.1116681. Patterns 1 to 7 are what the starting values were tuned on, by
`evidence.fit`; 8 to 10 were held out and never tuned on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from math import inf
from typing import Any

import numpy as np
from scipy import stats

from ...agents.citizens import TERMS, Lists
from ...model.measures.course import exit_rate, hole
from ...model.scenario import Scenario
from ...model.society import Society
from ..running.seeds import over_seeds

LEVELS = {"credit": 0.85, "conduct": 0.9, "civic": 0.3, "consumption": 0.5, "speech": 0.6, "inquiry": 0.5}
"""Plausible shares complying without any institution (assumptions)."""

TERM = {name: TERMS.index(name) for name in TERMS}
CONFIDENCE = 0.95


class Worlds:
    """The runs of one seed that patterns look at, each made when it is first asked for.

    Parameters
    ----------
    seed
        Seed of all of them: the same people with the same luck.
    changes
        Settings to try, by path; those of an institution count only where it exists.
    size
        Citizens.
    """

    def __init__(self, seed: int, changes: Mapping[str, Any] | None = None, size: int = 1000) -> None:
        self.seed, self.changes, self.size = seed, dict(changes or {}), size
        self.made: dict[str, Any] = {}

    def run(self, name: str, weeks: int, columns: Sequence[str] = (), size: int = 0, **changes: Any) -> Society:
        """Run of a scenario with changes (paths with ``__`` for dots)."""
        here = {path.replace("__", "."): value for path, value in changes.items()}
        key = f"{name} {weeks} {sorted(here.items())} {columns} {size}"
        if key not in self.made:
            plan = Scenario.load(name).change({"population.size": size or self.size, **here})
            plan = plan.change({path: value for path, value in self.changes.items() if _exists(plan, path)})
            society = Society(plan, rng=self.seed, threads=1)
            society.history_record.columns = tuple(columns)
            society.run_for(weeks)
            self.made[key] = society
        return self.made[key]


def _exists(plan: Scenario, path: str) -> bool:
    part, name, *_ = path.split(".")
    return part != "institutions" or name in plan.institutions


def mean_of(society: Society, column: str, last: int = 52) -> float:
    """Mean of a measure over the last weeks of a run."""
    return float(society.history[column].iloc[-last:].mean())


FULL = "visible-score-and-reports"


def drift(w: Worlds) -> float:
    """Largest change of compliance in any domain over 520 weeks without institutions, first half-year against last."""
    history = w.run("baseline", 520).history
    names = [f"compliance_{name}" for name in LEVELS]
    return float((history[names].iloc[-26:].mean() - history[names].iloc[:26].mean()).abs().max())


def implausibility(w: Worlds) -> float:
    """Largest distance of compliance in any domain from its plausible level, without institutions."""
    history = w.run("baseline", 520).history
    return max(abs(float(history[f"compliance_{name}"].iloc[-26:].mean()) - level) for name, level in LEVELS.items())


def falsification(w: Worlds) -> float:
    """Public minus unobserved compliance in `speech`, fifth year of the visible score with reports."""
    society = w.run(FULL, 260, ("complies", "complies_unobserved"))
    d = society.domains.names.index("speech")
    copies = society.history_record.copies
    public, private = (np.array(copies[name][-52:])[:, :, d].mean() for name in ("complies", "complies_unobserved"))
    return float(public - private)


def chilling(w: Worlds) -> float:
    """Share by which inquiry falls under the visible score with reports, fifth year, against that without."""
    before = 1 - mean_of(w.run("baseline", 520), "compliance_inquiry")
    after = 1 - mean_of(w.run(FULL, 260, ("complies", "complies_unobserved")), "compliance_inquiry")
    return 1 - after / before


def _listed(w: Worlds) -> Society:
    return w.run("court-blacklist", 416, ("flags",), size=5 * w.size)


def _flags(w: Worlds) -> Any:
    return (np.array(_listed(w).history_record.copies["flags"][156:]) & np.uint32(Lists.BLACKLISTED)) > 0


def blacklist_stock(w: Worlds) -> float:
    """Share of citizens on the blacklist, after three years."""
    return float(_flags(w).mean())


def blacklist_exits(w: Worlds) -> float:
    """Exits from the blacklist a listed citizen and year."""
    return exit_rate(_flags(w))


def blacklist_denials(w: Worlds) -> float:
    """Journeys denied a listed citizen and year."""
    journeys = _listed(w).history["denied_journeys"].iloc[156:].mean()
    return float(journeys / max(_flags(w).mean(), 1e-9) * 52)


def _term_shares(w: Worlds) -> Any:
    """Mean of the positive stake, image and fear terms, in weeks 1 to 13 and 248 to 260, shape (2, 3)."""
    plan = w.run(FULL, 260, ("complies", "complies_unobserved")).scenario
    society = Society(plan, rng=w.seed, threads=1)
    found = []
    for weeks in ((1, 13), (248, 260)):
        sums = np.zeros(3)
        while society.week < weeks[1]:
            society.step()
            if society.week >= weeks[0]:
                sums += [np.maximum(0, society.citizens.terms[:, :, TERM[name]]).mean() for name in REWARDING]
        found.append(sums)
    return np.array(found)


REWARDING = ("stake", "image", "fear")


def reward_salience(w: Worlds) -> float:
    """Share of stake and image in stake, image and fear together, in the first quarter of the visible score."""
    early = _cached(w, "terms", _term_shares)[0]
    return float(early[:2].sum() / early.sum())


def reward_saturation(w: Worlds) -> float:
    """Stake in the score in the last quarter of five years, as a share of that in the first."""
    early, late = _cached(w, "terms", _term_shares)
    return float(late[0] / early[0])


def _cached(w: Worlds, key: str, function: Callable[[Worlds], Any]) -> Any:
    if key not in w.made:
        w.made[key] = function(w)
    return w.made[key]


def _of_visibility(w: Worlds, domain: str) -> float:
    values = [
        mean_of(
            w.run("visible-score", 104, institutions__score_bureau__visibility__peers=peers), f"compliance_{domain}"
        )
        for peers in (0.0, 1.0)
    ]
    return values[1] - values[0]


def boomerang(w: Worlds) -> float:
    """Change of compliance by full visibility where most deviate (`civic`)."""
    return _of_visibility(w, "civic")


def amplification(w: Worlds) -> float:
    """Change of compliance by full visibility where most comply (`conduct`)."""
    return _of_visibility(w, "conduct")


LISTING = {"institutions__blacklist": {"entry": 0.05}}


def _of_holding(w: Worlds, **held: Any) -> float:
    chances = [
        hole(np.array(w.run(FULL, 208, ("score",), **changes).history_record.copies["score"]), 960.0)
        for changes in ({}, held)
    ]
    return chances[1] - chances[0]


def poverty_trap(w: Worlds) -> float:
    """Change in the chance of leaving the tiers below A within a year, by blacklist and association spill."""
    return _of_holding(w, **LISTING, institutions__score_bureau__association=0.05)


def listing_trap(w: Worlds) -> float:
    """Change in the chance of leaving the tiers below A within a year, by the blacklist alone."""
    return _of_holding(w, **LISTING)


def unravelling(w: Worlds) -> float:
    """Seekers who show their score without anyone naive, minus those who do when all are, as a share of seekers."""
    shares = [
        mean_of(w.run("dating-disclosure", 104, institutions__partner_market__naive=naive), "disclosing", 13)
        for naive in (1.0, 0.0)
    ]
    seeking = w.run("dating-disclosure", 104, institutions__partner_market__naive=1.0).scenario
    return (shares[1] - shares[0]) / seeking.settings()["institutions.partner_market.seeking"]


def aftermath(w: Worlds) -> float:
    """Compliance two and a half years after the end of the visible score, minus that of the same people without it."""
    return mean_of(w.run("switched-off", 260), "compliance") - float(
        w.run("baseline", 520).history["compliance"].iloc[208:260].mean()
    )


def _of_reports(w: Worlds, column: str) -> float:
    few, many = (w.run(FULL, 208, institutions__hotline__reward=reward) for reward in (0.0, 1.5))
    return mean_of(many, column) - mean_of(few, column)


def _of_persecution(w: Worlds, column: str) -> float:
    after = w.run("mass-campaign", 364, institutions__mass_campaign__end=104)
    return mean_of(after, column) - float(w.run("baseline", 520).history[column].iloc[312:364].mean())


@dataclass(frozen=True)
class Pattern:
    """A statistic of the worlds of one seed, and the band that its mean over seeds must lie in.

    Where an edge of the band is infinite, the whole interval of the mean must lie in it.
    """

    number: int
    name: str
    statistic: Callable[[Worlds], float]
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
COURT = "court figures 2018 to 2024"
LICHTER = "Lichter, Löffler & Siegloch 2021"

PATTERNS: tuple[Pattern, ...] = (
    Pattern(0, "no drift", drift, 0, 0.03, "baseline", "assumption"),
    Pattern(0, "plausible levels", implausibility, 0, 0.06, "baseline", "assumption"),
    Pattern(1, "falsification", falsification, 0.14, 0.25, FULL, LISTS),
    Pattern(2, "chilling", chilling, 0.05, 0.30, FULL, "Penney 2016, doi:10.15779/Z38SS13"),
    Pattern(3, "stock of the listed", blacklist_stock, 0.005, 0.015, "court-blacklist", COURT),
    Pattern(3, "exits of the listed", blacklist_exits, 0.25, 0.41, "court-blacklist", COURT),
    Pattern(3, "denied journeys", blacklist_denials, 0.6, 1.0, "court-blacklist", COURT),
    Pattern(4, "reward salience", reward_salience, 0.5, 1.0, FULL, "Kostka & Antoine 2020"),
    Pattern(4, "reward saturation", reward_saturation, -inf, 1.0, FULL, "Kostka & Antoine 2020"),
    Pattern(5, "boomerang", boomerang, -inf, 0, "visible-score", "Schultz et al. 2007"),
    Pattern(5, "amplification", amplification, 0, inf, "visible-score", "Schultz et al. 2007"),
    Pattern(6, "poverty trap", poverty_trap, -inf, 0, FULL, "hypothesis of the model"),
    Pattern(6, "poverty trap, list alone", listing_trap, -inf, 0, FULL, "hypothesis of the model"),
    Pattern(7, "unravelling", unravelling, 0, inf, "dating-disclosure", "Peppet 2011; Jin, Luca & Martin"),
    Pattern(
        8,
        "no way back",
        lambda w: abs(aftermath(w)),
        0.005,
        inf,
        "switched-off",
        "Gneezy & Rustichini 2000",
        "Distance of compliance, in the years after the end of the score, from the same people without it",
        held_out=True,
    ),
    *(
        Pattern(9, f"reports and {words}", partial(_of_reports, column=column), -inf, 0, FULL, LICHTER, says, True)
        for words, column, says in (
            ("trust in strangers", "trust_strangers", "Change of trust in strangers by a high reward for reports"),
            (
                "trust in the authority",
                "trust_authority",
                "Change of trust in the authority by a high reward for reports",
            ),
        )
    ),
    *(
        Pattern(
            10,
            f"persecution and {words}",
            partial(_of_persecution, column=column),
            low,
            high,
            "mass-campaign",
            "Wang 2021, doi:10.1017/S0007123419000255",
            f"Change of {words} five years after a mass campaign of two",
            True,
        )
        for words, column, low, high in (
            ("trust in the authority", "trust_authority", -inf, 0),
            ("trust in weak ties", "trust_weak_ties", -inf, 0),
            ("trust in strong ties", "trust_strong_ties", -0.01, inf),
        )
    ),
)


@dataclass(frozen=True)
class Finding:
    """What became of a pattern: mean over seeds, its interval, and whether it lies in the band."""

    pattern: Pattern
    mean: float
    low: float
    high: float
    passes: bool


def evaluate(seed: int, changes: Mapping[str, Any], size: int, chosen: Sequence[int]) -> list[float]:
    """Statistics of some patterns, by their place in `PATTERNS`, for one seed."""
    worlds = Worlds(seed, changes, size)
    return [PATTERNS[k].statistic(worlds) for k in chosen]


def find(
    seeds: int = 20,
    changes: Mapping[str, Any] | None = None,
    size: int = 1000,
    held_out: bool = True,
    workers: int = 1,
    done: Callable[[int], None] = lambda count: None,
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
    workers
        Processes.
    done
        Called with the number of seeds done.
    """
    chosen = [k for k, pattern in enumerate(PATTERNS) if held_out or not pattern.held_out]
    task = partial(evaluate, changes=dict(changes or {}), size=size, chosen=chosen)
    rows = over_seeds(task, seeds, workers, done)
    return [_finding(PATTERNS[k], np.array(values)) for k, values in zip(chosen, zip(*rows, strict=True), strict=True)]


def _finding(pattern: Pattern, values: Any) -> Finding:
    known = values[np.isfinite(values)]
    if len(known) < 2:
        return Finding(pattern, np.nan, np.nan, np.nan, False)
    mean = float(known.mean())
    half = float(stats.t.ppf((1 + CONFIDENCE) / 2, len(known) - 1) * known.std(ddof=1) / np.sqrt(len(known)))
    return Finding(pattern, mean, mean - half, mean + half, pattern.passes(mean, mean - half, mean + half))
