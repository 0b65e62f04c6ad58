"""A society is a Mesa model among others."""

from __future__ import annotations

import copy
import pickle

import mesa
import numpy as np
import pytest

import glasshouse as gh
from glasshouse.model import mesa_face

SMALL = {"population.size": 60}


def test_it_is_a_model_of_agents():
    society = gh.Society("visible-score", rng=1, **SMALL)
    assert isinstance(society, mesa.Model)
    assert len(society.agents) == 63
    assert len(society.agents_by_type[gh.Citizen]) == 60
    assert {type(agent).__name__ for agent in society.agents} == {
        "Citizen",
        "SensorNetwork",
        "ScoreBureau",
        "RewardScheme",
    }
    assert society.steps == 0
    society.step()
    society.run_for(3)
    assert (society.steps, society.time, society.week) == (4, 4.0, 4)


def test_agents_are_views_of_rows():
    society = gh.Society("visible-score", rng=1, **SMALL)
    society.run_for(3)
    citizens = society.agents_by_type[gh.Citizen]
    assert citizens.agg("score", np.mean) == pytest.approx(society.citizens.score.mean())
    low = citizens.select(lambda citizen: citizen.score < 1000)
    assert len(low) == (society.citizens.score < 1000).sum()
    citizen = society.citizen(5)
    citizen.wealth = 7.5
    citizen.conviction[2] = 0.25
    assert society.citizens.wealth[5] == 7.5
    assert society.citizens.conviction[5, 2] == 0.25
    assert [n.row for n in citizen.neighbours] == society.ties.of(5).tolist()
    with pytest.raises(AttributeError):
        _ = citizen.scoer
    with pytest.raises(IndexError, match="rows run from 0 to 59"):
        society.citizen(60)
    with pytest.raises(ValueError, match="the domains are credit"):
        citizen.explain("sport")


def test_nothing_is_explained_before_the_first_week():
    with pytest.raises(ValueError, match="run at least one step"):
        gh.Society("baseline", rng=1, **SMALL).citizen(0).explain("speech")


def test_batch_run_runs_it():
    results = mesa.batch_run(
        gh.Society,
        {"scenario": ["baseline", "visible-score"], "population.size": [40, 60]},
        rng=[1, 2],
        max_steps=5,
        data_collection_period=1,
        number_processes=1,
        display_progress=False,
    )
    assert len(results) == 2 * 2 * 2 * 5
    chosen = [r for r in results if r["scenario"] == "visible-score" and r["population.size"] == 60 and r["rng"] == 2]
    society = gh.Society("visible-score", rng=2, **{"population.size": 60})
    society.run_for(5)
    by_week = {round(r["Step"]): r["compliance"] for r in chosen}
    assert by_week == society.history["compliance"].to_dict()


def test_batch_run_in_processes_is_the_same():
    arguments = {"parameters": {"population.size": [40]}, "rng": [1, 2], "max_steps": 3, "display_progress": False}
    one = mesa.batch_run(gh.Society, number_processes=1, **arguments)
    two = mesa.batch_run(gh.Society, number_processes=2, **arguments)
    key = ("rng", "compliance", "trust_ties")
    assert sorted(tuple(r[k] for k in key) for r in one) == sorted(tuple(r[k] for k in key) for r in two)


def test_the_data_collector_reads_the_history():
    society = gh.Society("visible-score", rng=1, **SMALL)
    society.run_for(4)
    frame = society.datacollector.get_model_vars_dataframe()
    assert frame.equals(society.history)
    assert society.datacollector.model_vars["pressure"] == society.history["pressure"].tolist()


def test_copies_are_independent():
    society = gh.Society("visible-score-and-reports", rng=1, **SMALL)
    society.run_for(2)
    for other in (copy.copy(society), copy.deepcopy(society), pickle.loads(pickle.dumps(society))):
        other.run_for(3)
        assert society.week == 2
        assert len(society.history) == 2
        other.citizen(0).wealth = 77
        assert society.citizens.wealth[0] != 77
        assert all(agent.model is other for agent in other.agents)


def test_seeds_of_every_kind():
    for rng in (5, np.int64(5), np.random.SeedSequence(5), np.random.default_rng(5), [1, 2], None):
        assert len(gh.Society("baseline", rng=rng, **SMALL).citizens) == 60
    drawn = gh.Society("baseline", **SMALL)
    again = gh.Society("baseline", rng=drawn.seed_number, **SMALL)
    np.testing.assert_array_equal(drawn.citizens.conviction, again.citizens.conviction)


def test_large_societies_make_agents_when_asked(monkeypatch):
    eager = gh.Society("visible-score", rng=1, **SMALL)
    monkeypatch.setattr(mesa_face, "MOST_EAGER", 10)
    lazy = gh.Society("visible-score", rng=1, **SMALL)
    for society in (eager, lazy):
        society.run_for(3)
    assert eager.history.equals(lazy.history)
    assert [a.unique_id for a in lazy.agents] == [a.unique_id for a in eager.agents]
    assert len(lazy.agents) == 63 and len(lazy._all_agents) == 3
    people, all_agents = lazy.agents_by_type[gh.Citizen], lazy.agents
    assert people.get("score") == eager.agents_by_type[gh.Citizen].get("score")
    assert people.get(["score", "wealth"])[7] == [lazy.citizens.score[7], lazy.citizens.wealth[7]]
    assert people.agg("wealth", [min, max]) == [lazy.citizens.wealth.min(), lazy.citizens.wealth.max()]
    rich = all_agents.select(lambda a: a.wealth > 1, agent_type=gh.Citizen)
    assert sorted(a.row for a in rich) == np.flatnonzero(lazy.citizens.wealth > 1).tolist()
    assert len(all_agents.select(at_most=5)) == 5 and len(people.select(at_most=0.5)) == 30
    assert lazy.citizen(3) in people and len(people) == 60
    rich.set("wealth", 0.0)
    assert lazy.citizens.wealth.max() <= 1
    people.do("explain", "speech")
    assert people.map(lambda a: a.row) == list(range(60))
    assert [a.row for a in people.sort("score")] == sorted(range(60), key=lambda i: -lazy.citizens.score[i])
    assert sorted(a.row for a in people.shuffle()) == list(range(60))
    assert sum(len(of) for of in people.groupby("group").groups.values()) == 60
    some = people.copy()
    some.remove(lazy.citizen(3))
    assert lazy.citizen(3) not in some and len(people) == 60
    assert pickle.loads(pickle.dumps(lazy)).history.equals(lazy.history)
