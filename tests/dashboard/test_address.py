"""The address is the state: it restores everything, a reload and the way back work, and a bad one is said to be."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Page, expect

import glasshouse as gh
from glasshouse.dashboard.session.course import Course
from glasshouse.dashboard.session.links import opened, packed
from glasshouse.experiments.asking.design import Design
from glasshouse.experiments.running.output import read_parquet
from tests.dashboard.driving import COURSE, REWARD, address, arrived, here, linked, lived, worlds

PRESET = "visible-score-and-reports"


def text_of(page: Page) -> tuple[str, str]:
    """What a page says: its numbers and its legend."""
    return page.locator(".gh-band").inner_text(), page.locator(".gh-legend").inner_text()


def test_what_was_done_is_in_the_address_and_comes_back_with_it(open_page, dashboard):
    page = open_page(f"{dashboard}?s={packed(Course.of(PRESET))}&w=10")
    arrived(page, 10)
    page.get_by_role("switch", name="Public list of debtors").click()
    lived(page, 30)
    page.get_by_role("button", name="Switch the watching off").click()
    lived(page, 60)
    said, before = text_of(page), address(page)
    course, week = linked(page)
    assert week == 60 and [entry.week for entry in course.entries] == [11, 31]
    page.reload()
    arrived(page, 60)
    assert text_of(page) == said and address(page) == before
    again = open_page(before)
    arrived(again, 60)
    assert text_of(again) == said
    # Back is before what was done last: still on.
    page.go_back()
    page.wait_for_function("document.querySelector('.glasshouse').dataset.going === ''")
    expect(page.get_by_role("button", name="Switch the watching off")).to_be_visible()


def test_a_link_says_what_is_still_to_come_and_plays_to_its_week(open_page, dashboard):
    course = Course.of(PRESET, 4).changed(50, 0, {"citizens.memory": 9.0})
    page = open_page(f"{dashboard}?s={packed(course)}&w=20")
    arrived(page, 20)
    expect(page.locator(".gh-diary")).to_contain_text("Still to come: week 51: Memory: 9")
    lived(page, 52)
    expect(page.locator(".gh-diary")).to_contain_text("Week 51: Memory: 9")
    assert linked(page) == (course, 52)


def test_the_link_is_copied(open_page, dashboard):
    page = open_page(f"{dashboard}?s={packed(Course.of(PRESET))}&w=5")
    arrived(page, 5)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert opened(page.evaluate("navigator.clipboard.readText()").split("?")[1])[1] == 5


@pytest.mark.parametrize("changes", [None, {"population.file": "/etc/passwd"}, {"population.size": 10_000_000}])
def test_a_link_that_should_not_be_is_refused_in_words(open_page, dashboard, changes):
    text = packed(Course.of("visible-score").changed(0, 0, changes)) if changes else "x"
    page = open_page(f"{dashboard}?s={text}")
    expect(page.get_by_role("alert")).to_be_visible()
    assert re.search("damaged|opens no files|server allows|is read only", page.get_by_role("alert").inner_text())
    # What is open instead is the page as it is without a link.
    page.wait_for_function("+document.querySelector('.glasshouse').dataset.week >= 40", timeout=20_000)


def test_what_is_done_while_it_plays_is_in_the_address_at_once(open_page, dashboard):
    page = open_page(f"{dashboard}?s={packed(COURSE)}&w=10")
    arrived(page, 10)
    page.locator(".gh-play").click()
    page.wait_for_function("+document.querySelector('.glasshouse').dataset.week >= 12", timeout=20_000)
    page.get_by_label("A report earns").focus()
    page.keyboard.press("End")
    page.wait_for_function("(link) => !location.search.includes(link)", arg=packed(COURSE), timeout=10_000)
    assert page.locator(".glasshouse").get_attribute("data-playing") == "true"
    course, week = linked(page)
    assert [entry.set for entry in course.entries] == [{REWARD: 4.0}] and week >= 12
    # Frames of what is left behind do not undo the way back.
    page.go_back()
    arrived(page, 10)


def downloaded(page: Page, name: str) -> bytes:
    with page.expect_download(timeout=30_000) as waiting:
        page.get_by_role("dialog").get_by_role("button", name=name).click()
    return Path(waiting.value.path()).read_bytes()


def test_everything_can_be_taken_away(open_page, dashboard, tmp_path):
    page = open_page(f"{dashboard}?s={packed(Course.of(PRESET))}&w=12")
    arrived(page, 12)
    page.get_by_role("button", name="Switch the watching off").click()
    lived(page, 20)
    page.get_by_role("button", name="Take away").click()
    history = pd.read_csv(io.BytesIO(downloaded(page, "History, CSV")))
    (tmp_path / "mine.toml").write_bytes(downloaded(page, "Scenario"))
    (tmp_path / "mine.parquet").write_bytes(downloaded(page, "History, Parquet"))
    again = gh.Society(tmp_path / "mine.toml", rng=1)
    again.run_for(20)
    unwatched = worlds(COURSE, 20)[1].history
    both = pd.concat({"watched": again.history, "unwatched": unwatched}, names=["world"]).reset_index()
    pd.testing.assert_frame_equal(history, both, check_exact=True)
    pd.testing.assert_frame_equal(read_parquet(tmp_path / "mine.parquet"), both)
    for name in ("This chart", "All measures"):
        assert b"<svg" in downloaded(page, f"{name}, SVG")
        assert downloaded(page, f"{name}, PNG").startswith(b"\x89PNG")


def test_a_range_is_tried_cancelled_and_kept(open_page, dashboard, tmp_path, pictures):
    page = open_page(f"{dashboard}?s={packed(Course.of(PRESET).changed(0, 0, {'population.size': 100}))}&w=5")
    arrived(page, 5)
    page.get_by_role("button", name=re.compile("All .* settings")).click()
    page.get_by_role("button", name="Try a whole range").click()
    sheet = page.get_by_role("dialog")
    sheet.get_by_label("Setting").select_option("institutions.hotline.reward")
    sheet.get_by_role("button", name="Run it").click()
    sheet.get_by_role("button", name="Cancel").click()
    expect(sheet.get_by_role("alert")).to_contain_text("cancelled", timeout=20_000)
    sheet.get_by_label("Weeks").fill("26")
    sheet.get_by_role("button", name="Run it").click()
    expect(sheet.locator(".gh-sweep circle")).to_have_count(7, timeout=60_000)
    for words in ("A report earns", "Compliance"):
        expect(sheet.locator(".gh-sweep")).to_contain_text(words)
    page.screenshot(path=pictures / "sweep.png")
    assert len(downloaded(page, "Data (CSV)").splitlines()) == 8
    assert b"<svg" in downloaded(page, "Figure (SVG)")
    (tmp_path / "study.toml").write_bytes(downloaded(page, "Make this a study file"))
    assert len(Design.load(tmp_path / "study.toml").study().points) == 7
    assert here(page) == 5, "the society on the page is not touched"
