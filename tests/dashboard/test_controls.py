"""Every setting has its control on the page, whatever group, search or world was shown before."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import Page

from glasshouse.agents.institutions import INSTITUTIONS
from glasshouse.dashboard.page.controls import Control, controls
from glasshouse.dashboard.session.course import Course
from glasshouse.dashboard.session.links import packed
from glasshouse.dashboard.session.world import Limits

MOST_SHOWN = 40
EVERYTHING = {f"institutions.{name}": {} for name in INSTITUTIONS}
COURSE = Course.of("baseline", 1, "visible-score-and-reports").changed(0, 0, {"population.size": 60} | EVERYTHING)
SHOWN = """() => [...document.querySelectorAll('.gh-setting')].map((setting) => {
  const fields = [...setting.querySelectorAll('input')], slider = setting.querySelector('.v-slider');
  const selection = setting.querySelector('.v-select__selection');
  const kind = setting.querySelector('[role=switch]') ? 'switch' : slider ? 'slider' : selection ? 'choice' : 'none';
  const field = fields[fields.length - 1];
  const value = kind === 'switch' ? field.getAttribute('aria-checked') : kind === 'choice' ? selection.innerText
    : field && field.value;
  return [setting.innerText, kind, value];
})"""


def fault(wanted: list[Control], shown: list[list[str]]) -> str:
    """What of these controls is not there, in this order, each of its kind and with its value."""
    if len(shown) != len(wanted):
        return f"{len(shown)} controls instead of {len(wanted)}"
    for control, (text, kind, value) in zip(wanted, shown, strict=True):
        slides = control.kind in ("number", "whole")
        same = value and float(value) == pytest.approx(control.value) if slides else value == str(control.value).lower()
        if control.label not in text or kind != ("slider" if slides else control.kind) or not same:
            return f"{control.path} = {control.value} is shown as {kind} {text!r} = {value}"
    return ""


def assert_there(page: Page, wanted: list[Control], seconds: float = 20.0) -> None:
    """The page shows these controls, when it has had time to."""
    limit = time.monotonic() + seconds
    while wrong := fault(wanted, page.evaluate(SHOWN)):
        assert time.monotonic() < limit, wrong
        page.wait_for_timeout(20)


def found(everything: list[Control], words: str) -> list[Control]:
    return [c for c in everything if words.lower() in f"{c.path} {c.says}".lower()][:MOST_SHOWN]


def test_every_control_is_there_after_every_switch(open_page, dashboard):
    page = open_page(f"{dashboard}?s={packed(COURSE)}")
    worlds = [controls(plan, Limits.citizens) for plan in COURSE.scenarios]
    search = page.get_by_label("Search all settings")

    def walk(everything: list[Control], groups: list[str]) -> None:
        for group in groups:
            page.get_by_label("Group", exact=True).first.click(force=True)
            entry = page.locator(".menuable__content__active .v-list-item")
            entry.filter(has_text=re.compile(f"^\\s*{re.escape(group)}\\s*$")).first.click()
            assert_there(page, [control for control in everything if control.group == group])

    for everything, name in zip(worlds, ("World A", "World B"), strict=True):
        page.get_by_role("button", name=name).click()
        groups = list(dict.fromkeys(control.group for control in everything))
        # There in the order of the page, and back in leaps: groups of other kinds follow one another.
        walk(everything, [*groups, *groups[::-4]])
        last = [control for control in everything if control.group == groups[::-4][-1]]
        # Part of a path, words of a meaning, capitals, a whole group, more than are shown, nothing.
        for words in ("hotline.reward", "unobserved", "CONFORMITY", "population.", "rate", "no such thing"):
            search.fill(words)
            assert_there(page, found(everything, words))
        search.fill("")
        assert_there(page, last)
    for name, everything in (("World A", worlds[0]), ("World B", worlds[1]), ("World A", worlds[0])):
        page.get_by_role("button", name=name).click()
        assert_there(page, [control for control in everything if control.group == last[0].group])
