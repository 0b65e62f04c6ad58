"""The contract that every institution keeps, this package's and others', as functions that a test can call.

Public as `glasshouse.testing`. Each clause takes an institution's class and raises an AssertionError that says what is
broken; nothing here needs a test runner.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable
from functools import cache
from math import isnan
from typing import Any

import numpy as np
import numpy.typing as npt

from ...agents.base import Institution
from ...agents.compiled import SMALLEST_SHARE
from ...agents.institutions import INSTITUTIONS, fault_of
from ...model.declarations import declaration
from ...model.scenario import Scenario
from ...model.society import Society

WORLDS = ("baseline", "visible-score-and-reports")
"""Scenarios in which an institution is tried: alone, and among others."""

CITIZENS = 300
SEED = 5


@cache
def world(scenario: str) -> Scenario:
    """A small world to try an institution in."""
    return Scenario.load(scenario).change({"population.size": CITIZENS})


def with_it(kind: type[Institution], scenario: str = WORLDS[0], settings: dict[str, Any] | None = None) -> Scenario:
    """A world with an institution, with its defaults or other settings."""
    return world(scenario).change({f"institutions.{kind.name}": settings or {}})


def without_it(kind: type[Institution], scenario: str = WORLDS[0]) -> Scenario:
    """The same world without it."""
    return world(scenario).change({f"institutions.{kind.name}": None})


def lived(plan: Scenario, weeks: int, **how: Any) -> Society:
    """Society of a plan after some weeks."""
    society = Society(plan, rng=SEED, **how)
    society.run_for(weeks)
    return society


def state(society: Society) -> dict[str, npt.NDArray[Any]]:
    """Every column, with the terms of the last decision and the trust of the ties."""
    columns = {name: getattr(society.citizens, name).copy() for name in society.citizens.columns}
    return {**columns, "terms": society.citizens.terms.copy(), "trust": society.ties.trust.copy()}


def assert_same(a: Society, b: Society, but: Iterable[str] = ()) -> None:
    """Two societies are the same, bit for bit, in every column of `a` and every measure `but` some."""
    here, there = state(a), state(b)
    for name, column in here.items():
        np.testing.assert_array_equal(column, there[name], err_msg=name)
    for name in a.history.columns.drop(list(but)):
        np.testing.assert_array_equal(a.history[name], b.history[name], err_msg=name)


def is_registered(kind: type[Institution]) -> None:
    """It can be named in scenarios, and no name, column or number of a purpose is another's."""
    assert INSTITUTIONS.get(kind.name) is kind, (
        f"{kind.name} is not registered: install its package, with an entry point in glasshouse.institutions, or set "
        f'INSTITUTIONS["{kind.name}"] in the module that defines it'
    )
    others = {name: other for name, other in INSTITUTIONS.items() if other is not kind}
    fault = fault_of(kind, others)
    assert not fault, f"{kind.__name__} {fault}"


def is_described(kind: type[Institution]) -> None:
    """It says what it is, and its defaults are possible; each setting says what it means, and numbers their source."""
    assert vars(kind).get("__doc__"), f"{kind.__name__} has no docstring"
    assert isinstance(getattr(kind, "zero", None), dict), f"{kind.__name__} has no zero: settings without any strength"
    for path in with_it(kind).settings():
        if path.startswith(f"institutions.{kind.name}."):
            declared = declaration(Scenario, path)
            assert declared is not None and declared.says, f"{path} does not say what it means"
            if declared.kind in ("number", "whole"):
                in_open_table = declaration(Scenario, path.rpartition(".")[0] + ".anything") is not None
                assert declared.unit and (declared.source or in_open_table), f"{path} has no unit or no source"
    for measure in kind.measures:
        assert measure.label and measure.unit and measure.says, f"measure {measure.name} does not say what it is"


def does_nothing_at_zero(kind: type[Institution]) -> None:
    """With the settings in `zero` a run is the same, bit for bit, as without it: alone and among others."""
    # Where nobody gives a measure it is missing; with the institution it may have a value.
    own = [measure.name for measure in kind.measures if isnan(measure.absent)]
    for scenario in WORLDS:
        without = lived(without_it(kind, scenario), 40)
        assert_same(without, lived(with_it(kind, scenario, dict(kind.zero)), 40), own)


def pickles(kind: type[Institution]) -> None:
    """A society that was pickled with it goes on as if it had not been."""
    society = lived(with_it(kind), 10)
    try:
        other: Society = pickle.loads(pickle.dumps(society))
    except Exception as error:
        raise AssertionError(f"it cannot be pickled: {error}") from error
    society.run_for(10)
    other.run_for(10)
    assert_same(society, other)


def is_deterministic(kind: type[Institution]) -> None:
    """One seed gives one course, on one thread and on several."""
    assert_same(lived(with_it(kind), 10), lived(with_it(kind), 10))
    large = with_it(kind).change({"population.size": 3 * SMALLEST_SHARE})
    assert_same(lived(large, 4, threads=1), lived(large, 4, threads=3))


def moves_no_draw(kind: type[Institution]) -> None:
    """What is drawn for a citizen's traits, ties and acts is the same with it and without it."""
    a, b = (Society(plan, rng=SEED) for plan in (with_it(kind), without_it(kind)))
    np.testing.assert_array_equal(a.ties.neighbours, b.ties.neighbours, err_msg="ties at the start")
    np.testing.assert_array_equal(a.ties.resting, b.ties.resting, err_msg="trust at the start")
    for _ in range(5):
        a.step()
        b.step()
        for node in range(0, CITIZENS, 7):
            if a.row_of[node] >= 0:
                here, there = a.citizen(int(a.row_of[node])), b.citizen(node)
                for domain in a.domains.names:
                    assert here.explain(domain).draw == there.explain(domain).draw, f"citizen {node}, {domain}"
    np.testing.assert_array_equal(
        a.citizens.start_conviction, b.citizens.start_conviction[a.citizens.node], err_msg="initial conviction"
    )


def keeps_to_ranges(kind: type[Institution]) -> None:
    """Columns and measures stay in their declared ranges, and it gives the measures that it declares."""
    for scenario in WORLDS:
        society = lived(with_it(kind, scenario), 20)
        for name, column in society.citizens.columns.items():
            values = getattr(society.citizens, name)
            outside = (values < column.low) | (values > column.high)
            assert not outside.any(), f"column {name}: {values[outside][0]} is not in {column.low} to {column.high}"
        given = society.institutions[kind.name].measured(society)
        declared = {measure.name: measure for measure in kind.measures}
        assert given.keys() == declared.keys(), f"measures given {sorted(given)}, declared {sorted(declared)}"
        for name, measure in declared.items():
            course = society.history[name].dropna()
            assert course.between(measure.low, measure.high).all(), (
                f"measure {name}: {course.min()} to {course.max()} is not in {measure.low} to {measure.high}"
            )


def leaves_nothing_behind(kind: type[Institution]) -> None:
    """When it is removed its columns go, and so does what it stated or contributed."""
    for scenario in WORLDS:
        never, society = lived(without_it(kind, scenario), 25), lived(with_it(kind, scenario), 5)
        society.change({f"institutions.{kind.name}": None})
        society.run_for(20)
        assert kind.name not in society.institutions
        assert society.citizens.columns.keys() == never.citizens.columns.keys(), "its columns are still there"
        for name, column in never.citizens.columns.items():
            # What others state or contribute to is neutral without them only; what happens in a week is luck.
            stated = column.until == "stated" or column.rule or name == "flags"
            if stated and (getattr(never.citizens, name) == column.neutral).all():
                assert (getattr(society.citizens, name) == column.neutral).all(), f"column {name} is not as it was"


CONTRACT: tuple[Callable[[type[Institution]], None], ...] = (
    is_registered,
    is_described,
    does_nothing_at_zero,
    pickles,
    is_deterministic,
    moves_no_draw,
    keeps_to_ranges,
    leaves_nothing_behind,
)
"""The clauses, each a function of an institution's class: for a test with a case for each."""


def contract(kind: type[Institution]) -> None:
    """Hold an institution to every clause of the contract.

    Raises
    ------
    AssertionError
        Naming the first clause that is broken, and how.

    Examples
    --------
    >>> from glasshouse.testing import contract
    >>> contract(INSTITUTIONS["broadcaster"])
    """
    for clause in CONTRACT:
        try:
            clause(kind)
        except AssertionError as error:
            says = (clause.__doc__ or "").splitlines()[0]
            raise AssertionError(f"{kind.name} breaks {clause.__name__} ({says}): {error}") from error
