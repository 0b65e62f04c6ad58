"""Verdicts, with their errors, and appeals."""

from __future__ import annotations

import numpy as np
from numba.cpython.unsafe.numbers import trailing_zeros

from ..base import Institution, Settings, parameter
from ..chance import OwnPurpose, Words, draws
from ..citizens import Citizens
from ..compiled import compiled
from ..view import Domains, SocietyView


class CourtSettings(Settings):
    """How well, how openly and how correctably the court judges."""

    caseload: float = parameter(
        0.004,
        0,
        32,
        unit="cases a citizen and week",
        says="Cases that the court can hear; they are drawn from all that are filed, the rest stand as filed.",
    )
    error: float = parameter(0.05, 0, 1, unit="rate", says="Chance that someone innocent is convicted.")
    miss: float = parameter(0.2, 0, 1, unit="rate", says="Chance that someone guilty is let go.")
    notice: float = parameter(0.9, 0, 1, unit="share of verdicts", says="Convictions of which the convicted is told.")
    appeal_success: float = parameter(
        0.3, 0, 1, unit="rate", says="Chance that the appeal of someone innocent succeeds."
    )
    appeal_delay: int = parameter(8, 1, 5200, unit="weeks", says="Time from verdict to decision on appeal.")
    discretion: float = parameter(
        1.0,
        0,
        100,
        unit="factor",
        says="Multiplies `error` for dissenters, who have a conviction below one half in `speech`.",
    )


@compiled
def convicted(draw: float, guilty: bool, error: float, miss: float) -> bool:
    """Verdict: the guilty are convicted with probability 1 − miss, the innocent with probability error."""
    return draw < (1 - miss if guilty else error)


@compiled
def wrongful_chance(error: float, injustice: float, discretion: float) -> float:
    """Chance that an innocent is convicted, error · injustice · discretion, at most 1.

    `injustice` is the factor of the place, `discretion` that for dissenters, which the place raises too where it is
    above 1.
    """
    if discretion > 1:
        discretion *= injustice
    return min(1.0, error * injustice * discretion)


@compiled
def _judge_loop(
    start: int,
    stop: int,
    c: Citizens,
    domains: Domains,
    court: CourtSettings,
    hearing: float,
    luck: tuple[Words, int, int],
) -> None:
    seed, step, purpose = luck
    dissent, triable = domains.dissent, domains.triable
    for i in range(start, stop):
        charges = c.upheld[i] & triable
        while charges:
            d = trailing_zeros(charges)  # pyright: ignore[reportCallIssue]
            bit = np.uint32(1) << np.uint32(d)
            charges &= ~bit
            heard, verdict, notified, _ = draws(c.identity[i], d, step, purpose, seed)
            if heard >= hearing * c.reach[i]:
                continue
            dissents = dissent >= 0 and c.conviction[i, dissent] < 0.5
            chance = wrongful_chance(court.error, c.injustice[i], court.discretion if dissents else 1.0)
            if not convicted(verdict, c.complies[i, d] == 0, chance, court.miss):
                c.upheld[i] &= ~bit
                continue
            if notified < court.notice:
                c.told[i] |= bit
                if c.complies[i, d]:
                    c.framed[i] |= bit
            else:
                c.untold[i] |= bit


class Court(Institution):
    """Judge the charges in the domains for which it can convict, and sanction the convicted.

    Phases: `judge`, `sanction`. A charge is a deviation detected or reported, in truth or not; what the court hears
    is upheld or dismissed, what it does not hear stands as filed and is not sanctioned. Convicted innocents who were
    told appeal, and after `appeal_delay` weeks win with `appeal_success`: their points return.
    """

    settings: CourtSettings
    zero = {"caseload": 0.0}
    VERDICT = OwnPurpose(23)
    APPEAL = OwnPurpose(24)

    def enter(self, society: SocietyView) -> None:
        """Make the docket of appeals: (week of decision, nodes of citizens, domains appealed in)."""
        self.docket: list[tuple[int, np.ndarray, np.ndarray]] = []

    def judge(self, society: SocietyView) -> None:
        """Take the acquitted out of `upheld`, fill `told`, `untold`, `framed`, and decide the appeals due."""
        c, s = society.citizens, self.settings
        filed = int(np.bitwise_count(c.upheld & np.uint32(society.domains.triable)).sum())
        hearing = min(1.0, s.caseload * society.conditions.funded("court") * len(c) / max(1, filed))
        society.for_all(_judge_loop, c, society.domains, s, hearing, (society.seed, society.week, self.VERDICT))
        self._decide_appeals(society)
        appellants = np.flatnonzero(c.framed)
        if len(appellants):
            self.docket.append((society.week + s.appeal_delay, c.node[appellants], c.framed[appellants]))

    def _decide_appeals(self, society: SocietyView) -> None:
        c = society.citizens
        due = [appeal for appeal in self.docket if appeal[0] <= society.week]
        if not due:
            return
        self.docket = [appeal for appeal in self.docket if appeal[0] > society.week]
        for _, nodes, appealed in due:
            here = society.row_of[nodes] >= 0
            who, domains = society.row_of[nodes[here]], appealed[here]
            won = society.uniforms(self.APPEAL, c.identity[who]) < self.settings.appeal_success
            c.restored[who[won]] |= domains[won]

    def sanction(self, society: SocietyView) -> None:
        """Add `told` to `sanctioned`, and `framed` to `wrongful`; the untold do not know yet."""
        c = society.citizens
        c.sanctioned |= c.told
        c.wrongful |= c.framed
