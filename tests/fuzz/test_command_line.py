"""Settings, scenario files, graphs and options of the command line."""

from __future__ import annotations

from pathlib import Path

from hypothesis import strategies as st

import glasshouse as gh
from glasshouse.experiments.command_line.app import COMMANDS
from glasshouse.model.files import BUILT_IN
from tests.fuzz.grammar import ODD_NUMBERS, ODD_WORDS, damaged, paths, values
from tests.support.answers import answer, counts, fuzz

SMALL = ["--steps", "2", "--quiet", "--set", "population.size=50", "--set", "population.degree=6"]
GRAPHS = {
    ".csv": b"source,target\na,b\nb,c\nc,a\nd,a\n",
    ".txt": b"# ties\n1 2\n2 3\n3 1\n",
    ".graphml": b'<graphml xmlns="http://graphml.graphdrawing.org/xmlns"><graph edgedefault="undirected">'
    b'<node id="a"/><node id="b"/><node id="c"/><edge source="a" target="b"/><edge source="b" target="c"/>'
    b"</graph></graphml>",
    ".gml": b"graph [ node [ id 0 label \"a\" ] node [ id 1 label \"b\" ] edge [ source 0 target 1 ] ]",
    ".net": b"*Vertices 3\n1 \"a\"\n2 \"b\"\n3 \"c\"\n*Edges\n1 2\n2 3\n",
    ".mtx": b"%%MatrixMarket matrix coordinate pattern symmetric\n3 3 2\n2 1\n3 2\n",
}  # fmt: skip
OPTIONS = [
    "--set", "--set-b", "--steps", "--seed", "--seeds", "--size", "--last", "--threads", "--workers", "--store", "--on",
    "--out", "--graph", "--nodes", "--figure", "--time-limit", "--study", "--outcome", "--file", "--keep", "--samples",
    "--trajectories", "--port", "--host", "--allow-host", "--citizen", "--json", "--quiet", "--retry", "--series", "-h",
]  # fmt: skip


@counts(60, 900)
def test_settings(count):
    scenario = st.sampled_from(sorted(gh.scenarios()))

    def run(case) -> None:
        name, changes = case
        answer("run", name, *(word for path, value in changes for word in ("--set", f"{path}={value}")), *SMALL)

    fuzz(st.tuples(scenario, st.lists(st.tuples(paths(), values), min_size=1, max_size=3)), run, count)


@counts(60, 600)
def test_scenario_files(count, tmp_path):
    files = [path.read_bytes() for path in sorted(BUILT_IN.glob("*.toml"))]
    path = tmp_path / "mine.toml"

    def run(data: bytes) -> None:
        path.write_bytes(data)
        answer("run", path, *SMALL)

    fuzz(damaged(files), run, count)


@counts(40, 400)
def test_graphs(count, tmp_path):
    cases = st.sampled_from(sorted(GRAPHS)).flatmap(
        lambda ending: st.tuples(st.just(ending), damaged([GRAPHS[ending]]))
    )

    def run(case) -> None:
        ending, data = case
        path = tmp_path / f"graph{ending}"
        path.write_bytes(data)
        answer("run", "baseline", "--graph", path, "--steps", 1, "--quiet")

    fuzz(cases, run, count)


@counts(60, 600)
def test_options(count, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    # A command that is given everything it needs would run for minutes, or serve a page; an unknown word ends it.
    stop = "--no-such-option"
    word = st.one_of(st.sampled_from(OPTIONS), st.sampled_from(ODD_NUMBERS), st.sampled_from(ODD_WORDS), paths())
    command = st.sampled_from([*sorted(COMMANDS), "", "nonsense"])

    def run(case) -> None:
        name, words, last = case
        answer(name, *words, *([stop] if last else []))

    def ends(case) -> bool:
        name, _, last = case
        return last or name in ("scenarios", "status", "export", "figures", "new", "nonsense")

    fuzz(st.tuples(command, st.lists(word, max_size=5), st.booleans()).filter(ends), run, count)


@counts(30, 200)
def test_numbers_of_options(count, tmp_path):
    options = ["--steps", "--seed", "--threads", "--out", "--figure", "--graph", "--nodes"]
    made = Path(tmp_path)

    def run(case) -> None:
        answer("run", "baseline", "--set", "population.size=50", "--quiet", "--steps", 1, *case)
        assert not list(made.glob(".*")), "temporary files stay"

    odd = [number for number in ODD_NUMBERS if number != "1_000"]
    paired = st.tuples(st.sampled_from(options), st.sampled_from([*odd, *ODD_WORDS]).map(lambda word: word or "x"))
    fuzz(paired, run, count)
