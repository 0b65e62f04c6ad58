"""Quantiles against what mpmath finds with many digits, and against SciPy's over a wide range."""

from __future__ import annotations

import math
from typing import Any

import mpmath as mp
import numpy as np
import pytest
from scipy import special

from glasshouse.agents import quantiles as own

INF, NAN = math.inf, math.nan


@pytest.fixture(autouse=True)
def precision():
    with mp.workdps(40):
        yield


@pytest.fixture
def rng():
    return np.random.default_rng(11)


def shares(rng: np.random.Generator, count: int) -> np.ndarray:
    """Shares from all of (0, 1), a third of them far out in each tail."""
    p = rng.random(count)
    p[::3] = np.exp(-690 * p[::3])
    p[1::3] = 1 - 2.0 ** -(1 + 51 * p[1::3])
    return p


def parameters(rng: np.random.Generator, count: int) -> list[tuple[float, float]]:
    """Beta parameters of concentrations 0.1 … 1000 and means 0.01 … 0.99, often at the ends."""
    concentration = 10 ** rng.uniform(-1, 3, count)
    mean = np.where(rng.random(count) < 0.5, rng.uniform(0.01, 0.99, count), rng.choice([0.01, 0.5, 0.99], count))
    return list(zip((concentration * mean).tolist(), (concentration * (1 - mean)).tolist(), strict=True))


def test_normal_quantile(rng):
    for p in shares(rng, 600).tolist():
        q = own.normal_quantile(p)
        upper = mp.erfc(mp.mpf(abs(q)) / mp.sqrt(2)) / 2
        error = (upper - (1 - mp.mpf(p) if p > 0.5 else p)) / mp.npdf(q)
        assert abs(error) < 2e-15 * abs(q), p
    for p, q in {0.0: -INF, 1.0: INF, 0.5: 0.0, -0.1: NAN, 1.1: NAN, NAN: NAN, INF: NAN, -INF: NAN}.items():
        assert own.normal_quantile(p) == pytest.approx(q, nan_ok=True, abs=0)
    assert own.normal_quantile(5e-324) == pytest.approx(-38.467405617144344, rel=1e-13)


def test_log_betas(rng):
    for a, b in parameters(rng, 300):
        beta = mp.beta(a, b)
        for given, exact, parameter in zip(
            own.log_betas(a, b), (mp.log(a * beta), mp.log(b * beta)), (a, b), strict=True
        ):
            assert abs(given - exact) < 2e-15 * min(1, parameter) + 2.3e-16 * abs(exact), (a, b)


def beta_quantile(p: float, a: float, b: float) -> float:
    return float(own.beta_quantiles(np.array([p]), a, b)[0])


def relative_error(x: float, p: float, a: float, b: float) -> Any:
    """How far x is from the quantile of p, from how far its share is from p."""
    u, share, a, b = mp.mpf(x), mp.mpf(p), mp.mpf(a), mp.mpf(b)
    beta = mp.beta(a, b)
    if u < mp.mpf("1e-30"):
        return abs(mp.log(u**a / (a * beta) / share)) / a
    if u <= a / (a + b):
        missed = mp.betainc(a, b, 0, u, regularized=True) - share
    else:
        missed = 1 - share - mp.betainc(b, a, 0, 1 - u, regularized=True)
    return abs(missed) * beta / (u**a * (1 - u) ** (b - 1))


def test_beta_quantile(rng):
    for (a, b), p in zip(parameters(rng, 1500), shares(rng, 1500).tolist(), strict=True):
        x = beta_quantile(p, a, b)
        assert 0 <= x <= 1
        if 1e-307 < x < 1:
            assert relative_error(x, p, a, b) < 3e-13, (p, a, b)


def test_beta_quantile_is_a_number_everywhere(rng):
    p = np.concatenate([shares(rng, 3000), [5e-324, 1e-300, 2.0**-33, 1 - 2.0**-33, 1 - 2.0**-53]])
    for c in (0.1, 1.0, 3.0, 30.0, 1000.0):
        for mean in (0.01, 0.2, 0.5, 0.99):
            x = own.beta_quantiles(np.sort(p), c * mean, c * (1 - mean))
            assert ((x >= 0) & (x <= 1)).all()
            # Neighbouring shares may be closer than a quantile's own error.
            assert (np.diff(x) >= -1e-13 * x[1:]).all()


def test_beta_quantile_agrees_with_scipy(rng):
    p = (rng.integers(0, 2**32, 2000) + 0.5) * 2.0**-32
    for a, b in [*parameters(rng, 40), (2.5, 2.5), (5.0, 5.0), (1.0, 1.0), (0.5, 0.5)]:
        expected = special.betaincinv(a, b, p)
        assert own.beta_quantiles(p, a, b) == pytest.approx(expected, rel=1e-12, abs=1e-280)


def test_known_beta_quantiles():
    for p in (1e-9, 0.2, 0.5, 0.9):
        assert beta_quantile(p, 1.0, 1.0) == pytest.approx(p, rel=1e-15)
        assert beta_quantile(p, 0.5, 0.5) == pytest.approx(math.sin(math.pi * p / 2) ** 2, rel=4e-15)
        assert beta_quantile(p, 2.0, 1.0) == pytest.approx(math.sqrt(p), rel=1e-15)
        assert beta_quantile(p, 1.0, 3.0) == pytest.approx(-math.expm1(math.log1p(-p) / 3), rel=1e-15)
    assert beta_quantile(0.5, 500.0, 500.0) == pytest.approx(0.5, rel=1e-15)


@pytest.mark.parametrize(
    ("p", "a", "b", "expected"),
    [
        (0.0, 2.0, 3.0, 0.0),
        (1.0, 2.0, 3.0, 1.0),
        (-0.1, 2.0, 3.0, NAN),
        (1.1, 2.0, 3.0, NAN),
        (NAN, 2.0, 3.0, NAN),
        (0.5, 0.0, 3.0, NAN),
        (0.5, 2.0, -1.0, NAN),
        (0.5, 2.0, INF, NAN),
        (0.5, NAN, 1.0, NAN),
    ],
)
def test_edges_of_the_beta_quantile(p, a, b, expected):
    assert beta_quantile(p, a, b) == pytest.approx(expected, nan_ok=True, abs=0)


def test_an_element_has_the_bits_that_it_has_alone(rng):
    p = np.concatenate([shares(rng, 900), [0, 1, -1, NAN]])
    alone = np.array([own.normal_quantile(share) for share in p.tolist()])
    assert own.normal_quantiles(p).tobytes() == alone.tobytes()
    for a, b in ((5.0, 5.0), (0.3, 2.0), (0.01, 0.09), (2.0, 0.7), (400.0, 90.0)):
        alone = np.array([beta_quantile(share, a, b) for share in p.tolist()])
        assert own.beta_quantiles(p, a, b).tobytes() == alone.tobytes()
