"""The page's server attacked: over HTTP, over its websocket and in a browser."""

from __future__ import annotations

import asyncio
import http.client
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import websockets
from playwright.sync_api import Browser, expect

import glasshouse as gh
from glasshouse.dashboard.guard import name_of, own_cookie
from glasshouse.dashboard.session.course import Course
from glasshouse.dashboard.session.links import packed
from glasshouse.dashboard.session.world import LimitError, Limits, World

from .conftest import server, serving
from .driving import here

FOREIGN = "evil.example"


@pytest.fixture(scope="module")
def attacked() -> Iterator[str]:
    with server("--allow-host", "page.example") as address:
        yield address


def asked(address: str, path: str = "/", method: str = "GET", **headers: str) -> tuple[int, str, list[tuple[str, str]]]:
    """Status, text and headers of an answer."""
    at = urlsplit(address)
    connection = http.client.HTTPConnection(at.hostname, at.port, timeout=20)
    try:
        connection.putrequest(method, path, skip_host="Host" in headers)
        for name, value in headers.items():
            connection.putheader(name.replace("_", "-"), value)
        connection.endheaders()
        answer = connection.getresponse()
        return answer.status, answer.read().decode("utf-8", "replace"), answer.getheaders()
    finally:
        connection.close()


POISONS = {
    "X_Script_Name": f"//{FOREIGN}",
    "Script_Name": '/"><script>alert(1)</script>',
    "X_Forwarded_Prefix": f"/{FOREIGN}",
    "X_Forwarded_Host": FOREIGN,
    "X_Forwarded_Proto": "https",
    "X_Forwarded_For": FOREIGN,
    "Forwarded": f"host={FOREIGN};proto=https",
    "X_Original_URL": f"//{FOREIGN}/",
}


@pytest.mark.parametrize("header", POISONS)
def test_no_header_of_a_request_poisons_the_page_of_the_next(attacked, header):
    for _ in range(2):
        asked(attacked, **{header: POISONS[header]})
    status, text, headers = asked(attacked)
    assert status == 200 and FOREIGN not in text and "alert(1)" not in text
    assert not any(FOREIGN in value for _, value in headers)


def test_the_first_request_poisons_nothing_either():
    with server() as address:
        # The fixture's own request was first; a fresh path is asked for first with every header at once.
        asked(address, "/first", **POISONS)
        assert FOREIGN not in asked(address)[1]


@pytest.mark.parametrize(
    "host", [FOREIGN, f"127.0.0.1.{FOREIGN}", "localhost.evil.example:80", "", "127.0.0.1@evil.example"]
)
def test_other_hosts_are_refused(attacked, host):
    status, text, _ = asked(attacked, Host=host)
    assert status in (400, 403) and "<script" not in text


@pytest.mark.parametrize(
    "host", ["localhost", "localhost:8765", "127.0.0.1", "[::1]:80", "page.example", "PAGE.example:443"]
)
def test_own_hosts_are_served(attacked, host):
    assert asked(attacked, Host=host)[0] == 200


@pytest.mark.parametrize("path", ["/resourcez", "/resourcez?verbose", "/_solara/api/evict/x", "/jupyter/api/kernels/x"])
def test_what_is_no_visitors_business_is_refused(attacked, path):
    assert asked(attacked, path)[0] == 403


OUT = (
    "/static/../../../../etc/passwd",
    "/static/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
    "/static/assets/..%2f..%2f..%2fetc/passwd",
    "/static/public/../serve.py",
    "/_solara/cdn/..%2f..%2f..%2f..%2fetc/passwd",
    "//etc/passwd",
    "/..%5c..%5cetc/passwd",
)


@pytest.mark.parametrize("path", OUT)
def test_no_path_leads_out(attacked, path):
    _, text, _ = asked(attacked, path)
    assert "root:" not in text and "def dashboard" not in text


def test_answers_keep_foreign_scripts_and_frames_out(attacked):
    for path in ("/", "/static/style.css", "/nothing-here"):
        headers = {name.lower(): value for name, value in asked(attacked, path)[2]}
        policy = headers["content-security-policy"]
        assert "default-src 'self'" in policy and "frame-ancestors 'none'" in policy and "http" not in policy
        assert headers["x-content-type-options"] == "nosniff" and headers["referrer-policy"] == "same-origin"
        assert "server" not in headers


def test_cookies_are_read_by_no_script_and_sent_by_no_other_site(attacked):
    cookies = [value for name, value in asked(attacked)[2] if name.lower() == "set-cookie"]
    assert cookies
    for cookie in cookies:
        assert "HttpOnly" in cookie and "SameSite=Strict" in cookie and "samesite=none" not in cookie.lower()
    assert own_cookie(b"Set-Cookie", b"a=b; Path=/; SameSite=none") == b"a=b; Path=/; HttpOnly; SameSite=Strict"


def connected(address: str, **headers: str) -> bool:
    """Whether a websocket to a kernel is taken."""
    at = urlsplit(address)

    async def connect() -> bool:
        target = f"ws://{at.netloc}/jupyter/api/kernels/0f/channels?session_id=0f"
        try:
            async with websockets.connect(target, additional_headers=headers, open_timeout=20):
                return True
        except websockets.exceptions.InvalidStatus as refused:
            assert refused.response.status_code == 403
            return False

    return asyncio.run(connect())


@pytest.mark.parametrize(
    "origin", [f"http://{FOREIGN}", "null", "http://127.0.0.1:1", "https://localhost", "file://", "http://["]
)
def test_pages_of_other_origins_cannot_talk_to_a_local_server(attacked, origin):
    assert not connected(attacked, Origin=origin)


def test_the_own_page_can(attacked):
    assert connected(attacked, Origin=attacked.rstrip("/"))


def test_nobody_closes_anothers_session(attacked):
    assert asked(attacked, "/_solara/api/close/0f?session_id=0f", "POST")[0] == 403
    cookie = "solara-session-id=guessed"
    assert asked(attacked, "/_solara/api/close/0f?session_id=0f", "POST", Cookie=cookie)[0] == 403
    assert asked(attacked, "/_solara/api/close/0f?session_id=0f", "POST", Origin=f"http://{FOREIGN}")[0] == 403


@pytest.mark.parametrize(
    ("host", "name"), [("a.b:80", "a.b"), ("[::1]:9", "::1"), ("A.B.", "a.b"), ("[", ""), ("", "")]
)
def test_names_of_hosts(host, name):
    assert name_of(host) == name


# Scenarios by name only


@pytest.mark.parametrize("name", ["/etc/hostname.toml", "../baseline", "mine.toml", "baseline.toml", "<b>", "nothing"])
def test_what_a_browser_calls_a_scenario_is_never_a_path(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("mine.toml").write_text('title = "secret words"\nsecret = 1\n')
    with pytest.raises(gh.ScenarioError, match="there is no scenario") as refused:
        Course.of(name, 1).scenario()
    assert "secret" not in str(refused.value)


# Text is text


SCRIPT = "<img src=x onerror=window.hit=1>"


def test_a_domain_named_like_a_script_runs_nothing(attacked, page_of):
    course = Course.of("visible-score-and-reports", 1).changed(0, 0, {f"domains.{SCRIPT}": {"cost": 0.3}})
    page = page_of(f"{attacked}?s={packed(course)}")
    expect(page.get_by_role("alert")).to_contain_text(SCRIPT, timeout=60_000)
    assert page.evaluate("window.hit") is None


@pytest.fixture
def page_of(browser: Browser):
    pages = []

    def opened(address: str):
        page = browser.new_page()
        pages.append(page)
        page.goto(address)
        return page

    yield opened
    for page in pages:
        page.close()


# Limits before anything is built


@pytest.mark.parametrize("changes", [
    {"population.size": 20_000, "population.degree": 10_000},
    {"population.size": 5_000, "population.network": "complete"},
    {"population.size": 20_001},
])  # fmt: skip
def test_what_would_fill_the_memory_is_refused_before_it_is_built(changes):
    plan = gh.Scenario.load("baseline").change(changes)
    with pytest.raises(LimitError, match=r"allows|own machine"):
        World(plan, 1, Limits())


@pytest.mark.slow
@pytest.mark.alone
def test_eight_sessions_at_their_limits_fit_into_the_memory_that_is_promised(open_page):
    """Two worlds each, as many citizens and ties as are allowed, all playing."""
    largest = {"population.size": 20_000, "population.degree": 14}
    course = Course.of("visible-score-and-reports", 3).changed(0, 0, largest).beside("unified-national")
    with serving("--most-sessions", "8") as (address, process):
        pages = [open_page(f"{address}?s={packed(course)}") for _ in range(8)]
        for page in pages:
            page.keyboard.press("Space")
        pages[0].wait_for_timeout(60_000)
        for page in pages:
            assert here(page) > 0
        status = Path(f"/proc/{process}/status").read_text()
        for page in pages:
            page.context.close()
    most = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
    assert most < 1.8e6, f"{most:,} kB"
