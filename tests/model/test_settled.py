"""Settling once for the same people, and newcomers who leave everybody else's luck as it was."""

from __future__ import annotations

import numpy as np
import pytest

import glasshouse as gh
from glasshouse.agents.rules.generations import renew
from glasshouse.model import settled
from tests.support.golden import live
from tests.support.scenes import one_domain

SMALL = {"population.size": 150, "population.settle": 12, "population.turnover": 0.01}


@pytest.mark.parametrize("name", ["visible-score-and-reports", "court-blacklist", "hukou"])
def test_a_copy_of_the_settled_lives_as_those_who_settled(name, monkeypatch):
    monkeypatch.setattr(settled, "_kept", type(settled._kept)())
    first = gh.Society(name, rng=5, changes=SMALL)
    # The same people in another society: they have settled already, and what becomes of them there leaves no trace.
    other = gh.Society("surveillance-only", rng=5, changes=SMALL)
    other.run_for(20)
    assert len(settled._kept) <= 2
    again = gh.Society(name, rng=5, changes=SMALL)
    monkeypatch.setattr(settled, "MOST_CITIZENS", 0)
    alone = gh.Society(name, rng=5, changes=SMALL)
    assert live(first, 20) == live(again, 20) == live(alone, 20)
    assert first.history.equals(again.history) and first.history.equals(alone.history)


def test_other_people_are_not_taken_for_the_same():
    one = gh.Society("baseline", rng=5, changes=SMALL)
    for other in (gh.Society("baseline", rng=6, changes=SMALL),
                  gh.Society("baseline", rng=5, changes={**SMALL, "citizens.conformity": 0.41}),
                  gh.Society("baseline", rng=5, changes={**SMALL, "domains.speech.level": 0.69})):  # fmt: skip
        assert not np.array_equal(one.citizens.intercept, other.citizens.intercept)


def test_one_newcomer_more_changes_nobody_elses_luck():
    """Where nobody sees or heeds anybody, all but the one place act as ever, also when others leave later."""
    changes = {"population.size": 300, "domains.speech.openness": 0.0, "citizens.conformity": 0.0,
               "citizens.trust.honest": 0.0, "citizens.trust.witnessed": 0.0}  # fmt: skip
    plain, other = (gh.Society(one_domain({**changes, "population.turnover": 0.005}), rng=3) for _ in range(2))
    for society in (plain, other):
        society.run_for(5)
    place = 17
    renew(other, np.array([place]), np.array([0.5]), 4.0, 1.0)
    differs = np.zeros(300, bool)
    for _ in range(60):
        plain.step()
        other.step()
        differs |= plain.citizens.complies[:, 0] != other.citizens.complies[:, 0]
        born = plain.citizens.born != other.citizens.born
        assert not np.delete(born, place).any()
    # Who was brought up by the newcomer differs with its parent, and nobody else.
    assert differs[place] and differs.sum() <= 3


def test_what_newcomers_believe_follows_from_what_they_inherit():
    """Trust and fear of a newcomer are its own from its first week on, not those of whoever had its place."""
    society = gh.Society("visible-score-and-reports", rng=2, changes={**SMALL, "population.turnover": 0.0})
    society.run_for(40)
    c, place = society.citizens, 11
    c.fair[place], c.unfair[place], c.punished[place] = 90.0, 0.0, 500.0
    c.authority_trust[place], c.believed_guilty[place], c.closeness[place] = 0.99, 0.99, 1.0
    renew(society, np.array([place]), np.array(6 * [0.5]), 4.0, 0.97)
    rates = society.plan.citizens.consequence
    evidence = rates.prior_weight + c.punished[place] + c.unpunished[place]
    assert c.authority_trust[place] == pytest.approx((c.fair[place] + 1) / (c.fair[place] + c.unfair[place] + 2))
    assert c.believed_guilty[place] == pytest.approx((rates.prior_weight * rates.prior + c.punished[place]) / evidence)
    assert c.authority_trust[place] < 0.8 and c.believed_guilty[place] < 0.6 and c.closeness[place] == 0


def test_what_is_given_is_the_start():
    """What a citizen believes, approves of and owns at first is what later change is measured from."""
    given = {"conviction": 0.7, "expectation": 0.6, "approval": 0.5, "wealth": 0.9}
    society = gh.Society("baseline", rng=1, changes=SMALL, initial=given)
    for name, at_start in settled.AT_START.items():
        np.testing.assert_allclose(getattr(society.citizens, at_start), given[name])
    society.step()
    assert society.citizens.wealth == pytest.approx(0.9)
