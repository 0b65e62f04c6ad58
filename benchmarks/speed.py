"""Nanoseconds per citizen and week, next to an ordinary Mesa program. Run: ``uv run python -m benchmarks.speed``."""

from __future__ import annotations

import argparse
import resource
import sys
import time

import glasshouse as gh

from .peers.mesa_society import PlainSociety

ALL_ON = {"citizens.internalise.talk": 0.01}
"""The default scenario has every institution; with talk, every rule is on."""


TEN = {"institutions.gatekeepers": None, "institutions.exit": {}, **ALL_ON}
"""With the others of `unified-national`, ten institutions: ties are sorted, people move and leave."""


def society(size: int, threads: int) -> gh.Society:
    return gh.Society("visible-score-and-reports", rng=1, threads=threads, **{"population.size": size, **ALL_ON})


def ten_institutions(size: int, threads: int) -> gh.Society:
    model = gh.Society("unified-national", rng=1, threads=threads, **{"population.size": size, **TEN})
    assert len(model.institutions) == 10
    return model


def nanoseconds(model: gh.Society | PlainSociety, size: int, steps: int, rounds: int) -> float:
    """Fastest of some rounds, in nanoseconds per citizen and step: the noise of a shared machine only adds."""
    model.step()
    times: list[float] = []
    for _ in range(rounds):
        start = time.perf_counter()
        for _ in range(steps):
            model.step()
        times.append((time.perf_counter() - start) / steps / size * 1e9)
    return min(times)


def memory() -> float:
    """Most memory used so far, in GB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e9 if sys.platform == "darwin" else peak / 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--largest", type=int, default=1_000_000, help="largest number of citizens")
    largest = parser.parse_args().largest
    society(1000, 1).run_for(2)
    size = 10_000
    start = society(size, 1)
    peer = nanoseconds(PlainSociety(start, keyed=False), size, steps=1, rounds=3)
    print("ns per citizen and week, all rules on, degree 10, measures included\n")
    print(f"{'citizens':>10} {'one thread':>12} {'two threads':>12}")
    ours: dict[int, float] = {}
    for size in (1_000, 10_000, 100_000, 1_000_000):
        if size > largest:
            break
        began = time.perf_counter()
        one = society(size, 1)
        built = time.perf_counter() - began
        steps = max(2, min(100, 500_000 // size))
        ours[size] = nanoseconds(one, size, steps, 7 if size < 1_000_000 else 3)
        one.threads = 2
        two = nanoseconds(one, size, steps, 7 if size < 1_000_000 else 3)
        print(f"{size:>10,} {ours[size]:>12.0f} {two:>12.0f}   built in {built:.1f} s, memory so far {memory():.2f} GB")
        del one
    print(f"\nordinary Mesa program, 10,000 citizens: {peer:,.0f} ns, {peer / ours[10_000]:.0f} times as long")
    for threads in (1, 2):
        each = nanoseconds(ten_institutions(10_000, threads), 10_000, 52, 5)
        print(f"ten institutions, 10,000 citizens, {threads} threads: {each:,.0f} ns, {each / ours[10_000]:.2f} times")
    last = max(ours)
    print(f"cost at {last:,} citizens: {ours[last] / ours[10_000]:.2f} times that at 10,000")


if __name__ == "__main__":
    main()
