"""Driving the page as a person would."""

from __future__ import annotations

from playwright.sync_api import Page

import glasshouse as gh
from glasshouse.dashboard.session.course import Course
from glasshouse.dashboard.session.links import opened, packed

PRESET = "visible-score-and-reports"
COURSE = Course.of(PRESET)
REWARD = "institutions.hotline.reward"
INKS = """() => { const style = getComputedStyle(document.querySelector('.glasshouse'));
  const canvas = document.querySelectorAll('.gh-canvas canvas')[1], seen = {};
  const inks = Object.fromEntries(['heart', 'crowd', 'eye', 'deviates', 'ever', 'ink'].map((name) => {
    const hex = style.getPropertyValue('--' + name).trim();
    return [name, [1, 3, 5].map((k) => parseInt(hex.slice(k, k + 2), 16))] }));
  const d = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
  for (let k = 0; k < d.length; k += 4) if (d[k + 3] > 200)
    for (const [name, [r, g, b]] of Object.entries(inks))
      if (Math.abs(d[k] - r) + Math.abs(d[k + 1] - g) + Math.abs(d[k + 2] - b) < 24) seen[name] = (seen[name] || 0) + 1;
  return seen }"""


def inks(page: Page) -> dict[str, int]:
    """Pixels of each colour of the large society."""
    return page.evaluate(INKS)


def address_of(dashboard: str, course: Course = COURSE, week: int = 0) -> str:
    return f"{dashboard}?s={packed(course)}&w={week}"


def address(page: Page) -> str:
    """Address as the page has it now; what the browser tells of it elsewhere comes later."""
    return page.evaluate("location.href")


def linked(page: Page) -> tuple[Course, int]:
    """Course and week of the address."""
    course, week = opened(address(page).split("?")[1])
    assert course is not None
    return course, week


def worlds(course: Course, week: int) -> tuple[gh.Society, gh.Society]:
    """The society of a course and the one beside it, after some weeks."""
    made = tuple(gh.Society(plan, rng=course.seed, threads=1) for plan in course.scenarios)
    for society in made:
        society.run_for(week)
    return made


def shown_numbers(page: Page) -> list[float]:
    return [float(text.replace("−", "-")) for text in page.locator(".gh-big").all_inner_texts()]


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def here(page: Page) -> int:
    """Week that the page is in."""
    return int(page.locator(".glasshouse").get_attribute("data-week"))


def arrived(page: Page, week: int) -> None:
    """Wait until the page is in a week, on the way to no other, and has drawn it."""
    there = f"""(() => {{ const page = document.querySelector('.glasshouse');
      return page?.dataset.week === '{week}' && page.dataset.going === ''
        && document.querySelector('.gh-canvas')?.dataset.week === '{week}' }})()"""
    page.wait_for_function(there, timeout=60_000)


def lived(page: Page, week: int) -> None:
    """Drag the course to a week, and wait until it is drawn."""
    drag = """([track, week]) => { track.max = Math.max(track.max, week); track.value = week;
      for (const name of ['input', 'change']) track.dispatchEvent(new Event(name, { bubbles: true })) }"""
    page.evaluate(drag, [page.locator(".gh-course input").element_handle(), week])
    arrived(page, week)
