"""Charts, captions and the tour: what the page says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...experiments.showing.colours import OKABE_ITO, PARTS
from ...experiments.showing.labels import MEASURES, units

BARS = {"score": "Scores: citizens", "conviction": "Convictions in the domain: citizens"}


def _line(name: str, colour: str, dash: tuple[int, int] | None = None, **drawn: Any) -> dict[str, Any]:
    """A line of a chart, called as its measure is; `drawn` says what is drawn, if not the measure itself."""
    dashed = {} if dash is None else {"dash": list(dash)}
    return {"label": MEASURES[name].label, "colour": colour} | dashed | (drawn or {"sum": [name]})


def _areas() -> list[dict[str, Any]]:
    """The parts of compliance, each upon those before it; the highest first, so that the others are drawn over it."""
    names = list(PARTS)
    areas = [
        _line(name, PARTS[name], sum=names[: k + 1], least=names[k + 1 :], fill=True) for k, name in enumerate(names)
    ]
    return areas[::-1]


def _difference(name: str, colour: str, dash: tuple[int, int] | None = None) -> dict[str, Any]:
    return _line(name, colour, dash, difference=name)


CHARTS: list[dict[str, Any]] = [
    {
        "title": "Compliance", "unit": units(PARTS), "height": 190,
        "caption": "All acts in all domains. Light blue would happen unobserved and as things were at the start; "
        "orange is what hardship has changed since, green what people have come to believe in, dark blue what they do "
        "because others do; red is there only under the eye. Letters mark changes.",
        "series": _areas(),
    },
    {
        "title": "Trust", "unit": units(("trust_authority", "trust_strangers")),
        "caption": "Trust in the authority, in close and in other neighbours, and in people at large.",
        "series": [
            _line("trust_authority", OKABE_ITO[0]),
            _line("trust_strong_ties", OKABE_ITO[2]),
            _line("trust_weak_ties", OKABE_ITO[1], (6, 3)),
            _line("trust_strangers", OKABE_ITO[4], (2, 3)),
        ],
    },
    {
        "title": "Privacy", "unit": units(("exposure",)),
        "caption": "How exposed people are: the chance that someone learns of an act, weighted by how sensitive it is.",
        "floor": 0,
        "series": [
            _line("exposure", OKABE_ITO[3]),
            _line("exposure_authority", OKABE_ITO[0], (6, 3)),
            _line("exposure_peers", OKABE_ITO[2], (2, 3)),
        ],
    },
    {
        "title": "Justice", "unit": units(("sanctions",)),
        "caption": "Who is sanctioned in a week, how many of them wrongly, who is on the blacklist, and who has left.",
        "floor": 0,
        "series": [
            _line("sanctions", OKABE_ITO[0]),
            _line("wrongful", OKABE_ITO[3]),
            _line("blacklisted", OKABE_ITO[1], (6, 3)),
            _line("emigrated", OKABE_ITO[4], (2, 3)),
        ],
    },
]  # fmt: skip


def look_at(names: Sequence[str]) -> list[dict[str, Any]]:
    """Charts of what a scenario says to look at and no other chart has: measures of one unit in one chart."""
    shown = {name for chart in CHARTS for line in chart["series"] for name in line["sum"]}
    by_unit: dict[str, list[str]] = {}
    for name in names:
        if name not in shown:
            by_unit.setdefault(units([name]), []).append(name)
    return [
        {
            "title": "Look at", "unit": unit, "caption": " ".join(MEASURES[name].says for name in of_unit),
            "series": [_line(name, OKABE_ITO[k % len(OKABE_ITO)]) for k, name in enumerate(of_unit)],
        }
        for unit, of_unit in by_unit.items()
    ]  # fmt: skip


DIFFERENCE: dict[str, Any] = {
    "title": "Difference of the worlds", "unit": "B − A", "height": 190,
    "caption": "The same people with the same luck in both worlds: the difference is what your settings do.",
    "series": [
        _difference("compliance", OKABE_ITO[6]),
        _difference("pressure", PARTS["pressure"]),
        _difference("following", PARTS["following"], (6, 3)),
        _difference("internalised", PARTS["internalised"]),
        _difference("trust_authority", OKABE_ITO[5], (6, 3)),
        _difference("trust_ties", OKABE_ITO[1], (2, 3)),
        _difference("exposure", OKABE_ITO[4]),
    ],
}  # fmt: skip

TOUR = [
    {"at": ".gh-stage", "title": "The society",
     "says": "Each point is a citizen, each line a tie. Discs mean what they do; rings only pretend: unobserved they "
     "would do the other thing. Zoom with the wheel, drag to move, click one to ask why it acted."},
    {"at": ".gh-bar-top", "title": "Time",
     "says": "Play, pause, live one week (keys: space, →, Home). Everything follows from the seed: the same seed "
     "is the same people with the same luck."},
    {"at": ".gh-charts", "title": "What it does",
     "says": "How much of the conformity is in the heart, how much in the crowd and how much only under the eye; what "
     "becomes of trust, privacy and justice."},
    {"at": ".gh-controls", "title": "Change it",
     "says": "Every setting, with its unit, range and source. A change holds from the next week on."},
    {"at": ".gh-off", "title": "Switch it off",
     "says": "Remove all institutions at once, play on, and see what is left."},
]  # fmt: skip
