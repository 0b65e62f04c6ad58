"""What is asked of a run in words: its outcomes and the condition that ends it early, read strictly and checked."""

from __future__ import annotations

import inspect
import operator
import re
import sys
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, cast

from ...model.errors import GlasshouseError
from ...model.paths import nearest
from ...model.society import Society
from . import consequences, outcomes
from .outcomes import KINDS

OUTCOMES = outcomes.OUTCOMES | consequences.OUTCOMES
"""Built-in outcomes, by name."""

RESERVED = ("design_row", "replicate", "seed", "status", "error", "wall_s", "week", "stopped")
"""Columns of the tables of a study, which no outcome may be called."""

MOST = 1_000_000
"""Largest whole number that an outcome is given: so many weeks a run has at most."""

STOPPED = "stopped"
"""Metric of a run with a stop condition: the week in which it held for long enough; missing where it never did."""

CONDITION = re.compile(
    r"(?P<measure>\w+)\s*(?P<sign><=|>=|<|>)\s*(?P<level>[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)"
    r"(?:\s+for\s+(?P<weeks>[1-9]\d{0,6})(?:\s+weeks?)?)?"
)
SIGNS = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}


@dataclass(frozen=True)
class Outcome:
    """A number that a run comes to.

    Attributes
    ----------
    text
        As it was given: ``[COLUMN =] NAME ARGUMENT …``.
    column
        Its name in the tables.
    name
        Name of a built-in outcome, ``module:function`` of an installed package, or a measure.
    function
        The function of the society; None for a measure, whose mean over the last weeks is there anyway.
    arguments
        Its arguments, by name.
    """

    text: str
    column: str
    name: str
    function: Callable[..., float] | None
    arguments: Mapping[str, Any]

    @property
    def recorded(self) -> dict[str, int]:
        """Columns of the citizens that it needs copies of, with how many weeks at the end; 0 is all."""
        over = self.arguments.get(getattr(self.function, "recorded_over", ""), 0)
        return dict.fromkeys(getattr(self.function, "recorded", ()), over)

    @property
    def parts(self) -> list[Any]:
        """What it comes from: its function, and the module that was named."""
        module = self.name.partition(":")[0] if ":" in self.name else ""
        return [] if self.function is None else [self.function, *([sys.modules[module]] if module else [])]

    def value(self, society: Society, means: Mapping[str, float]) -> float:
        """What a run came to, from the society at its end and the means of its measures over the last weeks."""
        if self.function is None:
            return means[self.name]
        signature = inspect.signature(self.function)
        first = next(iter(signature.parameters))
        bound = inspect.BoundArguments(signature, OrderedDict({first: society, **self.arguments}))
        return float(self.function(*bound.args, **bound.kwargs))


def read_outcome(text: str) -> Outcome:
    """Outcome of a text such as ``total reports``, ``inequality = my_package.scores:gini wealth`` or ``compliance``.

    Raises
    ------
    GlasshouseError
        If there is no such function, or its arguments are not what it takes. Names of measures and the like are
        checked by `check`, which knows the scenario.
    """
    before, equals, after = text.partition("=") if "=" in text else ("", "", text)
    name, *given = after.split() or [""]
    column = before.strip() if equals else " ".join([name, *given])
    if not name or not column or (equals and "." in column):
        raise GlasshouseError(f"outcome {text!r}: give a function and its arguments, such as 'total reports'")
    if column in RESERVED:
        raise GlasshouseError(f"outcome {text!r}: {column} is a column of every table; give another name")
    function = OUTCOMES.get(name) if ":" not in name else _imported(name, text)
    if function is None and given:
        raise GlasshouseError(f"outcome {text!r}: there is no function {name!r}; {_remedy(name, OUTCOMES)}")
    return Outcome(text, column, name, function, {} if function is None else _arguments(function, given, text))


def _imported(name: str, text: str) -> Callable[..., float]:
    module, _, attribute = name.partition(":")
    try:
        found = import_module(module)
    except (ImportError, ValueError) as error:
        raise GlasshouseError(
            f"outcome {text!r}: module {module!r} cannot be imported ({error}); install its package"
        ) from error
    function: Any = getattr(found, attribute, None)
    if not callable(function):
        callables = [each for each in vars(found) if callable(getattr(found, each))]
        raise GlasshouseError(
            f"outcome {text!r}: {module} has no function {attribute!r}; {nearest(attribute, callables)}"
        )
    return cast(Callable[..., float], function)


def _arguments(function: Callable[..., float], given: list[str], text: str) -> dict[str, Any]:
    """Arguments of an outcome by name, as the function's annotations say what they are."""
    parameters = inspect.signature(function).parameters
    try:
        bound = inspect.signature(function).bind(None, *given)
    except TypeError as error:
        wanted = ", ".join(str(each) for each in list(parameters.values())[1:]) or "no arguments"
        raise GlasshouseError(f"outcome {text!r}: {error}; it takes {wanted}") from error
    # Defaults too: one may say how many weeks are to be recorded.
    bound.apply_defaults()
    found = dict(list(bound.arguments.items())[1:])
    for name, value in found.items():
        kind = _kind(parameters[name])
        if isinstance(value, str) and kind in (int, float):
            found[name] = _number(value, kind, f"outcome {text!r}: {name}")
    return found


def _remedy(name: str, names: Iterable[str]) -> str:
    close = nearest(name, names)
    return close if close.startswith("did you mean") else f"choose one of {', '.join(names)}"


def _number(value: str, kind: type, where: str) -> float:
    try:
        number = kind(value)
    except ValueError as error:
        raise GlasshouseError(f"{where} = {value}: give {'a whole' if kind is int else 'a'} number") from error
    if kind is int and not 0 <= number <= MOST:
        raise GlasshouseError(f"{where} = {value}: give a whole number from 0 to {MOST:,}")
    return number


def _kind(parameter: inspect.Parameter) -> Any:
    """Kind of an argument, also where the annotation is left as text."""
    given = parameter.annotation
    named = {kind.__name__: kind for kind in (int, float, *KINDS)}
    return named.get(given.strip("'\"").rpartition(".")[2]) if isinstance(given, str) else given


@dataclass(frozen=True)
class Stop:
    """A condition on a measure that ends a run once it has held for so many weeks on end."""

    text: str
    measure: str
    sign: str
    level: float
    weeks: int

    def holds(self, measures: Mapping[str, float]) -> bool:
        """Whether it holds in a week; a measure that does not exist fulfils nothing."""
        return bool(SIGNS[self.sign](measures[self.measure], self.level))


def read_stop(text: str) -> Stop | None:
    """Condition of a text such as ``compliance > 0.9 for 13``; None of an empty one.

    Raises
    ------
    GlasshouseError
        If it is of another form.
    """
    if not text:
        return None
    found = CONDITION.fullmatch(text.strip())
    if found is None:
        raise GlasshouseError(
            f"stop = {text!r}: give MEASURE, one of > >= < <=, a number and for how many weeks, such as "
            "'compliance > 0.9 for 13'"
        )
    return Stop(text, found["measure"], found["sign"], float(found["level"]), int(found["weeks"] or 1))


def check(outcomes: Iterable[Outcome], stop: Stop | None, society: Society) -> None:
    """Refuse names that a society does not have: of measures, columns, domains, terms, settings.

    Raises
    ------
    GlasshouseError
        Naming the nearest that it has.
    """
    measures = society.history_record.latest
    if stop is not None and stop.measure not in measures:
        raise GlasshouseError(
            f"stop = {stop.text!r}: there is no measure {stop.measure!r}; {_remedy(stop.measure, measures)}"
        )
    for outcome in outcomes:
        if outcome.function is None:
            if outcome.name not in measures:
                remedy = _remedy(outcome.name, (*measures, *OUTCOMES))
                raise GlasshouseError(f"outcome {outcome.text!r}: there is no {outcome.name!r}; {remedy}")
        else:
            parameters = inspect.signature(outcome.function).parameters
            for name, value in outcome.arguments.items():
                names = KINDS.get(_kind(parameters[name]))
                if names is not None and value not in names(society):
                    remedy = _remedy(str(value), names(society))
                    raise GlasshouseError(f"outcome {outcome.text!r}: there is no {name} {value!r}; {remedy}")
        if outcome.column in measures and (outcome.function is not None or outcome.column != outcome.name):
            raise GlasshouseError(f"outcome {outcome.text!r}: {outcome.column} is a measure; give another name")
