"""Quantiles of the normal and the Beta distribution, with the same bits on every machine.

They are made of the functions in `arithmetic` and of square roots, which IEEE 754 fixes to the bit as well.

References
----------
.. [1] Wichura 1988, "Algorithm AS 241: the percentage points of the normal distribution", doi:10.2307/2347330.
.. [2] DiDonato & Morris 1992, "Algorithm 708: significant digit computation of the incomplete beta function ratios",
   doi:10.1145/131766.131776 (the continued fraction and the series).
.. [3] Abramowitz & Stegun 1964, "Handbook of Mathematical Functions", 6.1.40 (Stirling's series) and 26.5.22 (a first
   guess of a Beta quantile).
.. [4] Householder 1970, "The Numerical Treatment of a Single Nonlinear Equation" (steps of higher order).
"""

from __future__ import annotations

from math import sqrt

import numpy as np
import numpy.typing as npt

from .arithmetic import add_pairs, exp, expm1, log, log1p, log_pair, logistic, multiply_pairs, pair, two_sum
from .compiled import compiled

Floats = npt.NDArray[np.float64]

SHIFTED = 10
"""From here on Stirling's series with nine terms is exact to some 1e-18."""

LEAST = 1.1
"""Parameters up to here are too small for a guess by the normal distribution."""

_HALF_LOG_2_PI, _HALF_LOG_2_PI_LOW = 0.9189385332046728, -3.8782941580672414e-17
_LARGE = 2.0**300
_NAN = float("nan")
_INF = float("inf")

# Coefficients of Wichura's three ratios of polynomials [1]_, the highest power first.
_BODY_TOP = (
    2509.0809287301227,
    33430.57558358813,
    67265.7709270087,
    45921.95393154987,
    13731.69376550946,
    1971.5909503065513,
    133.14166789178438,
    3.3871328727963665,
)
_BODY_BOTTOM = (
    5226.495278852854,
    28729.085735721943,
    39307.89580009271,
    21213.794301586597,
    5394.196021424751,
    687.1870074920579,
    42.31333070160091,
    1.0,
)
_SIDE_TOP = (
    0.0007745450142783414,
    0.022723844989269184,
    0.2417807251774506,
    1.2704582524523684,
    3.6478483247632045,
    5.769497221460691,
    4.630337846156546,
    1.4234371107496835,
)
_SIDE_BOTTOM = (
    1.0507500716444169e-09,
    0.0005475938084995345,
    0.015198666563616457,
    0.14810397642748008,
    0.6897673349851,
    1.6763848301838038,
    2.053191626637759,
    1.0,
)
_TAIL_TOP = (
    2.0103343992922881e-07,
    2.7115555687434876e-05,
    0.0012426609473880784,
    0.026532189526576124,
    0.29656057182850487,
    1.7848265399172913,
    5.463784911164114,
    6.657904643501103,
)
_TAIL_BOTTOM = (
    2.0442631033899397e-15,
    1.421511758316446e-07,
    1.8463183175100548e-05,
    0.0007868691311456133,
    0.014875361290850615,
    0.1369298809227358,
    0.599832206555888,
    1.0,
)


@compiled
def _ratio(top: tuple[float, ...], bottom: tuple[float, ...], r: float) -> float:
    a, b = top[0], bottom[0]
    for k in range(1, 8):
        a = a * r + top[k]
        b = b * r + bottom[k]
    return a / b


@compiled
def normal_quantile(p: float) -> float:
    """Quantile of the standard normal distribution [1]_; −inf at 0, inf at 1, NaN outside [0, 1].

    The relative error is below 2e-15 for p in [1e-300, 1).
    """
    q = p - 0.5
    if abs(q) <= 0.425:
        return q * _ratio(_BODY_TOP, _BODY_BOTTOM, 0.180625 - q * q)
    tail = p if q < 0 else 1 - p
    if not tail > 0:
        return _NAN if tail != 0 else (-_INF if q < 0 else _INF)
    r = sqrt(-log(tail))
    size = _ratio(_SIDE_TOP, _SIDE_BOTTOM, r - 1.6) if r <= 5 else _ratio(_TAIL_TOP, _TAIL_BOTTOM, r - 5)
    return -size if q < 0 else size


@compiled
def _stirling(z: float) -> float:
    """lnΓ(z) − (z − ½) log z + z − ½ log 2π for z from `SHIFTED` on [3]_."""
    r = 1 / (z * z)
    tail = 1 / 156 + r * (-3617 / 122400 + r * (43867 / 244188))
    tail = -1 / 1680 + r * (1 / 1188 + r * (-691 / 360360 + r * tail))
    return (1 / 12 + r * (-1 / 360 + r * (1 / 1260 + r * tail))) / z


@compiled
def _shift(z: float, c: float, c_low: float) -> tuple[float, float, float, float, float, float]:
    """Logarithm of Γ(z) Γ(c + n) / (Γ(z + n) Γ(c)), z + n and c + n as pairs, with z + n from `SHIFTED` on."""
    top, top_low, bottom, bottom_low = 1.0, 0.0, 1.0, 0.0
    z, z_low = pair(z, 0.0)
    while z < SHIFTED:
        top, top_low = multiply_pairs(top, top_low, c, c_low)
        bottom, bottom_low = multiply_pairs(bottom, bottom_low, z, z_low)
        z, z_low = add_pairs(z, z_low, 1.0, 0.0)
        c, c_low = add_pairs(c, c_low, 1.0, 0.0)
    above, above_low = log_pair(top, top_low)
    below, below_low = log_pair(bottom, bottom_low)
    total, total_low = add_pairs(above, above_low, -below, -below_low)
    return total, total_low, z, z_low, c, c_low


@compiled
def _log_beta_pair(a: float, b: float) -> tuple[float, float]:
    """Logarithm of B(a, b), as a pair.

    By the recurrence of Γ both parameters are brought to `SHIFTED` or more; then Stirling's series is taken for the
    ratio Γ(a) Γ(b) / Γ(a + b) as a whole, so that nothing large cancels.
    """
    c, c_low = two_sum(a, b)
    c, c_low = pair(c, c_low)
    total, total_low, p, p_low, c, c_low = _shift(a, c, c_low)
    more, more_low, q, q_low, c, c_low = _shift(b, c, c_low)
    total, total_low = add_pairs(total, total_low, more, more_low)
    log_c, log_c_low = log_pair(c, c_low)
    for z, z_low in ((p, p_low), (q, q_low)):
        part, part_low = log_pair(z, z_low)
        part, part_low = add_pairs(part, part_low, -log_c, -log_c_low)
        factor, factor_low = add_pairs(z, z_low, -0.5, 0.0)
        part, part_low = multiply_pairs(part, part_low, factor, factor_low)
        total, total_low = add_pairs(total, total_low, part, part_low)
    total, total_low = add_pairs(total, total_low, -0.5 * log_c, -0.5 * log_c_low)
    total, total_low = add_pairs(total, total_low, *pair(_HALF_LOG_2_PI, _HALF_LOG_2_PI_LOW))
    correction = _stirling(p + p_low) + _stirling(q + q_low) - _stirling(c + c_low)
    return add_pairs(total, total_low, *pair(correction, 0.0))


@compiled
def log_betas(a: float, b: float) -> tuple[float, float]:
    """log(a B(a, b)) and log(b B(a, b)), each near 0 where its first parameter is small."""
    both, both_low = _log_beta_pair(a, b)
    of_a, a_low = add_pairs(both, both_low, *log_pair(a, 0.0))
    of_b, b_low = add_pairs(both, both_low, *log_pair(b, 0.0))
    return of_a + a_low, of_b + b_low


@compiled
def _series(a: float, b: float, x: float) -> float:
    """I = xᵃ / (a B) · (1 + this): a Σ (1 − b) … (n − b) / n! · xⁿ / (a + n) [2]_, precise where a is small."""
    total, factor, n = 0.0, 1.0, 0.0
    while n < 200:
        n += 1
        factor *= (n - b) / n * x
        term = factor / (a + n)
        total += term
        if abs(term) <= 1e-17 * abs(total):
            break
    return a * total


@compiled
def _fraction(a: float, b: float, x: float, y: float) -> float:
    """B I / (xᵃ yᵇ), as a continued fraction [2]_, which converges fast for x below some a / (a + b)."""
    slope = a * y - b * x + 1
    next_step = 1 / (a + 1)
    old, new, old_below, below = 0.0, 1.0, 1.0, a * slope * next_step
    n = 0.0
    while n < 10000:
        n += 1
        step, next_step = next_step, 1 / (a + 2 * n + 1)
        alpha = (((a + n - 1) * step) * ((a + b + n - 1) * step)) * ((n * (b - n)) * (x * x))
        beta = n + n * (b - n) * x * step + (a + n) * next_step * (slope + n * (1 + y))
        old, new = new, beta * new + alpha * old
        old_below, below = below, beta * below + alpha * old_below
        if abs(new * old_below - old * below) <= 1e-16 * abs(new * old_below):
            break
        if below > _LARGE:
            old, new, old_below, below = old / _LARGE, new / _LARGE, old_below / _LARGE, below / _LARGE
    return new / below


@compiled
def _log_share(
    a: float, b: float, x: float, y: float, log_x: float, log_y: float, log_beta: float
) -> tuple[float, float]:
    """Logarithm of I, the Beta distribution's share below x, and its slope in logit x, for x below some a / (a + b).

    `log_beta` is log(a B(a, b)).
    """
    if a < 1 and x * max(b, 1.0) <= 0.6:
        series = _series(a, b, x)
        return (a * log_x - log_beta) + log1p(series), a * exp(b * log_y) / (1 + series)
    fraction = _fraction(a, b, x, y)
    return (a * log_x + b * log_y - log_beta) + log(a * fraction), 1 / fraction


@compiled
def _log_share_at(t: float, a: float, b: float, log_beta: float, log_other: float) -> tuple[float, float, float, float]:
    """Logarithm of I where logit x = t, its slope in t, the slope of log(dI/dt), and how fast that slope falls."""
    e = exp(-abs(t))
    shift = log1p(e)
    small, large = e / (1 + e), 1 / (1 + e)
    x, y = (small, large) if t < 0 else (large, small)
    log_x, log_y = min(t, 0.0) - shift, -max(t, 0.0) - shift
    below = x * (a + b + 2) <= a + 1
    p, q, log_p_beta = (a, b, log_beta) if below else (b, a, log_other)
    u, v, log_u, log_v = (x, y, log_x, log_y) if below else (y, x, log_y, log_x)
    share, slope = _log_share(p, q, u, v, log_u, log_v, log_p_beta)
    if not below:
        # From the share above x to that below it: expm1 keeps what is left precise where the one is near 1.
        rest = -expm1(share)
        slope *= (1 - rest) / rest
        share = log(rest)
    return share, slope, a * y - b * x, (a + b) * x * y


@compiled
def _first_guess(p: float, a: float, b: float, floor: float) -> float:
    """Logit of a Beta quantile, roughly.

    For a and b above `LEAST` by the normal distribution [3]_, else by two terms of the series in x.
    """
    if min(a, b) > LEAST:
        z = -normal_quantile(p)
        r, s = 1 / (2 * a - 1), 1 / (2 * b - 1)
        h = 2 / (r + s)
        k = (z * z - 3) / 6
        return log(a / b) - 2 * (z * sqrt(max(h + k, 0.0)) / h - (s - r) * (k + 5 / 6 - 2 / (3 * h)))
    term = exp(min(floor, 0.0)) * (b - 1) / (a + 1)
    log_x = min(floor + (term if term < 0 else log1p(term)), -1e-3)
    return log_x - log(-expm1(log_x))


@compiled
def _quantile_logit(target: float, p: float, a: float, b: float, log_beta: float, log_other: float) -> float:
    """The t at which log I, where logit x = t, is `target`, the logarithm of p.

    log I is concave in t, so a step of Newton's ends left of the solution wherever it starts, and those that follow
    climb to it. log I is nowhere above the line a t − log(a B), so the solution is not left of where that line meets
    the target. Near the solution the step is of the third order [4]_, and the last when its error, which goes with
    the fourth power of the step, is out of sight.
    """
    floor = (target + log_beta) / a
    t = max(_first_guess(p, a, b, floor), floor)
    for _ in range(60):
        share, slope, tilt, spread = _log_share_at(t, a, b, log_beta, log_other)
        step = (target - share) / slope
        bend = tilt - slope
        scale = bend * bend + slope * slope + spread
        size = scale * step * step
        if abs(bend * step) < 0.5:
            second, third = bend / 2, (bend * (bend - slope) - spread) / 6
            step *= 1 - second * step + (2 * second * second - third) * step * step
        # Far right of the solution the slope may be 0 and the step infinite.
        t = max(t + step, floor) if step == step else floor
        if size * size <= 2e-17 * sqrt(scale):
            break
    return t


@compiled
def _prepared(a: float, b: float) -> tuple[float, float, float]:
    """log(a B), log(b B), and the share up to which a quantile is sought from below.

    With a small parameter almost all may be on one side; the share on the left is then about that of a function which
    goes with xᵃ left of the mean and with (1 − x)ᵇ right of it.
    """
    log_beta, log_other = log_betas(a, b)
    if min(a, b) > LEAST:
        return log_beta, log_other, 0.5
    left, right = exp(a * log(a / (a + b))) / a, exp(b * log(b / (a + b))) / b
    return log_beta, log_other, left / (left + right)


@compiled
def _quantile(p: float, a: float, b: float, log_beta: float, log_other: float, turn: float) -> float:
    if not (p > 0 and p < 1):
        return p if p == 0 or p == 1 else _NAN
    below = p <= turn
    log_below, log_above = log(p), log1p(-p)
    target, share = (log_below, p) if below else (log_above, 1 - p)
    u, v = (a, b) if below else (b, a)
    log_u, log_v = (log_beta, log_other) if below else (log_other, log_beta)
    t = _quantile_logit(target, share, u, v, log_u, log_v)
    return logistic(t if below else -t)


@compiled
def normal_share(z: float) -> float:
    """Share of the standard normal distribution below z: ½ + φ(z) · Σ z²ᵏ⁺¹ / (1 · 3 · … · (2k + 1)).

    Marsaglia 2004, doi:10.18637/jss.v011.i04; beyond ±8.2 it is 0 or 1. Errs by less than 1e-15.
    """
    if z < -8.2 or z > 8.2:
        return 0.0 if z < 0 else 1.0
    term = total = z
    k = 1
    while True:
        term *= z * z / (2 * k + 1)
        if total + term == total:
            break
        total += term
        k += 1
    return 0.5 + total * exp(-z * z / 2 - _HALF_LOG_2_PI)


@compiled
def normal_shares(z: Floats) -> Floats:
    """Shares below several numbers: `normal_share` of each."""
    out = np.empty(len(z))
    for k in range(len(z)):
        out[k] = normal_share(z[k])
    return out


@compiled
def normal_quantiles(p: Floats) -> Floats:
    """Normal quantiles of several shares: `normal_quantile` of each."""
    out = np.empty(len(p))
    for k in range(len(p)):
        out[k] = normal_quantile(p[k])
    return out


@compiled
def beta_quantiles(p: Floats, a: float, b: float) -> Floats:
    """Quantiles of the Beta distribution at several shares.

    NaN where a share is outside [0, 1] or a parameter is not above 0 or not finite. For parameters from 0.001 to 1000
    and p from 1e-300 to below 1 the relative error is below 1e-12, and 2e-16 near 1. A quantile below some 1e-308 may
    have lost digits or be 0.
    """
    out = np.full(len(p), _NAN)
    if a > 0 and b > 0 and a + b < _INF:
        log_beta, log_other, turn = _prepared(a, b)
        for k in range(len(p)):
            out[k] = _quantile(p[k], a, b, log_beta, log_other, turn)
    return out


@compiled
def beta_quantile(p: float, a: float, b: float) -> float:
    """Quantile of the Beta distribution at one share, as `beta_quantiles`; a and b above 0 and finite."""
    log_beta, log_other, turn = _prepared(a, b)
    return _quantile(p, a, b, log_beta, log_other, turn)
