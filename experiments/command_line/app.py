"""The commands of `glasshouse`, where they are, and how they end."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from cyclopts import App, CycloptsError, Parameter

from ...model.errors import GlasshouseError, readable
from ...model.signals import ending_cleanly, exit_code
from ...model.version import __version__
from .characters import use_plain_characters
from .terminal import NOT_A_RESULT, UsageError, errors

HERE = "glasshouse.experiments.command_line"
COMMANDS = {
    "run": (f"{HERE}.runs:run", "Run a society and say what became of conformity, privacy and trust."),
    "scenarios": (f"{HERE}.catalogue:list_scenarios", "List the built-in scenarios, or tell what one stands for."),
    "explain": (
        f"{HERE}.runs:explain",
        "Run a society, then explain why one citizen acted as it did in the last week.",
    ),
    "compare": (
        f"{HERE}.questions:compare",
        "Compare two scenarios: the same people with the same luck, under one and under the other.",
    ),
    "effects": (
        f"{HERE}.questions:effects",
        "Measure what institutions are there for: the same people with the same luck, with them and without.",
    ),
    "field": (
        f"{HERE}.questions:field",
        "Hold the model against the field: virtual trials of published facts, each with its band and a verdict.",
    ),
    "fit": (
        f"{HERE}.questions:fit",
        "Find which settings the trials leave possible, and what is known of each: history matching, then a posterior.",
    ),
    "verify": (
        f"{HERE}.verification:verify",
        "Verify the model: known answers, models of the literature, theory, robustness, reproducibility.",
    ),
    "sweep": (f"{HERE}.studies:sweep", "Run a design: many settings, each over the same seeds."),
    "status": (f"{HERE}.studies:status", "Tell how far the studies in a store are, also while one runs."),
    "export": (f"{HERE}.studies:export", "Write a study as one table: a row a run, its factors and every measure."),
    "sensitivity": (f"{HERE}.studies:sensitivity", "Find which settings matter."),
    "figures": (f"{HERE}.studies:draw", "Draw every figure that a study's design admits into a folder."),
    "new": (
        f"{HERE}.new:new",
        "Write a small package with an institution of your own, its test and a scenario.",
    ),
    "dashboard": (
        "glasshouse.dashboard.serve:dashboard",
        "Open a page on which the society can be watched, changed and switched off. Needs no internet.",
    ),
}
"""Function of every command, imported when it is called, and how its docstring begins."""

MOST_WORDS = 1_000
"""Words of a command line at most: the time to read them grows with their square."""

app = App(
    name="glasshouse",
    help="A model of what a visible score and peer reports do to conformity, privacy and trust.",
    version=__version__,
    version_format="plaintext",
    default_parameter=Parameter(negative=()),
    suppress_keyboard_interrupt=False,
)
for command, (function, words) in COMMANDS.items():
    app.command(function, name=command, help=words)


def carry_out(words: Sequence[str]) -> None:
    """Carry out a command line.

    Bad input is one line on stderr and exit code 2; of a signal that ends it the exit code is 128 and its number.
    """
    use_plain_characters()
    # No command opens a window, and a backend that matplotlib does not know would end it.
    os.environ.pop("MPLBACKEND", None)
    try:
        if len(words) > MOST_WORDS:
            raise UsageError(f"{len(words):,} words are more than {MOST_WORDS:,}; write the settings into a .toml file")
        with ending_cleanly():
            app(words, exit_on_error=False, print_error=False)
    except (GlasshouseError, CycloptsError) as error:
        errors.print(f"glasshouse: {readable(str(error))}")
        sys.exit(NOT_A_RESULT)
    except KeyboardInterrupt as interrupt:
        errors.print("glasshouse: interrupted; nothing was written")
        sys.exit(exit_code(interrupt))
    except BrokenPipeError:
        sys.exit(1)
    except MemoryError:
        errors.print("glasshouse: there is not enough memory here; lower population.size, the degree or the weeks")
        sys.exit(NOT_A_RESULT)
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        errors.print(f"glasshouse: {place}{error.strerror or error}; choose another place, or make room")
        sys.exit(NOT_A_RESULT)
