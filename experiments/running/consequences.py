"""Outcomes that show what single institutions do to people: asked for by name, like those in `outcomes`."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ...agents.citizens import IMAGE, TERMS, Lists
from ...agents.groups import means_by
from ...agents.institutions import known_columns
from ...agents.institutions.local_government import LocalGovernment
from ...agents.rules.reporting import Motives, report_utility
from ...model.society import Society
from .outcomes import CitizensColumn, Domain, ListName, Measure, Term, copies, functions_of, recording, walled


def change(society: Society, measure: Measure, weeks: int = 10) -> float:
    """Mean of a measure over the last weeks, minus that over the first."""
    values = society.history[measure]
    return float(values.iloc[-weeks:].mean() - values.iloc[:weeks].mean())


def listed_gap(society: Society, name: ListName, column: CitizensColumn) -> float:
    """Mean of a column over those on a list, minus that over all others; NaN where nobody is on it."""
    c = society.citizens
    on, values = c.on(Lists[name.upper()]), getattr(c, column)
    return float(values[on].mean() - values[~on].mean()) if on.any() and not on.all() else np.nan


def listed_conviction(society: Society, name: ListName, domain: Domain) -> float:
    """Mean conviction in a domain of those on a list, minus that of all others; NaN where nobody is on it."""
    c, d = society.citizens, society.domains.names.index(domain)
    on = c.on(Lists[name.upper()])
    return float(c.conviction[on, d].mean() - c.conviction[~on, d].mean()) if on.any() and not on.all() else np.nan


def fear_in(society: Society, domain: Domain) -> float:
    """Mean fear in a domain, in utility."""
    return float(society.citizens.terms[:, society.domains.names.index(domain), TERMS.index("fear")].mean())


@recording("flags")
def listed_years(society: Society) -> float:
    """Years on the blacklist a citizen, over the whole run."""
    on = (copies(society, "flags") & np.uint32(Lists.BLACKLISTED)) > 0
    return float(on.sum() / society.founders / 52)


def wealth_of_poorest(society: Society) -> float:
    """Mean wealth of the poorest tenth."""
    wealth = np.sort(society.citizens.wealth)
    return float(wealth[: max(1, len(wealth) // 10)].mean())


def wealth_of_lowest_scores(society: Society) -> float:
    """Mean wealth of the tenth with the lowest scores."""
    c = society.citizens
    return float(c.wealth[c.score <= np.nanquantile(c.score, 0.1)].mean())


def left_a_year(society: Society) -> float:
    """Share of the people at the start who emigrate in a year."""
    return float((society.row_of < 0).mean() / society.week * 52)


_report_utility: Any = report_utility


def wealth_inequality(society: Society) -> float:
    """Gini coefficient of wealth."""
    wealth = np.sort(society.citizens.wealth)
    rank = 2 * np.arange(len(wealth)) - len(wealth) + 1
    return float((rank * wealth).sum() / (len(wealth) * wealth.sum()))


def prosperity(society: Society) -> float:
    """Mean wealth as a share of what income would keep up if nothing hindered it."""
    return float((society.citizens.wealth / society.citizens.means).mean())


def prosperity_by(society: Society, column: CitizensColumn) -> float:
    """Correlation of a column with wealth as a share of what income would keep up if nothing hindered it."""
    c = society.citizens
    return float(np.corrcoef(getattr(c, column).astype(float), c.wealth / c.means)[0, 1])


def report_gap(society: Society) -> float:
    """Chance a week that a true report is made over a tie within a group, minus that over a tie across.

    Reports are too few to be counted in one society; their chances are not.
    """
    c, ties, domains, now, rates = society.citizens, society.ties, society.domains, society.conditions, society.rates
    weights = rates.report
    motives = Motives(weights.outrage, weights.legitimacy, weights.need, weights.loyalty, weights.hassle)
    i, j = ties.owners(), ties.neighbours
    inside = c.group[i] == c.group[j]
    fellow = inside & (c.fellows[i] > 0)
    trust, lost = ties.trust[ties.reverse], np.where(fellow, c.shared_loss[j], 0.0)
    missed = np.ones(len(ties))
    for d in range(len(domains)):
        if domains.offences >> d & 1:
            openness, group_sight = domains.openness[d], np.where(fellow, now.group_sight, 0.0)
            seen = openness + np.maximum(c.visibility[i], group_sight) * now.weight[d] * (1 - openness)
            seen += np.where(fellow, c.inside[i], 0.0) * (1 - seen)
            utility = _report_utility(
                motives, now.reward, c.conviction[j, d], c.authority_trust[j], c.closeness[j], trust, lost
            )
            reports = c.can_report[j] / (1 + np.exp(-rates.rationality * utility))
            missed *= 1 - (1 - c.complies[i, d]) * seen * reports
    return float((1 - missed)[inside].mean() - (1 - missed)[~inside].mean())


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


def above(society: Society, measure: Measure, level: float, weeks: int = 52) -> float:
    """Mean of a measure over the last weeks, above a level."""
    return float(society.history[measure].iloc[-weeks:].mean()) - level


def ratio(society: Society, measure: Measure, of: Measure) -> float:
    """Sum of a measure over all weeks, as a share of that of another; NaN where that is 0."""
    whole = float(society.history[of].sum())
    return float(society.history[measure].sum()) / whole if whole > 0 else np.nan


def mean_of(society: Society, column: CitizensColumn) -> float:
    """Mean of a column of the citizens, over domains too."""
    return float(getattr(society.citizens, column).mean())


def wall_gap(society: Society, domain: Domain) -> float:
    """How far expectation is above what one's neighbours do: those behind the firewall minus those beyond it."""
    ties, d, behind = society.ties, society.domains.names.index(domain), walled(society)
    owners, size = ties.owners(), len(society.citizens)
    complying = society.citizens.complies[ties.neighbours, d]
    truth = np.bincount(owners, complying, size) / np.maximum(1, np.bincount(owners, minlength=size))
    error = society.citizens.expectation[:, d] - truth
    return float(error[behind].mean() - error[~behind].mean())


def _returned(society: Society) -> npt.NDArray[np.bool_]:
    c = society.citizens
    return (c.read("arrested", known_columns()["arrested"]) > 0) & ~c.on(Lists.DETAINED)


def returned(society: Society, column: CitizensColumn) -> float:
    """Mean of a column over those who were arrested and are back, of convictions in dissent; NaN where nobody is."""
    values, back = getattr(society.citizens, column), _returned(society)
    values = values if values.ndim == 1 else values[:, society.domains.role("dissent")]
    return float(values[back].mean()) if back.any() else np.nan


def trust_in_returned(society: Society) -> float:
    """Mean trust of their neighbours in those who were arrested and are back; NaN where nobody is."""
    toward = _returned(society)[society.ties.neighbours]
    return float(society.ties.trust[toward].mean()) if toward.any() else np.nan


def average(society: Society, column: CitizensColumn) -> float:
    """Mean of a column over citizens, and over domains where it has any."""
    return float(getattr(society.citizens, column).mean())


def tells(society: Society, score: CitizensColumn, domain: Domain) -> float:
    """Correlation of a score with the conviction in a domain, over those who have the score."""
    c = society.citizens
    points, conviction = getattr(c, score), c.conviction[:, society.domains.names.index(domain)]
    known = ~np.isnan(points)
    varied = known.sum() > 1 and points[known].std() > 0 and conviction[known].std() > 0
    return float(np.corrcoef(points[known], conviction[known])[0, 1]) if varied else np.nan


def wealth_of_lowest(society: Society, score: CitizensColumn) -> float:
    """Mean wealth of the lowest tenth by a score, minus that of the others who have it."""
    points, wealth = getattr(society.citizens, score), society.citizens.wealth
    low, others = points < np.nanquantile(points, 0.1), points >= np.nanquantile(points, 0.1)
    return float(wealth[low].mean() - wealth[others].mean()) if low.any() else np.nan


def seekers_stake(society: Society, domain: Domain) -> float:
    """Compliance in a domain of those who show their score to partners, minus that of the others; NaN if none does."""
    c = society.citizens
    shows, complies = c.on(Lists.DISCLOSING), c.complies[:, society.domains.names.index(domain)]
    return float(complies[shows].mean() - complies[~shows].mean()) if shows.any() else np.nan


def term_in(society: Society, name: Term, domain: Domain) -> float:
    """Mean of a term of the last decision in a domain."""
    return float(society.citizens.terms[:, society.domains.names.index(domain), TERMS.index(name)].mean())


def column_mean(society: Society, column: CitizensColumn) -> float:
    """Mean of a column over citizens, and over domains where it has them."""
    return float(np.nanmean(getattr(society.citizens, column)))


def honest_regions(society: Society, column: CitizensColumn) -> float:
    """Mean of a column where governments have more integrity than most, minus that where they have less."""
    government: Any = society.institutions[LocalGovernment.name]
    values, integrity = getattr(society.citizens, column), government.integrity
    honest = (integrity > np.median(integrity))[society.citizens.place]
    return float(values[honest].mean() - values[~honest].mean())


def between_regions(society: Society, column: CitizensColumn) -> float:
    """Standard deviation between regions of a column's mean."""
    c = society.citizens
    return float(means_by(c.place, getattr(c, column), society.regions).std())


def turning_week(society: Society) -> float:
    """Week in which the authority turned to penalties; the last where it did not."""
    return float(min([society.week, *(week for week, says, _ in society.events if "penalties" in says)]))


OUTCOMES = functions_of(vars())
"""Every outcome defined here, by name."""
