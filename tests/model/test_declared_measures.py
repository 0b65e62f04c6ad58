"""What is declared of measures is what a history has."""

from __future__ import annotations

import numpy as np
import pytest

import glasshouse as gh
from glasshouse.agents.base import KINDS
from glasshouse.agents.institutions import INSTITUTIONS
from glasshouse.model.measures import declared, measure
from tests.support.golden import DIFFERING

SMALL = {"population.size": 80}
ROUNDING = 1e-9


def check_ranges(society: gh.Society) -> None:
    """Every value in the range that is declared, or NaN."""
    for name, known in declared(society.domains.names).items():
        values = society.history[name].to_numpy()
        values = values[~np.isnan(values)]
        inside = (values >= known.low - ROUNDING) & (values <= known.high + ROUNDING)
        assert inside.all(), (name, values[~inside])


def test_every_measure_says_what_it_is():
    for name, known in declared().items():
        assert known.name == name and known.label and known.unit and known.says.endswith("."), name
        assert known.kind in KINDS and known.low < known.high, name
        assert known.label[0].isupper() and "<" not in known.label + known.says, name
    labels = [known.label for known in declared().values()]
    assert len(set(labels)) == len(labels), "no two by the same label"


@pytest.mark.parametrize("renamed", [False, True])
def test_a_history_has_the_declared_columns_in_order(renamed):
    plan = gh.Scenario.load(DIFFERING).change(SMALL)
    if renamed:
        data = plan.to_dict()
        data["domains"]["gossip"] = data["domains"].pop("inquiry") | {"role": "curiosity"}
        data["domains"]["inquiry"] = False
        data["institutions"] = {"hotline": {}}
        plan = gh.Scenario.from_dict(data)
    society = gh.Society(plan, rng=3)
    society.run_for(12)
    known = declared(society.domains.names)
    assert list(society.history.columns) == list(known) == list(measure(society))
    assert ("compliance_gossip" in known) == renamed
    check_ranges(society)


@pytest.mark.parametrize("name", gh.scenarios())
def test_every_value_lies_in_its_range(name):
    society = gh.Society(name, rng=11, **SMALL)
    society.run_for(60)
    check_ranges(society)


def test_a_value_out_of_its_range_is_found():
    society = gh.Society("baseline", rng=1, **SMALL)
    society.run_for(2)
    society.history_record.rows[0][0] = 1.5
    with pytest.raises(AssertionError, match="compliance"):
        check_ranges(society)


def test_what_an_institution_does_not_measure_is_its_absent_value():
    society = gh.Society("baseline", rng=1, **SMALL)
    society.step()
    for kind in INSTITUTIONS.values():
        for known in kind.measures:
            np.testing.assert_equal(society.history[known.name].iloc[0], known.absent)
