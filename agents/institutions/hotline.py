"""Somewhere to report one's neighbours to, and a reward for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from pydantic import Field

from ..base import Institution, Settings, parameter
from ..chance import VERIFICATION, Purpose, uniform_by_domain
from ..compiled import compiled

if TYPE_CHECKING:
    from ...model.society import Society
    from ..citizens import Mask


class HotlineSettings(Settings):
    """Settings of the hotline; what moves citizens to report is under `citizens.report`."""

    reach: float = parameter(1.0, 0, 1, unit="share of citizens", says="Citizens who know where to report and can.")
    reward: float = parameter(
        0.5, 0, 20, unit="utility", says="What a report is worth to who makes it.", explore=(0, 4)
    )
    anonymous: bool = Field(default=True, description="Whether the reported person is left to guess who it was.")
    verification: float = parameter(
        0.5, 0, 1, unit="share of false reports", says="False reports that are found out and dismissed on receipt."
    )


@compiled
def _verify_loop(
    start: int,
    stop: int,
    lanes: tuple[int, ...],
    seed: Mask,
    step: int,
    identity: Mask,
    verification: float,
    denounced: Mask,
) -> None:
    for i in range(start, stop):
        if denounced[i]:
            for d in range(len(lanes)):
                if uniform_by_domain(identity[i], d, step, VERIFICATION, seed) < verification:
                    denounced[i] &= np.uint32(~np.uint32(1 << d))


class Hotline(Institution):
    """Take reports from witnesses, true and false, and dismiss some of the false ones.

    Phases: `watch`. The rule of who reports is the citizens' (`rules.report`); the hotline makes it possible, rewards
    it, and says whether a report is signed.
    """

    settings: HotlineSettings
    zero = {"reach": 0.0}

    def establish(self, society: Society) -> None:
        """Open the line."""
        c, now, s = society.citizens, society.conditions, self.settings
        now.hotline = True
        now.reward = s.reward * now.funded("hotline")
        now.anonymous = s.anonymous
        c.can_report |= c.draw(society, Purpose.HOTLINE_REACH) < s.reach

    def watch(self, society: Society) -> None:
        """Dismiss the false reports that verification finds out; the reported person has heard of them all the same."""
        c = society.citizens
        society.for_all(
            _verify_loop,
            society.domains.lanes,
            society.seed,
            society.week,
            c.identity,
            self.settings.verification,
            c.denounced,
        )
