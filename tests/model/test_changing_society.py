"""Ties that change, citizens who leave, and agents that are not citizens."""

from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest

import glasshouse as gh
from glasshouse.agents.institutions.firm import Company
from glasshouse.agents.institutions.local_government import Government
from glasshouse.model.ties import Ties
from tests.support.scenes import assert_same

MOVING = gh.Scenario.load("unified-national").change(
    {
        "population.size": 400,
        "institutions.exit": {"rate": 0.05, "means": 0.3},
        "institutions.tie_sorting": {"rate": 1.0, "gap": 5.0, "review": 1},
        "institutions.firm": {},
        "institutions.local_government": {},
        "institutions.work_unit": {},
    }
)


def assert_sound(ties: Ties, identity: np.ndarray) -> None:
    """The ties are a symmetric graph without loops or doubles, in the order of the first identity at each place."""
    owners = ties.owners()
    assert ties.indptr[0] == 0 and ties.indptr[-1] == len(ties) and (np.diff(ties.indptr) >= 0).all()
    assert (owners != ties.neighbours).all()
    np.testing.assert_array_equal(ties.reverse[ties.reverse], np.arange(len(ties)))
    np.testing.assert_array_equal(ties.neighbours[ties.reverse], owners)
    np.testing.assert_array_equal(ties.who, identity[owners])
    np.testing.assert_array_equal(ties.whom, identity[ties.neighbours])
    within = np.diff(owners * 10**9 + ties.whom % ties.places)
    assert (within > 0).all()
    np.testing.assert_array_equal(ties.find(owners, ties.neighbours), np.arange(len(ties)))
    assert ties.strong_count == ties.strong.sum()


def test_ties_stay_a_graph_while_they_are_sorted_and_lost():
    society = gh.Society(MOVING, rng=1)
    made = 0
    for _ in range(40):
        before = {*zip(society.ties.who.tolist(), society.ties.whom.tolist(), strict=True)}
        society.step()
        after = {*zip(society.ties.who.tolist(), society.ties.whom.tolist(), strict=True)}
        made += len(after - before)
        assert_sound(society.ties, society.citizens.identity)
    assert made > 100 and len(society.citizens) < 400


def test_sorting_conserves_the_number_of_ties():
    society = gh.Society(MOVING.change({"institutions.exit": None}), rng=1)
    before = len(society.ties)
    society.run_for(30)
    assert len(society.ties) == before


def test_a_tie_that_is_not_there_is_not_found():
    society = gh.Society("baseline", rng=1, **{"population.size": 30})
    owners, others = np.divmod(np.arange(900), 30)
    found = society.ties.find(owners, others)
    assert (found >= 0).sum() == len(society.ties)


def test_a_changing_society_pickles_and_goes_on():
    society = gh.Society(MOVING, rng=1)
    society.run_for(20)
    copies = [pickle.loads(pickle.dumps(society)), copy.deepcopy(society)]
    society.run_for(20)
    for other in copies:
        other.run_for(20)
        assert_same(society, other)
        np.testing.assert_array_equal(society.ties.neighbours, other.ties.neighbours)


def test_threads_change_nothing_where_people_leave():
    def run(threads: int) -> gh.Society:
        society = gh.Society(MOVING, rng=1, threads=threads, **{"population.size": 9000})
        society.run_for(4)
        return society

    assert_same(run(1), run(2))


def test_who_leaves_is_known_to_no_rule_and_no_measure():
    society = gh.Society(MOVING, rng=1)
    views = [society.citizen(row) for row in range(400)]
    society.history_record.columns = ("conviction", "flags")
    society.run_for(30)
    c, gone = society.citizens, society.row_of < 0
    assert 0 < gone.sum() == 400 - len(c)
    assert society.history["emigrated"].iloc[-1] == gone.sum() / 400
    for name in c.columns:
        assert len(getattr(c, name)) == len(c), name
    assert len(society.agents_by_type[gh.Citizen]) == len(c)
    for node in range(400):
        if gone[node]:
            with pytest.raises(LookupError, match="has emigrated"):
                _ = views[node].wealth
        else:
            assert views[node].wealth == c.wealth[society.row_of[node]]
            assert society.citizen(int(society.row_of[node])) is views[node]
    last = society.history_record.copies["conviction"][-1]
    # Nobody leaves in week 30: whoever is gone was gone before it was recorded.
    assert last.shape == (400, 6) and np.isnan(last[gone]).all() and not np.isnan(last[~gone]).any()
    assert society.to_networkx().number_of_nodes() == len(c)


def test_one_more_leaving_moves_nobody_elses_luck():
    """Whoever stays meets the same strangers and draws the same draws, unless a stranger is the one who left."""
    a, b = (gh.Society("baseline", rng=1, **{"population.size": 200}) for _ in range(2))
    b.citizens.flags[17] |= 1 << 6
    b.step()
    a.step()
    assert len(b.citizens) == 199 and b.row_of[17] == -1
    for society in (a, b):
        society.step()
    stays = np.flatnonzero(a.rows != b.citizens.node[b.rows])
    assert stays.tolist() == [17]
    same = a.citizens.complies_unchanged[np.arange(200) != 17]
    np.testing.assert_array_equal(same, b.citizens.complies_unchanged)


def test_somebody_stays():
    plan = gh.Scenario.load("baseline").change(
        {"population.size": 12, "population.degree": 4, "institutions.exit": {"rate": 1.0, "means": 0.0}}
    )
    society = gh.Society(plan, rng=1)
    society.run_for(60)
    assert len(society.citizens) == 2
    assert society.history["emigrated"].iloc[-1] > 0.8


def test_governments_and_firms_are_agents_of_mesa():
    society = gh.Society("four-pillars", rng=1, **{"population.size": 200})
    society.run_for(30)
    governments, firms = society.agents_by_type[Government], society.agents_by_type[Company]
    assert len(governments) == 4 and len(firms) == 10
    assert all(0 < government.integrity < 1 for government in governments)
    assert sorted(government.standing for government in governments) == pytest.approx([0, 1 / 3, 2 / 3, 1])
    assert {firm.honest for firm in firms} <= {True, False}
    assert all(0 <= firm.score <= 1 and 0 < firm.honesty < 1 and 0 <= firm.executive < 200 for firm in firms)
    inflated = np.array([government.inflation for government in governments])
    assert (inflated >= 0).all() and inflated.max() > 0
    society.change({"institutions.firm": None, "institutions.local_government": None})
    assert not len(society.agents_by_type.get(Company, [])) and not len(society.agents_by_type.get(Government, []))


def test_ten_institutions_fit_in_the_memory_of_a_laptop():
    """Bytes a citizen of all columns and ties, so that a million take less than two and a half gigabytes."""
    society = gh.Society(MOVING, rng=1)
    c = society.citizens
    columns = sum(getattr(c, name).nbytes for name in (*c.columns, "terms", "conviction_before"))
    ties = sum(value.nbytes for value in vars(society.ties).values() if isinstance(value, np.ndarray))
    assert (columns + ties) / len(c) < 2500
