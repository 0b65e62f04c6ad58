"""How many times as fast as another commit, measured in one run. Run: ``uv run python -m benchmarks.against``.

Both sides live in processes of their own and take turns, a batch of weeks each, so that what else the machine does
falls on both. The other commit is laid out in the cache folder with the environment that its lock file names.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import subprocess
import sys
import tarfile
from pathlib import Path
from statistics import median, quantiles

import platformdirs

ROOT = Path(__file__).parents[1]
BATCHES = {1_000: 200, 10_000: 30, 100_000: 4}
"""Weeks in a batch by number of citizens: about a quarter of a second each."""

MILLION = 1_000_000


def git(*arguments: str) -> bytes:
    return subprocess.run(["git", *arguments], cwd=ROOT, check=True, capture_output=True).stdout


def laid_out(commit: str) -> Path:
    """Python of a commit's own environment; both are made where they are not there yet."""
    number = git("rev-parse", "--verify", f"{commit}^{{commit}}").decode().strip()
    folder = Path(platformdirs.user_cache_dir("glasshouse", appauthor=False)) / "against" / number
    if not (folder / "pyproject.toml").exists():
        with tarfile.open(fileobj=io.BytesIO(git("archive", number))) as archive:
            archive.extractall(folder, filter="data")
    environment = {key: value for key, value in os.environ.items() if key != "VIRTUAL_ENV"}
    subprocess.run(["uv", "sync", "--frozen", "--no-dev", "--quiet"], cwd=folder, check=True, env=environment)
    return folder / ".venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


class Side:
    """A process that runs one side's code, and waits for the next order."""

    def __init__(self, name: str, python: Path | str) -> None:
        self.name = name
        # -P: beside the script stand modules that an import could take for others.
        command = [str(python), "-P", str(Path(__file__).with_name("side.py"))]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd="/")

    def do(self, order: str, *numbers: int) -> float:
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(json.dumps([order, *numbers]) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise SystemExit(f"{self.name}: stopped at {order} {numbers}; what it said is above")
        return json.loads(answer)

    def __enter__(self) -> Side:
        return self

    def __exit__(self, *error: object) -> None:
        self.process.terminate()
        self.process.wait()


def pairs(sides: list[Side], rounds: int, order: str, *numbers: int) -> tuple[list[float], list[float]]:
    """Seconds of each side in rounds in which both take a turn, now the one first and now the other."""
    seconds: dict[str, list[float]] = {side.name: [] for side in sides}
    for k in range(rounds):
        for side in sides if k % 2 else sides[::-1]:
            seconds[side.name].append(side.do(order, *numbers))
    before, after = (seconds[side.name] for side in sides)
    return before, after


def row(label: str, before: list[float], after: list[float], scale: float, unit: str) -> str:
    """Line of the table: medians of both, and the median of the paired ratios with its middle half and extremes."""
    ratios = [old / new for old, new in zip(before, after, strict=True)]
    low, middle, high = quantiles(ratios, n=4, method="inclusive") if len(ratios) > 1 else ratios * 3
    times = f"{middle:.2f} times as fast ({low:.2f} to {high:.2f}, at most {min(ratios):.2f} to {max(ratios):.2f})"
    return f"{label:>24} {median(before) * scale:>10,.0f} {median(after) * scale:>10,.0f} {unit}   {times}"


def weeks(sides: list[Side], largest: int, rounds: int) -> None:
    """Print what a week costs at each size, on one thread and on two."""
    for size, batch in BATCHES.items():
        if size > largest:
            continue
        for threads in (1, 2):
            for side in sides:
                side.do("build", size, threads)
            before, after = pairs(sides, rounds, "live", batch)
            label = f"{size:,} citizens, {threads} thread{'s' * (threads > 1)}"
            print(row(label, before, after, 1e9 / size / batch, "ns"), flush=True)


def million(pythons: list[tuple[str, Path | str]]) -> None:
    """Print the most memory that a million citizens take, each side in a fresh process, one after the other."""
    for name, python in pythons:
        with Side(name, python) as side:
            built = side.do("build", MILLION, 1)
            each = side.do("live", 10) / 10 / MILLION * 1e9
            memory = side.do("memory")
        print(f"{name}: a million citizens take {memory:.2f} GB at most; built in {built:.1f} s, {each:,.0f} ns a week")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--commit", default="60701f0", help="the other side (default: %(default)s)")
    parser.add_argument(
        "--largest", type=int, default=100_000, help="largest number of citizens (default: %(default)s)"
    )
    parser.add_argument("--rounds", type=int, default=15, help="pairs of batches at each size (default: %(default)s)")
    parser.add_argument(
        "--sweeps", type=int, default=3, help="pairs of sweeps; 0 leaves them out (default: %(default)s)"
    )
    parser.add_argument(
        "--seeds", type=int, default=4, help="runs at each of a sweep's nine points (default: %(default)s)"
    )
    parser.add_argument("--million", action="store_true", help="measure the memory of a million citizens too")
    options = parser.parse_args()
    pythons = [(options.commit, laid_out(options.commit)), ("here", sys.executable)]
    print(f"{'':>24} {options.commit:>10} {'here':>10}   a citizen and week, every measure recorded")
    with Side(*pythons[0]) as other, Side(*pythons[1]) as here:
        sides = [other, here]
        weeks(sides, options.largest, options.rounds)
        if options.sweeps:
            before, after = pairs(sides, options.sweeps, "sweep", 3, options.seeds, 2)
            print(row(f"sweep, {9 * options.seeds} runs", before, after, 1e3, "ms a run"), flush=True)
    if options.million:
        million(pythons)


if __name__ == "__main__":
    main()
