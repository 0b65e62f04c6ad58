"""Somewhere to report one's neighbours to, and a reward for it."""

from __future__ import annotations

import numpy as np

from ..base import Institution, Settings, option, parameter
from ..chance import OwnPurpose, Words, uniform_by_domain
from ..citizens import Citizens
from ..compiled import compiled
from ..view import Domains, SocietyView


class HotlineSettings(Settings):
    """Settings of the hotline; what moves citizens to report is under `citizens.report`."""

    reach: float = parameter(1.0, 0, 1, unit="share of citizens", says="Citizens who know where to report and can.")
    reward: float = parameter(
        0.5, 0, 20, unit="utility", says="What a report is worth to who makes it.", explore=(0, 4)
    )
    anonymous: bool = option(True, says="Whether the reported person is left to guess who it was.")
    verification: float = parameter(
        0.5, 0, 1, unit="share of false reports", says="False reports that are found out and dismissed on receipt."
    )


@compiled
def _verify_loop(
    start: int, stop: int, c: Citizens, domains: Domains, verification: float, chance: tuple[Words, int, int]
) -> None:
    seed, step, purpose = chance
    denounced = c.denounced
    for i in range(start, stop):
        if denounced[i]:
            for d in range(len(domains.lanes)):
                charged = denounced[i] >> d & 1
                if charged and uniform_by_domain(c.identity[i], d, step, purpose, seed) < verification:
                    denounced[i] &= np.uint32(~np.uint32(1 << d))


class Hotline(Institution):
    """Take reports from witnesses, true and false, and dismiss some of the false ones.

    Phases: `watch`. The rule of who reports is the citizens' (`rules.reporting`); the hotline makes it possible,
    rewards it, and says whether a report is signed.
    """

    settings: HotlineSettings
    zero = {"reach": 0.0}
    VERIFICATION = OwnPurpose(22)
    HOTLINE_REACH = OwnPurpose(26)

    def establish(self, society: SocietyView) -> None:
        """State the hotline, its reward and whether reports are signed; add those it reaches to `can_report`."""
        c, now, s = society.citizens, society.conditions, self.settings
        now.hotline = True
        now.reward = s.reward * now.funded("hotline")
        now.anonymous = s.anonymous
        c.contribute("can_report", c.draw(society.seed, self.HOTLINE_REACH) < s.reach)

    def watch(self, society: SocietyView) -> None:
        """Take out of `denounced` the false reports that verification finds; `reports_against` keeps them."""
        chance = (society.seed, society.week, self.VERIFICATION)
        society.for_all(_verify_loop, society.citizens, society.domains, self.settings.verification, chance)
