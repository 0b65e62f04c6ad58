"""Charts, captions and the tour: what the page says."""

from __future__ import annotations

from typing import Any

from ...experiments.showing.figures import KIND_COLOURS, OKABE_ITO

BARS = {"score": "Scores: citizens", "conviction": "Convictions in the domain: citizens"}

CHARTS: list[dict[str, Any]] = [
    {
        "title": "Compliance", "unit": "share of acts", "height": 190,
        "caption": "All acts in all domains. Blue would happen unobserved and with the convictions of the first week; "
        "green is what people have come to believe in since; red is there only under pressure. Letters mark changes.",
        "series": [
            {"label": "under pressure", "sum": ["compliance_unchanged", "internalised", "pressure"],
             "colour": KIND_COLOURS[2], "fill": True},
            {"label": "believed in", "sum": ["compliance_unchanged", "internalised"], "colour": KIND_COLOURS[1],
             "fill": True},
            {"label": "from the heart", "sum": ["compliance_unchanged"], "least": "internalised",
             "colour": KIND_COLOURS[0], "fill": True},
        ],
    },
    {
        "title": "Trust", "unit": "share, or chance of a deal",
        "caption": "Trust in the authority, in close and in other neighbours, and how often strangers deal.",
        "series": [
            {"label": "authority", "sum": ["trust_authority"], "colour": OKABE_ITO[0]},
            {"label": "close ties", "sum": ["trust_strong_ties"], "colour": OKABE_ITO[2]},
            {"label": "other ties", "sum": ["trust_weak_ties"], "colour": OKABE_ITO[1], "dash": [6, 3]},
            {"label": "strangers", "sum": ["trust_strangers"], "colour": OKABE_ITO[4], "dash": [2, 3]},
        ],
    },
    {
        "title": "Privacy", "unit": "chance that an act is known",
        "caption": "How exposed people are: the chance that someone learns of an act, weighted by how sensitive it is.",
        "floor": 0,
        "series": [
            {"label": "to anyone", "sum": ["exposure"], "colour": OKABE_ITO[3]},
            {"label": "to the authority", "sum": ["exposure_authority"], "colour": OKABE_ITO[0], "dash": [6, 3]},
            {"label": "to neighbours", "sum": ["exposure_peers"], "colour": OKABE_ITO[2], "dash": [2, 3]},
        ],
    },
    {
        "title": "Justice", "unit": "share of citizens",
        "caption": "Who is sanctioned in a week, how many of them wrongly, who is on the blacklist, and who has left.",
        "floor": 0,
        "series": [
            {"label": "sanctioned", "sum": ["sanctions"], "colour": OKABE_ITO[0]},
            {"label": "wrongly", "sum": ["wrongful"], "colour": OKABE_ITO[3]},
            {"label": "blacklisted", "sum": ["blacklisted"], "colour": OKABE_ITO[1], "dash": [6, 3]},
            {"label": "emigrated", "sum": ["emigrated"], "colour": OKABE_ITO[4], "dash": [2, 3]},
        ],
    },
]  # fmt: skip

DIFFERENCE: dict[str, Any] = {
    "title": "Difference of the worlds", "unit": "B − A", "height": 190,
    "caption": "The same people with the same luck in both worlds: the difference is what your settings do.",
    "series": [
        {"label": "compliance", "difference": "compliance", "colour": OKABE_ITO[0]},
        {"label": "under pressure", "difference": "pressure", "colour": OKABE_ITO[3]},
        {"label": "trust in authority", "difference": "trust_authority", "colour": OKABE_ITO[2], "dash": [6, 3]},
        {"label": "trust of neighbours", "difference": "trust_ties", "colour": OKABE_ITO[1], "dash": [2, 3]},
        {"label": "exposure", "difference": "exposure", "colour": OKABE_ITO[4]},
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
     "says": "How much of the conformity is from the heart, how much only under pressure; what becomes of trust, "
     "privacy and justice."},
    {"at": ".gh-controls", "title": "Change it",
     "says": "Every setting, with its unit, range and source. A change holds from the next week on."},
    {"at": ".gh-off", "title": "Switch it off",
     "says": "Remove all institutions at once, play on, and see what is left."},
]  # fmt: skip
