"""Effects and comparisons go on from their store where they stopped."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import glasshouse as gh
from glasshouse.experiments.evidence.effects import effects, measure_effects
from glasshouse.experiments.running.store import Store
from tests.support.studies import glasshouse

SIZE, SEEDS = 100, 3


def some_effects(store: Any, progress: Any) -> Any:
    chosen = [effect for effect in effects() if effect.institution in ("hotline", "court")]
    return measure_effects(chosen, SEEDS, SIZE, store=store, progress=progress)


def a_comparison(store: Any, progress: Any) -> Any:
    small = [
        gh.Scenario.load(name).change({"population.size": SIZE}) for name in ("visible-score", "surveillance-only")
    ]
    found = gh.compare(*small, seeds=SEEDS, steps=26, last=13, store=store, progress=progress)
    return found.measures.to_json(), found.citizens.to_json()


ASKED: dict[str, Callable[[Any, Any], Any]] = {
    "effects": some_effects,
    "comparison": a_comparison,
}


class StoppedHereError(Exception):
    """As if the machine went down."""


@pytest.mark.parametrize("asked", ASKED)
def test_what_was_stopped_goes_on_and_comes_to_the_same(asked, tmp_path):
    ask, store = ASKED[asked], tmp_path / "store.sqlite"
    whole = ask(None, lambda progress: None)

    def stop(progress: Any) -> None:
        if progress.recorded:
            raise StoppedHereError

    with pytest.raises(StoppedHereError):
        ask(store, stop)
    kept = runs_in(store)
    assert kept
    assert repr(ask(store, lambda progress: None)) == repr(whole)
    assert runs_in(store)[: len(kept)] == kept, "what was kept is not run again"
    everything = runs_in(store)
    assert repr(ask(store, lambda progress: None)) == repr(whole)
    assert runs_in(store) == everything


def runs_in(path: Path) -> list[tuple[Any, ...]]:
    with Store(path) as store:
        return store.all("SELECT key, wall_s FROM run ORDER BY id")


def test_the_command_line_goes_on_from_its_store(tmp_path):
    command = ["compare", "visible-score", "surveillance-only", "--seeds", "3", "--steps", "13", "--last", "4",
               "--store", str(tmp_path / "store.sqlite"), "--set", "population.size=100"]  # fmt: skip
    first = glasshouse(*command)
    assert first.returncode == 0, first.stderr
    kept = runs_in(tmp_path / "store.sqlite")
    again = glasshouse(*command)
    assert again.stdout == first.stdout and runs_in(tmp_path / "store.sqlite") == kept
