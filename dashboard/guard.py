"""What stands between the network and the page: own hosts and origins only, and no header of a proxy believed."""

from __future__ import annotations

import ipaddress
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlsplit

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

BELIEVED_ELSEWHERE = (b"script-name", b"x-script-name", b"forwarded")
"""Headers, besides those that begin with ``x-forwarded``, that servers take for a proxy's."""

LOCAL = ("localhost",)
CLOSED_PATHS = ("/resourcez", "/_solara/api/evict", "/jupyter/api/kernels", "/docs", "/openapi.json")
"""Paths of the server that say or do what is no visitor's business; a websocket to a kernel of one's own is."""

CLOSING = "/_solara/api/close/"
SESSION_COOKIES = ("solara-session-id", "solara-session-id-lax")

POLICY = "; ".join(
    (
        "default-src 'self'",
        # The page's framework makes programs of templates, and its parts are modules from memory.
        "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)


def name_of(host: str) -> str:
    """Name in a Host header, without the port, in small letters; empty where it is none."""
    try:
        return (urlsplit(f"//{host}").hostname or "").rstrip(".")
    except ValueError:
        return ""


def place_of(origin: str) -> str:
    """Host and port in an Origin header, in small letters; empty where there is none."""
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return ""


def is_address(name: str) -> bool:
    """Whether a host is named by its number, which no name server can turn to another machine."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


class Guard:
    """ASGI application before another.

    Requests for hosts that are not listed are refused (names may be made to point here: DNS rebinding), and so are
    websockets and posts from pages of other origins. Headers by which a proxy would say where the page is are dropped:
    that is said when the server is started. Answers bear headers that keep foreign scripts and frames out.

    Parameters
    ----------
    app
        The application.
    hosts
        Names under which it is reached. Numbers and ``localhost`` always are.
    owns
        Whether a session, by its cookie, owns a kernel.
    """

    def __init__(self, app: App, hosts: Iterable[str], owns: Callable[[str, str], bool]) -> None:
        self.app = app
        self.hosts = {name_of(host) for host in (*hosts, *LOCAL)}
        self.owns = owns

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, or refuse."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        headers = [(name.lower(), value) for name, value in scope["headers"]]
        given = dict(headers)
        refused = self.refused(
            scope, {name.decode("latin-1"): value.decode("latin-1") for name, value in given.items()}
        )
        if refused:
            await refuse(scope, receive, send, refused)
            return
        scope["headers"] = [
            (name, value)
            for name, value in headers
            if name not in BELIEVED_ELSEWHERE and not name.startswith(b"x-forwarded")
        ]

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                kept = [(name, own_cookie(name, value)) for name, value in message.get("headers", ())]
                message["headers"] = [*kept, *HEADERS]
            await send(message)

        await self.app(scope, receive, guarded)

    def refused(self, scope: Scope, headers: dict[str, str]) -> str:
        """Why a request is refused; empty if it is not."""
        host = name_of(headers.get("host", ""))
        if host not in self.hosts and not is_address(host):
            return f"this server is not known as {host[:80]!r}; start it with --allow-host"
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        changes = scope["type"] == "websocket" or scope.get("method") not in ("GET", "HEAD")
        origin = headers.get("origin")
        if changes and origin is not None and place_of(origin) != headers.get("host", "").lower():
            return "pages of other origins have no say here"
        if scope["type"] == "http" and path.startswith(CLOSED_PATHS):
            return "there is nothing here for visitors"
        if path.startswith(CLOSING):
            cookies = SimpleCookie(headers.get("cookie", ""))
            sessions = [cookies[name].value for name in SESSION_COOKIES if name in cookies]
            kernel = path.removeprefix(CLOSING)
            if not any(self.owns(session, kernel) for session in sessions):
                return "this session is not yours to close"
        return ""


def own_cookie(name: bytes, value: bytes) -> bytes:
    """A cookie that no script reads and no other site sends."""
    if name.lower() != b"set-cookie":
        return value
    parts = [part for part in value.split(b"; ") if not part.lower().startswith((b"samesite", b"httponly"))]
    return b"; ".join([*parts, b"HttpOnly", b"SameSite=Strict"])


async def refuse(scope: Scope, receive: Receive, send: Send, why: str) -> None:
    """Answer a request with a refusal in words."""
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 4403, "reason": why[:120]})
        return
    body = why.encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode()), *HEADERS]
    await send({"type": "http.response.start", "status": 403, "headers": headers})
    await send({"type": "http.response.body", "body": body})
