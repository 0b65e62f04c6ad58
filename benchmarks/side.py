"""One side of `benchmarks.against`: reads orders from standard input, one a line, and writes what each came to.

It uses public names only, so that it runs in the environment of an older commit as it does in this one.
"""

from __future__ import annotations

import itertools
import json
import resource
import sys
import time

import glasshouse as gh

SCENARIO = "visible-score-and-reports"
VISIBILITY, REWARD = "institutions.score_bureau.visibility.peers", "institutions.hotline.reward"


class Side:
    """A society that is built once and lived in batches of weeks."""

    society: gh.Society

    def build(self, size: int, threads: int) -> float:
        """Seconds that a society takes to build; two weeks are lived, so that everything is compiled."""
        start = time.perf_counter()
        self.society = gh.Society(SCENARIO, rng=1, threads=threads, **{"population.size": size})
        seconds = time.perf_counter() - start
        self.society.run_for(2)
        return seconds

    def live(self, weeks: int) -> float:
        """Seconds that weeks take, every measure recorded."""
        start = time.perf_counter()
        self.society.run_for(weeks)
        return time.perf_counter() - start

    def sweep(self, levels: int, seeds: int, workers: int) -> float:
        """Seconds a run in a part of the design `visibility-x-reporting`, from the first run recorded to the last.

        The start of the processes is left out: in the whole design it is a hundredth of the time.
        """
        steps = [k / (levels - 1) for k in range(levels)]
        plan = gh.Scenario.load(SCENARIO)
        plans = [plan.change({VISIBILITY: v, REWARD: 2 * r}) for v, r in itertools.product(steps, steps)]
        seen: list[tuple[float, int]] = []
        found = gh.run_scenarios(
            plans,
            gh.RunConfiguration(steps=260),
            seeds=seeds,
            workers=workers,
            progress=lambda progress: seen.append((time.perf_counter(), progress.recorded)),
        )
        assert (found.runs["status"] == "done").all()
        (first, before), (last, after) = seen[0], seen[-1]
        return (last - first) / (after - before)

    def memory(self) -> float:
        """Most memory used so far, in GB."""
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e9 if sys.platform == "darwin" else 1e6)


def main() -> None:
    side = Side()
    for line in sys.stdin:
        order, *numbers = json.loads(line)
        print(json.dumps(getattr(side, order)(*numbers)), flush=True)


if __name__ == "__main__":
    main()
