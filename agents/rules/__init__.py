"""The citizens' rules: in each file the rule of one citizen, and the compiled loop over all.

Here they are put into the phases that bear their name. Consequences, trust and exchange share the phase `mingle`: it
follows `sanction`, so that citizens learn the week's sanctions when they meet.
"""

from __future__ import annotations

from ..view import SocietyView
from .choosing import act
from .consequences import learn_consequences
from .exchanging import earn, exchange
from .internalising import internalise
from .reporting import report
from .seeing import perceive
from .trusting import believe_in_authority, update_authority_trust, update_people, update_ties


class Rules:
    """The citizens as one actor: like an institution, it has the phases in which it acts as methods."""

    def perceive(self, society: SocietyView) -> None:
        """Update `expectation`, `approval` and `reporting` by what is seen of neighbours."""
        perceive(society)

    def act(self, society: SocietyView) -> None:
        """Set the acts and `terms` of every citizen in every domain."""
        act(society)

    def watch(self, society: SocietyView) -> None:
        """Fill `reported`, `denounced` and the counts of reports by what neighbours witness."""
        report(society)

    def judge(self, society: SocietyView) -> None:
        """Set `upheld` to every charge as it was filed; a court judges after this."""
        c = society.citizens
        c.upheld[:] = c.detected | c.reported | c.denounced

    def mingle(self, society: SocietyView) -> None:
        """Let citizens earn and exchange; then update what they believe of consequences, and whom they trust."""
        earn(society)
        exchange(society)
        update_authority_trust(society)
        learn_consequences(society)
        believe_in_authority(society)
        update_people(society)
        update_ties(society)

    def internalise(self, society: SocietyView) -> None:
        """Update `conviction`."""
        internalise(society)
