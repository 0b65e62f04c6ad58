"""A mass campaign: persuasion at full reach, zealots who sanction on suspicion, and the scar it leaves."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from pydantic import Field

from ..base import Institution, Settings, option, parameter
from ..chance import OwnPurpose
from ..citizens import top_share
from ..view import SocietyView

Conviction = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
WANG = "lasting distrust: Wang 2021, doi:10.1017/S0007123419000255; the value is a model assumption"


class MassCampaignSettings(Settings):
    """When it is, who carries it, and what it does."""

    start: int = parameter(1, 1, 1_000_000, unit="week", says="First week of the campaign.")
    end: int = parameter(104, 0, 1_000_000, unit="week", says="Last week of the campaign; before `start` for none.")
    targets: dict[str, Conviction] = option(
        {"speech": 1.0, "inquiry": 1.0}, unit="share", says="Conviction that it argues for in a domain, at full reach."
    )
    zealot_share: float = parameter(
        0.05, 0, 1, unit="share of citizens", says="Citizens with the highest conviction in `speech` who carry it."
    )
    zeal: float = parameter(
        0.3, 0, 1, unit="rate a tie and week", says="How often a zealot turns on a neighbour it does not trust at all."
    )
    violence: float = parameter(
        0.2, 0, 1000, unit="observations", says="Unfairness that a victim does not forget.", source=WANG
    )
    fracture: float = parameter(
        0.02,
        0,
        1,
        unit="share",
        says="Resting trust that a weak tie loses each time its owner is touched.",
        source=WANG,
    )
    closing: float = parameter(
        0.01, 0, 1, unit="share", says="Missing resting trust that a strong tie then gains.", source=WANG
    )


class MassCampaign(Institution):
    """Persuade at full reach, and let zealots sanction neighbours on suspicion, without judgement.

    Phases: `sanction`, `measure`, between `start` and `end`. Zealot j turns on neighbour i with chance zeal · (1 −
    trust of j in i) a week, whatever i did. The victim is sanctioned in `speech`, wrongfully where it complied; its
    distrust and, with weight κ, its neighbours', goes into `unfair` by `violence` and stays as a scar. Of the ties of
    those touched, victims and their neighbours, weak ones come to rest lower and strong ones higher: people withdraw
    to those they know well.
    """

    settings: MassCampaignSettings
    zero = {"end": 0}
    roles = ("dissent",)
    ZEAL = OwnPurpose(38)

    def active(self, week: int) -> bool:
        """Whether the campaign is on in a week."""
        return self.settings.start <= week <= self.settings.end

    def establish(self, society: SocietyView) -> None:
        """Add the targets to the persuasion of each domain while the campaign is on."""
        if self.active(max(1, society.week)):
            for d, name in enumerate(society.domains.names):
                if name in self.settings.targets:
                    society.conditions.persuade(d, 1.0, self.settings.targets[name])

    def sanction(self, society: SocietyView) -> None:
        """Add those whom zealots turn on to `sanctioned`, `wrongful`, `unfair` and `scar`, and move ties."""
        d = society.domains.role("dissent")
        if not self.active(society.week):
            return
        c, ties, s = society.citizens, society.ties, self.settings
        zealots = top_share(c.conviction[:, d], s.zealot_share, c.identity)
        owners = ties.owners()
        near = np.flatnonzero(zealots[owners])
        luck = society.uniforms(self.ZEAL, ties.who[near], ties.whom[near])
        hit = near[luck < s.zeal * (1 - ties.trust[near])]
        victims = np.zeros(len(c), bool)
        victims[np.asarray(ties.neighbours)[hit]] = True
        bit = np.uint32(1 << d)
        c.sanctioned[victims] |= bit
        c.wrongful[victims & (c.complies[:, d] == 1)] |= bit
        beside = np.bincount(owners, weights=victims[ties.neighbours], minlength=len(c))
        unfair = s.violence * (victims + society.rates.trust.vicarious * beside)
        c.unfair += unfair
        c.scar += unfair
        touched = (victims | (beside > 0))[owners]
        weak, strong = touched & (ties.strong == 0), touched & (ties.strong == 1)
        for trust in (ties.trust, ties.resting):
            trust[weak] *= 1 - s.fracture
            trust[strong] += s.closing * (1 - trust[strong])

    def measure(self, society: SocietyView) -> None:
        """Have conditions stated anew where the campaign begins or ends next week."""
        society.stale |= self.active(society.week) != self.active(society.week + 1)
