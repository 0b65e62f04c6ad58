"""What runs in the browser declares nothing that Python says, and asks for no trait that its widget does not have."""

from __future__ import annotations

import re

import pytest

from glasshouse.agents.citizens import TERMS
from glasshouse.dashboard.drawing import looks, widgets

WIDGETS = {
    "bars.js": widgets.BarsWidget,
    "charts.js": widgets.ChartsWidget,
    "citizen.js": widgets.CitizenWidget,
    "network.js": widgets.NetworkWidget,
    "tour.js": widgets.TourWidget,
}
COLOUR = r"#[0-9a-fA-F]{3,8}\b|\b(?:rgba?|hsla?|oklch|oklab|lab|lch|color)\("
BIT = rf"(?<!&)&=?\s*~?\d|(?<!\|)\|=?\s*\d|<<|\b0[xb]\w+|\b(?:{'|'.join(map(str, looks.BITS.values()))})\b"
# That somebody deviates is also said of a single act.
WORDS = [kind.says for kind in looks.KINDS if kind.says != "deviates"] + [
    word for ends in looks.ENDS.values() for word in ends
]
WORDS += [*looks.TERM_WORDS.values(), *TERMS]
NAME = "|".join(rf'["\'`]{re.escape(word)}["\'`]|\b{re.escape(word)}: ["\'`]' for word in WORDS)


def declared(text: str) -> list[str]:
    """Colours, bits and names of kinds, levels and terms that a script declares itself."""
    return re.findall(f"{COLOUR}|{BIT}|{NAME}", text)


def asked_for(text: str) -> set[str]:
    """Traits that a script says its widget has; the type checker lets it use no others."""
    return set(
        re.findall(r"@property \{.*\} \[?(\w+)", text.partition("@typedef {object} Traits")[2].partition("*/")[0])
    )


@pytest.mark.parametrize("name", WIDGETS)
def test_a_script_declares_no_colour_bit_or_name(name):
    assert not declared(widgets.script(name))


@pytest.mark.parametrize(
    "line",
    [
        'const KIND = ["#56B4E9"];',
        'g.strokeStyle = "#fff";',
        "g.fillStyle = `rgb(${a}, 0, 0)`;",
        "if (code & 32) n++;",
        "const GONE = 0x20;",
        "const DIFFERS = 128;",
        "code |= 4;",
        "const bit = 1 << k;",
        '["complies as at the start"]',
        'trust: ["no trust in the authority", "full trust"]',
        'const TERMS = { fear: "what it costs" };',
    ],
)
def test_a_declaration_is_found(line):
    assert declared(line)


@pytest.mark.parametrize("name", WIDGETS)
def test_a_script_is_checked_and_knows_the_traits_of_its_widget(name):
    text = widgets.script(name)
    assert text.startswith("// @ts-check\n")
    assert asked_for(text) == set(WIDGETS[name].class_own_traits(sync=True))


def test_every_script_is_some_widgets():
    assert {path.name for path in widgets.STATIC.glob("*.js")} == {*WIDGETS, "uplot.js"}


def test_a_citizens_byte_holds_its_parts_apart():
    value, *signs = looks.BITS.values()
    assert len(looks.SCALE) == value + 1 and len(looks.KINDS) <= value + 1
    assert sum({value, *signs}) == 255 and all(sign & (sign - 1) == 0 for sign in signs)
