"""A mass campaign: the young turn on others without judgement, and on each other, and it leaves a scar."""

from __future__ import annotations

from typing import Annotated, Any

import numpy as np
import numpy.typing as npt
from pydantic import Field

from ..base import Institution, Settings, option, parameter
from ..chance import OwnPurpose
from ..citizens import top_share
from ..columns import Floats
from ..groups import QUARTER
from ..view import SocietyView

Conviction = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
WANG = "lasting distrust: Wang 2021, doi:10.1017/S0007123419000255; the value is a model assumption"
WALDER = "how many were persecuted: Walder & Su 2003, The China Quarterly 173; the value is a model assumption"


class MassCampaignSettings(Settings):
    """When it is, who carries it, and what it does."""

    start: int = parameter(1, 1, 1_000_000, unit="week", says="First week of the campaign.")
    end: int = parameter(104, 0, 1_000_000, unit="week", says="Last week of the campaign; before `start` for none.")
    targets: dict[str, Conviction] = option(
        {"speech": 1.0, "inquiry": 1.0}, unit="share", says="Conviction that it argues for in a domain, at full reach."
    )
    youth: float = parameter(
        7.0, 0, 100, unit="years", says="How long after coming of age, at 18, one counts as young."
    )
    zealot_share: float = parameter(
        0.3, 0, 1, unit="share of the young", says="The young with the highest conviction in `speech`, who carry it."
    )
    zeal: float = parameter(
        0.01,
        0,
        1,
        unit="rate a tie and week",
        says="How often a zealot turns on a neighbour it does not trust at all.",
        source=WALDER,
    )
    fights: float = parameter(
        0.02,
        0,
        1,
        unit="rate a week",
        says="How often a zealot is beaten where all other zealots are its rivals.",
        source=WALDER,
    )
    disorder: float = parameter(
        1.5,
        0,
        100,
        unit="utility",
        says="What the young gain by joining in the fights, where any two zealots are rivals.",
        source=WALDER,
    )
    suspension: float = parameter(
        0.9, 0, 1, unit="share", says="How far sensors, bureau and court stand still while it lasts."
    )
    violence: float = parameter(
        100.0, 0, 10_000, unit="observations", says="What being turned on counts as unfair.", source=WANG
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


def rivalry(place: npt.NDArray[Any], faction: npt.NDArray[Any], places: int, factions: int) -> Floats:
    """Chance that two zealots of a place are of different factions, 1 − Σ (share of a faction)²; shape (places,).

    It is 0 where there is nobody.
    """
    codes, counts = np.unique(place * factions + faction, return_counts=True)
    at = codes // factions
    total = np.bincount(at, weights=counts, minlength=places)
    same = np.bincount(at, weights=counts * counts, minlength=places)
    return np.where(total > 0, 1 - same / np.maximum(1, total * total), 0.0)


class MassCampaign(Institution):
    """Persuade at full reach, and let young zealots strike neighbours, and each other, without judgement.

    Phases: `perceive`, `sanction`, `measure`, between `start` and `end`. Zealots are those of the young with the
    highest conviction in the domain of dissent. Zealot j turns on neighbour i with chance zeal · (1 − trust of j in i)
    a week, whatever i did. Zealots of different groups in a place are rivals: with the chance ρ that two zealots of
    the place are of different groups, each is beaten with chance fights · ρ a week, and for all the young there
    complying in the domain of order brings −disorder · ρ. What authority there was does not reach anybody: `reach`
    times 1 − suspension.

    The victim is sanctioned in the domain of dissent, wrongfully where it complied. Its distrust, `violence`, and with
    weight κ that of its neighbours, goes into `unfair`, and the share `citizens.trust.slow` of it stays as a scar,
    which newcomers inherit in part. Of the ties of those touched, victims and their neighbours, weak ones come to rest
    lower and strong ones higher: people withdraw to those they know well.
    """

    settings: MassCampaignSettings
    by_domain = ("targets",)
    zero = {"end": 0}
    roles = ("dissent", "order")
    ZEAL = OwnPurpose(38)
    FIGHT = OwnPurpose(80)

    def active(self, week: int) -> bool:
        """Whether the campaign is on in a week."""
        return self.settings.start <= week <= self.settings.end

    def young(self, society: SocietyView) -> npt.NDArray[np.bool_]:
        """Who came of age not longer than `youth` ago."""
        return society.week - society.citizens.born < 52 * self.settings.youth

    def zealots(self, society: SocietyView) -> npt.NDArray[np.bool_]:
        """Who carries it."""
        c = society.citizens
        conviction = np.where(self.young(society), c.conviction[:, society.domains.role("dissent")], np.nan)
        return top_share(conviction, self.settings.zealot_share, c.identity)

    def rivalry_at(self, society: SocietyView, zealots: npt.NDArray[np.bool_]) -> Floats:
        """Chance ρ that two zealots are rivals where each citizen lives, shape (N,)."""
        c = society.citizens
        return rivalry(c.place[zealots], c.group[zealots], society.regions, society.groups)[c.place]

    def establish(self, society: SocietyView) -> None:
        """While it is on, add its targets to the persuasion, and what disorder brings the young to `bonus`."""
        if not self.active(max(1, society.week)):
            return
        for d, name in enumerate(society.domains.names):
            if name in self.settings.targets:
                society.conditions.persuade(d, 1.0, self.settings.targets[name])
        c, zealots = society.citizens, self.zealots(society)
        drawn = self.young(society) * self.rivalry_at(society, zealots)
        bonus = np.zeros((len(c), len(society.domains)))
        bonus[:, society.domains.role("order")] = -self.settings.disorder * drawn
        c.contribute("bonus", bonus)

    def perceive(self, society: SocietyView) -> None:
        """Multiply `reach` by what of the authority still works."""
        if self.active(society.week):
            society.citizens.contribute("reach", 1 - self.settings.suspension)

    def sanction(self, society: SocietyView) -> None:
        """Add those who are struck to `sanctioned`, `wrongful`, `unfair` and `scar`, and move ties."""
        if not self.active(society.week):
            return
        c, ties, s, trust = society.citizens, society.ties, self.settings, society.rates.trust
        d, owners = society.domains.role("dissent"), ties.owners()
        zealots = self.zealots(society)
        near = np.flatnonzero(zealots[owners])
        luck = society.uniforms(self.ZEAL, ties.who[near], ties.whom[near])
        hit = near[luck < s.zeal * (1 - ties.trust[near])]
        beaten = society.uniforms(self.FIGHT, c.identity) < s.fights * self.rivalry_at(society, zealots)
        victims = zealots & beaten
        victims[np.asarray(ties.neighbours)[hit]] = True
        bit = np.uint32(1 << d)
        c.sanctioned[victims] |= bit
        c.wrongful[victims & (c.complies[:, d] == 1)] |= bit
        beside = np.bincount(owners, weights=victims[ties.neighbours], minlength=len(c))
        unfair = s.violence * (victims + trust.vicarious * beside)
        c.unfair += unfair
        c.scar += trust.slow * unfair
        touched = (victims | (beside > 0))[owners]
        weak, strong = touched & (ties.strong == 0), touched & (ties.strong == 1)
        for level in (ties.trust, ties.resting):
            level[weak] *= 1 - s.fracture
            level[strong] += s.closing * (1 - level[strong])

    def measure(self, society: SocietyView) -> None:
        """Have conditions stated anew where it begins or ends, which is told, and quarterly, since the young change."""
        now, later = self.active(society.week), self.active(society.week + 1)
        if now != later:
            society.announce("The campaign begins" if later else "The campaign has ended")
        society.stale |= now != later or (now and society.week % QUARTER == 0)
