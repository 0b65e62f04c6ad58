"""What runs in the browser declares nothing that Python says, and its colours can be read."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from glasshouse.agents.citizens import TERMS
from glasshouse.dashboard.drawing import looks, widgets
from glasshouse.dashboard.page import words
from glasshouse.experiments.showing.colours import PARTS

COLOUR = r"#[0-9a-fA-F]{3,8}\b|\b(?:rgba?|hsla?|oklch|oklab|lab|lch|color)\("
SAID = [label for _, label, _ in words.PARTS.values()] + [label for label, _ in words.COSTS.values()]
SAID += [name for name, _ in words.TERM_WORDS.values()] + [acts.where for acts in words.ACTS.values()]
SAID += [*TERMS, words.QUESTION]
NAME = "|".join(rf'["\'`>]{re.escape(word)}["\'`<]|\b{re.escape(word)}: ["\'`]' for word in SAID)
CSS = (widgets.STATIC / "style.css").read_text("utf-8")
THEMES = {name: dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", block)) for name, block in (
    ("light", CSS.partition(".glasshouse {")[2].partition("}")[0]),
    ("dark", CSS.partition(".glasshouse.is-dark {")[2].partition("}")[0]),
)}  # fmt: skip


def text_of(name: str) -> str:
    return (widgets.STATIC / name).read_text("utf-8")


def declared(text: str) -> list[str]:
    """Colours, and names of parts, costs, terms and acts that a script declares itself."""
    return re.findall(f"{COLOUR}|{NAME}", text)


@pytest.mark.parametrize("name", widgets.MODULES)
def test_a_script_declares_no_colour_or_name_and_is_checked(name):
    text = text_of(name)
    assert text.startswith("// @ts-check\n")
    assert not declared(text)


@pytest.mark.parametrize(
    "line",
    [
        'const KIND = ["#56B4E9"];',
        "g.fillStyle = `rgb(${a}, 0, 0)`;",
        '["in the heart", "in the crowd"]',
        "html`<b>Privacy</b>`",
        'const TERMS = { fear: "what it costs" };',
    ],
)
def test_a_declaration_is_found(line):
    assert declared(line)


def test_every_script_is_in_the_bundle_and_no_name_is_taken_twice():
    assert {path.name for path in widgets.STATIC.glob("*.js")} == {*widgets.MODULES, widgets.LIBRARY}
    own = "\n".join(map(text_of, widgets.MODULES))
    names = Counter(re.findall(r"^(?:export )?(?:const|let|function|class) (\w+)", own, re.MULTILINE))
    assert [name for name, count in names.items() if count > 1] == []
    bundle = widgets.bundle()
    assert not re.search(r"^import |^export (?!default)", bundle, re.MULTILINE)
    assert bundle.count("export default") == 1
    used = {name for names in re.findall(r'^import \{ ([^}]*) \} from "htm/preact";', own, re.MULTILINE)
            for name in names.split(", ")}  # fmt: skip
    assert used == set(widgets.LIBRARY_NAMES)


def luminance(colour: str) -> float:
    parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a: str, b: str) -> float:
    """Contrast of two colours, WCAG 2.2."""
    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", THEMES)
def test_every_pair_of_colours_can_be_read(theme):
    tokens = THEMES[theme]
    grounds = ("paper", "panel", "wash")
    for text in ("ink", "ink2", "heart", "crowd", "eye", "chance", "deviates"):
        for ground in grounds:
            least = 4.4 if (text, ground) == ("eye", "wash") else 4.5
            assert contrast(tokens[text], tokens[ground]) >= least, (text, ground)
    for ground in ("heart", "crowd", "eye", "chance", "ink"):
        assert contrast(tokens["on"], tokens[ground]) >= 4.5, ground
    for border in ("edge", "ever"):
        for ground in (*grounds, "blob"):
            assert contrast(tokens[border], tokens[ground]) >= 3.0, (border, ground)


def test_both_themes_have_every_token_and_figures_the_colours_of_the_page():
    assert THEMES["light"].keys() == THEMES["dark"].keys()
    tokens = {kind.token for kind in looks.KINDS} | {token for token, *_ in words.PARTS.values()}
    assert tokens | set(words.TERM_TOKENS.values()) <= THEMES["light"].keys()
    of_part = {"compliance_at_start": "ever"} | {name: token for name, (token, *_) in words.PARTS.items()}
    assert {name: colour.lower() for name, colour in PARTS.items()} == {
        name: THEMES["light"][token] for name, token in of_part.items()
    }
