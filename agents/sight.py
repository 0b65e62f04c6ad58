"""How openly acts show: to any neighbour, and to fellow members of a group that watches its own."""

from __future__ import annotations

from .citizens import Citizens
from .compiled import compiled
from .view import SocietyView, Ties


@compiled
def fellow_sight(openness: float, raised: float, visibility: float, group_sight: float, inside: float) -> float:
    """Rate at which a neighbour in the same group sees an act, v + inside · (1 − v).

    v = openness + max(visibility, group_sight) · raised is what the score adds where the group sees it better than
    other neighbours do. `inside` is the chance that a fellow member sees what others do not. All in [0, 1].
    """
    seen = openness + max(visibility, group_sight) * raised
    return seen + inside * (1 - seen)


@compiled
def open_sight(
    openness: float, raised: float, visibility: float, group_sight: float, inside: float, fellows: float
) -> float:
    """Rate at which a neighbour sees an act, mean over the citizen's neighbours, of whom the share `fellows` is inside.

    Without fellows that is openness + visibility · raised.
    """
    seen = openness + visibility * raised
    return seen + fellows * (fellow_sight(openness, raised, visibility, group_sight, inside) - seen)


@compiled
def _fellows_loop(start: int, stop: int, c: Citizens, ties: Ties) -> None:
    for i in range(start, stop):
        same = 0
        for t in range(ties.indptr[i], ties.indptr[i + 1]):
            same += c.group[ties.neighbours[t]] == c.group[i]
        c.fellows[i] = same / max(1, ties.indptr[i + 1] - ties.indptr[i])


def find_fellows(society: SocietyView) -> None:
    """Fill `fellows`, where any group watches its own; it stays 0 where none does."""
    c = society.citizens
    if society.conditions.group_sight > 0 or c.inside.any():
        society.for_all(_fellows_loop, c, society.ties)
