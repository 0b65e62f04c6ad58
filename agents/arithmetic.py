"""Logarithm, exponential and power that give the same bits on every machine.

The C library picks its versions of these by what the processor can do, and they differ in the last bit. Here they are
made of what IEEE 754 fixes to the bit: adding, subtracting, multiplying, dividing, comparing, and reading a number's
bits. No operation is fused with another, and no sum is reordered, so the order written here is the order in which the
numbers are rounded.

`log`, `exp`, `logit` and `logistic` have no branch, only choices between two numbers; the compiler can therefore work
on several elements at once, and each element gets the bits that it would get alone. `log`, `exp` and `power` err by
less than one unit in the last place (ulp) over their whole range. A result that is not a number is always the same
NaN.

The coefficients of the polynomials are those of the interpolating polynomials at Chebyshev nodes, rounded to double
precision; the tests compute them anew.

References
----------
.. [1] Muller et al. 2018, "Handbook of Floating-Point Arithmetic", 2nd ed., doi:10.1007/978-3-319-76526-6
   (argument reduction; sums and products with their rounding errors, chapters 4 and 10).
.. [2] Dekker 1971, "A floating-point technique for extending the available precision",
   doi:10.1007/BF01397083.
.. [3] Ng 1993, "fdlibm", netlib.org/fdlibm (the order of operations in the logarithm).
.. [4] Kahan, in Higham 2002, "Accuracy and Stability of Numerical Algorithms", 2nd ed., section 1.14.1
   (log(1 + x) and exp(x) − 1 from log and exp).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .compiled import compiled

Floats = npt.NDArray[np.float64]

LN2_HI = float.fromhex("0x1.62e42fefa3000p-1")
LN2_LO = float.fromhex("0x1.3de6af278ece6p-42")
"""log 2 in two parts; the first has 41 bits, so that its product with an exponent is exact."""

EXP_SERIES = (
    0.16666666666666669,
    0.041666666666666664,
    0.008333333333330062,
    0.0013888888888886552,
    0.00019841269863053618,
    2.4801587317144498e-05,
    2.7557268459997064e-06,
    2.755728296954995e-07,
    2.510038549551032e-08,
    2.0911236630261545e-09,
)
"""(exp(r) − 1 − r − r²/2) / r³ in powers of r, for |r| ≤ log(2) / 2."""

LOG_SERIES = (
    0.666666666666667,
    0.39999999999899444,
    0.2857142862600327,
    0.22222211130259878,
    0.18182889455674947,
    0.15331710618210773,
    0.14616585424888623,
)
"""(2 artanh(s) − 2 s) / s³ in powers of s², for |s| ≤ (√2 − 1) / (√2 + 1)."""

LOG_TAIL_SERIES = (
    0.6,
    0.4285714285714405,
    0.3333333333248383,
    0.272727275030892,
    0.23076892443777647,
    0.20002207040770967,
    0.1755935450923681,
    0.17584767935814777,
)
"""(3 artanh(s) − 3 s − s³) / s⁵ in powers of s², in the same range."""

_TWO_THIRDS, _TWO_THIRDS_LOW = float.fromhex("0x1.5555550000000p-1"), 9.934107462565104e-09
_LOG2_E = 1.4426950408889634
_E0, _E1, _E2, _E3, _E4, _E5, _E6, _E7, _E8, _E9 = EXP_SERIES
_L0, _L1, _L2, _L3, _L4, _L5, _L6 = LOG_SERIES
_T0, _T1, _T2, _T3, _T4, _T5, _T6, _T7 = LOG_TAIL_SERIES

_52 = np.uint64(52)
_FRACTION = np.uint64(2**52 - 1)
_ROOT_HALF = np.float64(0.5**0.5).view(np.uint64)
_UP_TO_ONE = np.float64(1.0).view(np.uint64) - _ROOT_HALF
_TWO_TO_52 = np.float64(2.0**52).view(np.uint64)
_SMALLEST_NORMAL = 2.0**-1022
_ROUNDER = 1.5 * 2.0**52
_UP_TO_2048 = np.float64(_ROUNDER).view(np.uint64) - np.uint64(2048)
_ONE = np.uint64(1)
_SIGN = np.uint64(63)
_TOP_26 = np.uint64(2**64 - 2**27)
_INF = float("inf")
_NAN = float("nan")


@compiled
def _reduced(x: float) -> tuple[float, float]:
    """The m in [√½, √2) and the whole k with x = m · 2ᵏ, for x above 0 and finite; anything for other x."""
    small = x < _SMALLEST_NORMAL
    bits = np.float64(x * 2.0**54 if small else x).view(np.uint64) + _UP_TO_ONE
    m = np.uint64((bits & _FRACTION) + _ROOT_HALF).view(np.float64)
    # Whole numbers of 64 bits become floats by way of the bits of 2**52 + k: few processors convert several at once.
    k = np.uint64((bits >> _52) | _TWO_TO_52).view(np.float64)
    return m, k - (2.0**52 + 1077 if small else 2.0**52 + 1023)


@compiled
def _log_series(s: float) -> float:
    """(2 artanh(s) − 2 s) / s."""
    z = s * s
    w = z * z
    return z * (_L0 + w * (_L2 + w * (_L4 + w * _L6))) + w * (_L1 + w * (_L3 + w * _L5))


@compiled
def _log_sum(f: float, s: float, series: float, k: float) -> float:
    """log((1 + f) · 2ᵏ) with s = f / (2 + f), the small parts first [3]_."""
    half = 0.5 * f * f
    return k * LN2_HI - ((half - (s * (half + series) + k * LN2_LO)) - f)


@compiled
def log(x: float) -> float:
    """Natural logarithm; −inf at 0, NaN below.

    x = m · 2ᵏ with m in [√½, √2), and log m = 2 artanh(f / (2 + f)) with f = m − 1.
    """
    m, k = _reduced(x)
    f = m - 1
    s = f / (2 + f)
    result = _log_sum(f, s, _log_series(s), k)
    result = result if x < _INF else x
    at_most_0 = -_INF if x == 0 else _NAN
    return result if x > 0 else at_most_0


@compiled
def logit(p: float) -> float:
    """log(p / (1 − p)); −inf at 0, inf at 1, NaN outside [0, 1].

    Near ½, where that ratio's rounding error would be large beside the result, it is 2 artanh(2 p − 1).
    """
    near = abs(p - 0.5) < 0.0857
    ratio = p / (1 - p)
    m, k = _reduced(ratio)
    f = m - 1
    s = 2 * p - 1 if near else f / (2 + f)
    series = _log_series(s)
    result = 2 * s + s * series if near else _log_sum(f, s, series, k)
    result = result if ratio < _INF else _INF
    at_most_0 = -_INF if p == 0 else _NAN
    return result if (p > 0) & (p <= 1) else at_most_0


@compiled
def log1p(x: float) -> float:
    """log(1 + x), precise where x is small [4]_; −inf at −1, NaN below. Errs by less than 2 ulp."""
    u = 1 + x
    lost = (x - (u - 1)) / u
    return log(u) + (lost if (u > 0) & (u < _INF) else 0.0)


@compiled
def _exp_sum(x: float, low: float) -> float:
    """exp(x + low) for −746 ≤ x ≤ 710 and |low| far below |x|; anything for other x.

    x = k · log 2 + r with |r| ≤ log(2) / 2. Two powers of 2 multiply exp(r), since 2ᵏ alone may be out of range.
    """
    rounded = x * _LOG2_E + _ROUNDER
    k = rounded - _ROUNDER
    high = x - k * LN2_HI
    low = k * LN2_LO - low
    r = high - low
    z = r * r
    even = _E0 + z * (_E2 + z * (_E4 + z * (_E6 + z * _E8)))
    odd = _E1 + z * (_E3 + z * (_E5 + z * (_E7 + z * _E9)))
    total = 1 + high
    result = total + (((1 - total) + high) + (z * (0.5 + r * (even + r * odd)) - low))
    exponent = np.float64(rounded).view(np.uint64) - _UP_TO_2048
    half = exponent >> _ONE
    first = np.uint64((half - _ONE) << _52).view(np.float64)
    second = np.uint64((exponent - half - _ONE) << _52).view(np.float64)
    return result * first * second


@compiled
def exp(x: float) -> float:
    """Exponential: inf above 709.78, 0 below −745.13, with all the small numbers (subnormals) before it."""
    within = 710.0 if x > 710 else x
    within = -746.0 if x < -746 else within
    result = _exp_sum(within, 0.0)
    return result if x == x else _NAN


@compiled
def expm1(x: float) -> float:
    """exp(x) − 1, precise where x is small [4]_. Errs by less than 4 ulp."""
    u = exp(x)
    if u == 1:
        return x
    if u < 0.1 or u > 1e3:
        return u - 1
    return (u - 1) * (x / log(u))


@compiled
def logistic(x: float) -> float:
    """1 / (1 + exp(−x)), precise in both tails. Errs by less than 2 ulp where it is not subnormal."""
    e = exp(-abs(x))
    return (1.0 if x >= 0 else e) / (1 + e)


@compiled
def two_sum(a: float, b: float) -> tuple[float, float]:
    """Sum of two numbers, rounded, and its rounding error [1]_."""
    total = a + b
    t = total - a
    return total, (a - (total - t)) + (b - t)


@compiled
def pair(x: float, low: float) -> tuple[float, float]:
    """Sum x + low as a pair, some 78 bits: the first 26, so that products of such are exact, and the rest [2]_."""
    high = np.uint64(np.float64(x + low).view(np.uint64) & _TOP_26).view(np.float64)
    return high, (x - high) + low


@compiled
def add_pairs(a: float, a_low: float, b: float, b_low: float) -> tuple[float, float]:
    """Sum of two pairs, as a pair."""
    total, error = two_sum(a, b)
    return pair(total, error + (a_low + b_low))


@compiled
def multiply_pairs(a: float, a_low: float, b: float, b_low: float) -> tuple[float, float]:
    """Product of two pairs, as a pair."""
    return pair(a * b, a * b_low + a_low * (b + b_low))


@compiled
def log_pair(x: float, low: float) -> tuple[float, float]:
    """Logarithm of x + low to some 65 bits, as a pair, for x above 0 and finite and |low| far below x.

    2 artanh(s) = ⅔ · s · (3 + s² + tail) with s = s₁ + s₂, where s₁ has 26 bits so that its square is exact.
    """
    near = x + low
    low = (x - near) + low
    m, k = _reduced(near)
    f = m - 1
    whole = m + 1
    s = f / whole
    s1, _ = pair(s, 0.0)
    d1, _ = pair(whole, 0.0)
    s2 = ((f - s1 * d1) - s1 * (m - (d1 - 1))) / whole
    square, square_low = s1 * s1, s2 * (s1 + s)
    z = square + square_low
    w = z * z
    even = _T0 + w * (_T2 + w * (_T4 + w * _T6))
    tail = w * (even + z * (_T1 + w * (_T3 + w * (_T5 + w * _T7))))
    t1, _ = pair(3 + (square + (square_low + tail)), 0.0)
    t2 = ((square - (t1 - 3)) + square_low) + tail
    product, product_low = pair(s1 * t1, s2 * t1 + s * t2)
    product, product_low = multiply_pairs(product, product_low, _TWO_THIRDS, _TWO_THIRDS_LOW)
    return add_pairs(k * LN2_HI, k * LN2_LO + low / near, product, product_low)


@compiled
def _is_whole(y: float) -> bool:
    return abs(y) >= 2.0**52 or np.float64(np.int64(y)) == y


@compiled
def _is_odd(y: float) -> bool:
    return abs(y) < 2.0**53 and _is_whole(y) and not _is_whole(0.5 * y)


@compiled
def power(x: float, y: float) -> float:
    """Power, exp(y · log x), with the logarithm to some 65 bits.

    Any x and y are allowed, and the special cases are those of C's pow: a negative x needs a whole y, or the result is
    NaN; anything to the power 0, and 1 to any power, is 1.
    """
    if y == 0 or x == 1:
        return 1.0
    if np.isnan(x) or np.isnan(y):
        return _NAN
    size = abs(x)
    if np.isinf(y):
        if size == 1:
            return 1.0
        return _INF if (size > 1) == (y > 0) else 0.0
    sign = -1.0 if np.float64(x).view(np.uint64) >> _SIGN != 0 and _is_odd(y) else 1.0
    if size == 0 or size == _INF:
        return sign * (0.0 if (size == 0) == (y > 0) else _INF)
    if x < 0 and not _is_whole(y):
        return _NAN
    # Beyond 2**70 every x other than 1 already gives 0 or inf, and the product would run out of range.
    y = min(max(y, -(2.0**70)), 2.0**70)
    logarithm, low = multiply_pairs(*log_pair(size, 0.0), *pair(y, 0.0))
    if logarithm > 710:
        return sign * _INF
    if logarithm < -746:
        return sign * 0.0
    return sign * _exp_sum(logarithm, low)


@compiled
def integer_power(x: float, n: int) -> float:
    """Power with a whole n, by repeated squaring; faster than `power` for small n, and errs by at most some |n| ulp."""
    result, square, left = 1.0, np.float64(x), abs(n)
    while left:
        if left & 1:
            result *= square
        square *= square
        left >>= 1
    return result if n >= 0 else 1 / result


@compiled
def exps(x: Floats) -> Floats:
    """Exponentials of several numbers: `exp` of each."""
    out = np.empty(len(x))
    for k in range(len(x)):
        out[k] = exp(x[k])
    return out


@compiled
def logits(p: Floats) -> Floats:
    """Logits of several numbers: `logit` of each."""
    out = np.empty(len(p))
    for k in range(len(p)):
        out[k] = logit(p[k])
    return out


@compiled
def logistics(x: Floats) -> Floats:
    """Logistics of several numbers: `logistic` of each."""
    out = np.empty(len(x))
    for k in range(len(x)):
        out[k] = logistic(x[k])
    return out
