"""`glasshouse dashboard`: serve the page."""

from __future__ import annotations

import os
import webbrowser
from collections.abc import Iterable
from threading import Thread, Timer

from ..experiments.command_line.terminal import UsageError, Whole, say_if_compiling
from ..model.scenario import Scenario
from ..model.society import Society
from .guard import Guard
from .session.world import Limits

CLOSED = "3s"
"""How long after a tab is closed its society is stopped; a lost connection is taken up again until then."""


def live_once() -> None:
    """Live a week, so that the compiled rules are loaded."""
    Society("visible-score-and-reports", rng=1, threads=1, changes={"population.size": 50}).run_for(1)


def dashboard(
    scenario: str = "visible-score-and-reports",
    /,
    *,
    host: str = "127.0.0.1",
    port: Whole = 8765,
    root_path: str = "",
    most_citizens: Whole = Limits.citizens,
    most_weeks: Whole = Limits.weeks,
    most_sessions: Whole = Limits.sessions,
    allow_host: tuple[str, ...] = (),
    no_open: bool = False,
) -> None:
    """Open a page on which the society can be watched, changed and switched off. Needs no internet.

    Parameters
    ----------
    scenario
        Built-in scenario to begin with.
    host
        Address to listen at; the default is reachable from this machine only.
    port
        Port to listen at.
    root_path
        Path under which a reverse proxy serves the page, such as /glasshouse.
    most_citizens
        Most citizens in a session.
    most_weeks
        Most weeks of a run.
    most_sessions
        Most sessions at once.
    allow_host
        Name under which visitors reach the page, such as the one of a reverse proxy; repeat for more. Numbers and
        localhost need none.
    no_open
        Do not open the page in a browser.
    """
    Scenario.load(scenario)
    if scenario.endswith(".toml"):
        raise UsageError("the page begins with built-in scenarios only; use glasshouse run for a file")
    for name, value in (("citizens", most_citizens), ("weeks", most_weeks), ("sessions", most_sessions)):
        if value < 1:
            raise UsageError(f"--most-{name} {value} is out of range; give at least 1")
        os.environ[f"GLASSHOUSE_MOST_{name.upper()}"] = str(value)
    if not 1 <= port <= 65535:
        raise UsageError(f"--port {port} is out of range; give one from 1 to 65535")
    os.environ |= {
        "GLASSHOUSE_SCENARIO": scenario,
        "SOLARA_APP": "glasshouse.dashboard.page.app",
        "SOLARA_MODE": "production",
        "SOLARA_THEME_SHOW_BANNER": "False",
        "SOLARA_KERNEL_CULL_TIMEOUT": CLOSED,
        "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "False",
    }
    # Said here, or else the server would believe the first request that names another.
    os.environ["SOLARA_ROOT_PATH"] = root_path
    say_if_compiling()
    # The rules are loaded while the server starts, rather than while the first visitor waits.
    Thread(target=live_once, daemon=True).start()
    import uvicorn  # here, after the settings: the server reads them when it is imported

    address = f"http://{host}:{port}{root_path}/"
    print(f"Glasshouse is at {address} (Ctrl-C ends it)", flush=True)
    if not no_open:
        Timer(1.5, webbrowser.open, (address,)).start()
    uvicorn.run(guarded([host, *allow_host]), host=host, port=port, log_level="warning", root_path=root_path,
                proxy_headers=False, server_header=False)  # fmt: skip


def guarded(hosts: Iterable[str]) -> Guard:
    """The page's server behind its guard."""
    from solara.server import kernel_context, starlette  # here, after the settings

    def owns(session: str, kernel: str) -> bool:
        context = kernel_context.contexts.get(kernel)
        return context is not None and context.session_id == session

    return Guard(starlette.app, hosts, owns)
