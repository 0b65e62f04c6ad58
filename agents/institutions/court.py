"""Verdicts, with their errors, and appeals."""

from __future__ import annotations

import numpy as np
from numba.cpython.unsafe.numbers import trailing_zeros

from ..base import Institution, Settings, parameter
from ..chance import OwnPurpose, Words, draws
from ..citizens import Citizens, Lists
from ..columns import Floats, Ints, Mask, as_mask, mask
from ..compiled import compiled
from ..view import Domains, SocietyView

WRONGED = 2.0
"""Observations of unfairness in a sanction of the innocent: one for the sanction, one for the wrong."""

UNTOLD = 1.0
"""Observations of unfairness in not being told."""


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
    discovery: float = parameter(
        0.05,
        0,
        1,
        unit="rate a week",
        says="How soon the untold find out by themselves; who is on a list finds out when first denied something, too.",
    )
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
            if heard >= hearing:
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

    Phases: `judge`, `sanction`, `mingle`. A charge is a deviation detected or reported, in truth or not; what the court
    hears is upheld or dismissed, what it does not hear stands as filed and is not sanctioned. A verdict of which the
    convicted was not told is found out later, at the rate `discovery` or by what a list denies: it then counts as a
    sanction does, and as unfair for not having been told of. Convicted innocents appeal as soon as they know, and after
    `appeal_delay` weeks win with `appeal_success`: their points return, what listed them is struck off, and half of the
    unfairness is forgiven.
    """

    settings: CourtSettings
    zero = {"caseload": 0.0}
    VERDICT = OwnPurpose(23)
    APPEAL = OwnPurpose(24)
    DISCOVERY = OwnPurpose(110)
    undisclosed: Mask = mask("verdicts against it that it does not know of", "always")
    undisclosed_wrong: Mask = mask("of these, the ones on what did not happen", "always")

    def enter(self, society: SocietyView) -> None:
        """Make the docket of appeals: (week of decision, nodes of citizens, persons, domains appealed in)."""
        self.docket: list[tuple[int, np.ndarray, np.ndarray, np.ndarray]] = []

    def establish(self, society: SocietyView) -> None:
        """State that there are convictions, and how much less those are heard who dissent."""
        if self.settings.caseload > 0:
            society.conditions.convicts = True
            society.conditions.discretion = self.settings.discretion

    def judge(self, society: SocietyView) -> None:
        """Take the acquitted out of `upheld`, fill `told`, `untold`, `framed`, and decide the appeals due."""
        c, s = society.citizens, self.settings
        filed = int(np.bitwise_count(c.upheld & np.uint32(society.domains.triable)).sum())
        hearing = min(1.0, s.caseload * society.conditions.funded("court") * len(c) / max(1, filed))
        society.for_all(_judge_loop, c, society.domains, s, hearing, (society.seed, society.week, self.VERDICT))
        self._decide_appeals(society)

    def _decide_appeals(self, society: SocietyView) -> None:
        c = society.citizens
        due = [appeal for appeal in self.docket if appeal[0] <= society.week]
        self.docket = [appeal for appeal in self.docket if appeal[0] > society.week]
        for _, nodes, persons, appealed in due:
            who = society.row_of[nodes]
            here = who >= 0
            # Nobody goes on with the appeal of somebody who has died.
            here[here] = c.identity[who[here]] == persons[here]
            who, domains = who[here], appealed[here]
            won = society.uniforms(self.APPEAL, c.identity[who]) < self.settings.appeal_success
            c.restored[who[won]] |= domains[won]
            self._blame(society, who[won], -WRONGED * np.bitwise_count(domains[won]) / 2)

    def sanction(self, society: SocietyView) -> None:
        """Add `told` to `sanctioned`, and `framed` to `wrongful`; keep what was not told."""
        c = society.citizens
        c.sanctioned |= c.told
        c.wrongful |= c.framed
        self.undisclosed |= c.untold
        self.undisclosed_wrong |= c.untold & as_mask(c.complies)

    def mingle(self, society: SocietyView) -> None:
        """Let some of the untold find out, and take the appeals of the innocent who know."""
        c = society.citizens
        appealed = c.framed | self._find_out(society)
        appellants = np.flatnonzero(appealed)
        if len(appellants):
            decided = society.week + self.settings.appeal_delay
            self.docket.append((decided, c.node[appellants], c.identity[appellants], appealed[appellants]))

    def _find_out(self, society: SocietyView) -> Mask:
        """Let some learn of verdicts that they were not told of; return those on what did not happen."""
        c, salience = society.citizens, society.rates.consequence.salience
        wrong = np.zeros(len(c), np.uint32)
        waiting = np.flatnonzero(self.undisclosed)
        luck = society.uniforms(self.DISCOVERY, c.identity[waiting])
        learns = waiting[(luck < self.settings.discovery) | (c.noticed[waiting] == 1)]
        c.flags[learns] &= ~np.uint32(Lists.UNAWARE)
        verdicts = np.bitwise_count(self.undisclosed[learns]).astype(np.float64)
        mistakes = np.bitwise_count(self.undisclosed_wrong[learns]).astype(np.float64)
        c.punished[learns] += salience * (verdicts - mistakes)
        c.punished_innocent[learns] += salience * mistakes
        self._blame(society, learns, UNTOLD * verdicts + WRONGED * mistakes)
        wrong[learns] = self.undisclosed_wrong[learns]
        self.undisclosed[learns] = 0
        self.undisclosed_wrong[learns] = 0
        return wrong

    def _blame(self, society: SocietyView, who: Ints, unfairness: Floats) -> None:
        """Add to, or take from, the evidence that the authority is unfair, and the scar it leaves."""
        c = society.citizens
        c.unfair[who] = np.maximum(0.0, c.unfair[who] + unfairness)
        c.scar[who] = np.maximum(0.0, c.scar[who] + society.rates.trust.slow * unfairness)
