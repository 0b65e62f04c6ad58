"""Acting on the thought: whoever is taken for a dissenter is held before doing anything."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..arithmetic import logistic
from ..base import Institution, Measure, Settings, parameter
from ..chance import OwnPurpose
from ..citizens import Citizens, Lists, top_share
from ..columns import INF, Floats, Ints, Mask, by_domain, each
from ..compiled import compiled
from ..view import SocietyView, Ties

MOST_STEPS = 50
"""Steps of the regression at most; it takes some ten."""

MOST_FITTED = 100_000
"""Citizens the regression is fitted on at most: beyond, its coefficients hardly move."""

RIDGE = 0.01
"""Penalty that keeps the coefficients finite where the record tells all cases apart."""

FORCE = 20.0
"""What complying brings the held, in utility: more than any conviction and, next to always, any luck outweighs."""


class PredictorSettings(Settings):
    """Whom it flags, and what follows."""

    flag_share: float = parameter(0.02, 0, 1, unit="share of citizens", says="Citizens it flags, those most at risk.")
    arrests: float = parameter(
        0.005,
        0,
        1,
        unit="rate a week",
        says="How often a flagged citizen is taken out of public life.",
        source="model assumption; it keeps the share held near one in five hundred",
    )
    term: int = parameter(26, 1, 5200, unit="weeks", says="How long the arrested are held.")
    reeducation: float = parameter(
        0.03, 0, 1, unit="rate a week", says="How fast the conviction of the held in dissent is pulled toward 1."
    )
    stigma: float = parameter(
        0.3, 0, 1, unit="share of trust", says="Trust that each neighbour has lost in someone who comes back."
    )
    dread: float = parameter(
        3.0, 0, 1000, unit="utility", says="What an arrest is felt to cost, above any other sanction of dissent."
    )
    interval: int = parameter(52, 1, 5200, unit="weeks", says="Time from one fit of the prediction to the next.")
    memory: float = parameter(52.0, 1, 5200, unit="weeks", says="How long the record remembers an act.")


@compiled
def solved(matrix: Floats, vector: Floats) -> Floats:
    """Solution of a positive definite system of equations, by elimination; both arguments are overwritten."""
    count = len(vector)
    for k in range(count):
        for row in range(k + 1, count):
            factor = matrix[row, k] / matrix[k, k]
            for column in range(k, count):
                matrix[row, column] -= factor * matrix[k, column]
            vector[row] -= factor * vector[k]
    for k in range(count - 1, -1, -1):
        for column in range(k + 1, count):
            vector[k] -= matrix[k, column] * vector[column]
        vector[k] /= matrix[k, k]
    return vector


@compiled
def logistic_regression(features: Floats, labels: Floats, ridge: float) -> Floats:
    """Weights that minimise the mean logistic loss plus ridge / 2 · Σ w²; the last is the intercept, not penalised.

    Newton's method from 0, until no weight moves by more than a billionth: the loss is convex. `features` has shape
    (cases, K), `labels` (cases,) shares from 0 to 1; returns shape (K + 1,).
    """
    cases, count = features.shape
    weights, step = np.zeros(count + 1), np.inf
    case = np.ones(count + 1)
    for _ in range(MOST_STEPS):
        if step <= 1e-9:
            break
        gradient, curvature = np.zeros(count + 1), np.zeros((count + 1, count + 1))
        for i in range(cases):
            case[:count] = features[i]
            z = 0.0
            for k in range(count + 1):
                z += weights[k] * case[k]
            chance = logistic(z)
            for k in range(count + 1):
                gradient[k] += (chance - labels[i]) * case[k]
                bend = chance * (1 - chance) * case[k]
                for m in range(k + 1):
                    curvature[k, m] += bend * case[m]
        gradient /= cases
        curvature /= cases
        for k in range(count + 1):
            curvature[:k, k] = curvature[k, :k]
        for k in range(count):
            gradient[k] += ridge * weights[k]
            curvature[k, k] += ridge
        # Where nearly all are told apart for certain the intercept's curvature vanishes.
        curvature[count, count] += 1e-12
        move = solved(curvature, gradient)
        step = 0.0
        for k in range(count + 1):
            weights[k] -= move[k]
            step = max(step, abs(move[k]))
    return weights


@compiled
def _features_loop(
    start: int, stop: int, c: Citizens, ties: Ties, noted: Floats, upheld: Floats, features: Floats
) -> None:
    """Fill each row with the own record, and with the mean over one's ties of theirs; 0 without any."""
    domains = noted.shape[1]
    for i in range(start, stop):
        features[i] = 0.0
        count = ties.indptr[i + 1] - ties.indptr[i]
        for t in range(ties.indptr[i], ties.indptr[i + 1]):
            j = ties.neighbours[t]
            for d in range(domains):
                features[i, 2 * domains + d] += noted[j, d] / count
                features[i, 3 * domains + d] += upheld[j, d] / count
        for d in range(domains):
            features[i, d] = noted[i, d]
            features[i, domains + d] = upheld[i, d]


@compiled
def _record_loop(start: int, stop: int, record: Floats, events: Mask, memory: float) -> None:
    """Move each record toward 1 where the week had the event, toward 0 where not."""
    for d in range(record.shape[1]):
        for i in range(start, stop):
            record[i, d] += ((events[i] >> np.uint32(d) & np.uint32(1)) - record[i, d]) / memory


@compiled
def _stigma_loop(start: int, stop: int, c: Citizens, ties: Ties, back: Floats, stigma: float, scarring: float) -> None:
    for i in range(start, stop):
        if back[i] == 0:
            continue
        for t in range(ties.indptr[i], ties.indptr[i + 1]):
            toward = ties.reverse[t]
            lost = stigma * ties.trust[toward]
            ties.trust[toward] -= lost
            ties.resting[toward] = max(0.0, ties.resting[toward] - scarring * lost)


def discrimination(risk: Floats, positive: Any) -> float:
    """Chance that a positive case has a higher risk than another one, ties counting half: the area under the ROC curve.

    NaN without both kinds of cases.
    """
    cases, others = np.sort(risk[positive]), np.sort(risk[~positive])
    if len(cases) == 0 or len(others) == 0:
        return np.nan
    below, not_above = (int(others.searchsorted(cases, side).sum()) for side in ("left", "right"))
    return (below + not_above) / (2 * len(cases) * len(others))


class Predictor(Institution):
    """Learn from the record who will be convicted of dissent, flag those most at risk, and hold some of them.

    Phases: `score`, `sanction`, `act`, `internalise`. The record of a citizen are two numbers a domain, of complying
    acts noted and of deviations upheld: record += (this week's − record) / memory. Features are the own record and the
    mean of those of one's ties. Once an `interval` a logistic regression is fitted of the weeks of the interval in
    which dissent was upheld, as a share, on the features as they were at its beginning; by today's features it gives
    everybody a risk, and the `flag_share` with the highest risk are flagged. It needs two intervals before it flags.

    The flagged are arrested at the rate `arrests`, whatever they do; wrongly so where they would comply unobserved.
    Then they are out of public life for `term` weeks: they comply in everything by force, which they explain by that
    alone, earn nothing, may not leave, and their conviction in dissent is pulled, x += reeducation (1 − x) a week.
    (It is a simplification that neighbours still see them, complying.) When they are back, each neighbour has lost the
    share `stigma` of its trust in them, and part of it for good. As long as anybody is flagged, what an arrest would
    cost (`dread`) is added to what any sanction of dissent is thought to cost: people who can be searched are careful.
    """

    settings: PredictorSettings
    zero = {"flag_share": 0.0}
    roles = ("dissent",)
    PREDICTION = OwnPurpose(46)
    noted_record: Floats = by_domain(0, 1, "rate a week", "complying acts noted, on the predictor's record")
    upheld_record: Floats = by_domain(0, 1, "rate a week", "deviations upheld, on the predictor's record")
    dissent_weeks: Ints = each(0, INF, "weeks", "weeks of this interval in which dissent was upheld", np.int64)
    risk_score: Floats = each(-INF, INF, "logit", "risk of dissent by the last fit", neutral=np.nan)
    held_until: Ints = each(0, INF, "week", "when its last arrest ends", np.int64)
    arrested: Ints = each(0, INF, "arrests", "how often it was arrested", np.int64)
    measures = (
        Measure(
            "flagged",
            "Flagged",
            "share of citizens",
            0,
            1,
            "Citizens flagged by prediction.",
            absent=0.0,
            kind="justice",
        ),
        Measure(
            "flagged_false",
            "Flagged falsely",
            "share of the flagged",
            0,
            1,
            "The flagged, but for the held, who would comply in the domain of dissent if nobody could see: 1 − "
            "precision; NaN where nobody is flagged.",
            kind="justice",
        ),
        Measure(
            "prediction",
            "Dissent predicted",
            "probability",
            0,
            1,
            "Chance that someone who would deviate in the domain of dissent if nobody could see has a higher predicted "
            "risk than someone who would comply: the area under the ROC curve, the held left out; 1/2 is chance; NaN "
            "before the first fit.",
            kind="privacy",
        ),
        Measure(
            "detained",
            "Held",
            "share of citizens",
            0,
            1,
            "Citizens taken out of public life.",
            absent=0.0,
            kind="justice",
        ),
    )

    def enter(self, society: SocietyView) -> None:
        """Note the week."""
        self.since = society.week
        self.features_then: Floats | None = None

    def leave(self, society: SocietyView) -> None:
        """Clear the flags `FLAGGED` and `DETAINED`."""
        nobody = np.zeros(len(society.citizens), bool)
        for flag in (Lists.FLAGGED, Lists.DETAINED):
            society.citizens.mark(flag, nobody)

    def welcome(self, society: SocietyView, newcomers: Any) -> None:
        """Begin newcomers' record."""
        super().welcome(society, newcomers)
        if self.features_then is not None:
            self.features_then[society.citizens.node[newcomers]] = 0.0

    def establish(self, society: SocietyView) -> None:
        """Add to what dissent is thought to cost, and have the held comply."""
        c, s = society.citizens, self.settings
        if s.flag_share > 0 and s.arrests > 0 and c.on(Lists.FLAGGED).any():
            society.conditions.bars[society.domains.role("dissent")] += s.dread
        c.contribute("bonus", FORCE, rows=np.flatnonzero(c.on(Lists.DETAINED)))
        self._hold(society)

    def _hold(self, society: SocietyView) -> None:
        c = society.citizens
        held = np.flatnonzero(c.on(Lists.DETAINED))
        c.contribute("held", 1, rows=held)
        c.contribute("hardship", 1.0, rows=held)

    def act(self, society: SocietyView) -> None:
        """Let the held know that it is they who are forced, not everybody."""
        c = society.citizens
        held = c.on(Lists.DETAINED)
        c.pressure[held] = c.ordinary_image[held]

    def score(self, society: SocietyView) -> None:
        """Move the record by `noted` and `upheld`; once an interval fit it, and set the flag `FLAGGED`."""
        c, s, d = society.citizens, self.settings, society.domains.role("dissent")
        if s.flag_share == 0:
            c.mark(Lists.FLAGGED, np.zeros(len(c), bool))
            return
        for record, events in ((self.noted_record, c.noted), (self.upheld_record, c.upheld)):
            society.for_all(_record_loop, record, events, s.memory)
        self.dissent_weeks += (c.upheld >> np.uint32(d) & 1).astype(np.int64)
        if (society.week - self.since) % s.interval == 0 and society.week > self.since:
            self._fit(society)

    def _fit(self, society: SocietyView) -> None:
        c, s = society.citizens, self.settings
        features = np.empty((len(c), 4 * len(society.domains)))
        society.for_all(_features_loop, c, society.ties, self.noted_record, self.upheld_record, features)
        if self.features_then is None:
            self.features_then = np.zeros((society.founders, features.shape[1]))
        else:
            self.risk_score[:] = self._predict(self.features_then[c.node], features)
            flagged = top_share(self.risk_score, s.flag_share, c.identity)
            society.stale |= bool(flagged.any() != c.on(Lists.FLAGGED).any())
            c.mark(Lists.FLAGGED, flagged)
        self.features_then[c.node] = features
        self.dissent_weeks[:] = 0

    def _predict(self, then: Floats, now: Floats) -> Floats:
        """Risk of each citizen, as logit; NaN where there is nothing to learn from."""
        labels = np.minimum(1.0, self.dissent_weeks / self.settings.interval)
        if labels.min() == labels.max():
            return np.full(len(now), np.nan)
        mean, spread = then.mean(axis=0), then.std(axis=0)
        spread = np.where(spread > 0, spread, 1.0)
        fitted = slice(None, None, -(-len(now) // MOST_FITTED))
        weights = logistic_regression(((then - mean) / spread)[fitted].copy(), labels[fitted].copy(), RIDGE)
        return ((now - mean) / spread * weights[:-1]).sum(axis=1)

    def sanction(self, society: SocietyView) -> None:
        """Let go those whose term is over, arrest some of the flagged, and add these to `sanctioned` and `wrongful`."""
        c, s, d = society.citizens, self.settings, society.domains.role("dissent")
        held = c.on(Lists.DETAINED)
        back = held & (self.held_until <= society.week)
        free = np.flatnonzero(c.on(Lists.FLAGGED) & ~held)
        taken = np.zeros(len(c), bool)
        taken[free] = society.uniforms(self.PREDICTION, c.identity[free]) < s.arrests
        if back.any() or taken.any():
            trust, society.stale = society.rates.trust, True
            society.once(_stigma_loop, c, society.ties, back.astype(np.float64), s.stigma, trust.scarring)
            self.held_until[taken] = society.week + s.term
            self.arrested[taken] += 1
            c.mark(Lists.DETAINED, held & ~back | taken)
            bit = np.uint32(1 << d)
            c.sanctioned[taken] |= bit
            c.wrongful[taken & (c.complies_unobserved[:, d] == 1)] |= bit
        self._hold(society)

    def internalise(self, society: SocietyView) -> None:
        """Pull the conviction of the held in dissent toward 1."""
        c, d = society.citizens, society.domains.role("dissent")
        held = c.on(Lists.DETAINED)
        c.conviction[held, d] += self.settings.reeducation * (1 - c.conviction[held, d])

    def measured(self, society: SocietyView) -> dict[str, float]:
        """Give the shares flagged, flagged falsely and held, and how well dissent is told."""
        c, d = society.citizens, society.domains.role("dissent")
        flagged, held = c.on(Lists.FLAGGED), c.on(Lists.DETAINED)
        would_comply, known = c.complies_unobserved[:, d] == 1, ~held & ~np.isnan(self.risk_score)
        free = flagged & ~held
        return {
            "flagged": np.count_nonzero(flagged) / len(c),
            "flagged_false": float(would_comply[free].mean()) if free.any() else np.nan,
            "prediction": discrimination(self.risk_score[known], ~would_comply[known]),
            "detained": np.count_nonzero(held) / len(c),
        }
