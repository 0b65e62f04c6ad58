"""Sentences: what the page says of numbers, of an end, of a citizen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ...agents.citizen import Explanation
from ...experiments.showing.tables import rounded_parts
from ..drawing.looks import KINDS
from ..session.player import SERIES, Frame
from .words import COSTS, MOOD, PARTS, TERM_WORDS, acts_in

SMOOTH = 13
"""Weeks of which numbers are means."""

HARDLY = 0.005
"""A rise of fewer acts than this is none to speak of."""

DEVIATES = len(KINDS) - 1

SHARES = (
    (0.02, "nothing"), (0.06, "almost nothing"), (0.11, "a tenth"), (0.145, "an eighth"), (0.18, "a sixth"),
    (0.22, "a fifth"), (0.29, "a quarter"), (0.365, "a third"), (0.45, "two fifths"), (0.55, "half"),
    (0.63, "three fifths"), (0.71, "two thirds"), (0.775, "three quarters"), (0.87, "four fifths"),
    (0.97, "almost all"), (1.1, "all"),
)  # fmt: skip
"""Shares in words, each up to its bound."""


def share_in_words(share: float) -> str:
    """A share in words: "an eighth"."""
    return next((words for bound, words in SHARES if share < bound), "more than all")


def later(weeks: int) -> str:
    """So many weeks later, in words."""
    known = {0: "For now", 1: "A week later", 13: "A quarter later", 26: "Half a year later", 52: "A year later"}
    if weeks in known:
        return known[weeks]
    return f"{weeks // 52} years later" if weeks % 52 == 0 else f"{weeks} weeks later"


def signed(points: float) -> str:
    """A number of points with its sign and one decimal; −0.0 is 0.0."""
    value = round(points, 1) + 0.0
    return f"{'−' if value < 0 else '+'}{abs(value):.1f}"


def share_left(now: float, was: float) -> str:
    """What is left of a number of points, in words that fit the numbers as they are shown."""
    return share_in_words(max(0.0, round(now, 1) / round(was, 1)))


def mean_of(rows: Sequence[Any], name: str, week: int) -> float:
    """Mean of a measure over the 13 weeks up to a week; NaN before the first."""
    last = rows[max(0, week - SMOOTH) : week]
    return float(np.mean([row[SERIES.index(name)] for row in last])) if last else float("nan")


def parts(rows: Sequence[Sequence[Any]], week: int) -> dict[str, float]:
    """What watching adds, in acts of 100, by part; circumstances have what is left to the whole.

    They sum up to the difference of the compliance of both worlds. Before the first week nothing is added.
    """
    if week == 0:
        return dict.fromkeys(PARTS, 0.0)
    watched, unwatched = rows
    found = {name: 100 * (mean_of(watched, name, week) - mean_of(unwatched, name, week)) for name in PARTS}
    whole = 100 * (mean_of(watched, "compliance", week) - mean_of(unwatched, "compliance", week))
    return found | {"circumstances": whole - sum(found[name] for name in PARTS if name != "circumstances")}


def numbers(frame: Frame) -> dict[str, Any]:
    """The numbers of the page, and what stands above them.

    Returns
    -------
    dict
        `caption`, `banner`, `parts` (each with its value, and as it was when the watching ended), `costs`.
    """
    week, ended = frame.week, frame.ended
    now = parts(frame.rows, week)
    was = None if ended is None else parts(frame.rows, ended)
    sum_now, beside = sum(now.values()), "the other world" if frame.course.has_other else "the unwatched world"
    more = f"{abs(round(sum_now, 1)):.1f} {'fewer' if round(sum_now, 1) < 0 else 'more'}"
    caption = ["Of every 100 acts of all kinds, ", more, f" follow the rules than in {beside}."]
    if was is not None and ended is not None:
        caption = [f"{later(week - ended)}, ", more, f" of 100 acts follow the rules; it was {sum(was.values()):.1f}."]
    shown = [name for name in PARTS if name != "circumstances"]
    rounded = dict(zip(now, map(float, rounded_parts(list(now.values()), 1)), strict=True))
    before = {} if was is None else dict(zip(was, map(float, rounded_parts(list(was.values()), 1)), strict=True))
    return {
        "caption": caption,
        "banner": "" if was is None or ended is None else banner(ended, week, sum_now, sum(was.values())),
        "parts": [{"value": signed(rounded[name]), "was": signed(before[name]) if before else None} for name in shown],
        "circumstances": rounded["circumstances"],
        "costs": [
            {"value": 100 * mean_of(frame.rows[0], name, week), "unwatched": 100 * mean_of(frame.rows[1], name, week)}
            for name in COSTS
        ],
    }  # fmt: skip


def banner(ended: int, week: int, now: float, was: float) -> str:
    """That the watching has ended, and what is left of what it added."""
    first = f"The watching ended in week {ended:,}."
    if week == ended:
        return first
    when = later(week - ended)
    if abs(was) < 100 * HARDLY:
        return f"{first} {when} there is little to compare: it had hardly changed what people do."
    share = now / was
    if share < -0.02:
        return f"{first} {when} the rise has turned to its opposite."
    return f"{first} {when} {share_left(now, was)} of the rise is left."


def guessed(kind: str, guess: float, rows: Sequence[Sequence[Any]], begins: int, ends: int) -> tuple[str, str]:
    """What became of what was guessed: a heading, and a sentence."""
    if kind == "trust":
        then, now = (100 * mean_of(rows[0], "trust_ties", week) for week in (begins, ends))
        unwatched = 100 * mean_of(rows[1], "trust_ties", ends)
        says = f"You guessed {guess:.0f} of 100; it was {now:.0f}."
        missing = unwatched - then
        if missing < 1:
            return (
                "Reports had cost little trust",
                f"{says} Among the unwatched it is {unwatched:.0f}.",
            )
        back = share_in_words(max(0.0, (now - then) / missing))
        return (
            f"{back.capitalize()} of the lost trust is back",
            f"{says} Among the unwatched it is {unwatched:.0f}.",
        )
    then, now = parts(rows, begins), parts(rows, ends)
    was, left = sum(then.values()), sum(now.values())
    says = [f"You left {guess:.1f} of {was:.1f}; it was {left:.1f}."]
    for name, (_, words, _) in PARTS.items():
        if name != "circumstances" and then[name] >= 100 * HARDLY:
            says.append(f"{share_left(now[name], then[name]).capitalize()} of what was {words} is left.")
    if was < 100 * HARDLY:
        return "It had hardly begun", says[0]
    heading = f"A year later {share_left(left, was)} is left"
    half = half_gone(rows, begins, ends)
    return heading if half is None else f"Within {half} weeks half was gone; a{heading[1:]}", " ".join(says)


def half_gone(rows: Sequence[Sequence[Any]], begins: int, ends: int) -> int | None:
    """Weeks after which half of what watching added was gone; None where more than half lasted."""
    was = sum(parts(rows, begins).values())
    return next((w - begins for w in range(begins + 1, ends + 1) if sum(parts(rows, w).values()) <= was / 2), None)


# A citizen

WHY = {
    "start": "for reasons of her own",
    "heart": "because she has come to find it right",
    "crowd": "because others do",
    "circumstances": "because of what it has come to cost her",
}
"""Why one who is not moved by the eye does what she does."""

UNDER_THE_EYE = ("image", "stake", "fear", "reactance")
"""Terms that are there only where somebody may see."""


UNSEEN = ("conviction", "cost", "conformity")
"""Terms that are there also where nobody can see."""


def sentence(domain: str, why: Explanation, conviction: float, mood: float) -> str:
    """What a citizen does, what she would do if nobody could see, and what decides it; `mood` is what chance adds."""
    words = acts_in(domain)
    act = words.does if why.complies else words.does_not
    sign = 1 if why.complies else -1

    def strongest(*names: str) -> str:
        term = max(names, key=lambda name: sign * why.terms[name])
        # Of acts that nothing in her situation speaks for, her mood decides.
        moody = names == UNSEEN and sign * mood > max(0.0, sign * why.terms[term])
        return MOOD if moody else TERM_WORDS[term][1]

    if why.decided != "eye":
        first = f"She {act}, {WHY[why.decided]}. If nobody could see, she would do the same."
        return f"{first} What decides it: {strongest(*UNSEEN)}." if why.decided == "start" else first
    if (conviction < 0.5) == why.complies:
        first = f"She {act} although she {'does not think it right' if why.complies else 'thinks it wrong'}."
    else:
        first = f"She {act}, and only because she is seen."
    would = infinitive(words.do_not if why.complies else words.do)
    return f"{first} If nobody could see, she would {would}. What decides it: {strongest(*UNDER_THE_EYE)}."


def infinitive(words: str) -> str:
    """What many do, as what one would do."""
    return words.replace("do not", "not", 1) if words.startswith("do not") else words


def card(frame: Frame) -> Mapping[str, Any] | None:
    """The card of the citizen looked at, ready to be shown."""
    found = frame.citizen
    if found is None:
        return None
    domains = frame.plans[0].domain_names
    domain = domains[frame.domain]
    words = acts_in(domain)
    card = {name: value for name, value in found.items() if name not in ("why", "mood", "conviction")}
    card["where"] = words.where
    if found["gone"]:
        return card | {"says": "She has emigrated."}
    card["does"] = [
        acts_in(d).does if kind < 5 else acts_in(d).does_not for d, kind in zip(domains, found["acts"], strict=True)
    ]
    why: Explanation | None = found.get("why")
    if why is None:
        return card | {"says": "She is new here; her first week is still to come."}
    terms = [{"name": TERM_WORDS[term][0], "term": term, "value": value} for term, value in why.terms.items()]
    # What chance adds: she complies where the sum is at least 0.
    terms.append({"name": MOOD, "term": "draw", "value": found["mood"]})
    says = sentence(domain, why, found["conviction"], found["mood"])
    together = why.utility + found["mood"]
    return card | {"says": says, "terms": terms, "utility": together, "ends": [words.do_not, words.do]}
