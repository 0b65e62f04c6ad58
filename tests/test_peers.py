"""The ordinary Mesa program that speed is measured against follows the same rules: it does the same acts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import glasshouse as gh
from benchmarks.peers import institutions, learning, newcomers
from benchmarks.peers.agreement import differing_acts, live_side_by_side
from benchmarks.peers.institutions import Bureau, Court
from benchmarks.peers.mesa_society import PlainSociety
from benchmarks.peers.person import Person

YEAR = 52
SCENARIOS = ("baseline", "visible-score-and-reports", "court-blacklist")
PEOPLE: dict[str, Any] = {"population.size": 100, "population.turnover": 0.002}
"""Newcomers six times as often as by default, so that in a year there are some."""

HARSH: dict[str, Any] = {
    "institutions.court.caseload": 0.2, "institutions.court.error": 0.5, "institutions.court.notice": 0.4,
    "institutions.court.appeal_delay": 2, "institutions.court.appeal_success": 0.5,
    "institutions.court.discretion": 1.5,
}  # fmt: skip
"""Much of what is rare."""

SIGNED = HARSH | {
    "institutions.hotline.anonymous": False, "institutions.hotline.reach": 0.7, "institutions.hotline.reward": 2.0,
    "institutions.score_bureau.enrolled": 0.7, "institutions.score_bureau.visibility.public": 0.5,
    "institutions.score_bureau.visibility.self": 0.6, "institutions.score_bureau.floor": 100.0,
    "citizens.report.false_rate": 0.001, "citizens.report.hassle": 2.0, "citizens.report.legitimacy": 2.0,
}  # fmt: skip
MEAN: dict[str, Any] = {
    "institutions.score_bureau.start": 620.0, "institutions.reward_scheme.budget": 0.005,
    "institutions.reward_scheme.benefits": {"C": 0.05, "B": 0.1}, "citizens.conviction_weight": 2.0,
}  # fmt: skip
"""Scores near the lowest tiers, and promises that are not kept."""

LISTED = HARSH | {
    "citizens.wealth_mean": 0.5, "institutions.blacklist.verdicts": 0.5, "institutions.blacklist.saving": 0.05,
    "institutions.blacklist.lost_payment": 0.5, "institutions.blacklist.repair": 5.0,
    "institutions.blacklist.refusal": 0.5, "institutions.blacklist.term": 6,
    "institutions.blacklist.bars.travel.attempts": 0.2,
}  # fmt: skip


@pytest.mark.parametrize(
    ("scenario", "changes", "seed"),
    [
        *((scenario, {}, 11) for scenario in SCENARIOS),
        ("visible-score-and-reports", SIGNED, 2**40 + 7),
        ("court-blacklist", LISTED, 12),
        ("visible-score-and-reports", MEAN, 13),
    ],
    ids=[*SCENARIOS, "signed reports, some enrolled, a harsh court", "a harsh court and its blacklist", "low scores"],
)
def test_a_year_is_the_same_act_for_act(scenario, changes, seed):
    found = live_side_by_side(scenario, YEAR, PEOPLE | changes, seed)
    assert found.compared == YEAR * 100 * 6 * 5 and found.newcomers > 3
    assert not len(found.differing), found.differing[:10]
    assert max(found.gap.values()) < 1e-9, found.gap


def test_under_another_luck_the_plain_program_does_other_acts():
    """What agrees does not by chance."""
    society = gh.Society("baseline", rng=11, changes=PEOPLE, threads=1)
    peer = PlainSociety(society, keyed=False)
    society.step()
    peer.step()
    assert np.mean([person.complies for person in peer.people] != society.citizens.complies) > 0.1


def backwards(stake):
    return lambda self, d: -stake(self, d)


FAULTS = {
    "the score's benefits deter": ("visible-score-and-reports", Person, "stake", backwards(Person.stake)),
    "neighbours' sanctions are heard of less": ("visible-score-and-reports", learning, "HEARD", 0.9),
    "no score is kept": ("visible-score-and-reports", Bureau, "update_scores", lambda self: None),
    "the court hears nobody": ("court-blacklist", Court, "hear", lambda self, *_: None),
    "apologies and payments have one luck": ("court-blacklist", institutions, "DELISTING", institutions.PAYMENT),
    "newcomers come a month late": ("baseline", newcomers, "DEPARTURE", 13),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_in_the_plain_program_is_an_act_that_differs(fault, monkeypatch):
    scenario, place, name, wrong = FAULTS[fault]
    monkeypatch.setattr(place, name, wrong)
    changes = LISTED if scenario == "court-blacklist" else {}
    assert len(differing_acts(scenario, YEAR, PEOPLE | changes, seed=11))


@pytest.mark.parametrize("more", [{"institutions.exit": {}}, {"institutions.score_bureau.association": 0.02}])
def test_the_plain_program_refuses_what_it_does_not_have(more):
    society = gh.Society("visible-score-and-reports", rng=1, changes={"population.size": 60, **more})
    with pytest.raises(ValueError, match=r"does not have (exit|score_bureau.association)"):
        PlainSociety(society)
