"""The page for everyone: screen readers, keyboards, dark rooms, telephones."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from glasshouse.dashboard.drawing.widgets import STATIC
from glasshouse.dashboard.session.course import Course
from glasshouse.dashboard.session.links import packed
from tests.dashboard.driving import arrived, lived

AXE = STATIC.parent / "node_modules" / "axe-core" / "axe.min.js"
ADDRESS = f"?s={packed(Course.of('visible-score-and-reports'))}&w=20"
SIZES = {"laptop": (1440, 900), "small": (1024, 768), "telephone": (390, 844)}


@pytest.fixture(scope="module")
def axe() -> str:
    if not AXE.exists():
        assert not os.environ.get("CI"), "axe-core is not installed; run npm ci in dashboard/drawing"
        pytest.skip("axe-core is not installed")
    return AXE.read_text("utf-8")


def findings(page: Page, axe: str) -> list[str]:
    """Serious findings of axe within the page."""
    page.evaluate(axe)
    found = page.evaluate("axe.run('.glasshouse', { resultTypes: ['violations'] })")["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]} {one['nodes'][0]['any'][:1]}" for one in found
            if one["impact"] in ("serious", "critical")]  # fmt: skip


def test_the_page_is_read_at_once_and_does_not_fade_in(open_page, dashboard):
    page = open_page(dashboard)
    seen = page.evaluate("""() => { const seen = [];
      for (let e = document.querySelector('.glasshouse'); e; e = e.parentElement) {
        const { opacity, animationName } = getComputedStyle(e);
        if (opacity !== '1' || animationName !== 'none') seen.push([e.className, opacity, animationName]);
      } return seen }""")
    assert seen == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_no_state_of_the_page_has_a_serious_finding(open_page, dashboard, axe, scheme, size):
    width, height = SIZES[size]
    page = open_page(dashboard, viewport={"width": width, "height": height}, color_scheme=scheme)
    page.wait_for_function("+document.querySelector('.glasshouse').dataset.week >= 40", timeout=20_000)
    assert not findings(page, axe)
    page.get_by_role("button", name="Let them live on").click()
    page.locator(".gh-play").click()
    lived(page, 60)
    assert not findings(page, axe)
    page.locator(".gh-canvas canvas").nth(1).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator(".gh-card")).to_be_visible()
    assert not findings(page, axe)
    page.get_by_role("button", name="Close the card").click()
    page.locator(".gh-off").click()
    lived(page, 70)
    assert not findings(page, axe)
    page.locator(".gh-foot .gh-button").first.click()
    assert not findings(page, axe)
    page.get_by_role("button", name="Close", exact=True).click()
    page.locator(".gh-chooser").click()
    assert not findings(page, axe)
    page.keyboard.press("Escape")
    page.locator(".gh-ask button").click()
    arrived(page, 104)
    assert not findings(page, axe)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_hangs_over_the_side_and_nothing_is_under_the_time_bar(open_page, dashboard, pictures, size, scheme):
    width, height = SIZES[size]
    page = open_page(dashboard + ADDRESS, viewport={"width": width, "height": height}, color_scheme=scheme)
    arrived(page, 20)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.evaluate("window.scrollTo(0, document.documentElement.scrollHeight)")
    last = page.evaluate("""Math.max(...[...document.querySelectorAll('.gh-work button, .gh-last button')]
        .filter((e) => e.offsetParent).map((e) => e.getBoundingClientRect().bottom))""")
    assert last <= height - 64
    paper = page.evaluate("getComputedStyle(document.querySelector('.glasshouse')).backgroundColor")
    assert (sum(map(int, paper[4:-1].split(","))) < 200) == (scheme == "dark")
    page.screenshot(path=pictures / f"{size}-{scheme}.png")


def test_while_playing_nothing_that_moves_is_below_the_fold(open_page, dashboard):
    page = open_page(dashboard + ADDRESS)
    arrived(page, 20)
    for part in (".gh-band", ".gh-levers", ".gh-society", ".gh-rail"):
        box = page.locator(part).bounding_box()
        assert box["y"] + box["height"] <= 900 - 64, part


def test_on_a_telephone_one_finger_scrolls_and_charts_come_before_levers(open_page, dashboard):
    page = open_page(dashboard + ADDRESS, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    arrived(page, 20)
    assert page.evaluate("getComputedStyle(document.querySelectorAll('.gh-canvas canvas')[1]).touchAction") == "pan-y"
    places = [page.locator(part).bounding_box()["y"] for part in (".gh-band", ".gh-society", ".gh-rail", ".gh-levers")]
    assert places == sorted(places)


def test_who_wants_no_motion_gets_none(open_page, dashboard):
    page = open_page(dashboard, reduced_motion="reduce")
    page.wait_for_function("+document.querySelector('.glasshouse').dataset.week >= 40", timeout=20_000)
    expect(page.locator(".glasshouse")).to_have_attribute("data-playing", "false")


def test_the_numbers_are_read_aloud_now_and_then(open_page, dashboard):
    page = open_page(dashboard + ADDRESS)
    arrived(page, 20)
    expect(page.locator("[aria-live=polite]")).to_contain_text("Week 20:", timeout=10_000)


def test_the_theme_is_chosen_and_kept(open_page, dashboard):
    page = open_page(dashboard + ADDRESS, color_scheme="light")
    page.get_by_role("button", name="Dark", exact=True).click()
    page.reload()
    arrived(page, 20)
    assert "is-dark" in page.locator(".glasshouse").get_attribute("class")


def test_the_licence_of_what_is_vendored_is_shipped():
    text = Path(STATIC / "htm-preact.LICENSE").read_text("utf-8")
    assert "Apache License" in text and "MIT" in text
