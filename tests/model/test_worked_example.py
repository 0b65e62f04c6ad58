"""The worked example is what the program gives, and what a plain program written after the ODD gives again."""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import numpy as np
import pytest

import glasshouse as gh
from tests.support.docs import DOCS, page_script
from tests.support.odd.agreement import ATTEMPTS, LEVEL, Alone, agree
from tests.support.odd.blacklist import Blacklist
from tests.support.odd.drawing import NETWORK, Generator, Luck, philox, small_world
from tests.support.odd.pages import Tables, settings, tables
from tests.support.odd.society import Society

PAGE = (DOCS / "worked-example.md").read_text("utf-8")
STARRED = ("complying", "deviating", "predicted")


@cache
def example() -> Tables:
    return tables(PAGE)


def script() -> Any:
    return page_script("worked_example")


@cache
def chosen() -> dict[str, Any]:
    """Edges and seed, from the words of the page."""
    edges = PAGE.split("along the edges ")[1].split(".")[0]
    seed = int(PAGE.split("under the seed ")[1].split(",")[0])
    return {"seed": seed, "edges": [tuple(map(int, edge.strip().split("–"))) for edge in edges.split(",")]}


def number(words: str) -> float:
    return math.nan if words == "none" else float(words)


def value(people: Society, label: str) -> list[float]:
    """What a row of the page should have."""
    name, _, domain = label.partition(".")
    d = people.names.index(domain) if domain else -1
    if name.endswith("*"):
        term = name[:-1]
        if term in STARRED:
            return [people.seen[i, d][STARRED.index(term)] for i in people.all]
        if term == "seen":
            return [people.sight(i, d) for i in people.all]
        if term == "chance":
            return [people.chance(i, d) for i in people.all]
        return [people.terms[i, d][term] for i in people.all]
    return [row[d] for row in people.x[name]] if domain else list(people.x[name])


def tied(people: Society, name: str) -> list[float]:
    columns = {"trust": people.trust, "resting": people.resting, "first": people.first}
    return list(getattr(people, "accused", {}).values() if name == "accusations" else columns[name].values())


def differences(people: Society, rows: list[list[str]]) -> list[str]:
    """Rows in which the page has other numbers: other acts and counts, or reals that differ by more than 1e-12."""
    found: list[str] = []
    names: list[str] = []
    pairs = [f"{i}→{j}" for i, j in people.trust]
    for label, *cells in rows:
        if label == "tie":
            names = cells
        elif label in pairs:
            for name, cell in zip(names, cells, strict=True):
                if name != "strong" and not same(tied(people, name)[pairs.index(label)], cell):
                    found.append(f"{name} of {label}")
        elif label in ("column", "domain", "purpose", *people.names):
            continue
        elif not all(map(same, value(people, label), cells)):
            found.append(label)
    return found


def same(got: float, written: str) -> bool:
    """Whole numbers are written without a point, and must be the same; others within 1e-12 of their size, or of 1."""
    if "." not in written and "e" not in written and written != "none":
        return got == int(written)
    expected = number(written)
    return abs(got - expected) <= 1e-12 * max(1.0, abs(expected)) or (math.isnan(got) and math.isnan(expected))


def begun() -> Society:
    rows = tables(PAGE.replace("# A worked example", "## Head", 1))["Head"]
    return Society(5, chosen()["edges"], settings(rows), chosen()["seed"])


def lived(people: Society, weeks: int = 3) -> list[str]:
    """All that differs, by phase."""
    found: list[str] = []
    for _ in range(weeks):

        def see(phase: str) -> None:
            heading = f"Week {people.week}, After {phase}"
            found.extend(f"{heading}: {each}" for each in differences(people, example()[heading]))

        people.step(see)
    return found


def test_the_page_is_what_the_program_gives():
    assert script().page() == PAGE, "run `uv run python docs/worked_example.py`"


def test_a_program_written_after_the_odd_comes_to_the_same_numbers():
    people = begun()
    weeks = people.settle()
    for week, columns in weeks.items():
        people_then, people.x = people.x, people.x | columns
        assert differences(people, example()[f"Settling, Week {week}".replace("-", "−")]) == [], week
        people.x = people_then
    people.establish()
    assert differences(people, example()["Before week 1"]) == []
    costs = {row[0]: row[1:] for row in example()["Before week 1"] if row[0] in people.names}
    for d, name in enumerate(people.names):
        assert all(map(same, (people.cost[d], people.spread[d], people.weight[d]), costs[name]))
    assert lived(people) == []


def test_what_is_drawn_and_found_before_settling_is_the_same():
    people = begun()
    people.settle()
    early = people.early
    rows = {row[0]: row[1:] for row in example()["Before settling"]}
    for d, name in enumerate(people.names):
        assert all(map(same, (early["cost"][d], early["spread"][d]), rows[name]))
    people.x |= {name: early[name] for name in ("conviction", "approval", "intercept")}
    people.trust = early["trust"]
    columns = [row for row in example()["Before settling"] if not row[0].startswith("ordinary_image")]
    assert differences(people, columns) == []


def test_the_draws_of_the_page():
    luck, count = Luck(chosen()["seed"]), 0
    for heading, rows in example().items():
        for name, *cells in rows:
            if heading.endswith("Draws") or heading == "What is drawn once":
                if name == "purpose":
                    continue
                counter = tuple(map(int, cells[0].split()))
                words = philox(counter, luck.key)
                assert cells[1] == " ".join(f"{word:08x}" for word in words)
                for uniform, word in zip(cells[2].split(), words, strict=False):
                    assert float(uniform) == (word + 0.5) / 2**32
                count += 1
    assert count > 150


SLIGHT = 1 + 1e-6


@pytest.mark.parametrize(
    ("fault", "factor"),
    [
        ("citizens.face_value", SLIGHT), ("citizens.memory_norm", SLIGHT), ("citizens.consequence.salience", SLIGHT),
        ("citizens.trust.vicarious", SLIGHT), ("citizens.internalise.norm", SLIGHT),
        ("citizens.trust.scarring", SLIGHT), ("institutions.score_bureau.decay", SLIGHT),
        ("institutions.court.error", 0.1), ("citizens.report.false_rate", 0.1),
    ],
)  # fmt: skip
def test_a_fault_is_noticed(fault, factor):
    people = begun()
    people.settle()
    people.establish()
    people.s[fault] *= factor
    assert lived(people)


def test_another_order_is_noticed(monkeypatch):
    """Consequences learned before the week's evidence about the authority fades give other numbers."""
    people = begun()
    people.settle()
    people.establish()
    gather, learn = people.gather, people.learn
    monkeypatch.setattr(people, "gather", learn)
    monkeypatch.setattr(people, "learn", gather)
    assert any("fair" in each for each in lived(people))


QUARTER: dict[str, Any] = {"population.size": 40, "population.settle": 15, "population.turnover": 0.03}
OPTIONS: dict[str, Any] = {
    "institutions.score_bureau.association": 0.03, "institutions.score_bureau.penalises": True,
    "institutions.score_bureau.penalty_below": 990.0, "institutions.score_bureau.visibility.public": 0.6,
    "institutions.score_bureau.enrolled": 0.8, "institutions.reward_scheme.budget": 0.03,
    "institutions.hotline.anonymous": False, "institutions.hotline.reach": 0.7, "institutions.hotline.reward": 2.0,
    "citizens.report.false_rate": 0.001, "citizens.habit.weight": 0.5, "citizens.crowding.erosion": 0.1,
}  # fmt: skip
LISTING: dict[str, Any] = {
    "citizens.wealth_mean": 0.5, "institutions.court.caseload": 0.2, "institutions.court.error": 0.5,
    "institutions.court.notice": 0.4, "institutions.court.appeal_delay": 2, "institutions.court.appeal_success": 0.5,
    "institutions.blacklist.verdicts": 0.6, "institutions.blacklist.saving": 0.2, "institutions.blacklist.repair": 10.0,
    "institutions.blacklist.refusal": 0.4, "institutions.blacklist.lost_payment": 0.5, LEVEL: 0.7, ATTEMPTS: 0.4,
}  # fmt: skip


@pytest.mark.parametrize(
    ("scenario", "program", "changes"),
    [
        ("visible-score-and-reports", Society, {}),
        ("visible-score-and-reports", Society, OPTIONS),
        ("court-blacklist", Blacklist, {}),
        ("court-blacklist", Blacklist, LISTING),
    ],
    ids=["score", "options", "list", "busy list"],
)  # fmt: skip
def test_six_domains_for_a_quarter_with_newcomers(scenario, program, changes):
    """The defaults, but for people who leave more often, against the program: acts alike, numbers within 1e-12."""
    ever = agree(scenario, program, QUARTER | changes, 13)
    if "institutions.blacklist.saving" in changes:
        assert ever >= {"listed", "unaware", "owed", "unpaid", "noticed", "hardship", "restored", "framed"}


YEAR: dict[str, Any] = {"population.size": 100, "population.turnover": 0.002}


@pytest.mark.parametrize(
    ("scenario", "program"),
    [("baseline", Alone), ("visible-score-and-reports", Society), ("court-blacklist", Blacklist)],
)
def test_a_year_of_a_hundred_people_is_the_same_act_for_act(scenario, program):
    ever = agree(scenario, program, YEAR, 52, seed=11)
    assert "complies" in ever and ("reported" in ever) == (scenario == "visible-score-and-reports")


def test_a_fault_in_a_rule_is_an_act_that_differs(monkeypatch):
    """What is learned twice in a week is seen."""
    learn = Society.learn
    monkeypatch.setattr(Society, "learn", lambda self: (learn(self), learn(self))[0])
    with pytest.raises(AssertionError):
        agree("visible-score-and-reports", Society, YEAR, 52, seed=11)


@pytest.mark.parametrize(("seed", "size", "degree"), [(42, 300, 10), (2**40 + 7, 60, 6), (7, 30, 25)])
def test_the_graph_that_the_odd_describes_is_the_program_s(seed, size, degree):
    changes = {"population.size": size, "population.settle": 0, "population.degree": degree}
    ties = gh.Society("baseline", rng=seed, changes=changes).ties
    edges = {(int(i), int(j)) for i, j in zip(ties.owners(), ties.neighbours, strict=True) if i < j}
    assert edges == small_world(size, degree, 0.1, Generator(seed, NETWORK))
    assert all(np.all(np.diff(ties.of(i).astype(int)) > 0) for i in range(size))
