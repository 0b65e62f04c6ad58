"""Every setting has its control on the page, whatever group, search or world was shown before."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import Page

from glasshouse.agents.institutions import INSTITUTIONS
from glasshouse.dashboard.page.controls import Control, controls
from glasshouse.dashboard.page.levers import INSTITUTION_NAMES, LEVERS
from glasshouse.dashboard.session.course import Course
from glasshouse.dashboard.session.links import packed
from glasshouse.dashboard.session.world import Limits
from glasshouse.model.declarations import declaration
from glasshouse.model.scenario import Scenario, scenarios

EVERYTHING = {f"institutions.{name}": {} for name in INSTITUTIONS}
COURSE = Course.of("baseline", 1, "visible-score-and-reports").changed(0, 0, {"population.size": 60} | EVERYTHING)
SHOWN = """() => [...document.querySelectorAll('.gh-drawer .gh-lever')].map((lever) => {
  const field = lever.querySelector('[role=switch], select, input[type=range]');
  const kind = field.matches('select') ? 'choice' : field.matches('input') ? 'slider' : 'switch';
  const value = kind === 'switch' ? field.getAttribute('aria-checked') : field.value;
  return [lever.dataset.path, lever.querySelector('label').innerText, kind, value, field.disabled];
})"""


def fault(wanted: list[Control], shown: list[list]) -> str:
    """What of these controls is not there, each of its kind and with its value."""
    if [path for path, *_ in shown] != [control.path for control in wanted]:
        return f"{len(shown)} controls instead of {len(wanted)}, or others"
    for control, (_, label, kind, value, disabled) in zip(wanted, shown, strict=True):
        slides = control.kind in ("number", "whole")
        # A slider stands on the nearest of its steps.
        same = (
            abs(float(value) - control.value) <= control.step if slides else value.lower() == str(control.value).lower()
        )
        if label != control.label or kind != ("slider" if slides else control.kind) or not same or disabled:
            return f"{control.path} = {control.value} is shown as {kind} {label!r} = {value}"
    return ""


def assert_there(page: Page, wanted: list[Control], seconds: float = 20.0) -> None:
    """The page shows these controls, when it has had time to."""
    headings = list(dict.fromkeys(control.heading for control in wanted))
    wanted = [control for heading in headings for control in wanted if control.heading == heading]
    limit = time.monotonic() + seconds
    while wrong := fault(wanted, page.evaluate(SHOWN)):
        assert time.monotonic() < limit, wrong
        page.wait_for_timeout(20)


def found(everything: list[Control], words: str) -> list[Control]:
    texts = [f"{c.label} {c.path} {c.says} {c.heading}".lower() for c in everything]
    return [c for c, text in zip(everything, texts, strict=True) if all(word in text for word in words.lower().split())]


def test_every_control_is_there_after_every_switch(open_page, dashboard):
    page = open_page(f"{dashboard}?s={packed(COURSE)}")
    worlds = [controls(plan, Limits.citizens) for plan in COURSE.scenarios]
    declared = {
        path
        for path, value in COURSE.scenario().settings().items()
        if value is not None and declaration(Scenario, path).kind not in ("table", "text")
    }
    assert declared - {"population.ratings"} <= {control.path for control in worlds[0]}
    page.get_by_role("button", name=f"All {len(worlds[0])} settings").click()
    search = page.get_by_label("Search all settings")
    titles = [Scenario.load(start.preset).title for start in COURSE.starts]

    def walk(everything: list[Control], groups: list[str]) -> None:
        for group in groups:
            wanted = [control for control in everything if control.group == group]
            page.locator(".gh-chips").get_by_role("button", name=f"{group} {len(wanted)}", exact=True).click()
            assert_there(page, wanted)

    for everything, title in zip(worlds, titles, strict=True):
        page.locator(".gh-whose").get_by_role("button", name=title, exact=True).click()
        groups = list(dict.fromkeys(control.group for control in everything))
        # There in the order of the page, and back in leaps: groups of other kinds follow one another.
        walk(everything, [*groups, *groups[::-4]])
        last = [control for control in everything if control.group == groups[::-4][-1]]
        # Part of a path, words of a meaning, capitals, a whole group, two words apart, nothing.
        for words in ("hotline.reward", "unobserved", "CONFORMITY", "population.", "court often", "no such thing"):
            search.fill(words)
            assert_there(page, found(everything, words))
        search.fill("")
        assert_there(page, last)
    for title, everything in zip((*titles, titles[0]), (*worlds, worlds[0]), strict=True):
        page.locator(".gh-whose").get_by_role("button", name=title, exact=True).click()
        assert_there(page, [control for control in everything if control.group == last[0].group])


@pytest.mark.parametrize("name", scenarios())
def test_a_scenario_has_five_to_seven_levers_in_plain_words(name):
    plan = Scenario.load(name)
    assert 5 <= len(plan.levers) <= 7 and plan.group and plan.line
    by_path = {control.path: control for control in controls(plan, Limits.citizens)}
    for path in plan.levers:
        control = by_path[path]
        if path.count(".") == 1 and path.startswith("institutions."):
            assert control.label in INSTITUTION_NAMES.values()
        else:
            assert control.label == LEVERS[path].name
            assert control.kind in ("switch", "choice") or all(control.ends)


def test_what_has_a_plain_name_is_a_setting():
    everything = {control.path for control in controls(Scenario.load("baseline").change(EVERYTHING), Limits.citizens)}
    assert set(LEVERS) <= everything and set(INSTITUTION_NAMES) == set(INSTITUTIONS)
