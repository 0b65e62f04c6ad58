"""How citizens leave a society, whoever lets them go."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import Literal

import numpy as np
import numpy.typing as npt

from ..agents.citizens import FEWEST, Lists
from ..agents.sight import find_fellows
from .errors import ScenarioError
from .mesa_face import MesaFace


class Leaving(MesaFace):
    """The side of a society that citizens leave by.

    Attributes
    ----------
    leave_after
        When those who emigrate leave: at once (empty), after a call on a set of agents, or after the week.
    """

    founders: int
    rows: npt.NDArray[np.uint32]
    stale: bool
    leave_after: Literal["", "call", "week"] = ""

    def let_go(self, nodes: npt.ArrayLike) -> None:
        """Let citizens emigrate: between weeks at once, otherwise at the end of the week, as the institution Exit does.

        Parameters
        ----------
        nodes
            Their places in the graph at the start.

        Raises
        ------
        ScenarioError
            If fewer than two would stay. Then nobody leaves.
        """
        rows = self.row_of[np.asarray(nodes, np.int64)]
        leaving = self.citizens.on(Lists.EMIGRATED)
        leaving[rows[rows >= 0]] = True
        if len(leaving) - int(leaving.sum()) < FEWEST:
            raise ScenarioError(f"a society cannot lose everybody; {FEWEST} citizens stay in any case")
        self.citizens.mark(Lists.EMIGRATED, leaving)
        if not self.leave_after:
            self._say_farewell()

    @contextmanager
    def leaving_together(self, after: Literal["call", "week"] = "call") -> Generator[None]:
        """Let those who emigrate meanwhile leave in the end, all at once."""
        before, self.leave_after = self.leave_after, self.leave_after or after
        try:
            yield
        finally:
            self.leave_after = before
            if not before:
                self._say_farewell()

    def _say_farewell(self) -> None:
        """Let go those who emigrated this week: no rule and no measure knows them any more."""
        gone = self.citizens.on(Lists.EMIGRATED)
        if not gone.any():
            return
        nodes = self.citizens.node[gone]
        self.ties.remove(gone)
        self.citizens.remove(gone)
        self.number_rows()
        self.forget_citizens(nodes)
        find_fellows(self, ties_only=True)  # pyright: ignore[reportArgumentType]
        self.stale = True

    def number_rows(self) -> None:
        """Note in which row everybody is."""
        c = self.citizens
        order = np.argsort(c.identity % np.uint32(self.founders))
        present = c.identity[order] % np.uint32(self.founders)
        # Who has emigrated is stood in for by the next person, so that nobody else's strangers change.
        self.rows = order[np.searchsorted(present, np.arange(self.founders)) % len(order)].astype(np.uint32)
        self.row_of = np.full(self.founders, -1)
        self.row_of[c.node] = np.arange(len(c))
