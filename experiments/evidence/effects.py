"""The effect that each institution is there for: the same people with the same luck, with it and without.

The effects are data, in `effects_of/`, a file for each institution. The tests hold the sign of each, with an interval
over paired seeds, and `docs/institutions.md` prints what was measured.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError

from ...agents.base import Settings
from ...agents.institutions import INSTITUTIONS
from ...model.errors import GlasshouseError
from ...model.files import read_tables
from ...model.paths import describe_errors, nearest
from ...model.scenario import Scenario
from ..running.pool import Executor
from ..running.run import RunConfiguration
from ..running.runner import Point, Progress, Study, carry_out, seeds_of
from ..running.store import Store
from .statistics import estimate

FILES = Path(__file__).with_name("effects_of")

ERROR = 1e-3
"""Probability with which an interval misses the mean."""


class Effect(Settings):
    """What an institution does to an outcome.

    Two worlds start from one scenario and differ in one thing.

    Attributes
    ----------
    institution
        Its name; that of the file where the file does not say.
    says
        The effect in words.
    scenario, weeks
        What both worlds start from, and when the outcome is taken.
    without, having
        Settings of the two worlds. Without a `without` the outcome itself is the effect.
    outcome
        What a run comes to, as in a design: a function of `experiments/running/outcomes.py` (or `module:function`) and
        its arguments.
    sign
        1 where it rises, −1 where it falls, 0 where it stays exactly the same.
    not_shown
        Why it does not show, where it does not.
    first_edition
        What the first edition of the model did instead.
    """

    institution: str = ""
    says: str
    scenario: str
    without: dict[str, Any] | None = None
    having: dict[str, Any] = Field(default={})
    outcome: str
    sign: Literal[-1, 0, 1]
    weeks: int = Field(ge=1)
    not_shown: str = ""
    first_edition: str = ""

    @property
    def worlds(self) -> list[tuple[str, int, str]]:
        """Scenario, weeks and changes of the worlds that it compares; of one world the outcome itself is the effect."""
        changes = [self.having] if self.without is None else [self.without, self.having]
        return [(self.scenario, self.weeks, json.dumps(each)) for each in changes]


class Measured(Settings):
    """Mean difference between the paired worlds, its interval, whether it shows the effect's sign, and of how many."""

    mean: float
    low: float
    high: float
    shows: bool
    n: int


def load_effects(path: Path) -> tuple[Effect, ...]:
    """Effects of a file, in its order.

    Raises
    ------
    GlasshouseError
        If it cannot be read, or an effect is not valid.
    """
    try:
        given = read_tables(path, GlasshouseError)["effect"]
        return tuple(Effect.model_validate({"institution": path.stem, **each}) for each in given)
    except ValidationError as error:
        raise GlasshouseError(f"{path}: {describe_errors(error, Effect)}") from None
    except (KeyError, TypeError) as error:
        raise GlasshouseError(f"{path}: cannot be read as effects ({error}); give a file with [[effect]]") from error


@cache
def effects() -> tuple[Effect, ...]:
    """All built-in effects, in the order of the institutions."""
    files = [FILES / f"{name}.toml" for name in INSTITUTIONS]
    return tuple(effect for file in files if file.exists() for effect in load_effects(file))


def chosen_effects(names: Sequence[str], among: Sequence[Effect]) -> list[Effect]:
    """Effects of institutions by name, or with some words in what they say; all where no name is given.

    Raises
    ------
    GlasshouseError
        If a name chooses none.
    """
    if not names:
        return list(among)
    kept: list[Effect] = []
    for name in names:
        found = [each for each in among if name == each.institution or name.lower() in each.says.lower()]
        if not found:
            remedy = nearest(name, dict.fromkeys((*(e.institution for e in among), *(e.says for e in among))))
            raise GlasshouseError(f"there is no effect {name!r}; {remedy}")
        kept += [each for each in found if each not in kept]
    return kept


def effects_study(chosen: Sequence[Effect], seeds: int, size: int) -> tuple[Study, dict[tuple[str, int, str], int]]:
    """Every world that some effects need, once; and the row of each.

    A world is asked for the outcomes of all effects that are built in, so that it is the same run whichever are chosen.
    """
    rows = {world: row for row, world in enumerate(dict.fromkeys(world for each in chosen for world in each.worlds))}
    points: list[Point] = []
    for world in rows:
        name, weeks, changes = world
        outcomes = dict.fromkeys(each.outcome for each in (*effects(), *chosen) if world in each.worlds)
        plan = Scenario.load(name).change({"population.size": size, **json.loads(changes)})
        configuration = RunConfiguration(weeks, min(26, weeks), weeks, outcomes=tuple(outcomes))
        factors = {"scenario": name, "weeks": weeks, "changes": changes}
        points.append(Point(plan, factors, seeds_of(seeds), configuration))
    return Study(f"effects at {size}", points, RunConfiguration(), {"design": "effects"}), rows


def measure_effects(
    chosen: Sequence[Effect],
    seeds: int = 20,
    size: int = 1000,
    *,
    store: Store | str | Path | None = None,
    executor: Executor | None = None,
    workers: int = 1,
    progress: Callable[[Progress], None] = lambda progress: None,
) -> list[Measured]:
    """Mean of each difference over paired seeds, with a t interval that misses it with probability `ERROR`.

    Seeds in which the outcome does not exist (nobody was expelled, nobody left) do not count.

    Parameters
    ----------
    chosen
        The effects.
    seeds
        Seeds 1, 2, … of both worlds.
    size
        Citizens of each world.
    store, executor, workers, progress
        As for `compare`.
    """
    study, rows = effects_study(chosen, seeds, size)
    results = carry_out(study, store, executor=executor, workers=workers, progress=progress)
    found: list[Measured] = []
    for effect in chosen:
        values = results.values(effect.outcome)[[rows[world] for world in effect.worlds]]
        mean = estimate(values[0] if len(values) == 1 else values[1] - values[0], 1 - ERROR)
        shows = {1: mean.low > 0, -1: mean.high < 0, 0: mean.low == mean.high == 0}[effect.sign]
        found.append(Measured(mean=mean.mean, low=mean.low, high=mean.high, shows=shows, n=mean.n))
    return found
