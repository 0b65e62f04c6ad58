"""Links and messages that a page is sent."""

from __future__ import annotations

import base64
import json
import zlib
from typing import Any

from hypothesis import strategies as st

from glasshouse.dashboard.page.questions import QUESTIONS
from glasshouse.dashboard.session.course import Course
from glasshouse.dashboard.session.desk import Desk
from glasshouse.dashboard.session.files import LIVED
from glasshouse.dashboard.session.links import LinkError, unpacked
from glasshouse.dashboard.session.visit import ASKED
from glasshouse.dashboard.session.world import Limits
from glasshouse.model.errors import GlasshouseError
from glasshouse.model.files import scenarios
from tests.fuzz.grammar import paths, values
from tests.support.answers import counts, fuzz
from tests.support.sessions import until

SMALL = {"population.size": 60}
LIMITS = Limits(citizens=400)
anything = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(-(2**70), 2**70), st.floats(), values, st.sampled_from(["baseline"])
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.one_of(paths(), values), inner, max_size=3)
    ),
    max_leaves=8,
)


def link(data: object) -> str:
    return base64.urlsafe_b64encode(zlib.compress(json.dumps(data).encode())).decode().rstrip("=")


def opened(text: str) -> None:
    """Open a link as the page does: its scenarios are made and held against what the server allows."""
    try:
        for scenario in unpacked(text).scenarios:
            LIMITS.check(scenario)
    except LinkError as error:
        assert str(error).isprintable()
    except GlasshouseError as error:
        assert str(error).isprintable() and len(str(error)) < 2_000


@counts(100, 800)
def test_links(count):
    start = st.tuples(
        st.sampled_from(["baseline", "visible-score", "x"]), st.dictionaries(paths(), anything, max_size=2)
    )
    entry = st.tuples(
        st.integers(-3, 400), st.integers(-1, 2), st.one_of(st.none(), st.dictionaries(paths(), anything))
    )
    shaped = st.tuples(anything, st.lists(start, max_size=3), st.lists(entry, max_size=3)).map(link)
    alike = st.tuples(st.just(1), st.lists(start, min_size=1, max_size=2), st.lists(entry, max_size=2)).map(link)
    fuzz(
        st.one_of(st.text(), st.binary().map(lambda b: base64.urlsafe_b64encode(b).decode()), shaped, alike),
        opened,
        count,
    )


KEYS = ("path", "value", "world", "scenario", "search", "seed", "domain", "citizen", "speed", "week", "question",
        "guess", "file", "outcome", "weeks", "on")  # fmt: skip


@counts(60, 500)
def test_messages(count):
    """What a browser can send to a session; whatever it was, the session lives on, and what it sends can be read."""
    desk = Desk(Course.of("visible-score", 3).changed(0, 0, SMALL), LIMITS)
    known = st.sampled_from(
        ["baseline", "end", "speech", "scenario.toml", "compliance", "?s=x", 0, 1, 4, 10, True, -1, 10**30]
    )
    content = st.dictionaries(st.sampled_from(KEYS), st.one_of(known, paths(), anything), max_size=4)
    message = st.one_of(
        anything,
        st.tuples(st.sampled_from([*ASKED, "x"]), content).map(lambda both: {"do": both[0], **both[1]}),
        st.tuples(paths(), anything).map(lambda both: {"do": "change", "path": both[0], "value": both[1]}),
    )

    def send(case) -> None:
        desk._heard(None, case, [])
        assert len(desk.fault) < 2_000 and desk.fault.isprintable()
        json.loads(desk.widget.frame or "{}", parse_constant=lambda name: 1 / 0)
        assert desk.player.is_alive() and desk._publisher.is_alive()

    desk.widget.drawn = 2**31
    try:
        fuzz(message, send, count)
        desk.hear({"do": "restart"})
        desk.hear({"do": "step"})
        until(lambda: desk.player.frame.week == 1)
    finally:
        desk.close()


def doing(name: str, **given: st.SearchStrategy) -> st.SearchStrategy:
    return st.fixed_dictionaries({"do": st.just(name), **given})


WEEKS = st.sampled_from([0, 1, 2, 14, 60])
NAMES = st.sampled_from(sorted(scenarios()))
SENSIBLE = st.one_of(
    *(doing(name) for name in ("off", "on", "step", "restart", "reset", "again", "unask")),
    doing("go", week=WEEKS),
    doing("play", on=st.booleans()),
    doing("ask", question=st.sampled_from([question.name for question in QUESTIONS])),
    doing("answer", guess=st.floats(0, 100)),
    doing("choose", scenario=NAMES),
    doing("beside", scenario=st.one_of(NAMES, st.just(""))),
    doing("open", search=st.just("")),
    doing("view", citizen=st.integers(0, 70), world=st.integers(0, 1), domain=st.sampled_from(["speech", "credit"])),
    doing("change", path=paths(), value=st.sampled_from([0, 1, True, {}]), world=st.integers(0, 1)),
    doing("take", file=st.sampled_from(["scenario.toml", "study.toml", *LIVED])),
)


@counts(3, 30)
def test_what_one_does_in_turn(count):
    """What a reader can do, each thing drawn before the next; all of it is understood, and the session lives on."""

    def do(case: list[dict[str, Any]]) -> None:
        desk = Desk(Course.of("visible-score", 3).changed(0, 0, SMALL), LIMITS)
        desk.widget.drawn = 2**31
        try:
            for asked in case:
                desk.hear(asked)
                assert "not understood" not in desk.fault, asked
                until(lambda: not desk._publisher.is_alive() or drawn(desk))
                assert desk.player.is_alive() and desk._publisher.is_alive(), asked
                json.loads(desk.widget.frame or "{}", parse_constant=lambda name: 1 / 0)
        finally:
            desk.close()

    fuzz(st.lists(SENSIBLE, min_size=6, max_size=12), do, count)


def drawn(desk: Desk) -> bool:
    """Whether the page shows what was asked for; while it plays, whatever it shows is older than the society."""
    frame = desk.player.frame
    return frame.going is None and not desk.renewed.is_set() and (frame.playing or desk._sent.number == frame.number)
