"""Write docs/worked-example.md: ``uv run python docs/worked_example.py``.

Five people live for three weeks, and every number that another program must come to is written down: what is drawn,
what follows from it at the start, while they settle, and after each phase of each week.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
from reference import shown, table
from worked_example_notes import Notes, Snapshot, foreseen, perceived, state

import glasshouse as gh
from glasshouse.agents.base import Settings
from glasshouse.agents.chance import Purpose, philox, unit
from glasshouse.agents.institutions import INSTITUTIONS
from glasshouse.agents.plain import plain
from glasshouse.model.phases import PHASES

PAGE = Path(__file__).parent / "worked-example.md"

SEED = 19
WEEKS = 3
EDGES = ((0, 1), (0, 2), (1, 2), (1, 4), (2, 3), (3, 4))
SCENARIO = "visible-score-and-reports"
CHANGES: dict[str, Any] = {
    **{f"domains.{name}": False for name in ("conduct", "civic", "consumption", "inquiry")},
    "population.settle": 14,
    "citizens.report.hassle": 0.5,
    "citizens.report.false_rate": 0.05,
    "institutions.sensor_network.blind_share": 0.2,
    "institutions.sensor_network.false_positive": 0.1,
    "institutions.court.caseload": 1.0,
    "institutions.court.error": 0.4,
    "institutions.court.notice": 0.5,
    "institutions.court.discovery": 0.5,
    "institutions.court.appeal_delay": 1,
    "institutions.court.appeal_success": 0.6,
}

HEAD = """# A worked example

Written by `docs/worked_example.py` from the program; do not edit. It goes with [the model after the ODD
protocol](odd.md), and has what a second program must come to: acts, lists and counts exactly, other numbers to 1e-12.
Numbers are the shortest decimals that give the same number in double precision. Words of draws are hexadecimal.

Five people, 0 to 4, who are also their rows, know each other along the edges {edges}. They live
in the scenario `{scenario}` under the seed {seed}, with these changes, which leave two domains and
let rare things happen in a few weeks:

{changes}

`{scenario}` has the institutions {institutions}. No week is a multiple of four, so nobody leaves a place.

A row `name.domain` is a column of citizens in one domain, `name` one of shape (N,); a set of domains has bit 0 for
`{first}` and bit 1 for `{second}`. A row `i→j` is the tie of citizen i to its neighbour j. Names with a star are terms
on the way, which no column keeps.
"""

CHANGED: dict[str, str] = {
    "perceive": "expectation approval reporting unpunished spared_innocent",
    "act": "quick_detection slow_detection perceived_detection ordinary_image pressure surprise complies "
    "complies_unobserved complies_alone complies_unchanged complies_at_start visible_harm",
    "watch": "noted detected reported denounced reports_against false_against",
    "judge": "upheld told untold framed restored unfair scar",
    "score": "visibility score closeness",
    "sanction": "sanctioned wrongful undisclosed undisclosed_wrong received withheld",
    "mingle": "wealth deals fair unfair scar unjust punished unpunished punished_innocent spared_innocent "
    "believed_guilty believed_innocent authority_trust reports_heard kept_faith broke_faith generalised_trust "
    "undisclosed undisclosed_wrong",
    "internalise": "conviction character",
    "measure": "",
}
"""Columns that change in each phase."""

STARTING = (
    "conviction start_conviction temperament character expectation start_expectation approval first_approval "
    "intercept ordinary_image pressure everyday_unseen complies perceived_detection close others fair unfair scar "
    "authority_trust believed_guilty believed_innocent reporting kept_faith broke_faith generalised_trust watched "
    "score visibility can_report"
)
DRAWN = (
    "born conformity image_concern reactance privacy_concern wealth disposition conviction approval ordinary_image "
    "intercept everyday_unseen"
)


def scenario() -> gh.Scenario:
    """The scenario that the five live in."""
    return gh.Scenario.load(SCENARIO).change(CHANGES)


class Settling(gh.Society):
    """A society that notes how it settles."""

    def live(self, week: int) -> None:
        """Note the state after a week of settling, by week."""
        super().live(week)
        self.__dict__.setdefault("weeks", {})[self.week] = state(self)


def society(**changes: Any) -> Settling:
    """The five people."""
    graph = nx.Graph()
    graph.add_nodes_from(range(5))
    graph.add_edges_from(EDGES)
    return Settling(scenario().change(changes), rng=SEED, graph=graph, threads=1)


# Tables


def number(value: Any) -> str:
    """A number as it is written on the page."""
    return "none" if value != value else repr(plain(value))


def rows(now: Snapshot, names: Iterable[str], domains: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Rows of a table over people, one a column and domain."""
    for name in names:
        values = now[name]
        parts = {f"{name}.{domain}": values[:, d] for d, domain in enumerate(domains)} if values.ndim == 2 else {}
        for label, part in (parts or {name: values}).items():
            yield (f"`{label}`", *map(number, part))


def people(now: Snapshot, names: Iterable[str], domains: tuple[str, ...]) -> list[str]:
    """A table over people."""
    return ["", *table(("column", *map(str, range(5))), rows(now, names, domains)), ""]


def of_ties(who: gh.Society, now: Snapshot, names: Iterable[str]) -> list[str]:
    """A table over ties, each citizen's in the order of its neighbours."""
    names = list(names)
    pairs = zip(who.ties.owners(), who.ties.neighbours, strict=True)
    found = ((f"`{i}→{j}`", *(number(now[f"tie {name}"][t]) for name in names)) for t, (i, j) in enumerate(pairs))
    return [*table(("tie", *names), found), ""]


def draws(who: gh.Society, keys: Iterable[tuple[str, int, int, int, int]]) -> list[str]:
    """A table of draws: for what, the counter, the words that come of it, and uniforms of the first so many."""
    lines: list[tuple[str, ...]] = []
    for name, purpose, one, other, used in keys:
        # Weeks of settling are below 0: a word has their lower 32 bits.
        counter = (int(one), int(other), 0 if used < 0 else who.week, int(purpose))
        words = philox(*counter, who.seed[0], who.seed[1])
        uniforms = " ".join(number(float(unit(word))) for word in words[: abs(used)])
        lines.append(
            (f"`{name}`", " ".join(map(str, counter)), " ".join(f"{int(word):08x}" for word in words), uniforms)
        )
    return ["", *table(("purpose", "who, with whom, week, purpose", "words", "uniforms"), lines), ""]


def drawn_at_start(who: gh.Society) -> Iterator[tuple[str, int, int, int, int]]:
    """Keys of what is drawn once; for NETWORK nothing is, since the graph is given."""
    for name, whom in (
        *(("TRAIT", trait) for trait in range(5)), ("AGE", 0), ("PEOPLE", 0), ("LIKENESS", 0), ("CONVICTION", 0),
        ("CONVICTION", 1), ("LIKENESS", 32), ("CONVICTION", 32), ("CONVICTION", 33),
    ):  # fmt: skip
        yield from ((name, Purpose[name], i, whom, -1) for i in range(5))
    yield from (("TIE", Purpose.TIE, i, j, -1) for i, j in EDGES)
    for name, institution in (("BLIND", "sensor_network"), ("ENROLMENT", "score_bureau"), ("HOTLINE_REACH", "hotline")):
        yield from ((name, INSTITUTIONS[institution].purposes[name], i, 0, -1) for i in range(5))


def drawn_in_week(
    who: gh.Society, notes: dict[str, Snapshot], appeals: Iterable[int]
) -> Iterator[tuple[str, int, int, int, int]]:
    """Keys of what a week draws, as far as anything hangs on it."""
    of = {name: number for kind in INSTITUTIONS.values() for name, number in kind.purposes.items()}
    watched, sanctioned = notes["watch"], notes["sanction"]
    yield from (("ACT", Purpose.ACT, i, 0, 2) for i in range(5))
    yield from (("REPORT", Purpose.REPORT, i, j, 1) for i, j in zip(who.ties.who, who.ties.whom, strict=True))
    yield from (("SENSOR", of["SENSOR"], i, 0, 2) for i in range(5))
    false = [i for i in range(5) if watched["false_against"][i]]
    yield from (("VERIFICATION", of["VERIFICATION"], i, 0, 2) for i in false)
    charges = watched["detected"] | watched["reported"] | watched["denounced"]
    yield from (("VERDICT", of["VERDICT"], i, d, 3) for i in range(5) for d in range(2) if charges[i] >> d & 1)
    yield from (("APPEAL", of["APPEAL"], i, 0, 1) for i in appeals)
    yield from (("EXCHANGE", Purpose.EXCHANGE, i, 0, 4) for i in range(5))
    yield from (("DISCOVERY", of["DISCOVERY"], i, 0, 1) for i in range(5) if sanctioned["undisclosed"][i])


# Sections


def before() -> list[str]:
    """What is drawn, and what follows from it before the society settles."""
    early = society(**{"population.settle": 0})
    drawn = people(state(early), DRAWN.split(), early.domains.names)
    solved = zip(early.domains.names, early.domains.cost, early.domains.spread, strict=True)
    costs = table(("domain", "cost", "spread"), ((f"`{name}`", number(c), number(sd)) for name, c, sd in solved))
    return [
        "## What is drawn once", *draws(early, drawn_at_start(early)),
        "## Before settling", "",
        "The traits, ages and dispositions drawn; convictions, and what is believed of them; costs as first solved,",
        "and the spread of convictions; trust along the ties where it balances.", *drawn, *costs, "",
        *of_ties(early, state(early), ("first", "resting", "trust", "strong")),
    ]  # fmt: skip


def settling(who: Settling) -> list[str]:
    """Acts and beliefs in the weeks of settling."""
    lines = ["## Settling", "", "Acts, beliefs and convictions at the end of each week, without any institution."]
    for week, now in who.__dict__["weeks"].items():
        names = ("complies", "expectation", "approval", "conviction")
        lines += ["", f"### Week {week}".replace("-", "−"), *people(now, names, who.domains.names)[:-1]]
    return [*lines, ""]


def start(who: gh.Society) -> list[str]:
    """The state before week 1."""
    now = state(who)
    costs = table(("domain", "cost", "spread", "weight"), (
        (f"`{name}`", number(who.domains.cost[d]), number(who.domains.spread[d]), number(who.conditions.weight[d]))
        for d, name in enumerate(who.domains.names)
    ))  # fmt: skip
    return [
        "## Before week 1", "", "Costs as last solved, the spread of convictions, and the domain's share of the score.",
        "", *costs, *people(now, STARTING.split(), who.domains.names), *of_ties(who, now, ("trust", "resting")),
    ]  # fmt: skip


def lived(who: gh.Society) -> Iterator[str]:
    """Every week, phase by phase."""
    notes = Notes(who, Settings())
    who.institutions = {**who.institutions, "notes": notes}
    domains, last = who.domains.names, state(who)
    for _ in range(WEEKS):
        docket = who.institutions["court"].docket
        appeals = [i for due, _, persons, _ in docket if due == who.week + 1 for i in persons]
        who.step()
        states: dict[str, Snapshot] = notes.__dict__["states"]
        yield from (f"## Week {who.week}", "", "### Draws", *draws(who, drawn_in_week(who, states, appeals)))
        for phase in PHASES[:-1]:
            now, names = states[phase], CHANGED[phase].split()
            check(phase, last, now)
            extra = perceived(who, last) if phase == "perceive" else foreseen(who, now) if phase == "act" else {}
            yield from (f"### After {phase}", *people(now | extra, [*extra, *names], domains))
            if phase in ("watch", "mingle"):
                yield from of_ties(who, now, ("accusations",) if phase == "watch" else ("trust", "resting"))
            last = now


def check(phase: str, before: Snapshot, now: Snapshot) -> None:
    """Refuse a page that leaves out what a phase changes, but for what is cleared as it begins."""
    told = {*CHANGED[phase].split(), "terms", "tie trust", "tie resting", "tie accusations"}
    changed = {name for name, values in now.items() if not np.array_equal(values, before[name], equal_nan=True)}
    if not changed <= told:
        raise ValueError(f"{phase} changes {', '.join(sorted(changed - told))}, which the page does not have")


def page() -> str:
    """The whole page."""
    who = society()
    changes = table(("setting", "value"), (
        (f"`{name}`", "removed" if value is False else shown(value)) for name, value in CHANGES.items()
    ))  # fmt: skip
    first, second = who.domains.names
    head = HEAD.format(
        edges=", ".join(f"{i}–{j}" for i, j in EDGES), scenario=SCENARIO, seed=SEED, changes="\n".join(changes),
        institutions=", ".join(f"`{name}`" for name in who.plan.institution_names), first=first, second=second,
    )  # fmt: skip
    lines = [head, *before(), *settling(who), *start(who), *lived(who)]
    return "\n".join(lines).rstrip("\n") + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
