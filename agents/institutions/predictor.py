"""Acting on the thought: whoever is taken for a dissenter is visited before doing anything."""

from __future__ import annotations

import numpy as np

from ..arithmetic import logistic
from ..base import Institution, Measure, Settings, parameter
from ..chance import OwnPurpose
from ..citizens import Lists, top_share
from ..columns import Floats
from ..compiled import compiled
from ..view import SocietyView

MOST_STEPS = 50
"""Steps of the regression at most; it takes some ten."""

MOST_FITTED = 100_000
"""Citizens the regression is fitted on at most: beyond, its coefficients hardly move."""


class PredictorSettings(Settings):
    """Whom it flags, and what follows."""

    flag_share: float = parameter(0.02, 0, 1, unit="share of citizens", says="Citizens it flags, those most at risk.")
    visits: float = parameter(0.1, 0, 1, unit="rate a week", says="How often a flagged citizen is sanctioned.")
    interval: int = parameter(52, 1, 5200, unit="weeks", says="Time from one fit of the prediction to the next.")
    memory: float = parameter(26.0, 1, 5200, unit="weeks", says="How long the record remembers an act.")
    ridge: float = parameter(0.01, 1e-9, 1e6, unit="penalty", says="What keeps the coefficients small.")


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
    (cases, K), `labels` (cases,) zeros and ones; returns shape (K + 1,).
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
                gradient[k] += (chance - labels[i]) * case[k] / cases
                for m in range(count + 1):
                    curvature[k, m] += chance * (1 - chance) * case[k] * case[m] / cases
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


class Predictor(Institution):
    """Learn from upheld cases of dissent who will dissent, flag those most at risk, and sanction them.

    Phases: `score`, `sanction`. The record of a citizen is the running share of weeks with a complying act noted in
    each domain and with a deviation upheld in every domain but `speech`. Once an `interval` a logistic regression of
    cases upheld in `speech` on it is fitted and the `flag_share` with the highest prediction are flagged; each is
    sanctioned at the rate `visits`, whatever it does. Wrongly so, where it would comply unobserved.
    """

    settings: PredictorSettings
    zero = {"flag_share": 0.0}
    roles = ("dissent",)
    PREDICTION = OwnPurpose(46)
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
            "The flagged who would comply in the domain of dissent if nobody could see; NaN where nobody is flagged.",
            kind="justice",
        ),
    )

    def enter(self, society: SocietyView) -> None:
        """Make an empty record of every citizen."""
        domains = len(society.domains)
        self.since = society.week
        self.record = np.zeros((society.founders, 2 * domains), np.float32)
        self.cases = np.zeros(society.founders, bool)

    def leave(self, society: SocietyView) -> None:
        """Clear the flag `FLAGGED`."""
        society.citizens.mark(Lists.FLAGGED, np.zeros(len(society.citizens), bool))

    def score(self, society: SocietyView) -> None:
        """Move the record by `noted` and `upheld`; once an interval fit it, and set the flag `FLAGGED`."""
        c, s, d = society.citizens, self.settings, society.domains.role("dissent")
        if s.flag_share == 0:
            return
        domains = np.arange(len(society.domains), dtype=np.uint32)
        week = np.concatenate([c.noted[:, None] >> domains & 1, c.upheld[:, None] >> domains & 1], axis=1)
        self.cases[c.node] |= week[:, len(domains) + d] == 1
        week[:, len(domains) + d] = 0
        self.record[c.node] += np.float32(1 / s.memory) * (week.astype(np.float32) - self.record[c.node])
        if (society.week - self.since) % s.interval == 0 and society.week > self.since:
            c.mark(Lists.FLAGGED, top_share(self._predict(society), s.flag_share, c.identity))
            self.cases[:] = False

    def _predict(self, society: SocietyView) -> Floats:
        """Risk of each citizen, as logit; NaN where there is nothing to learn from."""
        c = society.citizens
        record, labels = self.record[c.node].astype(np.float64), self.cases[c.node].astype(np.float64)
        if labels.min() == labels.max():
            return np.full(len(c), np.nan)
        spread = record.std(axis=0)
        features = (record - record.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
        fitted = slice(None, None, -(-len(c) // MOST_FITTED))
        weights = logistic_regression(features[fitted].copy(), labels[fitted].copy(), self.settings.ridge)
        return (features * weights[:-1]).sum(axis=1)

    def sanction(self, society: SocietyView) -> None:
        """Add the visited to `sanctioned`, and to `wrongful` those who would comply unobserved."""
        c, d = society.citizens, society.domains.role("dissent")
        visited = c.on(Lists.FLAGGED) & (society.uniforms(self.PREDICTION, c.identity) < self.settings.visits)
        bit = np.uint32(1 << d)
        c.sanctioned[visited] |= bit
        c.wrongful[visited & (c.complies_unobserved[:, d] == 1)] |= bit

    def measured(self, society: SocietyView) -> dict[str, float]:
        """Give the share of citizens flagged, and the share of these who would comply unobserved."""
        c, d = society.citizens, society.domains.role("dissent")
        flagged = c.on(Lists.FLAGGED)
        false = float(c.complies_unobserved[flagged, d].mean()) if flagged.any() else np.nan
        return {"flagged": np.count_nonzero(flagged) / len(c), "flagged_false": false}
