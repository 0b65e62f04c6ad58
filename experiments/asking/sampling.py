"""Samples of the unit cube, shape (points, parameters), from numbers of parameters and of samples, and a seed."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

Units = npt.NDArray[np.float64]


def latin_hypercube(count: int, samples: int, seed: int) -> Units:
    """Latin hypercube: every parameter's range is covered evenly (McKay, Beckman & Conover 1979)."""
    from scipy.stats import qmc

    return qmc.LatinHypercube(count, rng=seed).random(samples)


def sobol_sequence(count: int, samples: int, seed: int) -> Units:
    """Sobol sequence, scrambled (Owen 1998): more samples later keep those that were run."""
    from scipy.stats import qmc

    return qmc.Sobol(count, rng=seed).random_base2(max(0, math.ceil(math.log2(samples))))[:samples]


def problem(count: int) -> dict[str, Any]:
    """The unit cube, as SALib has it."""
    return {"num_vars": count, "names": [f"x{k}" for k in range(count)], "bounds": [[0.0, 1.0]] * count}


MORRIS_LEVELS = 4


def morris(count: int, samples: int, seed: int) -> Units:
    """Trajectories that change one parameter at a time (Morris 1991), parameters + 1 points each."""
    from SALib.sample import morris as sampler

    return sampler.sample(problem(count), samples, num_levels=MORRIS_LEVELS, seed=seed)


def saltelli(count: int, samples: int, seed: int) -> Units:
    """Two samples and their mixtures (Saltelli et al. 2010), parameters + 2 points a base point."""
    from SALib.sample import sobol as sampler

    if samples & (samples - 1):
        raise ValueError("Saltelli's design needs a power of two")
    return sampler.sample(problem(count), samples, calc_second_order=False, seed=seed)


SAMPLERS: dict[str, Callable[[int, int, int], Any]] = {
    "latin-hypercube": latin_hypercube,
    "sobol-sequence": sobol_sequence,
    "morris": morris,
    "saltelli": saltelli,
}
