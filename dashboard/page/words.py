"""One vocabulary: what the page calls parts, costs, domains, acts and terms."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

from ...agents.citizens import TERMS
from ...model.scenario import scenarios
from ..session.course import built_in

QUESTION = "What does being watched do to people, and what is left when the watching ends?"

PARTS: dict[str, tuple[str, str, str]] = {
    "internalised": ("heart", "in the heart", "find it right by now"),
    "following": ("crowd", "in the crowd", "because others do it"),
    "pressure": ("eye", "under the eye", "because it is seen"),
    "circumstances": ("chance", "by circumstances", "since hardship has changed"),
}
"""Of the difference that watching makes: token, name, why; in the order in which they are stacked."""

COSTS: dict[str, tuple[str, str]] = {
    "exposure": ("Privacy", "acts known"),
    "trust_ties": ("Trust", "in neighbours"),
}
"""What watching costs: name, and of what it is a share."""

TERM_WORDS: dict[str, tuple[str, str]] = dict(zip(TERMS, (
    ("what she finds right", "what she finds right"),
    ("effort", "the effort of doing otherwise"),
    ("what others do", "what others do"),
    ("how it looks", "how it looks to those who see it"),
    ("what the score pays", "what the score pays"),
    ("fear of what follows", "fear of what may follow"),
    ("resents being watched", "resentment at being watched"),
), strict=True))  # fmt: skip
"""What each term of the utility stands for: as a name, and in a sentence."""

MOOD = "her mood this week"
"""What chance adds."""

TERM_TOKENS: dict[str, str] = {
    **dict(zip(TERMS, ("heart", "ink2", "crowd", "eye", "ink2", "eye", "ink2"), strict=True)),
    "draw": "chance",
}
"""Colour of each term: that of the part of compliance which it moves; ink for what belongs to none; and of chance."""


class Acts(NamedTuple):
    """What acts in a domain are called.

    Attributes
    ----------
    where
        The domain, after "in".
    does, does_not
        What one who complies, or deviates, does: "she …".
    do, do_not
        The same of many, and after "would".
    """

    where: str
    does: str
    does_not: str
    do: str
    do_not: str


ACTS = {
    "credit": Acts("in what they owe", "pays her debts", "does not pay her debts", "pay", "do not pay"),
    "conduct": Acts("in public conduct", "keeps order", "breaks the order", "keep order", "break the order"),
    "civic": Acts("in civic duties", "volunteers", "does not volunteer", "volunteer", "do not volunteer"),
    "consumption": Acts("in what they buy", "lives thriftily", "spends freely", "live thriftily", "spend freely"),
    "speech": Acts("in what they say", "holds her tongue", "speaks up", "hold back", "speak up"),
    "inquiry": Acts("in what they look up", "looks nothing up", "looks things up", "look nothing up", "look things up"),
}


def acts_in(domain: str) -> Acts:
    """What acts in a domain are called; one that is not known is called by its name."""
    return ACTS.get(domain, Acts(f"in {domain}", f"complies in {domain}", f"deviates in {domain}", "comply", "deviate"))


GROUPS = ("History", "Score", "Court", "Market", "For comparison")
"""Groups of scenarios, in order."""


@cache
def sheet() -> list[dict[str, Any]]:
    """The built-in scenarios by group: name, title and a line each."""
    known = {name: built_in(name) for name in scenarios()}
    return [
        {
            "group": group,
            "scenarios": [
                {"name": name, "title": plan.title, "line": plan.line, "all": f"{plan.title} {plan.about}"}
                for name, plan in known.items()
                if plan.group == group
            ],
        }
        for group in GROUPS
    ]


READING = (
    ("What you see",
     "Each mark is a person; people in one circle know each other well, lines are ties. A disc would do the same if "
     "nobody looked: green because they have come to find it right, blue because others do it. A ring does it only "
     "because it is seen. A diamond breaks the rule. Grey does what it would have done anyway."),
    ("What happens",
     "A line with a dot runs from who reports to who is reported. A widening circle is a sanction. Four corners mark "
     "those on a public list. A newcomer fades in."),
    ("The unwatched world",
     "The same people, born with the same character and given the same luck, live a second time without any "
     "institution. Whatever differs is what the watching does. All numbers are such differences, or name the unwatched "
     "value beside them; they are means of 13 weeks over acts of all kinds. The counts under the picture are people of "
     "this one week, in the kind of act that is chosen above it."),
    ("What it costs",
     "Privacy: of 100 acts, weighted by how sensitive they are, how many somebody learns of; neighbours see much that "
     "nobody watches, so that it is never 0. Trust: how far people trust the neighbours they have ties with, from 0 to "
     "100."),
    ("What you can do",
     "Move a lever: it holds from the next week on. Click a person: why did she act as she did? Switch the watching "
     "off, and see what is left. The address of this page holds what you changed and the week: reload, go back, send "
     "it; not which person or chart you look at. Another seed, in the list of scenarios, gives other people and other "
     "luck: what differs then is chance. Keys: space plays and pauses, the right arrow lives a week, Home starts "
     "again."),
    ("What it is not",
     "A model of documented institutions and of mechanisms that the literature describes, each with its source. It "
     "estimates nothing for a country, and no sentence here says more than its numbers."),
)  # fmt: skip
"""How to read the page: headings and paragraphs."""
