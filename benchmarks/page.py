"""Frames a second, answers to clicks and memory of the page: ``uv run python -m benchmarks.page``; needs chromium."""

from __future__ import annotations

import argparse
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from glasshouse.dashboard.session.course import Course
from glasshouse.dashboard.session.links import packed

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu"]
SCENARIO = "visible-score-and-reports"


def memory(process: int) -> float:
    """Resident memory of a process, in MB."""
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1e3
    return 0.0


def drawn(page: Page) -> int:
    return int(page.evaluate("document.querySelector('.gh-canvas').dataset.frame"))


def weeks(page: Page) -> int:
    return int(page.evaluate("document.querySelector('.glasshouse').dataset.week"))


CITIZEN = "document.querySelector('.gh-card .gh-note')?.innerText.split(',')[0] ?? ''"


def click_delay(page: Page) -> float:
    """Milliseconds from a click on a citizen to its card, the median of nine."""
    box = page.locator(".gh-canvas").bounding_box()
    assert box is not None
    times: list[float] = []
    for k in range(9):
        before = page.evaluate(CITIZEN)
        start = time.perf_counter()
        page.mouse.click(box["x"] + box["width"] * (0.2 + 0.05 * k), box["y"] + box["height"] * 0.45)
        try:
            page.wait_for_function(f"(before) => ({CITIZEN}) !== before", arg=before, timeout=3000, polling=5)
        except Exception:
            continue
        times.append(1e3 * (time.perf_counter() - start))
    return sorted(times)[len(times) // 2]


def opening(browser: Browser, address: str) -> list[float]:
    """Seconds from asking for the address, as a new visitor does, until the society is drawn; five visitors."""
    times: list[float] = []
    for _ in range(5):
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        page, start = context.new_page(), time.perf_counter()
        page.goto(address, wait_until="commit")
        page.wait_for_selector(".gh-canvas[data-frame]")
        times.append(time.perf_counter() - start)
        context.close()
    return times


def measure(page: Page, address: str, citizens: int, seconds: float) -> None:
    course = Course.of(SCENARIO).changed(0, 0, {"population.size": citizens})
    start = time.perf_counter()
    page.goto(f"{address}?s={packed(course)}")
    page.wait_for_selector(".gh-canvas[data-frame]")
    usable = time.perf_counter() - start
    page.get_by_role("button", name="50 a second").click()
    page.click(".gh-play")
    page.wait_for_timeout(1500)
    began, first, week = time.perf_counter(), drawn(page), weeks(page)
    page.wait_for_timeout(1000 * seconds)
    took = time.perf_counter() - began
    frames, lived = (drawn(page) - first) / took, (weeks(page) - week) / took
    delay = click_delay(page)
    page.click(".gh-play")
    print(f"{citizens:>8,} {usable:>9.1f} {lived:>12.1f} {frames:>14.1f} {delay:>10.0f}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--minutes", type=float, default=0.0, help="play so long to see memory grow")
    options = parser.parse_args()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    call = "from glasshouse.experiments.command_line.main import main; main()"
    start = time.perf_counter()
    command = [sys.executable, "-c", call, "dashboard", "--no-open", "--port", str(port), "--most-weeks", "1000000"]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}/"
    try:
        while True:
            try:
                urllib.request.urlopen(address).close()
                break
            except OSError:
                time.sleep(0.05)
        print(f"server answers {time.perf_counter() - start:.1f} s after the command")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
            print("the opening is drawn after", *(f"{seconds:.1f}" for seconds in opening(browser, address)), "s")
            print("citizens  usable s  weeks a s  frames drawn a s  click ms")
            for citizens in (400, 1000, 2000, 5000):
                page = browser.new_page(viewport={"width": 1440, "height": 900})
                measure(page, address, citizens, options.seconds)
                page.close()
            if options.minutes:
                page = browser.new_page(viewport={"width": 1440, "height": 900})
                measure(page, address, 1000, options.seconds)
                page.click(".gh-play")
                for minute in range(int(options.minutes) + 1):
                    heap = page.evaluate("performance.memory.usedJSHeapSize") / 1e6
                    used = f"server {memory(server.pid):,.0f} MB, page {heap:,.0f} MB"
                    print(f"minute {minute:>3}: {used}, week {weeks(page):,}", flush=True)
                    page.wait_for_timeout(60_000)
            browser.close()
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main()
