"""What can be done on the page: levers, switching off, guessing, choosing, another world, sessions."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import expect

import glasshouse as gh
from glasshouse.dashboard.page import saying
from glasshouse.dashboard.page.words import QUESTION
from glasshouse.dashboard.session.course import Course, Entry
from glasshouse.dashboard.session.links import packed
from tests.dashboard.conftest import server
from tests.dashboard.driving import (
    COURSE,
    REWARD,
    address_of,
    arrived,
    here,
    inks,
    linked,
    lived,
    press,
    shown_numbers,
    worlds,
)

# What can be done


def test_a_lever_holds_from_the_next_week_and_can_be_put_back(open_page, dashboard, pictures):
    page = open_page(address_of(dashboard, week=10))
    arrived(page, 10)
    lever = page.locator(f".gh-lever[data-path='{REWARD}']")
    slider = lever.get_by_label("A report earns")
    slider.focus()
    expect(lever.locator(".gh-tip")).to_contain_text("What a report is worth")
    expect(lever.locator(".gh-tip")).to_contain_text("Source:")
    page.keyboard.press("End")
    expect(lever).to_have_class(re.compile("is-changed"))
    expect(page.locator(".gh-diary")).to_contain_text("week 11 on: A report earns: 4")
    lived(page, 20)
    assert linked(page)[0].entries == (Entry(11, 0, {REWARD: 4.0}),)
    page.screenshot(path=pictures / "lever.png")
    lever.get_by_role("button", name="Reset").click()
    expect(lever).not_to_have_class(re.compile("is-changed"))
    assert here(page) == 20
    exact = lever.get_by_label("Exactly")
    slider.focus()
    exact.fill("99")
    exact.press("Tab")
    expect(page.get_by_role("alert")).to_contain_text("institutions.hotline.reward")
    # An institution is a switch, and brings its settings.
    page.get_by_role("switch", name="Public list of debtors").click()
    expect(page.locator(".gh-diary")).to_contain_text("Public list of debtors: switched on")
    expect(page.get_by_role("switch", name="Public list of debtors")).to_have_attribute("aria-checked", "true")


def test_switching_off_says_what_is_left_and_can_be_undone(open_page, dashboard, pictures):
    page = open_page(address_of(dashboard, week=104))
    arrived(page, 104)
    before = shown_numbers(page)
    press(page, "Switch the watching off")
    expect(page.get_by_role("heading", level=1)).to_have_text("The watching ended in week 104.")
    lived(page, 156)
    watched, unwatched = worlds(COURSE.switched_off(104), 156)
    rise = 100 * (watched.history["compliance"] - unwatched.history["compliance"])
    share = rise.iloc[-13:].mean() / rise.iloc[91:104].mean()
    words = f"A year later {saying.share_in_words(share)} of the rise is left."
    expect(page.get_by_role("heading", level=1)).to_have_text(f"The watching ended in week 104. {words}")
    was = [float(text.split()[1].replace("−", "-")) for text in page.locator(".gh-number .gh-note").all_inner_texts()]
    assert was == before
    expect(page.locator(".gh-levers")).to_contain_text("without effect while off")
    assert page.get_by_label("A report earns").is_disabled()
    page.screenshot(path=pictures / "off.png")
    press(page, "Switch on again")
    lived(page, 160)
    expect(page.get_by_role("heading", level=1)).to_have_text(QUESTION)
    expect(page.locator(".gh-diary")).to_contain_text("The institutions are switched on again")


def test_who_guesses_sees_the_guess_beside_the_truth(open_page, dashboard, pictures):
    page = open_page(dashboard)
    page.get_by_role("button", name="Guess first").click()
    arrived(page, 104)
    expect(page.get_by_role("heading", name="The watching ends in week 104. How does it go on?")).to_be_visible()
    box = page.locator(".gh-draw").bounding_box()
    page.mouse.move(box["x"] + 0.6 * box["width"], box["y"] + 0.4 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.7 * box["width"], box["y"] + 0.5 * box["height"], steps=5)
    page.mouse.move(box["x"] + 0.86 * box["width"], box["y"] + 0.5 * box["height"], steps=5)
    page.mouse.up()
    guess = float(page.locator(".gh-draw").get_attribute("aria-valuenow"))
    page.screenshot(path=pictures / "guess.png")
    press(page, "Show what happened")
    arrived(page, 156)
    expect(page.locator(".gh-said")).to_be_visible(timeout=10_000)
    watched, unwatched = worlds(COURSE.switched_off(104), 156)
    truth = 100 * (watched.history["compliance"] - unwatched.history["compliance"]).iloc[-13:].mean()
    expect(page.locator(".gh-said")).to_contain_text(f"You left {guess:.1f} of ")
    expect(page.locator(".gh-said")).to_contain_text(f"it was {truth:.1f}.")
    expect(page.locator(".gh-draw")).to_contain_text(f"it was {saying.signed(truth)}")
    page.screenshot(path=pictures / "seen.png")
    # The next is about reports: the hotline closes, in a society that was not switched off.
    press(page, "Next: what do reports do?")
    arrived(page, 104)
    page.locator(".gh-draw").focus()
    page.keyboard.press("PageUp")
    press(page, "Show what happened")
    arrived(page, 156)
    expect(page.locator(".gh-said")).to_contain_text("You guessed", timeout=10_000)
    course = linked(page)[0]
    assert course.entries == (Entry(105, 0, {"institutions.hotline": False}),)
    press(page, "Play on from here")
    expect(page.get_by_role("heading", name="Levers")).to_be_visible()
    expect(page.locator(".gh-ask")).to_contain_text("And after thirty years?")


def test_thirty_years_are_lived_and_the_questions_can_be_skipped(open_page, dashboard):
    few = COURSE.changed(0, 0, {"population.size": 100})
    page = open_page(address_of(dashboard, few))
    for _ in range(2):
        page.locator(".gh-ask").get_by_role("button", name="Guess").click()
        arrived(page, 104)
        page.locator(".gh-draw").focus()
        page.keyboard.press("PageDown")
        press(page, "Show what happened")
        expect(page.locator(".gh-said")).to_be_visible(timeout=20_000)
        press(page, "Play on from here")
    page.locator(".gh-ask").get_by_role("button", name="Guess").click()
    arrived(page, 1560)
    page.locator(".gh-draw").focus()
    page.keyboard.press("PageDown")
    press(page, "Show what happened")
    arrived(page, 1612)
    expect(page.locator(".gh-said")).to_be_visible(timeout=20_000)
    # After the last there is a way back to where it began.
    press(page, "Begin again")
    expect(page.get_by_role("heading", name="Levers")).to_be_visible()
    page.wait_for_function("+document.querySelector('.glasshouse').dataset.week < 100")
    # The address follows what is drawn.
    page.wait_for_function("(link) => location.search.includes(link)", arg=packed(few), timeout=10_000)


def test_scenarios_are_found_by_their_words_and_begin_where_one_was(open_page, dashboard, pictures):
    page = open_page(address_of(dashboard, week=26))
    arrived(page, 26)
    page.locator(".gh-chooser").click()
    sheet = page.get_by_role("dialog", name="Choose a scenario")
    for group in ("History", "Score", "Court", "Market", "For comparison"):
        expect(sheet.get_by_role("heading", name=group)).to_be_visible()
    expect(sheet.locator(".gh-scenario")).to_have_count(len(gh.scenarios()))
    page.screenshot(path=pictures / "scenarios.png")
    sheet.get_by_label("Search scenarios").fill("debtors map")
    expect(sheet.locator(".gh-scenario")).to_have_count(1)
    sheet.locator(".gh-scenario").click()
    expect(page.locator(".gh-chooser")).to_contain_text(gh.Scenario.load("debtor-map").title)
    arrived(page, 26)
    expect(page.locator(".gh-levers")).to_contain_text("Neighbours with the map")
    press(page, "How to read this")
    expect(page.get_by_role("dialog", name="How to read this")).to_contain_text(
        gh.Scenario.load("debtor-map").sources[0]
    )
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_another_scenario_can_be_the_second_world_and_the_week_is_kept(open_page, dashboard):
    page = open_page(address_of(dashboard, week=30))
    arrived(page, 30)
    page.locator(".gh-chooser").click()
    page.get_by_label("Beside it").select_option("court-blacklist")
    page.keyboard.press("Escape")
    arrived(page, 30)
    title = gh.Scenario.load("court-blacklist").title
    expect(page.locator(".gh-rail")).to_contain_text(title)
    first, second = worlds(COURSE.beside("court-blacklist"), 30)
    difference = (first.history - second.history).iloc[-saying.SMOOTH :].mean()
    assert shown_numbers(page)[2] == pytest.approx(100 * difference["pressure"], abs=0.051)
    page.get_by_role("button", name=re.compile("All .* settings")).click()
    page.locator(".gh-whose").get_by_role("button", name=title).click()
    page.get_by_label("Search all settings").fill("court.error")
    page.get_by_label("The court convicts the innocent").focus()
    page.keyboard.press("End")
    lived(page, 34)
    entries = linked(page)[0].entries
    assert [(entry.week, entry.world, *entry.set) for entry in entries] == [(31, 1, "institutions.court.error")]


def test_keys_play_step_and_start_again(open_page, dashboard):
    page = open_page(address_of(dashboard))
    page.locator("body").press("ArrowRight")
    arrived(page, 1)
    page.locator("body").press(" ")
    expect(page.locator(".gh-play")).to_have_attribute("aria-label", "Pause")
    page.locator("body").press(" ")
    expect(page.locator(".gh-play")).to_have_attribute("aria-label", "Play")
    page.locator("body").press("Home")
    arrived(page, 0)


def test_more_than_can_be_drawn_are_sampled_and_said_so(open_page, dashboard):
    course = Course.of("visible-score", people={"population.size": 6000})
    page = open_page(address_of(dashboard, course, 3))
    arrived(page, 3)
    expect(page.locator(".gh-legend")).to_contain_text("5,000 of 6,000 are drawn")
    assert inks(page)["ever"] > 1000


def test_what_cannot_be_is_said_on_the_page(open_page, dashboard):
    page = open_page(address_of(dashboard))
    page.get_by_role("button", name=re.compile("All .* settings")).click()
    page.get_by_label("Search all settings").fill("population.size")
    page.get_by_label("Citizens", exact=True).focus()
    page.get_by_label("Exactly").fill("900000")
    page.keyboard.press("Tab")
    expect(page.get_by_role("alert")).to_contain_text("more than the 20,000 citizens that this server allows")
    page.get_by_label("Search all settings").fill("no such thing")
    expect(page.get_by_text("No setting is called so")).to_be_visible()


# Sessions


def test_two_sessions_are_independent_and_a_closed_tab_stops(open_page):
    with server("--most-sessions", "2") as address:
        one, two = open_page(address_of(address)), open_page(address_of(address))
        lived(one, 8)
        assert here(two) == 0
        two.locator(".gh-play").click()
        two.wait_for_function("+document.querySelector('.glasshouse').dataset.week > 2")
        assert here(one) == 8
        third = one.context.new_page()
        third.goto(address)
        expect(third.get_by_text("this server has 2 visitors already")).to_be_visible(timeout=20_000)
        third.close()
        two.context.close()
        # Its place is free once its society has been stopped.
        limit = time.monotonic() + 30
        while True:
            page = one.context.new_page()
            page.goto(address)
            page.wait_for_selector(".glasshouse[data-week], .v-alert", timeout=20_000)
            if page.locator(".glasshouse").count():
                break
            page.close()
            assert time.monotonic() < limit
            time.sleep(1)
        one.context.close()


def test_weeks_are_limited_in_words(open_page):
    with server("visible-score", "--most-weeks", "6", "--most-citizens", "1000") as address:
        page = open_page(address_of(address, Course.of("visible-score"), 6))
        arrived(page, 6)
        press(page, "One week")
        expect(page.get_by_role("alert")).to_contain_text("this server allows 6 weeks")
        page.context.close()
