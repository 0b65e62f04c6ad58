"""Own logarithm, exponential and power: precise to a unit in the last place, and the same bits everywhere."""

from __future__ import annotations

import hashlib
import math
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import mpmath as mp
import numba
import numpy as np
import pytest

from glasshouse.agents import arithmetic as own
from glasshouse.agents import quantiles

INF, NAN = math.inf, math.nan
SMALLEST, NORMAL, LARGEST = 5e-324, 2.0**-1022, sys.float_info.max
CASES = 2500


@pytest.fixture(autouse=True)
def precision():
    with mp.workprec(200):
        yield


@pytest.fixture
def rng():
    return np.random.default_rng(20)


@numba.njit(error_model="numpy")
def logs(x):
    out = np.empty(len(x))
    for k in range(len(x)):
        out[k] = own.log(x[k])
    return out


@numba.njit(error_model="numpy")
def powers(x, y):
    out = np.empty(len(x))
    for k in range(len(x)):
        out[k] = own.power(x[k], y)
    return out


def ulps(function: Callable[..., float], exact: Callable[..., Any], *columns: Any) -> float:
    """Largest error in units in the last place of the exact value, itself computed with 200 bits."""
    worst = 0.0
    for row in zip(*(np.asarray(column).tolist() for column in columns), strict=True):
        value, truth = function(*row), exact(*map(mp.mpf, row))
        if abs(truth) >= mp.mpf(2) ** 1024 - mp.mpf(2) ** 970:
            assert math.isinf(value), row
            continue
        worst = max(worst, float(abs(value - truth) / math.ulp(float(truth))))
    return worst


def same(a: float, b: float) -> bool:
    return (math.isnan(a) and math.isnan(b)) or (a == b and math.copysign(1, a) == math.copysign(1, b))


def close_to_1(rng: np.random.Generator) -> np.ndarray:
    """Numbers 1 ± d with d from some 1e-16 to 0.3, those that are not 1."""
    x = 1 + np.exp(-36 * rng.random(CASES)) * rng.choice([-0.3, 0.3], CASES)
    return x[x != 1]


def test_log_errs_by_less_than_an_ulp(rng):
    anything = rng.integers(1, 0x7FF0000000000000, CASES).view(np.float64)
    subnormal = rng.integers(1, 2**52, 500).view(np.float64)
    unit, around = rng.random(CASES), rng.uniform(0.6, 1.6, 2 * CASES)
    assert ulps(own.log, mp.log, np.concatenate([anything, subnormal, unit, around, close_to_1(rng)])) < 0.8
    edges = [SMALLEST, NORMAL, np.nextafter(NORMAL, 0), LARGEST, np.nextafter(1, 0), np.nextafter(1, 2), 0.5**0.5]
    assert ulps(own.log, mp.log, edges) < 1


def test_exp_errs_by_less_than_an_ulp(rng):
    small = np.exp(-40 * rng.random(CASES)) * rng.choice([-1, 1], CASES)
    halfway = (np.arange(-1000, 1000) + 0.5) * math.log(2)
    wide = rng.uniform(-708, 709.78, CASES)
    assert ulps(own.exp, mp.exp, np.concatenate([small, halfway, wide, rng.uniform(-1, 1, CASES)])) < 0.8
    out_of_range = np.concatenate([rng.uniform(-746, -707, 1000), rng.uniform(709.7, 709.8, 500)])
    limit = 1024 * math.log(2)
    assert ulps(own.exp, mp.exp, [*out_of_range, *(np.nextafter(limit, 0), limit, np.nextafter(limit, 800))]) < 1


def test_power_errs_by_less_than_an_ulp(rng):
    wide = np.exp(rng.uniform(-700, 700, CASES))
    far = rng.uniform(0.7, 1.42, CASES)
    near = close_to_1(rng)
    share = rng.random(CASES)
    cases = [(x, rng.uniform(-744, 709.7, len(x)) / np.log(x)) for x in (wide, far, near)]
    cases.append((share, rng.uniform(0, 30, CASES)))
    cases.append((wide, rng.choice([0.5, -0.5, 1 / 3, 1, -1, 2, 1.5], CASES) * np.where(abs(np.log(wide)) < 350, 1, 0)))
    # Results that are exact or halfway between two numbers: squares and cubes of short numbers.
    short = rng.integers(1, 2**18, CASES).astype(float)
    cases.append((short, rng.integers(1, 4, CASES).astype(float)))
    cases.append((short**2, np.full(CASES, 0.5)))
    for x, y in cases:
        assert ulps(own.power, mp.power, x, y) < 0.95
    x = rng.random(500) * 8
    assert ulps(own.power, mp.power, x, rng.uniform(-746, -707, 500) / np.log(x)) < 1


@pytest.mark.parametrize(
    ("function", "exact", "most", "low", "high"),
    [
        (own.logit, lambda p: mp.log(p / (1 - p)), 4, 0, 1),
        (own.logistic, lambda x: 1 / (1 + mp.exp(-x)), 2, -700, 40),
        (own.log1p, mp.log1p, 2, -1, 3),
        (own.expm1, mp.expm1, 4, -40, 40),
    ],
    ids=["logit", "logistic", "log1p", "expm1"],
)
def test_what_is_made_of_them(function, exact, most, low, high, rng):
    middle = 0.5 if function is own.logit else 0.0
    tiny = np.exp(-700 * rng.random(CASES))
    x = np.concatenate([rng.uniform(low, high, CASES), middle + rng.normal(size=CASES) * 0.08, tiny])
    assert ulps(function, exact, x) < most


EDGES = [
    (own.log, {0.0: -INF, 1.0: 0.0, INF: INF, -INF: NAN, -1.0: NAN, NAN: NAN, -SMALLEST: NAN}),
    (own.exp, {0.0: 1.0, INF: INF, -INF: 0.0, NAN: NAN, 709.79: INF, -745.2: 0.0, -745.1: SMALLEST, SMALLEST: 1.0}),
    (own.exp, {1e308: INF, -1e308: 0.0}),
    (own.logit, {0.0: -INF, 1.0: INF, 0.5: 0.0, NAN: NAN, -0.1: NAN, 1.1: NAN, INF: NAN, -INF: NAN}),
    (own.logistic, {0.0: 0.5, INF: 1.0, -INF: 0.0, NAN: NAN, 800.0: 1.0, -800.0: 0.0}),
    (own.log1p, {0.0: 0.0, -1.0: -INF, INF: INF, -1.1: NAN, NAN: NAN, SMALLEST: SMALLEST}),
    (own.expm1, {0.0: 0.0, INF: INF, -INF: -1.0, NAN: NAN, SMALLEST: SMALLEST}),
]


@pytest.mark.parametrize(("function", "cases"), EDGES)
def test_edges(function, cases):
    for x, expected in cases.items():
        assert same(function(x), expected), x
    assert function(-0.0) == function(0.0)


def c_power(x: float, y: float) -> float:
    """C's pow, of which Python's makes exceptions."""
    try:
        return math.pow(x, y)
    except OverflowError:
        return -INF if x < 0 and y % 2 == 1 else INF
    except ValueError:
        return NAN if x else math.copysign(INF, x) if y % 2 == 1 else INF


def test_special_cases_of_power_are_those_of_c():
    sizes = [0.0, SMALLEST, 0.5, 1.0, 2.0, 1e308, INF]
    exponents = [0.0, 0.5, 1.0, 2.0, 3.0, 1e3, 2.0**52 + 1, 2.0**53, 1e300, SMALLEST, INF]
    for x in [*sizes, *(-size for size in sizes), NAN]:
        for y in [*exponents, *(-exponent for exponent in exponents), NAN]:
            result, expected = own.power(x, y), c_power(x, y)
            assert same(result, expected) or math.isclose(result, expected, rel_tol=1e-15), (x, y)


def test_whole_powers(rng):
    for n in range(40):
        x = rng.random()
        assert own.integer_power(x, n) == pytest.approx(float(mp.mpf(x) ** n), rel=1e-14)
        assert own.integer_power(x, -n) == pytest.approx(float(mp.mpf(x) ** -n), rel=1e-14)
    assert own.integer_power(0.0, 0) == 1


def test_they_rise_with_their_argument(rng):
    for function, start in ((own.log, 0.7), (own.log, 2.0), (own.exp, 0.3), (own.exp, -30.0), (own.logistic, -2.0)):
        x = start + np.arange(20_000) * math.ulp(start)
        wide = np.sort(rng.uniform(0.01, 700, 20_000))
        for column in (x, wide):
            assert (np.diff([function(value) for value in column]) >= 0).all(), function.__name__


def test_an_element_has_the_bits_that_it_has_alone(rng):
    unit = rng.random(3001)
    wide = np.concatenate([rng.uniform(-760, 720, 3001), [0, -0.0, INF, -INF, NAN, SMALLEST]])
    anything = np.concatenate([rng.integers(0, 2**64, 3001, dtype=np.uint64).view(np.float64), [0, INF, NAN]])
    for loop, function, columns in (
        (logs, own.log, (unit, anything)),
        (own.exps, own.exp, (unit, wide, anything)),
        (own.logits, own.logit, (unit, anything)),
        (own.logistics, own.logistic, (unit, wide, anything)),
        (lambda x: powers(x, -2.7), lambda x: own.power(x, -2.7), (unit, anything)),
    ):
        for column in columns:
            alone = np.array([function(x) for x in column.tolist()])
            assert loop(column).tobytes() == alone.tobytes()


def test_machine_code_has_nothing_fused_and_calls_no_library():
    unit = np.full(8, 0.3)
    for function, arguments in (
        (logs, (unit,)),
        (own.exps, (unit,)),
        (own.logits, (unit,)),
        (own.logistics, (unit,)),
        (powers, (unit, 0.4)),
        (quantiles.normal_quantiles, (unit,)),
        (quantiles.beta_quantiles, (unit, 2.0, 3.0)),
    ):
        # Machine code read from the disk cannot be looked at, so it is made anew.
        anew = numba.njit(error_model="numpy")(function.py_func)
        anew(*arguments)
        (code,) = anew.inspect_asm().values()
        assert len(code) > 1000
        found = re.findall(r"\bv?fn?m(?:add|sub|la|ls)\w*|\b(?:exp|log|pow|fma|exp2|log2|log1p|expm1)\b", code)
        assert not found, function.__name__


def digests() -> list[str]:
    """Digest of each function's results for up to a million arguments, drawn without any logarithm of a library."""
    rng = np.random.Generator(np.random.PCG64(3))
    unit = (rng.integers(0, 2**53, 1_000_000) + 0.5) * 2.0**-53
    wide = (unit - 0.5) * 1500
    anything = rng.integers(0, 2**64, 1_000_000, dtype=np.uint64).view(np.float64)
    results = [logs(unit), logs(anything), own.exps(wide), own.exps(anything), own.logits(unit)]
    results += [own.logistics(wide), quantiles.normal_quantiles(unit)]
    results += [powers(unit[:100_000], y) for y in (0.3, 7.7, -300.1)]
    for a, b in ((5.0, 5.0), (0.3, 2.0), (0.01, 0.09), (400.0, 90.0)):
        results.append(quantiles.beta_quantiles(unit[:50_000], a, b))
    return [hashlib.sha256(result.tobytes()).hexdigest() for result in results]


def test_the_same_bits_on_other_processors(tmp_path):
    command = [sys.executable, "-c", "from tests.agents.test_arithmetic import digests; print(*digests())"]
    others = [
        {"GLIBC_TUNABLES": "glibc.cpu.hwcaps=-FMA,-FMA4,-AVX2_Usable,-AVX2"},
        {"NUMBA_CPU_NAME": "generic", "GLASSHOUSE_CACHE": str(tmp_path / "generic")},
    ]
    root = Path(__file__).parents[2]
    runs = [
        subprocess.Popen(command, env=os.environ | other, cwd=root, stdout=subprocess.PIPE, text=True)
        for other in others
    ]
    here = digests()
    for run in runs:
        assert run.communicate(timeout=120)[0].split() == here


def chebyshev_fit(function: Callable[[Any], Any], low: Any, high: Any, count: int) -> list[float]:
    """Coefficients of the polynomial that meets a function in the Chebyshev nodes of a range."""
    nodes = [(low + high) / 2 + (high - low) / 2 * mp.cos(mp.pi * (2 * k + 1) / (2 * count)) for k in range(count)]
    vandermonde = mp.matrix([[node**j for j in range(count)] for node in nodes])
    return [float(value) for value in mp.lu_solve(vandermonde, mp.matrix([function(node) for node in nodes]))]


def test_coefficients_are_what_they_are_said_to_be():
    half = mp.log(2) / 2 * mp.mpf("1.0001")
    square = ((mp.sqrt(2) - 1) / (mp.sqrt(2) + 1)) ** 2 * mp.mpf("1.0001")

    def log_tail(z: Any) -> Any:
        return (2 * mp.atanh(mp.sqrt(z)) / mp.sqrt(z) - 2) / z

    with mp.workprec(300):
        fits = {
            own.EXP_SERIES: chebyshev_fit(lambda r: (mp.exp(r) - 1 - r - r * r / 2) / r**3, -half, half, 10),
            own.LOG_SERIES: chebyshev_fit(log_tail, mp.mpf(0), square, 7),
            own.LOG_TAIL_SERIES: chebyshev_fit(lambda z: (1.5 * log_tail(z) - 1) / z, mp.mpf(0), square, 8),
        }
        for given, fitted in fits.items():
            assert list(given) == pytest.approx(fitted, rel=1e-14)
        assert abs(mp.mpf(own.LN2_HI) + mp.mpf(own.LN2_LO) - mp.log(2)) < mp.mpf(2) ** -95
        assert (own.LN2_HI * 2**41).is_integer()
