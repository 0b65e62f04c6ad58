"""Names, faces and addresses of the lowest scorers, published."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..base import Institution, Measure, Settings, option, parameter
from ..citizens import Lists, top_share
from ..columns import INF, Ints, each
from ..view import SocietyView

LEMERT = "secondary deviance: Lemert 1951, Social Pathology; the value is a model assumption"


class NameAndShameSettings(Settings):
    """Who is named, and what it costs them."""

    share: float = parameter(0.02, 0, 1, unit="share of citizens", says="How many of the lowest scorers are named.")
    listed: bool = option(True, says="Whether everyone on the blacklist is named too.")
    stigma: float = parameter(
        0.1, 0, 1, unit="share of trust", says="Trust that each neighbour loses in someone newly named."
    )
    dread: float = parameter(
        0.3, 0, 1000, unit="utility", says="What being named is felt to cost by those who might be."
    )
    near: float = parameter(
        20.0, 0.001, 1e6, unit="points", says="Distance from the score of the last one named in which one might be."
    )
    patience: int = parameter(
        52, 1, 5200, unit="weeks", says="How long one is named before one gives up.", source=LEMERT
    )
    resignation: float = parameter(
        0.3, 0, 100, unit="utility", says="What complying is worth less to those who have given up.", source=LEMERT
    )


class NameAndShame(Institution):
    """Publish the lowest scorers, and those on the blacklist.

    Phases: `mingle`, so that those listed this week are named this week. The named are known to strangers, which is
    intrusion; their scores are seen by all their neighbours, and what they do in scored domains with them, so that
    more is at stake in their image. Neighbours lose `stigma` of their trust in the newly named, and
    `citizens.trust.scarring` of that loss stays.

    Citizens take the chance of being named to fall evenly with the score, from certain `near` points below that of the
    last one named to nil `near` points above it: there the score is worth dread / (2 near) a point. A name sticks: it
    grows by a week in each that one is named and fades by one in each other; who is named anew before it has faded is
    not newly named. Who has a name of `patience` weeks or more has nothing left to lose and gives up: complying in
    scored domains is then worth `resignation` less.
    """

    settings: NameAndShameSettings
    zero = {"share": 0.0, "listed": False}
    named_for: Ints = each(0, INF, "weeks", "how long it has been named, less what has faded", np.int64)
    measures = (
        Measure(
            "resigned",
            "Given up",
            "share of citizens",
            0,
            1,
            "Citizens who have been named for so long that they have given up.",
            absent=0.0,
            kind="justice",
        ),
    )

    def enter(self, society: SocietyView) -> None:
        """Set the score of the last one named to none."""
        self.cutoff = np.nan

    def leave(self, society: SocietyView) -> None:
        """Clear the flag `SHAMED`."""
        society.citizens.mark(Lists.SHAMED, np.zeros(len(society.citizens), bool))

    @property
    def resigned(self) -> npt.NDArray[np.bool_]:
        """Who has given up."""
        return self.named_for >= self.settings.patience

    def establish(self, society: SocietyView) -> None:
        """State the names of last week again, and take what the resigned miss from `bonus`."""
        self._show(society)
        missing = self.settings.resignation * self.resigned
        society.citizens.contribute("bonus", -missing, society.domains.scored)

    def mingle(self, society: SocietyView) -> None:
        """Set the flag `SHAMED` of the lowest scorers, lower trust in the newly named, and let names grow and fade."""
        c, ties, s = society.citizens, society.ties, self.settings
        named = top_share(-c.score, s.share, c.identity)
        self.cutoff = float(c.score[named].max()) if named.any() else np.nan
        if s.listed:
            named |= c.on(Lists.BLACKLISTED)
        before = self.resigned
        to_new = np.asarray(ties.reverse)[ties.ties_of(np.flatnonzero(named & (self.named_for == 0)))]
        lost = s.stigma * ties.trust[to_new]
        ties.trust[to_new] -= lost
        ties.resting[to_new] = np.maximum(0.0, ties.resting[to_new] - society.rates.trust.scarring * lost)
        self.named_for[:] = np.where(named, self.named_for + 1, np.maximum(0, self.named_for - 1))
        society.stale |= bool((self.resigned != before).any())
        c.mark(Lists.SHAMED, named)
        self._show(society)

    def _show(self, society: SocietyView) -> None:
        c, s = society.citizens, self.settings
        if not np.isnan(self.cutoff):
            society.conditions.promise(self.name, self.cutoff - s.near, 2 * s.near, s.dread)
        shamed = c.on(Lists.SHAMED)
        c.contribute("visibility", shamed & ~np.isnan(c.score))
        c.contribute("displayed", shamed)

    def measured(self, society: SocietyView) -> dict[str, float]:
        """Give the share of citizens who have given up."""
        return {"resigned": np.count_nonzero(self.resigned) / len(society.citizens)}
