"""The citizens' rules: in each file the rule of one citizen, and the compiled loop over all.

Here they are put into the phases that bear their name. Fear, trust and exchange share the phase `mingle`: it follows
`sanction`, so that citizens learn the week's sanctions when they meet.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .choosing import act
from .consequences import learn_fear, spread_news
from .exchanging import exchange
from .internalising import internalise
from .reporting import report
from .seeing import perceive
from .trusting import update_authority_trust, update_ties

if TYPE_CHECKING:
    from ...model.society import Society


class Rules:
    """The citizens as one actor: like an institution, it has the nine phases as methods."""

    def perceive(self, society: Society) -> None:
        """Phase 1: see neighbours' acts and visible scores."""
        perceive(society)

    def act(self, society: Society) -> None:
        """Phase 2: choose in every domain."""
        act(society)

    def watch(self, society: Society) -> None:
        """Phase 3: witness and report."""
        c = society.citizens
        for events in (c.noted, c.detected, c.reported, c.denounced):
            events[:] = 0
        report(society)

    def judge(self, society: Society) -> None:
        """Phase 4: where nobody judges, every charge stands as filed."""
        c = society.citizens
        c.upheld[:] = c.detected | c.reported | c.denounced
        for events in (c.restored, c.told, c.untold, c.framed, c.nominated):
            events[:] = 0

    def score(self, society: Society) -> None:
        """Phase 5: citizens do nothing."""

    def sanction(self, society: Society) -> None:
        """Phase 6: citizens do nothing; last week's sanctions, bars and benefits are over."""
        c = society.citizens
        for events in (c.sanctioned, c.wrongful, c.received, c.withheld, c.hardship, c.denials, c.denied_journeys):
            events[:] = 0

    def mingle(self, society: Society) -> None:
        """Phase 7: exchange, and learn fear and trust; last week's public displays are over."""
        society.citizens.displayed[:] = 0
        exchange(society)
        spread_news(society)
        learn_fear(society)
        update_authority_trust(society)
        update_ties(society)

    def internalise(self, society: Society) -> None:
        """Phase 8: move convictions."""
        internalise(society)

    def measure(self, society: Society) -> None:
        """Phase 9: citizens do nothing."""
