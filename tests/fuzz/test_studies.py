"""Designs, and stores that were damaged."""

from __future__ import annotations

import tomllib

from hypothesis import strategies as st

from glasshouse.experiments.asking.design import Design
from glasshouse.model.errors import GlasshouseError
from tests.fuzz.grammar import damaged, paths, values
from tests.support.answers import answer, counts, fuzz

DESIGN = """
title = "A small question"
scenario = "visible-score-and-reports"
design = "grid"
seeds = 2
steps = 4
last = 2
every = 2
leave_out = [{"institutions.hotline.reward" = 0.5, "citizens.memory" = {low = 3.0}}]
[set]
"population.size" = 60
[parameters."institutions.hotline.reward"]
values = [0.0, 0.5]
[parameters."citizens.memory"]
values = [2.0, 4.0]
"""


@counts(80, 700)
def test_designs(count, tmp_path):
    path = tmp_path / "question.toml"

    def check(data: bytes) -> None:
        path.write_bytes(data)
        try:
            Design.load(path).study()
        except GlasshouseError as error:
            assert str(error).isprintable() and len(str(error)) < 2_000

    fuzz(damaged([DESIGN.encode()]), check, count)


@counts(60, 500)
def test_values_in_designs(count):
    within = st.dictionaries(st.sampled_from(["low", "high", "values"]), values)
    keys = [*tomllib.loads(DESIGN), "samples", "sampler_seed", "ramp", "points", "outcomes", "nonsense"]
    value = st.one_of(
        values, st.integers(-(2**70), 2**70), st.floats(), st.booleans(), st.none(), st.dictionaries(paths(), values),
        st.lists(values, max_size=3), st.dictionaries(paths(), within),
    )  # fmt: skip

    def check(case) -> None:
        try:
            Design.from_dict(tomllib.loads(DESIGN) | case).study()
        except GlasshouseError as error:
            assert str(error).isprintable() and len(str(error)) < 2_000

    fuzz(st.dictionaries(st.sampled_from(keys), value, min_size=1, max_size=2), check, count)


@counts(40, 400)
def test_damaged_stores(count, uninterrupted, tmp_path):
    whole = uninterrupted.read_bytes()
    path = tmp_path / "s.sqlite"

    def check(case) -> None:
        kind, changes, length = case
        data = bytearray(whole)
        for at, byte in changes:
            data[at % len(data)] = byte
        path.write_bytes(bytes(data[: int(length * len(data))]))
        where = tmp_path / "found"
        words = {"export": [tmp_path / "t.csv"], "series": [tmp_path / "t.parquet", "--series"], "figures": [where]}
        answer("export" if kind == "series" else kind, path, *words.get(kind, []))
        path.unlink()

    changes = st.lists(st.tuples(st.integers(0, 1 << 30), st.integers(0, 255)), max_size=300)
    length = st.one_of(st.just(1.0), st.floats(0, 1))
    fuzz(st.tuples(st.sampled_from(["status", "export", "series"]), changes, length), check, count)
