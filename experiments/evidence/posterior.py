"""What the facts leave of each setting: approximate Bayesian computation with regression adjustment.

Settings are drawn evenly from what history matching left, and every trial is run at each. A fact is taken as measured
with error: the edges of its band are two standard deviations from its middle, and as much noise is added to what the
model gives (Wilkinson 2013, doi:10.1515/sagmb-2013-0010). A regression learns from the simulated statistics what each
setting was; what it says of a draw is that draw's summary (semi-automatic: Fearnhead & Prangle 2012,
doi:10.1111/j.1467-9868.2011.01010.x). The draws whose summary is nearest to that of the facts are kept, and moved along
a local linear regression to where their summary would be the facts' (Beaumont, Zhang & Balding 2002). Facts whose band
is open on one side tell which draws are possible at all.

What is said of a draw was learned from other draws, and residuals are widened by their leverage: a regression looks
better where it has learned, and intervals would be too narrow.

Whether the intervals can be trusted is tried on the draws themselves: each in turn is the truth, and its statistics
with noise are the facts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...model.errors import GlasshouseError
from .field import Statistic, Trial, column

Floats = npt.NDArray[np.float64]

FOLDS = 10
"""Parts of the draws: what is said of one was learned from the others."""

NEAREST = 0.3
"""Share of the draws that is kept: those nearest to the facts."""

FEWEST = 100
"""Draws from which on a posterior is estimated."""

LEVEL = 0.9
"""Of the intervals."""

TRUTHS = 100
"""Draws that are the truth in turn."""


@dataclass(frozen=True)
class Simulated:
    """Settings that were drawn, with what the model gives there.

    Attributes
    ----------
    paths
        Of the settings.
    low, high
        Ends of the range of each setting; shape (K,).
    settings
        Shape (draws, K).
    values
        Statistics with a band that is closed, shape (draws, S).
    middle, noise
        Of each band, and a quarter of its width; shape (S,).
    possible
        Shape (draws,): whether all facts whose band is open on one side hold.
    """

    paths: tuple[str, ...]
    low: Floats
    high: Floats
    settings: Floats
    values: Floats
    middle: Floats
    noise: Floats
    possible: npt.NDArray[np.bool_]


def simulated(drawn: pd.DataFrame, searched: Mapping[str, tuple[float, float]], trials: Sequence[Trial]) -> Simulated:
    """Take apart a table of draws, as `history_match` gives it; draws with a statistic that is not finite are left out.

    Raises
    ------
    GlasshouseError
        If there are too few.
    """
    banded = [each for trial in trials for each in trial.statistics if isfinite(each.low) or isfinite(each.high)]
    closed = [each for each in banded if isfinite(each.low) and isfinite(each.high)]
    finite = np.isfinite(drawn[[column(each.name) for each in banded]].to_numpy(float)).all(axis=1)
    kept = drawn[finite]
    if len(kept) < FEWEST:
        raise GlasshouseError(f"{len(kept)} draws are too few for a posterior; give at least {FEWEST}")
    edges = np.array([(each.low, each.high) for each in closed])
    holds = [_holds(each, kept[column(each.name)].to_numpy(float)) for each in banded if each not in closed]
    return Simulated(
        tuple(searched),
        np.array([low for low, _ in searched.values()]),
        np.array([high for _, high in searched.values()]),
        kept[list(searched)].to_numpy(float),
        kept[[column(each.name) for each in closed]].to_numpy(float),
        edges.mean(axis=1),
        (edges[:, 1] - edges[:, 0]) / 4,
        np.all(holds, axis=0) if holds else np.ones(len(kept), bool),
    )


def _holds(each: Statistic, values: Floats) -> npt.NDArray[np.bool_]:
    return (values >= each.low) & (values <= each.high)


def _unbounded(of: Simulated) -> Floats:
    """Settings as logits of their place in the range, so that nothing that is adjusted leaves it."""
    place = np.clip((of.settings - of.low) / (of.high - of.low), 1e-3, 1 - 1e-3)
    return np.log(place / (1 - place))


def _bounded(of: Simulated, logits: Floats) -> Floats:
    return of.low + (of.high - of.low) / (1 + np.exp(-logits))


class Posterior:
    """Gives the posterior for any facts, from one set of draws.

    Parameters
    ----------
    of
        The draws.
    seed
        Of the noise.
    """

    def __init__(self, of: Simulated, seed: int = 0) -> None:
        from sklearn.base import clone  # here, since it is an extra
        from sklearn.model_selection import KFold

        self.of = of
        # Every draw has noise of its own, as its facts would have.
        noisy = of.values + np.random.default_rng(seed).normal(size=of.values.shape) * of.noise
        self.logits = _unbounded(of)
        self.model = _regression().fit(noisy, self.logits)
        # What is said of a draw must not have been learned from it: the facts were not learned from either, and a
        # regression looks better where it has learned, so that intervals would be too narrow.
        self.without: list[Any] = [self.model] * len(noisy)
        self.said = np.empty_like(self.logits)
        for learned, rest in KFold(FOLDS, shuffle=True, random_state=seed).split(noisy):
            model: Any = clone(self.model)
            model.fit(noisy[learned], self.logits[learned])
            self.said[rest] = model.predict(noisy[rest])
            for row in rest:
                self.without[row] = model

    def given(self, facts: Floats, possible: bool = True, left_out: int = -1) -> Floats:
        """Draws from the posterior of the settings, shape (kept, K).

        Parameters
        ----------
        facts
            Shape (S,): what was measured.
        possible
            Whether draws count alone for which all facts with an open band hold.
        left_out
            A draw to leave out; −1 for none.
        """
        use = np.arange(len(self.logits)) != left_out
        rows = np.flatnonzero(use & self.of.possible if possible else use)
        model = self.model if left_out < 0 else self.without[left_out]
        return _bounded(self.of, _adjusted(self.said[rows], self.logits[rows], model.predict(facts[None])[0]))


def _regression() -> Any:
    """A regression on statistics, their squares and products, each setting with a penalty of its own."""
    from sklearn.linear_model import RidgeCV
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import PolynomialFeatures, StandardScaler

    return make_pipeline(
        StandardScaler(),
        PolynomialFeatures(2, include_bias=False),
        StandardScaler(),
        RidgeCV(np.logspace(-1, 6, 15), alpha_per_target=True),
    )


def _adjusted(said: Floats, logits: Floats, target: Floats) -> Floats:
    """Logits of the draws of which what is said is nearest to the target, moved to it."""
    distance = np.sqrt((((said - target) / np.maximum(said.std(axis=0), 1e-9)) ** 2).sum(axis=1))
    nearest = np.argsort(distance, kind="stable")[: max(FEWEST // 2, round(NEAREST * len(said)))]
    weights = 1 - (distance[nearest] / (distance[nearest].max() * 1.001)) ** 2
    x = np.column_stack([np.ones(len(nearest)), said[nearest] - target])
    weighed = x * weights[:, None]
    # A ridge of 1 on the slopes.
    inverse = np.linalg.inv(x.T @ weighed + np.diag(np.r_[0.0, np.ones(x.shape[1] - 1)]))
    weight = inverse @ weighed.T
    coefficients = weight @ logits[nearest]
    # Residuals are smaller than errors, as each has drawn the line to itself; and where the line meets the target is
    # known with an error of its own.
    leverage = np.minimum((x * weight.T).sum(axis=1), 0.9)
    larger = np.sqrt((1 + (weight[0] ** 2).sum()) / (1 - leverage))
    moved = coefficients[0] + (logits[nearest] - x @ coefficients) * larger[:, None]
    # Kept as often as they weigh, so that all that follows may take them as equal.
    ranks = (np.arange(len(nearest)) + 0.5) / len(nearest)
    return moved[np.searchsorted(np.cumsum(weights) / weights.sum(), ranks)]


def summary(of: Simulated, draws: Floats, coverage: pd.DataFrame | None = None) -> pd.DataFrame:
    """Mean and interval of every setting, and its standard deviation over that of its whole range (`spread`)."""
    edges = np.quantile(draws, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
    found = pd.DataFrame(
        {
            "mean": draws.mean(axis=0),
            "low": edges[0],
            "high": edges[1],
            "spread": draws.std(axis=0) / ((of.high - of.low) / np.sqrt(12)),
        },
        index=pd.Index(of.paths, name="setting"),
    )
    return found if coverage is None else found.join(coverage)


def spread_out(of: Simulated, draws: Floats, n: int) -> list[dict[str, float]]:
    """Some draws of a posterior, taken evenly from those nearest to the facts to the farthest, as settings by path."""
    rows = draws[np.linspace(0, len(draws) - 1, n).astype(int)]
    return [dict(zip(of.paths, map(float, row), strict=True)) for row in rows]


def recovered(of: Simulated, truths: int = TRUTHS, seed: int = 1) -> pd.DataFrame:
    """Let draws be the truth in turn: how often the interval has it (`coverage`), and how means follow it (`recovery`).

    Truths are drawn from those for which the facts with an open band hold, as the posterior of the facts itself is.
    `recovery` is the correlation of the posterior mean with the truth over the truths.
    """
    rng = np.random.default_rng(seed)
    possible = np.flatnonzero(of.possible)
    chosen = rng.choice(possible, min(truths, len(possible)), replace=False)
    posterior = Posterior(of)
    inside, means = np.zeros((len(chosen), len(of.paths)), bool), np.zeros((len(chosen), len(of.paths)))
    for k, row in enumerate(chosen):
        facts = of.values[row] + rng.normal(size=of.values.shape[1]) * of.noise
        draws = posterior.given(facts, left_out=int(row))
        low, high = np.quantile(draws, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
        inside[k] = (low <= of.settings[row]) & (of.settings[row] <= high)
        means[k] = draws.mean(axis=0)
    truth = of.settings[chosen]
    follows = [np.corrcoef(means[:, j], truth[:, j])[0, 1] for j in range(len(of.paths))]
    return pd.DataFrame(
        {"coverage": inside.mean(axis=0), "recovery": follows}, index=pd.Index(of.paths, name="setting")
    )
