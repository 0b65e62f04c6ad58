"""What the page says in words is what the numbers are."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import glasshouse as gh
from glasshouse.agents.rules.utility import required_utility
from glasshouse.dashboard.page import saying
from glasshouse.dashboard.page.questions import QUESTIONS, asked_of, without_answers
from glasshouse.dashboard.page.words import ACTS, GROUPS, MOOD, PARTS, TERM_WORDS, acts_in, sheet
from glasshouse.dashboard.session.course import Course
from glasshouse.dashboard.session.player import SERIES
from glasshouse.model.scenario import Scenario, scenarios
from tests.support.sessions import gone_to, playing


@pytest.mark.parametrize(
    ("share", "words"),
    [(0, "nothing"), (0.125, "an eighth"), (0.2, "a fifth"), (0.25, "a quarter"), (1 / 3, "a third"), (0.5, "half"),
     (2 / 3, "two thirds"), (0.75, "three quarters"), (1.0, "all"), (1.4, "more than all")],
)  # fmt: skip
def test_a_share_in_words(share, words):
    assert saying.share_in_words(share) == words


@given(st.floats(0, 2), st.floats(0, 2))
def test_a_larger_share_is_never_called_less(a, b):
    order = [words for _, words in saying.SHARES] + ["more than all"]
    low, high = sorted((a, b))
    assert order.index(saying.share_in_words(low)) <= order.index(saying.share_in_words(high))


@pytest.mark.parametrize(
    ("weeks", "words"),
    [(0, "For now"), (1, "A week later"), (7, "7 weeks later"), (26, "Half a year later"), (52, "A year later"),
     (104, "2 years later"), (110, "110 weeks later")],
)  # fmt: skip
def test_so_much_later(weeks, words):
    assert saying.later(weeks) == words


def test_a_number_with_its_sign():
    assert [saying.signed(value) for value in (1.24, -1.26, 0.0, -0.04)] == ["+1.2", "−1.3", "+0.0", "+0.0"]


def test_what_is_left_when_it_ends():
    assert saying.banner(104, 104, 5.0, 5.0) == "The watching ended in week 104."
    assert (
        saying.banner(104, 156, 1.0, 8.0)
        == "The watching ended in week 104. A year later an eighth of the rise is left."
    )
    assert "hardly changed" in saying.banner(104, 156, 0.3, 0.1)
    assert "opposite" in saying.banner(104, 156, -1.0, 8.0)


def rows_of(**series: list[float]) -> list[np.ndarray]:
    weeks = len(next(iter(series.values())))
    return [np.array([series[name][w] if name in series else 0.0 for name in SERIES]) for w in range(weeks)]


def test_parts_add_up_to_the_whole_whatever_they_are():
    rng = np.random.default_rng(1)
    worlds = [rows_of(**{name: rng.random(30).tolist() for name in (*PARTS, "compliance")}) for _ in range(2)]
    found = saying.parts(worlds, 25)
    compliance = SERIES.index("compliance")
    whole = [np.mean([row[compliance] for row in world[12:25]]) for world in worlds]
    assert sum(found.values()) == pytest.approx(100 * (whole[0] - whole[1]))
    heart = SERIES.index("internalised")
    means = [np.mean([row[heart] for row in world[12:25]]) for world in worlds]
    assert found["internalised"] == pytest.approx(100 * (means[0] - means[1]))


def test_numbers_of_a_course_that_was_switched_off():
    course = Course.of("visible-score", 3).changed(0, 0, {"population.size": 60}).switched_off(20)
    with playing(course) as player:
        gone_to(player, 33)
        found = saying.numbers(player.frame)
        was = saying.parts(player.frame.rows, 20)
    assert found["banner"].startswith("The watching ended in week 20. A quarter later ")
    shown = [name for name in PARTS if name != "circumstances"]
    assert [part["was"] for part in found["parts"]] == [saying.signed(was[name]) for name in shown]
    assert found["caption"][0] == "A quarter later, "


def test_what_was_guessed_is_held_against_what_came():
    drop = [0.02 * min(1.0, k / 20) for k in range(104)] + [0.02 * max(0.1, 1 - k / 20) for k in range(52)]
    watched = rows_of(pressure=drop, compliance=drop, trust_ties=[0.5] * 104 + [0.5 + 0.1 * k / 52 for k in range(52)])
    unwatched = rows_of(pressure=[0.0] * 156, compliance=[0.0] * 156, trust_ties=[0.7] * 156)
    heading, says = saying.guessed("parts", 1.5, (watched, unwatched), 104, 156)
    assert says.startswith("You left 1.5 of 2.0; it was 0.2.") and "under the eye is left" in says
    assert heading.endswith("a year later a tenth is left")
    heading, says = saying.guessed("trust", 55, (watched, unwatched), 104, 156)
    assert says == "You guessed 55 of 100; it was 59. Among the unwatched it is 70."
    assert heading == "Two fifths of the lost trust is back"


@pytest.mark.parametrize("domain", Scenario.load("baseline").domain_names)
def test_a_sentence_fits_the_act_and_what_decided_it(domain):
    society = gh.Society("visible-score-and-reports", rng=1, changes={"population.size": 300})
    society.run_for(60)
    words, seen = acts_in(domain), set()
    for row in range(300):
        why = society.citizen(row).explain(domain)
        conviction = float(society.citizens.conviction_before[row, society.domains.names.index(domain)])
        mood = -required_utility(why.draw, society.rates.rationality)
        assert (why.utility + mood >= 0) == why.complies
        says = saying.sentence(domain, why, conviction, mood)
        seen.add((why.complies, why.decided))
        assert says.startswith(f"She {words.does if why.complies else words.does_not}")
        assert ("she would do the same" in says) == (why.complies == why.complies_unobserved)
        if why.decided == "eye":
            assert "What decides it:" in says
            doubts = ("although" in says) == ((conviction < 0.5) == why.complies)
            assert doubts
        elif why.decided == "start":
            # What is said to decide speaks for what she does, and is there also where nobody sees.
            named = {words: name for name, (_, words) in TERM_WORDS.items()} | {MOOD: "mood"}
            term = named[says.split("What decides it: ")[1].rstrip(".")]
            value = mood if term == "mood" else why.terms[term]
            assert term in (*saying.UNSEEN, "mood") and (value >= 0) == why.complies
    assert {complies for complies, _ in seen} == {True, False} and len(seen) > 2


def test_every_domain_and_scenario_has_its_words():
    assert set(Scenario.load("baseline").domain_names) == set(ACTS)
    assert acts_in("tidiness").where == "in tidiness"
    listed = [one["name"] for group in sheet() for one in group["scenarios"]]
    assert sorted(listed) == sorted(scenarios()) and [group["group"] for group in sheet()] == list(GROUPS)


def test_a_scenario_is_asked_what_it_can_answer():
    assert asked_of(Scenario.load("visible-score-and-reports")) == QUESTIONS
    assert [question.name for question in asked_of(Scenario.load("visible-score"))] == ["end", "thirty-years"]
    assert asked_of(Scenario.load("baseline")) == ()


def test_what_is_told_once_has_no_empty_words():
    assert all(part[1] and part[2] for part in PARTS.values())
    frame = SimpleNamespace(citizen=None)
    assert saying.card(frame) is None


def test_the_next_question_is_asked_of_the_society_as_its_reader_made_it():
    mine = Course.of("visible-score-and-reports").changed(30, 0, {"citizens.memory": 9.0})
    course = mine
    for question in QUESTIONS:
        course = question.end(course, question.begins)
    assert len(course.entries) == 4 and without_answers(course) == mine
