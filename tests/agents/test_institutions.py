"""The contract that every institution keeps."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import glasshouse as gh
from glasshouse.agents import institutions
from glasshouse.agents.base import Institution
from glasshouse.agents.institutions import INSTITUTIONS
from glasshouse.testing import CONTRACT
from tests.support.docs import DOCS, page_script
from tests.support.golden import check_golden
from tests.support.scenes import assert_proportion, assert_same

FULL = gh.Scenario.load("visible-score-and-reports").change({"population.size": 300})

every_institution = pytest.mark.parametrize("name", INSTITUTIONS)


def alone(name: str, settings: dict | None = None) -> gh.Scenario:
    return gh.Scenario.load("baseline").change({"population.size": 300, f"institutions.{name}": settings or {}})


@every_institution
@pytest.mark.parametrize("clause", CONTRACT, ids=lambda clause: clause.__name__)
def test_it_keeps_the_contract(name, clause):
    clause(INSTITUTIONS[name])


@every_institution
def test_it_does_something(name):
    """That it changes nothing without strength can fail: with its defaults the institution shows among the others."""
    there = FULL.change({"population.size": 1000, "institutions.blacklist": LISTING, f"institutions.{name}": {}})
    there = there.change({"institutions.score_bureau.visibility.firms": 1.0} if name != "score_bureau" else {})
    there = there.change({f"institutions.{name}.{key}": value for key, value in STRONGER.get(name, {}).items()})
    a, b = gh.Society(there, rng=5), gh.Society(there.change({f"institutions.{name}": None}), rng=5)
    a.run_for(40)
    b.run_for(40)
    with pytest.raises(AssertionError):
        assert_same(a, b)


LISTING = {"entry": 0.2}
"""By default few are listed, too few to be sure of one in a small society and a short time."""

STRONGER = {"blacklist": LISTING, "predictor": {"interval": 13}, "exit": {"rate": 0.05}}


@every_institution
def test_acts_unobserved_and_unchanged_move_with_their_cost_alone(name):
    a, b = gh.Society(alone(name), rng=5), gh.Society(gh.Scenario.load("baseline"), rng=5, **{"population.size": 300})
    a.run_for(4)
    b.run_for(5)
    here, there = a.citizens, b.citizens
    # Hardship is felt in the week after.
    burdened = here.node[here.hardship > 0]
    a.step()
    same_cost = ~np.isin(here.node, burdened) & (here.online == 0)
    assert same_cost.any()
    same = there.complies_unchanged[here.node]
    np.testing.assert_array_equal(here.complies_unchanged[same_cost], same[same_cost])
    if name not in ("tie_sorting", "exit"):
        np.testing.assert_array_equal(a.ties.neighbours, b.ties.neighbours)


@every_institution
def test_it_is_documented(name):
    assert f"`{INSTITUTIONS[name].__name__}`" in (DOCS / "odd.md").read_text("utf-8")
    assert f"## {INSTITUTIONS[name].__name__}\n" in (DOCS / "institutions.md").read_text("utf-8")


def test_every_institution_there_is_is_registered():
    files = [path.stem for path in Path(institutions.__path__[0]).glob("*.py") if path.stem != "__init__"]
    found = set()
    for stem in files:
        module = importlib.import_module(f"glasshouse.agents.institutions.{stem}")
        kinds = [kind for _, kind in inspect.getmembers(module, inspect.isclass) if kind.__module__ == module.__name__]
        found |= {kind for kind in kinds if issubclass(kind, Institution)}
    assert found == set(INSTITUTIONS.values())
    assert sorted(files) == sorted(INSTITUTIONS), "a file bears the name of its institution"


def test_the_page_is_what_the_code_says():
    script = page_script("institutions")
    page = script.page(pd.read_csv(DOCS / "effects.csv"))
    assert page == (DOCS / "institutions.md").read_text("utf-8"), "run `uv run python docs/institutions.py`"
    assert "not measured" not in page, "run `uv run python docs/institutions.py --measure`"


@every_institution
def test_its_course_is_as_recorded(name, update_golden):
    # Among the least that gives it something to act on: acts detected and reported, and a score.
    company = {f"institutions.{other}": {} for other in ("sensor_network", "score_bureau", "hotline", name)}
    society = gh.Society(gh.Scenario.load("baseline").change({**company, "population.size": 300}), rng=9)
    society.run_for(52)
    check_golden(f"institution-{name}", society, update_golden)


def test_the_order_of_institutions_does_not_matter():
    every = FULL.change({f"institutions.{name}": {} for name in INSTITUTIONS if name not in FULL.institutions})
    every = every.change({"institutions.blacklist.entry": 0.2, "institutions.exit.rate": 0.2})
    backwards = dict(reversed(every.institutions.items()))
    a, b = gh.Society(every, rng=5), gh.Society(every.model_copy(update={"institutions": backwards}), rng=5)
    a.run_for(30)
    b.run_for(30)
    assert_same(a, b)


def test_sensors_detect_at_their_rate_and_err_at_theirs():
    society = gh.Society(
        alone("sensor_network", {"coverage": 0.5, "blind_share": 0.0, "false_positive": 0.1}),
        rng=3,
        **{"population.size": 20_000},
    )
    society.step()
    c, d = society.citizens, society.domains.names.index("credit")
    complied = c.complies[:, d] == 1
    noted, detected = (c.noted >> d & 1) == 1, (c.detected >> d & 1) == 1
    rate = 0.5 * society.domains.detection[d]
    assert_proportion(int((noted & complied).sum()), int(complied.sum()), rate * 0.9)
    assert_proportion(int((detected & complied).sum()), int(complied.sum()), rate * 0.1)
    assert_proportion(int((detected & ~complied).sum()), int((~complied).sum()), rate)
    assert not (noted & ~complied).any()


def test_exposure_rises_with_coverage():
    exposures = []
    for coverage in (0.1, 0.5, 0.9):
        society = gh.Society(alone("sensor_network", {"coverage": coverage}), rng=3)
        society.step()
        exposures.append(society.history["exposure"].iloc[-1])
    assert exposures == sorted(set(exposures))


def test_a_court_errs_at_its_rates():
    settings = {"error": 0.3, "miss": 0.2, "notice": 1.0, "caseload": 32.0}
    plan = FULL.change(
        {
            "population.size": 20_000,
            "institutions.court": settings,
            "institutions.hotline": None,
            "institutions.sensor_network.false_positive": 0.5,
        }
    )
    society = gh.Society(plan, rng=3)
    society.step()
    c, d = society.citizens, society.domains.names.index("credit")
    charged, guilty = (c.detected >> d & 1) == 1, c.complies[:, d] == 0
    sanctioned, wrongful = (c.sanctioned >> d & 1) == 1, (c.wrongful >> d & 1) == 1
    assert_proportion(int((sanctioned & guilty).sum()), int((charged & guilty).sum()), 0.8)
    assert_proportion(int(wrongful.sum()), int((charged & ~guilty).sum()), 0.3)
    assert not (sanctioned & ~charged).any()


def test_appeals_are_decided_after_the_delay_and_return_the_points():
    plan = FULL.change(
        {
            "institutions.court": {"error": 1.0, "notice": 1.0, "appeal_success": 1.0, "appeal_delay": 3},
            "institutions.sensor_network.false_positive": 0.5,
        }
    )
    society = gh.Society(plan, rng=3)
    society.run_for(3)
    assert society.history["restored"].max() == 0
    society.history_record.columns = ("wrongful", "restored")
    society.run_for(10)
    wrongful, restored = (np.array(society.history_record.copies[name]) for name in ("wrongful", "restored"))
    np.testing.assert_array_equal(restored[3:], wrongful[:-3])


def test_more_reward_more_reports_and_less_trust():
    def course(reward: float) -> tuple[float, float, float]:
        outcome = np.zeros(3)
        for seed in range(20):
            society = gh.Society(FULL.change({"institutions.hotline.reward": reward}), rng=seed)
            society.run_for(60)
            last = society.history.iloc[-20:].mean()
            outcome += last[["reports", "false_reports", "trust_ties"]].to_numpy() / 20
        return tuple(outcome)

    few, many = course(0.0), course(2.5)
    # Where a report is rare its chance grows by exp(β · reward), 115 times; less where neighbours learn to comply.
    assert many[0] > 10 * few[0]
    assert many[1] > 10 * few[1]
    assert many[2] < few[2] - 0.05


def test_verification_dismisses_its_share_of_false_reports():
    plan = FULL.change(
        {
            "population.size": 20_000,
            "institutions.hotline.verification": 0.25,
            "citizens.report.false_rate": 0.05,
            "institutions.sensor_network": None,
        }
    )
    society = gh.Society(plan, rng=3)
    society.step()
    unverified = gh.Society(plan.change({"institutions.hotline.verification": 0.0}), rng=3)
    unverified.step()
    made = np.bitwise_count(unverified.citizens.denounced).sum()
    assert_proportion(int(np.bitwise_count(society.citizens.denounced).sum()), int(made), 0.75)


def test_signed_reports_cost_the_reporter_alone():
    signed = gh.Society(FULL.change({"institutions.hotline.anonymous": False, **STILL_TIES}), rng=3)
    np.testing.assert_array_equal(signed.ties.trust, signed.ties.resting)
    before = signed.ties.trust.copy()
    signed.step()
    fell = signed.ties.trust < before
    accused = signed.ties.accusations > 0
    assert accused.any()
    np.testing.assert_array_equal(fell, accused)
    np.testing.assert_allclose(signed.ties.trust, before * (1 - 0.15) ** signed.ties.accusations)


def test_anonymous_reports_cost_trust_in_all_and_half_of_the_loss_stays():
    society = gh.Society(FULL.change(STILL_TIES), rng=3)
    before, owners = society.ties.trust.copy(), society.ties.owners()
    society.step()
    c, ties = society.citizens, society.ties
    heard = np.bincount(owners, weights=c.reports_against[ties.neighbours], minlength=len(c))
    assert c.reports_against.max() > 0 and (heard[c.reports_against == 0] > 0).any()
    left = (1 - 0.15) ** c.reports_against * (1 - 0.15 * 0.2) ** heard
    np.testing.assert_allclose(ties.trust, before * left[owners])
    np.testing.assert_allclose(ties.resting, before - 0.5 * (before - ties.trust))


STILL_TIES = {
    "citizens.report.hassle": 1.0,
    "population.turnover": 0.0,
    "citizens.trust.healing": 0.0,
    "citizens.trust.recovery": 0.0,
    "citizens.trust.witnessed": 0.0,
    "citizens.trust.honest": 0.0,
}


def test_claims_beyond_the_budget_cut_all_benefits():
    society = gh.Society(FULL.change({"institutions.reward_scheme.budget": 0.01}), rng=3)
    society.run_for(2)
    paid = society.institutions["reward_scheme"].paid
    assert 0 < paid < 1
    c = society.citizens
    assert (c.withheld > 0).any()
    scored = society.domains.scored == 1
    deserved = c.complies[:, scored].mean(axis=1)
    np.testing.assert_allclose(c.received, c.withheld / (1 - paid) * paid * deserved)


def test_moving_restarts_a_score_only_where_records_are_fragmented():
    for unified in (True, False):
        changes = {"institutions.score_bureau.unified": unified, "institutions.score_bureau.decay": 0.0}
        society = gh.Society(FULL.change({**changes, "population.turnover": 0.0}), rng=3)
        society.run_for(20)
        stayed = society.citizens.score.copy()
        society.citizens.place[:100] += 1
        society.step()
        c, now = society.citizens, society.conditions
        points = sum(
            now.gain[d] * (c.noted >> d & 1) - now.loss[d] * (c.upheld >> d & 1) + now.loss[d] * (c.restored >> d & 1)
            for d in range(len(society.domains))
        )
        assert (stayed[:100] != 1000).mean() > 0.9
        if not unified:
            stayed[:100] = 1000
        np.testing.assert_allclose(c.score, stayed + points)


def test_a_score_that_penalises_sanctions_the_low():
    plan = FULL.change(
        {
            "institutions.court": None,
            "institutions.score_bureau.penalises": True,
            "institutions.score_bureau.penalty_below": 990.0,
        }
    )
    society = gh.Society(plan, rng=3)
    society.run_for(10)
    c = society.citizens
    assert (c.sanctioned > 0).any()
    assert (c.score[c.sanctioned > 0] < 990).all()
    assert gh.Society(FULL.change({"institutions.court": None}), rng=3).citizens.sanctioned.sum() == 0
