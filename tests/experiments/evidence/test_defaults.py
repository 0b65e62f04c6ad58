"""The digest of the defaults, which held-out facts are computed under."""

from __future__ import annotations

import pytest

import glasshouse as gh
from glasshouse.experiments.evidence import defaults


def test_the_defaults_are_those_that_were_recorded():
    assert defaults.defaults_hash() == defaults.RECORDED
    defaults.check_fixed()


def test_another_default_is_another_digest_and_is_refused(monkeypatch):
    load = gh.Scenario.load
    monkeypatch.setattr(defaults.Scenario, "load", lambda name: load(name).change({"citizens.conformity": 0.41}))
    assert defaults.defaults_hash() != defaults.RECORDED
    with pytest.raises(gh.GlasshouseError, match="held-out facts would be tuned on"):
        defaults.check_fixed()
