"""Every clause of the contract can fail: an institution that breaks it is found out, in words."""

from __future__ import annotations

import random
import subprocess
import sys

import numpy as np
import pytest

import glasshouse as gh
from glasshouse.agents.base import Measure
from glasshouse.agents.columns import Floats, each
from glasshouse.agents.institutions import INSTITUTIONS
from glasshouse.testing import CONTRACT, contract


class CurfewSettings(gh.Settings):
    """Settings of a curfew."""

    share: float = gh.parameter(0.5, 0, 1, unit="share", says="Citizens kept at home.")


class Curfew(gh.Institution):
    """Keep people at home, which makes life harder."""

    settings: CurfewSettings
    zero = {"share": 0.0}
    KEPT = gh.OwnPurpose()
    nights: Floats = each(0, np.inf, "nights", "nights spent at home")
    measures = (Measure("at_home", "At home", "share of citizens", 0, 1, "Citizens kept at home."),)

    def sanction(self, society):
        kept = society.uniforms(self.KEPT, society.citizens.identity) < self.settings.share
        self.nights += kept
        society.citizens.contribute("hardship", kept * 0.5)

    def measured(self, society):
        return {"at_home": float((self.nights > 0).mean())}


class Unsourced(gh.Settings):
    """Settings of which one does not say what it means."""

    share: float = 0.5


def by_no_seed(self, society):
    society.citizens.contribute("hardship", random.random())


def by_count(self, society):
    self.lots = getattr(self, "lots", None) or Forgetful()
    society.citizens.contribute("hardship", min(1.0, self.lots.drawn()))


by_count.__name__ = "sanction"  # as it is pickled by its name


class Forgetful:
    """Forgets what it has counted when it is pickled."""

    def __init__(self):
        self.count = 0

    def drawn(self):
        self.count += 1
        return self.count / 100

    def __getstate__(self):
        return {"count": 0}


def moves_convictions(self, society):
    society.citizens.start_conviction[:] = 0.5


def below_zero(self, society):
    self.nights[:] = -1.0


def lists(self, society):
    society.citizens.flags |= np.uint32(1)


BREACHES = {
    "is_registered": ({}, "is not registered: install its package"),
    "is_described": ({"settings_class": Unsourced}, "curfew.share does not say what it means"),
    "does_nothing_at_zero": ({"zero": {"share": 0.1}}, "not equal"),
    "pickles": ({"sanction": by_count}, "not equal"),
    "is_deterministic": ({"sanction": by_no_seed}, "not equal"),
    "moves_no_draw": ({"sanction": moves_convictions}, "initial conviction"),
    "keeps_to_ranges": ({"sanction": below_zero}, "column nights: -1.0 is not in 0 to inf"),
    "leaves_nothing_behind": ({"sanction": lists}, "column flags is not as it was"),
}


def test_an_institution_of_somebody_keeps_it(monkeypatch):
    monkeypatch.setitem(INSTITUTIONS, "curfew", Curfew)
    contract(Curfew)


@pytest.mark.parametrize("clause", CONTRACT, ids=lambda clause: clause.__name__)
def test_a_breach_of_each_clause_is_found(clause, monkeypatch):
    changes, words = BREACHES[clause.__name__]
    if clause.__name__ != "is_registered":
        monkeypatch.setitem(INSTITUTIONS, "curfew", Curfew)
    for name, value in changes.items():
        monkeypatch.setattr(Curfew, name, value)
    with pytest.raises(AssertionError, match=words):
        clause(Curfew)


def test_what_cannot_be_pickled_or_measured_is_said_in_words(monkeypatch):
    monkeypatch.setitem(INSTITUTIONS, "curfew", Curfew)
    monkeypatch.setattr(Curfew, "measured", lambda self, society: {"at_home": 2.0})
    with pytest.raises(AssertionError, match=r"curfew breaks keeps_to_ranges .*at_home: 2.0 to 2.0 is not in 0 to 1"):
        contract(Curfew)
    monkeypatch.setattr(Curfew, "enter", lambda self, society: setattr(self, "rule", lambda: 0))
    with pytest.raises(AssertionError, match=r"curfew breaks pickles .*cannot be pickled: "):
        contract(Curfew)


def test_the_contract_needs_no_test_runner():
    code = "import sys, glasshouse.testing as t; t.contract; assert not {'pytest', '_pytest'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
