"""The page, driven as a person would in a real browser: how it opens, what it shows, what can be done."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

import glasshouse as gh
from glasshouse.agents.citizens import Lists
from glasshouse.dashboard.page import saying
from glasshouse.dashboard.page.words import QUESTION
from glasshouse.dashboard.session.world import Limits
from glasshouse.experiments.running.twin import twin_of
from tests.dashboard.driving import (
    COURSE,
    PRESET,
    REWARD,
    address_of,
    arrived,
    here,
    inks,
    press,
    shown_numbers,
    worlds,
)

# How it opens


def test_it_opens_with_its_name_its_question_and_a_society_that_lives(open_page, dashboard, pictures):
    page = open_page(dashboard)
    expect(page.get_by_role("heading", level=1)).to_have_text(QUESTION)
    expect(page.get_by_role("link", name="Glasshouse")).to_be_visible()
    assert page.title() == "Glasshouse: what being watched does to people"
    assert page.evaluate("document.documentElement.lang") == "en"
    page.wait_for_function("+document.querySelector('.glasshouse').dataset.week >= 41", timeout=20_000)
    week = here(page)
    assert all(inks(page).get(name, 0) > 20 for name in ("ever", "eye", "deviates"))
    for words in ("in the heart", "in the crowd", "under the eye", "Privacy", "Trust"):
        expect(page.locator(".gh-cover")).to_contain_text(words)
    page.wait_for_function(f"+document.querySelector('.glasshouse').dataset.week > {week}", timeout=10_000)
    page.screenshot(path=pictures / "open.png")
    page.get_by_role("button", name="Let them live on").click()
    expect(page.get_by_role("heading", name="Levers")).to_be_visible()
    assert page.title() == f"{gh.Scenario.load(PRESET).title} – Glasshouse"


def test_headings_are_in_order_and_no_slug_or_letter_stands_for_a_world(open_page, dashboard):
    page = open_page(address_of(dashboard, week=30))
    arrived(page, 30)
    levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3')].map((h) => +h.tagName[1])")
    assert levels[0] == 1 and all(later <= before + 1 for before, later in pairwise(levels))
    text = page.locator(".glasshouse").inner_text()
    assert not re.search(r"\b(baseline|visible-score|World [AB]|world [AB])\b", text)


# What it shows is what the model says


def test_numbers_are_the_difference_to_the_same_people_unwatched(open_page, dashboard):
    page = open_page(address_of(dashboard, week=40))
    arrived(page, 40)
    watched, unwatched = worlds(COURSE, 40)
    assert unwatched.plan == twin_of(watched.plan) or not unwatched.institutions
    difference = (watched.history - unwatched.history).iloc[-saying.SMOOTH :].mean()
    assert shown_numbers(page) == [
        pytest.approx(100 * difference[name], abs=0.051) for name in ("internalised", "following", "pressure")
    ]
    more = float(re.search(r"([\d.]+) more", page.locator(".gh-numbers .gh-caption").inner_text())[1])
    assert more == pytest.approx(100 * difference["compliance"], abs=0.051)
    for (name, cost), society in zip((("exposure", 0), ("trust_ties", 1)), (watched, watched), strict=True):
        text = page.locator(".gh-cost").nth(cost).inner_text()
        value = society.history[name].iloc[-saying.SMOOTH :].mean()
        assert int(re.search(r"(\d+) of 100", text)[1]) == round(100 * value)


def test_the_legend_counts_what_is_drawn(open_page, dashboard):
    page = open_page(address_of(dashboard, week=30))
    arrived(page, 30)
    watched, unwatched = worlds(COURSE, 30)
    for society, name in ((watched, "Watched"), (unwatched, "Unwatched")):
        press(page, name)
        expect(page.get_by_role("button", name=name, exact=True)).to_have_attribute("aria-pressed", "true")
        counts = [int(text.replace(",", "")) for text in page.locator(".gh-legend > span > b").all_inner_texts()]
        assert sum(counts) == 400
        speaks_up = page.locator(".gh-legend > span", has_text="speak up").locator("b").inner_text()
        assert int(speaks_up) == (society.citizens.complies[:, 4] == 0).sum()
    page.locator(".gh-domain select").select_option("credit")
    expect(page.locator(".gh-legend")).to_contain_text("pay anyway")


def test_parts_stand_on_a_zero_line_that_is_always_there(open_page, dashboard):
    page = open_page(address_of(dashboard, week=60))
    arrived(page, 60)
    rail = page.locator(".gh-rail")
    expect(rail.locator(".gh-area")).to_have_count(4)
    assert "0" in rail.locator("svg").first.locator("text").all_text_contents()
    boxes = {name: rail.locator(f".gh-area[data-part={name}]").bounding_box() for name in ("heart", "crowd", "eye")}
    assert boxes["heart"]["y"] >= boxes["crowd"]["y"] >= boxes["eye"]["y"]
    press(page, "Levels")
    expect(page.get_by_text("Acts that follow the rules, of 100")).to_be_visible()
    press(page, "Look at")
    plan = gh.Scenario.load(PRESET)
    expect(page.locator(".gh-look")).to_have_text(plan.look_at)
    for name in set(plan.shows) - {"pressure", "trust_ties"}:
        label = gh.measures.declared(plan.domain_names)[name].label
        expect(rail.get_by_role("heading", name=label, exact=True)).to_be_visible()


def test_what_happens_is_seen_and_can_be_read(open_page, dashboard):
    busy = {REWARD: 4.0, "institutions.court.caseload": 1.0, "citizens.report.hassle": 0.0}
    course = COURSE.changed(0, 0, busy | {"institutions.blacklist": {"entry": 1.0, "debt": 1000.0}})
    page = open_page(address_of(dashboard, course, 30))
    arrived(page, 30)
    society, _ = worlds(course, 30)
    events = page.locator(".gh-events b").all_inner_texts()
    told = (society.ties.accusations > 0).sum()
    listed = society.citizens.on(Lists.BLACKLISTED).sum()
    assert [int(text) for text in events] == [told, (society.citizens.sanctioned != 0).sum(), listed]
    assert told > 0 and listed > 0 and inks(page).get("ink", 0) > 50
    # While it plays slowly, sparks run within one week.
    press(page, "slow")
    page.locator(".gh-play").click()
    page.wait_for_function("+document.querySelector('.glasshouse').dataset.week >= 31")
    page.wait_for_timeout(120)
    pictures = {page.locator(".gh-canvas canvas").nth(1).screenshot() for _ in range(4)}
    assert len(pictures) > 1


# A citizen


def point_of(page: Page, node: int) -> tuple[float, float]:
    """Where a citizen is drawn: the keyboard goes to it, and says who it is."""
    box = page.locator(".gh-canvas").bounding_box()
    place = gh_layout(node)
    return box["x"] + place[0] * box["width"], box["y"] + place[1] * box["width"]


def gh_layout(node: int) -> tuple[float, float]:
    from glasshouse.dashboard.drawing.layout import layout_of, matrix

    society = gh.Society(COURSE.scenario(), rng=1, threads=1)
    c = society.citizens
    return layout_of(matrix(society), c.group[c.node.argsort()]).wide.points[node].tolist()


def test_a_citizen_says_in_a_sentence_and_in_terms_why_she_acted(open_page, dashboard, pictures):
    page = open_page(address_of(dashboard, week=40))
    arrived(page, 40)
    society, _ = worlds(COURSE, 40)
    eye = (society.citizens.complies[:, 4] == 1) & (society.citizens.complies_unobserved[:, 4] == 0)
    node = int(society.citizens.node[eye.argmax()])
    page.mouse.click(*point_of(page, node))
    card = page.locator(".gh-card")
    expect(card).to_contain_text(f"Citizen {node}, in what they say, week 40")
    why = society.citizen(int(society.row_of[node])).explain("speech")
    expect(card.locator(".gh-sentence")).to_contain_text("She holds her tongue")
    expect(card.locator(".gh-sentence")).to_contain_text("If nobody could see, she would speak up.")
    values = [float(text.replace("−", "-")) for text in card.locator(".gh-terms > b").all_inner_texts()]
    assert values[:-1] == [pytest.approx(value, abs=0.0051) for value in why.terms.values()]
    # With her mood they add up to something above zero exactly if she complies.
    together = float(card.locator(".gh-sum b").inner_text().replace("−", "-"))
    assert together == pytest.approx(sum(values), abs=0.05) and together >= 0
    expect(card.locator(".gh-acts span")).to_have_count(6)
    expect(card).to_contain_text(f"Her {len(society.ties.of(int(society.row_of[node])))} neighbours")
    page.screenshot(path=pictures / "citizen.png")
    press(page, "See her unwatched")
    expect(card.get_by_role("button", name="See her watched")).to_be_visible()
    press(page, "See her watched")
    press(page, "Follow her")
    page.wait_for_function("+document.querySelector('.glasshouse').dataset.week >= 42", timeout=10_000)
    expect(card).to_contain_text(f"Citizen {node}, in what they say")
    press(page, "Stop following her")
    page.get_by_role("button", name="Close the card").click()
    expect(card).to_have_count(0)


def test_citizens_are_reached_by_keyboard(open_page, dashboard):
    page = open_page(address_of(dashboard, week=10))
    arrived(page, 10)
    page.locator(".gh-canvas canvas").nth(1).focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowDown"):
        page.keyboard.press(key)
    node = page.locator(".gh-canvas").get_attribute("data-at")
    page.keyboard.press("Enter")
    expect(page.locator(".gh-card")).to_contain_text(f"Citizen {node},")
    page.keyboard.press("Escape")
    expect(page.locator(".gh-card")).to_have_count(0)


@pytest.mark.slow
def test_the_longest_course_is_drawn(open_page, dashboard):
    """All weeks that a server allows by default, of few people; a chart of so many must not be the end of the page."""
    page = open_page(address_of(dashboard, COURSE.changed(0, 0, {"population.size": 20}), week=Limits().weeks))
    page.wait_for_function(f"+document.querySelector('.glasshouse').dataset.week >= {Limits().weeks}", timeout=240_000)
    for chart in ("Levels", "Look at", "Difference"):
        press(page, chart)
    expect(page.locator(".gh-area").first).to_be_visible()
