"""Structure: who has left, who lives elsewhere, who is in which market, and what those above report."""

from __future__ import annotations

import numpy as np

from ...agents.citizens import Lists
from ...agents.institutions import known_columns
from ...agents.institutions.firm import Firm
from ...agents.view import SocietyView


def structure(society: SocietyView) -> dict[str, float]:
    """The graph and who is still on it.

    Columns
    -------
    emigrated
        Share of the citizens at the start who have left, this week's leavers included, [0, 1].
    away
        Share of citizens who live where they are not registered, [0, 1].
    components
        Connected components of the social graph, ≥ 1.
    """
    c = society.citizens
    leaving = np.count_nonzero(c.flags & np.uint32(Lists.EMIGRATED))
    return {
        "emigrated": (society.founders - len(c) + leaving) / society.founders,
        "away": np.count_nonzero(c.place != c.region) / len(c),
        "components": float(society.ties.components()),
    }


def standings(society: SocietyView) -> dict[str, float]:
    """Who stands how with units, sites, predictors and firms.

    Columns
    -------
    expelled
        Share of citizens that no work unit takes, [0, 1].
    joined
        Share of citizens who joined a commercial score, [0, 1].
    disclosing
        Share of citizens who show their score to partners, [0, 1].
    flagged
        Share of citizens flagged by prediction, [0, 1].
    flagged_false
        Share of the flagged who would comply in `speech` if nobody could see, [0, 1]; NaN where nobody is flagged.
    firm_fraud
        Share of this week's customers that their firm cheated, [0, 1]; NaN without firms.
    reported_compliance
        Compliance as governments report it, [0, 1].
    """
    c, n = society.citizens, len(society.citizens)
    flagged, d = c.on(Lists.FLAGGED), society.domains.index("speech")
    seen = flagged.any() and d is not None
    firm = society.institutions.get(Firm.name)
    return {
        "expelled": np.count_nonzero(c.flags & np.uint32(Lists.EXPELLED)) / n,
        "joined": np.count_nonzero(~np.isnan(c.read("commercial_score", known_columns()["commercial_score"]))) / n,
        "disclosing": np.count_nonzero(c.flags & np.uint32(Lists.DISCLOSING)) / n,
        "flagged": np.count_nonzero(flagged) / n,
        "flagged_false": float(c.complies_unobserved[flagged, d].mean()) if seen else np.nan,
        "firm_fraud": firm.fraud if isinstance(firm, Firm) else np.nan,
        "reported_compliance": float(c.complies.mean(dtype=np.float64)) + society.conditions.inflated,
    }
