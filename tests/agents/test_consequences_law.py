"""What courts, lists and borders do to people: known answers of single weeks."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import glasshouse as gh
from glasshouse.agents.citizens import Lists
from glasshouse.agents.institutions.blacklist import REFUSED
from glasshouse.agents.institutions.court import UNTOLD, WRONGED
from glasshouse.agents.institutions.exit import grievance

SIZE = 200
EMPTY: dict[str, Any] = {"institutions.court.caseload": 0.0}


def society_of(changes: dict[str, Any], weeks: int = 2) -> gh.Society:
    """A society in which the court hears nothing by itself: tests write its verdicts."""
    plan = {"population.size": SIZE, "population.turnover": 0.0, **EMPTY, **changes}
    society = gh.Society("arbitrary-court", rng=3, changes=plan)
    society.run_for(weeks)
    return society


def bit(society: gh.Society, domain: str) -> np.uint32:
    return np.uint32(1 << society.domains.names.index(domain))


def convict(society: gh.Society, who: Any, domain: str, untold: bool = False) -> None:
    c = society.citizens
    c.told[:] = c.untold[:] = 0
    (c.untold if untold else c.told)[who] = bit(society, domain)


def listed(society: gh.Society) -> Any:
    return society.citizens.on(Lists.BLACKLISTED)


def test_defaulters_who_cannot_pay_are_listed_and_owe_what_they_lack():
    society = society_of({"institutions.blacklist.entry": 1.0, "institutions.blacklist.verdicts": 0.0})
    c, blacklist = society.citizens, society.institutions["blacklist"]
    c.wealth[:] = 1.0
    c.wealth[:50] = 0.3
    convict(society, slice(0, 100), "credit")
    blacklist.sanction(society)
    assert (np.flatnonzero(listed(society)) == np.arange(50)).all()
    assert blacklist.owed[:50] == pytest.approx(0.2)
    # They pay off a share of their wealth a week, and are off once they have.
    c.clear("sanction")
    convict(society, slice(0, 0), "credit")
    society.change({"institutions.blacklist.saving": 0.5, "institutions.blacklist.lost_payment": 0.0})
    for left, still in ((0.05, 50), (0.0, 0)):
        blacklist.settings = society.plan.institutions["blacklist"]
        blacklist.sanction(society)
        assert blacklist.owed[:50] == pytest.approx(left)
        assert listed(society).sum() == still
    assert c.wealth[:50] == pytest.approx(0.1)


def test_verdicts_on_speech_list_too_and_scores_where_the_list_says_so():
    society = society_of({"institutions.blacklist.verdicts": 1.0})
    blacklist = society.institutions["blacklist"]
    convict(society, slice(0, 30), "speech")
    blacklist.sanction(society)
    assert (np.flatnonzero(listed(society)) == np.arange(30)).all()
    scored = society_of({"institutions.blacklist.below": 500.0, "institutions.score_bureau": {}})
    convict(scored, slice(0, 0), "speech")
    scored.citizens.score[:] = 600.0
    scored.citizens.score[7] = 400.0
    scored.institutions["blacklist"].sanction(scored)
    assert np.flatnonzero(listed(scored)).tolist() == [7]


def test_a_lost_payment_is_found_out_when_something_is_denied():
    changes = {"entry": 1.0, "saving": 1.0, "lost_payment": 1.0, "repair": 0.0}
    society = society_of({f"institutions.blacklist.{name}": value for name, value in changes.items()})
    c, blacklist = society.citizens, society.institutions["blacklist"]
    c.wealth[:] = 0.4
    convict(society, 5, "credit")
    blacklist.sanction(society)
    convict(society, slice(0, 0), "credit")
    unfair = c.unfair[5]
    blacklist.sanction(society)
    assert listed(society)[5] and c.on(Lists.UNAWARE)[5] and c.unfair[5] == unfair
    c.flags[5] &= ~np.uint32(Lists.UNAWARE)  # as a denial does
    blacklist.sanction(society)
    assert not listed(society)[5]
    assert c.unfair[5] == unfair + REFUSED


def test_dissenters_apologies_are_refused_more():
    changes = {"repair": 52.0, "refusal": 0.4, "verdicts": 1.0, "bars": {}}
    society = society_of({f"institutions.blacklist.{name}": value for name, value in changes.items()})
    c, blacklist = society.citizens, society.institutions["blacklist"]
    d = society.domains.names.index("speech")
    c.conviction[:100, d], c.conviction[100:, d] = 0.2, 0.8
    convict(society, slice(None), "speech")
    blacklist.sanction(society)
    convict(society, slice(0, 0), "speech")
    unfair = c.unfair.copy()
    society.conditions.discretion = 2.0
    blacklist.sanction(society)
    stays = listed(society)
    # .8 of the dissenters' apologies are refused, .4 of others'; 1 − 1/e of all apologise.
    refused = c.unfair - unfair == REFUSED
    assert 35 < refused[:100].sum() < 66 and 13 < refused[100:].sum() < 40
    assert stays[refused].all() and stays[:100].sum() > stays[100:].sum()


def test_what_one_was_not_told_of_is_found_out_and_is_unfair():
    society = society_of({"institutions.court.discovery": 1.0, "institutions.blacklist": False})
    c, court = society.citizens, society.institutions["court"]
    d = society.domains.names.index("conduct")
    c.complies[:10, d], c.complies[10:20, d] = 0, 1
    convict(society, slice(0, 20), "conduct", untold=True)
    unfair, punished, innocent = c.unfair.copy(), c.punished.copy(), c.punished_innocent.copy()
    court.sanction(society)
    court.mingle(society)
    salience = society.rates.consequence.salience
    assert c.unfair[:10] - unfair[:10] == pytest.approx(UNTOLD)
    assert c.unfair[10:20] - unfair[10:20] == pytest.approx(UNTOLD + WRONGED)
    assert c.punished[:10] - punished[:10] == pytest.approx(salience)
    assert c.punished_innocent[10:20] - innocent[10:20] == pytest.approx(salience)
    assert (c.sanctioned[:20] == 0).all() and (court.undisclosed == 0).all()
    # The innocent appeal once they know.
    assert court.docket[-1][1].tolist() == c.node[10:20].tolist()


def test_who_is_listed_finds_out_when_something_is_denied():
    changes = {"court.discovery": 0.0, "blacklist.verdicts": 1.0, "blacklist.bars.travel.attempts": 1.0}
    society = society_of({f"institutions.{name}": value for name, value in changes.items()})
    c, court, blacklist = society.citizens, society.institutions["court"], society.institutions["blacklist"]
    convict(society, slice(0, 10), "conduct", untold=True)
    court.sanction(society)
    blacklist.settings = blacklist.settings.model_copy(update={"verdicts": 0.0})
    c.mark(Lists.BLACKLISTED, np.arange(SIZE) < 5)
    c.mark(Lists.UNAWARE, np.arange(SIZE) < 5)
    blacklist.sanction(society)
    court.mingle(society)
    assert (court.undisclosed[:5] == 0).all() and (court.undisclosed[5:10] > 0).all()
    assert not c.on(Lists.UNAWARE).any()


def test_who_is_denied_nothing_finds_out_too():
    society = society_of({"institutions.court.discovery": 1.0, "institutions.blacklist.bars": {}})
    c, court = society.citizens, society.institutions["court"]
    c.mark(Lists.BLACKLISTED, np.arange(SIZE) < 5)
    c.mark(Lists.UNAWARE, np.arange(SIZE) < 5)
    convict(society, slice(0, 5), "conduct", untold=True)
    court.sanction(society)
    court.mingle(society)
    assert not c.on(Lists.UNAWARE).any()


def test_a_list_without_a_court_frightens_nobody():
    """Nothing is foreseen of a list that no verdict can put anybody on."""
    listing = {"institutions.blacklist": {"verdicts": 1.0, "entry": 1.0}}
    listed, plain = (
        gh.Society("surveillance-only", rng=1, changes={"population.size": SIZE, **changes})
        for changes in (listing, {})
    )
    for society in (listed, plain):
        society.run_for(30)
    np.testing.assert_array_equal(listed.citizens.complies, plain.citizens.complies)


def test_who_is_below_the_score_that_lists_stays_and_dreads_it():
    changes = {"population.size": SIZE, "institutions.blacklist": {"below": 1010.0, "repair": 52.0, "refusal": 0.0}}
    society = gh.Society("visible-score", rng=1, changes=changes)
    society.run_for(40)
    c = society.citizens
    assert listed(society)[c.score < 1010].all()
    floor, width, slope = society.conditions.prospects["blacklist"]
    assert (floor, width) == (990.0, 40.0) and slope * width * society.rates.horizon == pytest.approx(3.0)


def test_stating_again_what_holds_denies_nobody_again():
    changes = {"institutions.blacklist.verdicts": 1.0, "institutions.blacklist.bars.travel.attempts": 1.0}
    society = society_of(changes)
    convict(society, slice(0, 10), "conduct", untold=True)
    society.institutions["blacklist"].sanction(society)
    before = society.institutions["blacklist"].denials.sum()
    society.institutions["blacklist"].establish(society)
    assert society.institutions["blacklist"].denials.sum() == before >= 10


def test_a_won_appeal_strikes_off_and_halves_the_unfairness():
    changes = {"court.appeal_success": 1.0, "court.appeal_delay": 1, "blacklist.verdicts": 1.0, "blacklist.repair": 0.0}
    society = society_of({f"institutions.{name}": value for name, value in changes.items()})
    c, court, blacklist = society.citizens, society.institutions["court"], society.institutions["blacklist"]
    convict(society, slice(0, 8), "conduct")
    c.framed[:8] = c.told[:8]
    court.sanction(society)
    blacklist.sanction(society)
    court.mingle(society)
    assert listed(society)[:8].all()
    c.clear("judge")
    society.week += 1
    c.unfair[:8] = 5.0
    c.identity[3] += np.uint32(SIZE)  # somebody else lives there by now
    court.judge(society)
    blacklist.sanction(society)
    assert np.flatnonzero(listed(society)).tolist() == [3]
    assert c.unfair[0] == pytest.approx(5.0 - WRONGED / 2) and c.unfair[3] == 5.0


def test_the_barred_are_held_at_the_border():
    society = society_of({"institutions.exit": {"rate": 1.0, "means": 0.0}, "institutions.blacklist.repair": 0.0})
    c = society.citizens
    c.mark(Lists.BLACKLISTED, np.arange(SIZE) < 60)
    c.authority_trust[:], c.conviction[:] = 0.0, 0.0
    society.citizens.clear("sanction")
    convict(society, slice(0, 0), "credit")
    society.institutions["blacklist"].sanction(society)
    society.week += -society.week % 4
    society.institutions["exit"].mingle(society)
    leaves = c.on(Lists.EMIGRATED)
    held = listed(society)
    assert held.sum() > 50 and not leaves[held].any() and leaves[~held].sum() > 100


def test_a_grievance_is_distrust_without_loyalty_or_hardship():
    values = grievance(np.array([1.0, 0.0, 0.0, 0.5]), np.array([0.0, 1.0, 0.0, 0.5]), np.array([0.0, 0.0, 0.0, 0.2]))
    assert values == pytest.approx([0.0, 0.0, 1.0, 1 - 0.75 * 0.8])


def test_hardly_anybody_leaves_a_society_without_institutions():
    """At most .2% a year, as in free societies with open borders and nothing to flee from."""
    left = 0.0
    for seed in range(4):
        changes = {"population.size": 1000, "institutions.exit": {}}
        society = gh.Society("baseline", rng=seed, changes=changes)
        society.run_for(260)
        left += (society.row_of < 0).mean() / 5 / 4
    assert 0 < left < 0.002
