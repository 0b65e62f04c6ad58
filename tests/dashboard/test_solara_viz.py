"""Mesa's own page opens a society too."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

import glasshouse as gh
from tests.support.solara_viz import told

APP = Path(__file__).parents[1] / "support" / "solara_viz.py"


@pytest.fixture
def viz() -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "solara", "run", str(APP), "--no-open", "--production", "--port", str(port)]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, env=os.environ | {"SOLARA_TELEMETRY_MIXPANEL_ENABLE": "False"}, **quiet)
    address, limit = f"http://localhost:{port}/", time.monotonic() + 60
    while True:
        try:
            urllib.request.urlopen(address, timeout=5).close()
            break
        except OSError:
            assert process.poll() is None and time.monotonic() < limit
            time.sleep(0.1)
    yield address
    process.terminate()
    process.wait()


def test_solara_viz_opens_steps_and_plots_a_society(browser, viz):
    page = browser.new_page()
    page.route("**/*", lambda r: r.continue_() if "//localhost:" in r.request.url else r.abort())
    page.goto(viz)
    lived = page.locator(".lived")
    lived.wait_for(timeout=60_000)
    assert "lived 0 weeks" in lived.inner_text()
    for week in (1, 2):
        page.get_by_role("button", name="Step").click()
        page.get_by_text(f"lived {week} weeks, 63 agents").wait_for()
    page.get_by_role("button", name="Reset").click()
    page.get_by_text("lived 0 weeks, 63 agents").wait_for()
    page.locator("img, canvas, svg").first.wait_for()
    page.close()


def test_a_moved_slider_and_a_reset_keep_scenario_and_seed(browser, viz):
    page = browser.new_page()
    page.route("**/*", lambda r: r.continue_() if "//localhost:" in r.request.url else r.abort())
    page.goto(viz)
    page.locator(".lived").wait_for(timeout=60_000)

    def shows(size: int) -> None:
        page.get_by_text(f"lived 0 weeks, {size + 3} agents").wait_for()
        alone = gh.Society("visible-score", rng=1, **{"population.size": size})
        assert json.loads(page.locator(".told").inner_text()) == told(alone)

    shows(60)
    slider = page.get_by_role("slider").nth(2)
    for key, size in (("", 60), ("ArrowRight", 70), ("", 70), ("ArrowLeft", 60), ("End", 80)):
        page.get_by_role("button", name="Step").click()
        page.get_by_text("lived 1 weeks").wait_for()
        if key:
            slider.press(key)
            page.wait_for_timeout(500)
        page.get_by_role("button", name="Reset").click()
        shows(size)
    page.close()
