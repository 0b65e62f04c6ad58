"""The page, driven as a person would in a real browser."""

from __future__ import annotations

import io
import re
import time
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Page, expect

import glasshouse as gh
from glasshouse.dashboard.session.course import Course, Entry
from glasshouse.dashboard.session.links import packed, unpacked
from glasshouse.experiments.running.output import read_parquet

from .conftest import server

PALETTE = {"start": (86, 180, 233), "believed": (0, 158, 115), "crowd": (0, 114, 178), "pressed": (213, 94, 0),
           "deviates": (204, 121, 167), "circle": (0, 0, 0)}  # fmt: skip
COUNT = """([canvas, palette]) => {
  const c = document.querySelectorAll('.gh-network canvas')[canvas], seen = {};
  const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;
  for (let k = 0; k < d.length; k += 4) {
    if (d[k + 3] < 150) continue;
    for (const [name, [r, g, b]] of Object.entries(palette))
      if (Math.abs(d[k] - r) + Math.abs(d[k + 1] - g) + Math.abs(d[k + 2] - b) < 40) seen[name] = (seen[name] || 0) + 1;
  }
  return seen;
}"""


def colours(page: Page, world: int = 0) -> dict[str, int]:
    """Pixels of each colour on a world's canvas of citizens."""
    return page.evaluate(COUNT, [2 * world + 1, PALETTE])


def week(page: Page) -> int:
    return int(re.sub(r"\D", "", page.locator(".gh-week").inner_text().split("→")[0]))


def choose(page: Page, label: str, option: str, exact: bool = True) -> None:
    page.get_by_label(label, exact=True).first.click(force=True)
    entries = page.locator(".menuable__content__active .v-list-item")
    entries.filter(has_text=re.compile(f"^\\s*{re.escape(option)}\\s*$" if exact else option)).first.click()


def lived(page: Page, weeks: int) -> None:
    """Go to a week, and wait until it is drawn."""
    field = page.get_by_label("Go to week")
    field.fill(str(weeks))
    field.press("Enter")
    page.click(".gh-go")
    page.wait_for_function(f"document.querySelector('.gh-week').innerText.trim() === 'week {weeks}'", timeout=30_000)
    page.wait_for_function(f"document.querySelector('.gh-charts').dataset.weeks == '{weeks}'")


def point_of(page: Page, node: int) -> tuple[float, float]:
    """Where a citizen is drawn, from the layout that the page uses."""
    from glasshouse.dashboard.drawing.layout import layout_of, matrix

    found = layout_of(matrix(gh.Society("visible-score-and-reports", rng=1)))
    box = page.locator(".gh-network canvas").nth(1).bounding_box()
    x, y = found.positions[node]
    reach = 0.41 * min(box["width"], box["height"])
    return float(box["x"] + box["width"] / 2 + reach * x), float(box["y"] + box["height"] / 2 + reach * y)


@pytest.fixture
def page(open_page, dashboard) -> Page:
    return open_page(dashboard)


def test_the_society_is_drawn_and_lives(page, pictures):
    before = colours(page)
    assert all(before.get(colour, 0) > 20 for colour in ("start", "deviates"))
    page.click(".gh-play")
    expect(page.locator(".gh-play")).to_contain_text("PAUSE", ignore_case=True)
    page.wait_for_function("+document.querySelector('.gh-charts').dataset.weeks > 20", timeout=20_000)
    page.click(".gh-play")
    expect(page.locator(".gh-play")).to_contain_text("PLAY", ignore_case=True)
    page.wait_for_timeout(300)
    there = week(page)
    after = colours(page)
    assert after != before and after.get("pressed", 0) > 20
    page.click(".gh-one")
    page.wait_for_function(f"document.querySelector('.gh-week').innerText.trim() === 'week {there + 1}'")
    page.screenshot(path=pictures / "playing.png", full_page=True)


def test_what_is_drawn_is_what_the_model_says(page):
    lived(page, 30)
    society = gh.Society("visible-score-and-reports", rng=1)
    society.run_for(30)
    page.mouse.click(*point_of(page, 17))
    panel = page.locator(".gh-citizen")
    expect(panel).to_contain_text("Citizen 17")
    why = society.citizen(17).explain("speech")
    for name, value in why.terms.items():
        row = panel.locator("tr", has_text=name)
        expect(row).to_contain_text(f"{'+' if value >= 0 else '−'}{abs(value):.3f}")
    expect(panel).to_contain_text(f"its draw this week is {why.draw:.3f}")
    expect(panel).to_contain_text(f"it {'complies' if why.complies else 'deviates'}. If nobody could see, it "
                                  f"{'complies' if why.complies_unobserved else 'deviates'}")  # fmt: skip
    expect(panel).to_contain_text(f"{len(society.ties.of(17))} neighbours")


def test_zoom_pan_and_hover(page):
    lived(page, 5)
    x, y = point_of(page, 17)
    page.mouse.move(x, y)
    expect(page.locator(".gh-tip")).to_contain_text("Citizen 17")
    before = colours(page)
    page.mouse.wheel(0, -800)
    page.wait_for_timeout(200)
    closer = colours(page)
    assert closer != before
    page.mouse.down()
    page.mouse.move(x + 120, y + 40, steps=4)
    page.mouse.up()
    page.wait_for_timeout(200)
    assert colours(page) != closer
    page.mouse.dblclick(x + 200, y + 100)
    page.wait_for_timeout(300)
    restored = colours(page)
    assert abs(restored.get("start", 0) - before.get("start", 0)) < 0.2 * before["start"]


def test_colours_show_other_things(page, pictures):
    lived(page, 20)
    for look, words in (
        ("conviction", "thinks it right"),
        ("trust", "full trust"),
        ("detection", "sure to be found out"),
    ):
        choose(page, "Colours show", look)
        expect(page.locator(".gh-legend")).to_contain_text(words)
        page.wait_for_timeout(200)
        assert "start" not in colours(page)
    page.screenshot(path=pictures / "detection.png")


def test_switch_it_off_shows_what_remains(page, pictures):
    lived(page, 60)
    pressed = colours(page).get("pressed", 0)
    page.click(".gh-off")
    expect(page.get_by_text("All institutions are switched off")).to_be_visible()
    lived(page, 120)
    assert colours(page).get("pressed", 0) < 0.5 * pressed
    expect(page.locator(".gh-bars")).to_contain_text("There is no score")
    page.screenshot(path=pictures / "switched-off.png", full_page=True)


def test_a_setting_is_changed_in_the_course_and_marked(page, pictures):
    lived(page, 10)
    page.get_by_label("Search all settings").fill("hotline.reward")
    setting = page.locator(".gh-setting", has_text="reward (utility)")
    expect(setting).to_have_count(1)
    field = setting.locator("input[type=text], input[type=number]").last
    field.fill("3")
    field.press("Enter")
    expect(page.locator(".gh-changed")).to_have_count(1)
    expect(page.get_by_text("Differs from the scenario: institutions.hotline.reward")).to_be_visible()
    expect(page.get_by_text("week 11: institutions.hotline.reward = 3.0")).to_be_visible()
    setting.hover()
    expect(page.locator(".v-tooltip__content.menuable__content__active")).to_contain_text("What a report is worth")
    lived(page, 20)
    page.screenshot(path=pictures / "setting.png", full_page=True)
    page.get_by_role("button", name="back to 0.5").click()
    expect(page.locator(".gh-changed")).to_have_count(0)
    assert week(page) == 20
    page.click(".gh-off")
    expect(page.get_by_text("Differs from the scenario: institutions.court")).to_be_visible()
    page.get_by_role("button", name="Back to the scenario").click()
    page.wait_for_function("document.querySelector('.gh-week').innerText.trim() === 'week 0'")
    expect(page.get_by_text("Differs from the scenario")).to_have_count(0)


def test_institutions_are_switched_on_and_off_and_the_speed_is_set(page):
    lived(page, 5)
    page.get_by_label("Institutions", exact=True).first.click(force=True)
    entries = page.locator(".menuable__content__active .v-list-item")
    entries.filter(has_text=re.compile(r"^\s*firewall\s*$")).first.click()
    expect(page.get_by_text("week 6: firewall is switched on")).to_be_visible()
    court = entries.filter(has_text=re.compile(r"^\s*court\s*$"))
    while court.count() == 0:  # the list shows more as one scrolls
        entries.last.scroll_into_view_if_needed()
        page.wait_for_timeout(100)
    court.first.click()
    expect(page.get_by_text("week 6: court is switched off")).to_be_visible()
    page.keyboard.press("Escape")
    page.locator(".v-slider__thumb-container").first.focus()
    for _ in range(60):
        page.keyboard.press("ArrowRight")
    page.locator(".gh-play").click()
    page.wait_for_function("+document.querySelector('.gh-charts').dataset.weeks > 100", timeout=30_000)


def test_more_than_can_be_drawn_are_sampled_and_said_so(open_page, dashboard):
    page = open_page(f"{dashboard}?s={packed(Course.of('visible-score').changed(0, 0, {'population.size': 6000}))}")
    expect(page.locator(".gh-legend")).to_contain_text("5,000 of 6,000 are drawn")
    lived(page, 3)
    assert colours(page)["start"] > 1000


def test_what_cannot_be_is_said_on_the_page(page):
    page.get_by_label("Search all settings").fill("population.size")
    field = page.locator(".gh-setting", has_text="size (citizens)").locator("input").last
    field.fill("900000")
    field.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("more than the 20,000 citizens that this server allows")
    page.get_by_label("Search all settings").fill("no such thing")
    expect(page.get_by_text("No setting is called so")).to_be_visible()


def test_two_worlds_side_by_side(page, pictures):
    choose(page, "Compared with", "baseline")
    expect(page.locator(".gh-network")).to_have_count(2)
    lived(page, 40)
    a, b = colours(page), colours(page, 1)
    assert a.get("pressed", 0) > 2 * b.get("pressed", 0)
    assert min(a.get("circle", 0), b.get("circle", 0)) > 50, "those who differ are circled in both"
    expect(page.locator(".gh-charts").first).to_contain_text("Difference of the worlds")
    page.screenshot(path=pictures / "two-worlds.png", full_page=True)


def test_each_of_two_worlds_has_its_settings(open_page, dashboard):
    course = Course.of("visible-score-and-reports", 1, "visible-score-and-reports")
    page = open_page(f"{dashboard}?s={packed(course.changed(0, 0, {'population.size': 150}))}")
    expect(page.locator(".gh-network")).to_have_count(2)
    lived(page, 10)
    assert colours(page).get("circle", 0) == colours(page, 1).get("circle", 0) == 0, "the same world twice"
    page.get_by_role("button", name="World B").click()
    page.get_by_label("Search all settings").fill("hotline.reward")
    field = page.locator(".gh-setting", has_text="reward (utility)").locator("input").last
    field.fill("4")
    field.press("Enter")
    expect(page.get_by_text("In world B: week 11: institutions.hotline.reward = 4.0")).to_be_visible()
    lived(page, 25)
    assert colours(page, 1)["pressed"] > 1.3 * colours(page)["pressed"] and colours(page)["circle"] > 20
    page.get_by_role("button", name="World A").click()
    expect(page.locator(".gh-changed")).to_have_count(0)
    page.get_by_role("tab", name="Take it away").click()
    link = page.get_by_label("Link that restores this page").input_value().removeprefix("?s=")
    assert unpacked(link).entries == (Entry(11, 1, {"institutions.hotline.reward": 4.0}),)


def test_scenarios_have_their_story(page):
    choose(page, "Scenario", "commune")
    page.get_by_role("tab", name="The story").click()
    plan = gh.Scenario.load("commune")
    expect(page.get_by_role("heading", name=plan.title)).to_be_visible()
    expect(page.get_by_text(plan.sources[0])).to_be_visible()


def downloaded(page: Page, label: str) -> bytes:
    with page.expect_download(timeout=30_000) as waiting:
        page.get_by_role("button", name=label).click()
    return Path(waiting.value.path()).read_bytes()


def test_everything_can_be_taken_away(page, tmp_path, faults):
    lived(page, 12)
    page.click(".gh-off")
    expect(page.get_by_text("All institutions are switched off")).to_be_visible()
    lived(page, 20)
    page.get_by_role("tab", name="Take it away").click()
    history = pd.read_csv(io.BytesIO(downloaded(page, "History (CSV)")))
    (tmp_path / "mine.toml").write_bytes(downloaded(page, "Scenario (TOML)"))
    (tmp_path / "mine.parquet").write_bytes(downloaded(page, "History (Parquet)"))
    again = gh.Society(tmp_path / "mine.toml", rng=1)
    again.run_for(20)
    pd.testing.assert_frame_equal(history, again.history.reset_index(), check_exact=True)
    pd.testing.assert_frame_equal(read_parquet(tmp_path / "mine.parquet"), again.history.reset_index())
    assert b"<svg" in downloaded(page, "Figure (SVG)") and downloaded(page, "Figure (PNG)").startswith(b"\x89PNG")


def test_a_link_restores_scenario_and_settings(open_page, dashboard):
    course = Course.of("visible-score", 4).changed(0, 0, {"population.size": 150})
    course = course.changed(4, 0, {"citizens.memory": 9.0})
    page = open_page(f"{dashboard}?s={packed(course)}")
    lived(page, 10)
    expect(page.get_by_text("week 5: citizens.memory = 9.0")).to_be_visible()
    page.get_by_role("tab", name="Take it away").click()
    expect(page.get_by_label("Link that restores this page")).to_have_value(f"?s={packed(course)}")
    expect(page.get_by_label("Seed")).to_have_value("4")


@pytest.mark.parametrize("changes", [None, {"population.file": "/etc/passwd"}, {"population.size": 10_000_000}])
def test_a_link_that_should_not_be_is_refused_in_words(open_page, dashboard, changes):
    text = packed(Course.of("visible-score").changed(0, 0, changes)) if changes else "x"
    page = open_page(f"{dashboard}?s={text}")
    expect(page.get_by_role("alert")).to_be_visible()
    assert re.search("damaged|opens no files|server allows|is read only", page.get_by_role("alert").inner_text())


def test_a_small_sweep_with_progress_and_cancel(page, pictures):
    page.get_by_role("tab", name="Small sweep").click()
    page.get_by_role("button", name="Run the sweep").click()
    expect(page.locator(".v-progress-linear:not(.v-progress-linear--absolute)")).to_be_visible()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("cancelled")).to_be_visible(timeout=15_000)
    page.get_by_role("button", name="Run the sweep").click()
    expect(page.locator(".gh-sweep")).to_be_visible(timeout=60_000)
    expect(page.locator(".gh-sweep circle")).to_have_count(7)
    page.screenshot(path=pictures / "sweep.png", full_page=True)


def test_the_tour_has_five_steps_and_comes_once(open_page, dashboard, pictures):
    page = open_page(dashboard, tour=True)
    card = page.get_by_role("dialog", name="Tour")
    for k in range(1, 6):
        expect(card).to_contain_text(f"{k} of 5")
        assert page.locator(".gh-pointed").count() == 1
        page.screenshot(path=pictures / f"tour-{k}.png")
        card.get_by_role("button", name="Next" if k < 5 else "Begin").click()
    expect(card).to_be_hidden()
    page.reload()
    page.wait_for_selector(".gh-network[data-frame]")
    page.wait_for_timeout(800)
    expect(page.get_by_role("dialog", name="Tour")).to_be_hidden()


def test_keys_play_step_and_start_again(page):
    page.locator("body").press("ArrowRight")
    page.wait_for_function("document.querySelector('.gh-week').innerText.trim() === 'week 1'")
    page.locator("body").press(" ")
    expect(page.locator(".gh-play")).to_contain_text("PAUSE", ignore_case=True)
    page.locator("body").press(" ")
    expect(page.locator(".gh-play")).to_contain_text("PLAY", ignore_case=True)
    page.locator("body").press("Home")
    page.wait_for_function("document.querySelector('.gh-week').innerText.trim() === 'week 0'")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_light_dark_and_a_telephone(open_page, dashboard, pictures, scheme):
    page = open_page(dashboard, viewport={"width": 390, "height": 800}, color_scheme=scheme)
    lived(page, 15)
    assert page.evaluate("document.documentElement.scrollWidth") <= 391, "nothing hangs over the side"
    assert page.locator(".gh-network").bounding_box()["width"] > 300
    dark = page.evaluate("getComputedStyle(document.querySelector('.v-application')).backgroundColor")
    assert (sum(map(int, re.findall(r"\d+", dark)[:3])) < 200) == (scheme == "dark")
    page.screenshot(path=pictures / f"telephone-{scheme}.png", full_page=True)


def test_two_sessions_are_independent_and_a_closed_tab_stops(open_page):
    with server("--most-sessions", "2") as address:
        one, two = open_page(address), open_page(address)
        lived(one, 8)
        assert week(two) == 0
        two.click(".gh-play")
        two.wait_for_function("+document.querySelector('.gh-charts').dataset.weeks > 5")
        assert week(one) == 8
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
            page.wait_for_selector(".gh-network[data-frame], .v-alert", timeout=20_000)
            if page.locator(".gh-network").count():
                break
            page.close()
            assert time.monotonic() < limit
            time.sleep(1)
        one.context.close()


def test_weeks_are_limited_in_words(open_page):
    with server("visible-score", "--most-weeks", "6", "--most-citizens", "1000") as address:
        page = open_page(address)
        lived(page, 6)
        page.click(".gh-one")
        expect(page.get_by_role("alert")).to_contain_text("this server allows 6 weeks")
        page.context.close()
