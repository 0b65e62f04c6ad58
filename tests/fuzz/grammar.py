"""Grammars of hostile input."""

from __future__ import annotations

from hypothesis import strategies as st

from glasshouse.model.paths import all_paths
from glasshouse.model.scenario import Scenario

PATHS = sorted(path.replace("?", "speech") for path in all_paths(Scenario))

ODD_NUMBERS = [
    "0", "-1", "1", "2", "-0.0", "1e308", "1e-320", "1e400", "inf", "-inf", "nan", "9" * 40, "9" * 5_000,
    "-" + "9" * 30, "0x7fffffffffffffff", "0b1", "1_000", "1e3", "2.5", "007", "９", "٣", "+1", ".5", "5.",
    "0.1" + "0" * 300 + "1",
]  # fmt: skip
ODD_WORDS = [
    "", " ", "true", "false", "null", "None", "[]", "{}", "[[]]", "{a=1}", "{a.b.c=1}", "[1,2,3]", "['speech']", '"x"',
    "'''", '"""', "\\", "\x00", "\x1b[31mred", "\u202e",
    "a" * 3_000, "[" * 600, "{a=" * 300, "1979-05-27", "07:32:00", "1979-13-45T99:99:99Z", "../../etc/passwd",
    "/dev/zero", "[bold]x[/bold]", "[/nope]", "%s%n", "$(id)", "<script>alert(1)</script>", "é", "名前", "x\ny=1", "-",
    "--", "--help", "baseline", "speech", "hotline",
]  # fmt: skip

values = st.one_of(
    st.sampled_from(ODD_NUMBERS),
    st.sampled_from(ODD_WORDS),
    st.integers(-(10**20), 10**20).map(str),
    st.floats().map(str),
    st.text(max_size=30),
)


@st.composite
def paths(draw: st.DrawFn) -> str:
    """A setting's path, now and then damaged."""
    path = draw(st.sampled_from(PATHS))
    kind = draw(st.integers(0, 7))
    if kind == 0:
        at = draw(st.integers(0, len(path)))
        path = path[:at] + draw(st.text(max_size=3)) + path[at + 1 :]
    elif kind == 1:
        path = path.rpartition(".")[0]
    elif kind == 2:
        path += "." + draw(st.sampled_from([*PATHS, "", "x", "a." * 100]))
    elif kind == 3:
        path = draw(st.text(max_size=20))
    return path


@st.composite
def damaged(draw: st.DrawFn, texts: list[bytes]) -> bytes:
    """A file, with bytes changed, lines moved, and parts lost or doubled."""
    text = bytearray(draw(st.sampled_from(texts)))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, max(0, len(text) - 1)))
        to = min(len(text), at + draw(st.integers(0, 40)))
        kind = draw(st.integers(0, 5))
        if kind == 0:
            text[at:to] = b""
        elif kind == 1:
            text[at:at] = text[at:to] * draw(st.sampled_from([1, 2, 200]))
        elif kind == 2:
            text[at : at + 1] = draw(st.binary(max_size=4))
        elif kind == 3:
            text[at:to] = draw(values).encode("utf-8", "replace")
        elif kind == 4:
            lines = text.split(b"\n")
            lines.insert(draw(st.integers(0, len(lines))), lines.pop(draw(st.integers(0, len(lines) - 1))))
            text = bytearray(b"\n".join(lines))
        else:
            del text[at:]
    return bytes(text)
