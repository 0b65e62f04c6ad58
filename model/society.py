"""The society: citizens on a social graph, institutions over them, and the week in which they act."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ..agents.base import Institution
from ..agents.chance import seed_words, uniforms
from ..agents.compiled import available_threads, for_all
from ..agents.conditions import Conditions
from ..agents.institutions import INSTITUTIONS
from ..agents.plain import plain
from ..agents.rates import CitizensSettings
from ..agents.records import Record, Recorded, record_of
from ..agents.rules import Rules
from ..agents.rules.generations import departing, renew
from ..agents.settings import Settings
from ..agents.sight import find_fellows, groups_watch
from .building import conviction_mean, override, populate
from .errors import ScenarioError
from .given import planned, seed_number
from .history import History
from .mesa_face import Beginning, HistoryCollector, MesaScenario
from .numbers import whole
from .phases import PHASES, does_something
from .scenario import Scenario, mapping
from .settled import RULES, Settled
from .settling import honest_share

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

MOST_THREADS = 1_024

PLAIN = frozenset((np.ndarray, float, int, bool, tuple))
"""Types that compiled loops take as they are."""


class Society(Settled):
    """Citizens, ties and institutions; one step is one week.

    Parameters
    ----------
    scenario
        A scenario, the name of a built-in one, or the path of a `.toml` file.
    rng
        Seed: a whole number from 0 to 2**64 − 1, or what NumPy's `default_rng` takes. Without it one is drawn.
    graph
        Social graph to use instead of the scenario's; it sets the number of citizens.
    initial
        Values that replace drawn ones at the start, by column (`conviction`, `identity`, …) or `trust` of the ties.
    threads
        Threads for the rules; the result is the same for any number. By default as many as pay off.
    changes
        Settings by dotted path, as for `Scenario.change`.
    record
        Columns of the citizens of which `history_record.copies` keeps a copy every week.
    **settings
        The same as `changes`, as `mesa.batch_run` gives them.

    Attributes
    ----------
    citizens, ties, domains, conditions
        The state, as columns.
    institutions
        The institutions by name, in the order of the scenario.
    week
        Weeks passed.
    events
        What changed in the course of the run: (first week in which it holds, words, settings).
    stale
        Whether what institutions state for all citizens is to be stated anew before the next week, since someone
        moved, joined or left. Institutions set it.
    founders
        Number of citizens at the start.
    rows
        Shape (founders,): row of each person by identity, or of the next one where that person has emigrated.
    row_of
        Shape (founders,): row of each person by its node in the graph at the start; −1 for emigrants.
    graph_said
        What the graph was taken for, in words; empty where it was generated.
    datacollector
        Mesa's data collector, with every measure as a model reporter.

    Examples
    --------
    >>> society = Society("visible-score", rng=42, changes={"population.size": 100})
    >>> society.run_for(4)
    >>> len(society.history)
    4
    """

    def __init__(
        self,
        scenario: Scenario | MesaScenario | str | Path = "visible-score-and-reports",
        *,
        rng: Any = None,
        graph: nx.Graph[Any] | None = None,
        initial: Mapping[str, npt.ArrayLike] | None = None,
        threads: int | None = None,
        changes: Mapping[str, Any] | None = None,
        record: Iterable[str] = (),
        **settings: Any,
    ) -> None:
        if isinstance(scenario, MesaScenario):
            again = scenario.beginning
            rng = scenario.rng if rng is None else rng
            threads = again.threads if threads is None else threads
            record = record or again.record
        self.seed_number = seed_number(rng)
        super().__init__(rng=self.seed_number)  # pyright: ignore[reportUnknownMemberType]
        self.seed = seed_words(self.seed_number)
        self.week = 0
        self.events: list[tuple[int, str, dict[str, Any]]] = []
        initial = mapping({} if initial is None else initial, "initial", '{"conviction": 0.5}')
        given = {"graph": graph is not None, "initial": bool(initial)}
        changed = mapping({} if changes is None else changes, "changes", '{"population.size": 200}')
        plan = planned(scenario, {**changed, **settings})
        plan.refuse_given(*(name for name, there in given.items() if there))
        self.threads = (
            available_threads() if threads is None else whole(threads, "threads", 1, MOST_THREADS, ScenarioError)
        )
        self.institutions: dict[str, Institution] = {}
        self._settings_records: dict[int, tuple[Settings, Record]] = {}
        people = self.settled(plan, lambda: populate(plan, self.seed, graph, initial), not any(given.values()))
        self.plan = self.plan.with_given(*(name for name, there in given.items() if there))
        beginning = self.plan
        self.register_citizens()
        self._institute(people.later)
        self.history_record = History(self, record)
        self.beginning = Beginning(beginning, self.seed_number, threads, self.history_record.columns)
        self.datacollector = HistoryCollector(self.history_record)

    # What rules and institutions see

    @property
    def rates(self) -> CitizensSettings:
        """The settings of the citizens' rules."""
        return self.plan.citizens

    @property
    def groups(self) -> int:
        """Number of work units."""
        return self.plan.population.groups

    @property
    def regions(self) -> int:
        """Number of regions."""
        return self.plan.population.regions

    def uniforms(self, purpose: int, who: npt.ArrayLike, whom: npt.ArrayLike = 0) -> npt.NDArray[np.float64]:
        """This week's uniforms in (0, 1) for a purpose."""
        return uniforms(self.seed, purpose, self.week, who, whom)

    def for_all[*Owners](self, loop: Callable[[int, int, *Owners], None], *owners: *Owners) -> None:
        """Run a compiled loop over all citizens: owners of columns and settings are handed over as records."""
        for_all(loop, self.citizens.size, self.threads, *map(self.record_of, owners))  # pyright: ignore[reportArgumentType]

    def once[*Owners](self, loop: Callable[[int, int, *Owners], None], *owners: *Owners) -> None:
        """Run a compiled loop over all citizens on one thread, since it writes others' rows too."""
        for_all(loop, self.citizens.size, 1, *map(self.record_of, owners))  # pyright: ignore[reportArgumentType]

    def record_of(self, owner: Any) -> Any:
        """The record of an owner of columns or of settings, for a compiled function; anything else as it is."""
        if type(owner) in PLAIN:
            return owner
        if isinstance(owner, Recorded):
            return owner.record
        if isinstance(owner, Settings):
            # Settings are immutable, and kept here as long as their record is.
            known = self._settings_records.get(id(owner))
            if known is None:
                known = self._settings_records[id(owner)] = (owner, record_of(**owner.numbers()))
            return known[1]
        return owner

    def announce(self, says: str) -> None:
        """Note something that institutions did of themselves among the events of the run."""
        self.events.append((self.week, says, {}))

    # Time

    @property
    def actors(self) -> Iterator[Rules | Institution]:
        """Who acts, in order: citizens first, then the institutions in the order of the registry.

        That order is always the same, so that the order in a scenario cannot matter. Those that are not registered, as
        other people's own may be, come last.
        """
        yield RULES
        for name in INSTITUTIONS:
            if name in self.institutions:
                yield self.institutions[name]
        for name, institution in self.institutions.items():
            if name not in INSTITUTIONS:
                yield institution

    def run_for(self, duration: float | int) -> None:
        """Live so many weeks, a whole number of them."""
        weeks = whole(duration, "run_for", 0, fault=ScenarioError)
        if weeks:
            super().run_for(weeks)  # pyright: ignore[reportUnknownMemberType]

    def step(self) -> None:
        """Live one week."""
        self.week += 1
        for change in self.plan.dated:
            if change.week == self.week:
                self._change(change.set, change.says)
        self._welcome_newcomers()
        if self.stale:
            self._establish()
        if self._planned_for != list(self.institutions.values()):
            self._plan_weeks()
        with self.leaving_together(after="week"):
            for phase, acts in self._schedule:
                self.citizens.clear(phase)
                for act in acts:
                    act(self)
            self.history_record.record(self)

    def _welcome_newcomers(self) -> None:
        """Let newcomers take the places of those who leave them this week."""
        turnover = self.plan.population.turnover
        if turnover == 0:
            return
        gone = departing(self, turnover)
        if len(gone) == 0:
            return
        means = np.array([conviction_mean(self.plan, domain) for domain in self.plan.domains.values()])
        renew(self, gone, means, self.plan.citizens.conviction_concentration, honest_share(self.plan))
        self.citizens.flags[gone] = 0
        self.citizens.score[gone] = np.nan
        for institution in self.institutions.values():
            institution.welcome(self, gone)
        if not self.stale:
            # What institutions say of newcomers.
            self._establish()

    # Change

    def change(self, changes: Mapping[str, Any], says: str = "") -> None:
        """Change settings of the running society from the week to come on; institutions may come and go.

        The run is the same, bit for bit, as with a dated change of that week.

        Raises
        ------
        ScenarioError
            As `Scenario.change`, for what takes effect only at the start, and in the middle of a week. Then nothing
            has changed.
        """
        self._refuse_within_week()
        # What institutions note when they come, and state of what has passed since, belongs to the week to come.
        self.week += 1
        try:
            self._change(changes, says)
        finally:
            self.week -= 1

    def _refuse_within_week(self) -> None:
        if self.leave_after == "week":
            raise ScenarioError(
                "nothing changes in the middle of a week; change it between weeks, or by a dated change"
            )

    def _change(self, changes: Mapping[str, Any], says: str) -> None:
        after = self.plan.changed_in_course(changes)
        self.plan = after.model_copy(update={"dated": self.plan.dated})
        self.events.append((self.week, says, plain(changes)))
        self._institute({})

    def dismiss(self, institution: Institution) -> None:
        """Let an institution cease to exist, as by a change to `None`.

        Raises
        ------
        ScenarioError
            If the scenario is impossible without it, or in the middle of a week. Then it stays.
        """
        if institution.name in self.plan.institutions:
            self.change({f"institutions.{institution.name}": None})
            return
        # One that was put in by hand, which no plan knows.
        self._refuse_within_week()
        self.institutions = {name: other for name, other in self.institutions.items() if other is not institution}
        self._let_leave(institution)
        self.stale = True

    def _let_leave(self, institution: Institution) -> None:
        institution.leave(self)
        if institution in self.citizens.keepers:
            self.citizens.give_up(institution, institution.columns)
        institution.remove()

    def _institute(self, initial: Mapping[str, npt.ArrayLike]) -> None:
        """Bring the institutions in line with the scenario, and let each state what holds from now on."""
        wanted = self.plan.institutions
        self._settings_records = {}
        for name in [name for name in self.institutions if name not in wanted]:
            self._let_leave(self.institutions.pop(name))
        known, self.institutions = self.institutions, {}
        new: list[Institution] = []
        for name, settings in wanted.items():
            if name in known:
                known[name].settings = settings
            else:
                institution = known.setdefault(name, INSTITUTIONS[name](self, settings))
                self.citizens.keep(institution, institution.columns)
                new.append(institution)
            self.institutions[name] = known[name]
        for institution in new:
            institution.enter(self)
        for name, values in initial.items():
            override(self.citizens, name, values)
        self._establish()
        find_fellows(self)

    def _plan_weeks(self) -> None:
        """Note who acts in each phase, in order; those who do nothing in it are left out."""
        self._planned_for = list(self.institutions.values())
        self._schedule: list[tuple[str, list[Callable[[Society], None]]]] = [
            (phase, [getattr(actor, phase) for actor in self.actors if does_something(actor, phase)])
            for phase in PHASES
        ]

    def _establish(self) -> None:
        """Let every institution state what holds, on a clean slate."""
        self.stale = False
        watched = groups_watch(self)
        self.domains = self._domains()
        self.conditions = Conditions(len(self.domains))
        self.citizens.withdraw()
        for actor in self.actors:
            if isinstance(actor, Institution):
                actor.establish(self)
        if groups_watch(self) != watched:
            find_fellows(self)

    # Out

    @property
    def history(self) -> pd.DataFrame:
        """Every measure (columns) in every week (rows, from 1)."""
        return self.history_record.frame()

    def __repr__(self) -> str:
        return (
            f"<Society {self.plan.name!r}: {len(self.citizens):,} citizens, {len(self.ties) // 2:,} ties, "
            f"{', '.join(self.institutions) or 'no institutions'}; week {self.week}, seed {self.seed_number}>"
        )

    def _repr_html_(self) -> str:
        shown = ("compliance", "pressure", "internalised", "exposure", "trust_authority", "trust_ties")
        rows = "".join(f"<tr><td>{name}</td><td>{self.history_record.latest[name]:.3f}</td></tr>" for name in shown)
        return f"<p>{escape(repr(self))}</p><table>{rows}</table>"

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_settings_records": {}}
