"""The initial state that a graph brings with it: attributes of its nodes that bear the names of columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from ..agents.citizens import Citizens
from ..agents.institutions import INSTITUTIONS
from .errors import GraphError
from .networks import Network, as_numbers

DERIVED = ("node",)
"""Columns that follow from the graph itself."""

PLACES = ("region", "group", "place")
"""Columns of which a graph may give names instead of numbers."""


def state_of(
    network: Network, domains: Iterable[str], institutions: Iterable[str]
) -> tuple[dict[str, npt.NDArray[np.float64]], str]:
    """Initial values by column, NaN where a node has none; and what the graph was taken for, in words.

    An attribute is taken where it has the name of a column, `wealth`, or of one in one domain, `conviction_speech`.
    Of `region` and `group` words or codes will do: each is a place of its own.
    """
    state: dict[str, npt.NDArray[np.float64]] = {}
    used, unused = [*network.ties], []
    names, columns = list(domains), dict(Citizens.own)
    for institution in institutions:
        columns |= INSTITUTIONS[institution].columns
    for attribute, values in network.attributes.items():
        column, domain = _column_of(attribute, columns, names)
        numbers = as_numbers(values)
        if column in PLACES and not _is_row_of_numbers(numbers):
            numbers = _numbered(values)
        if column == "identity" and not np.array_equal(np.sort(numbers), np.arange(network.size)):
            column = None
        if column is not None and np.isinf(numbers).any():
            at = int(np.isinf(numbers).argmax())
            raise GraphError(
                f"{attribute} {values[at]!r:.60} of node {network.labels[at]!r:.60} is no number; leave it empty for "
                "none, or call it otherwise"
            )
        if column is None or np.isnan(numbers).all():
            if attribute not in DERIVED:
                unused.append(attribute)
            continue
        used.append(attribute)
        if not columns[column].by_domain:
            state[column] = numbers
            continue
        wide = state.setdefault(column, np.full((network.size, len(names)), np.nan))
        wide[:, slice(None) if domain is None else names.index(domain)] = (
            numbers[:, None] if domain is None else numbers
        )
    if "region" in state and "place" not in state:
        state["place"] = state["region"]
    return state, "; ".join(filter(None, (
        network.said,
        f"initial state: {_listed(used)}" if used else "",
        f"attributes not used: {_listed(unused)}" if unused else "",
    )))  # fmt: skip


def _column_of(attribute: str, columns: Any, domains: Sequence[str]) -> tuple[str | None, str | None]:
    """Column, and domain, that an attribute is named after."""
    if attribute in columns and attribute not in DERIVED:
        return attribute, None
    for domain in domains:
        column = attribute.removesuffix(f"_{domain}")
        if column != attribute and column in columns and columns[column].by_domain:
            return column, domain
    return None, None


def _is_row_of_numbers(numbers: npt.NDArray[np.float64]) -> bool:
    """Whether numbers count places, rather than being codes or names of them."""
    given = numbers[np.isfinite(numbers)]
    if np.isinf(numbers).any():
        return False
    return len(given) > 0 and bool(((given == np.floor(given)) & (given >= 0) & (given < len(numbers))).all())


def _numbered(values: Sequence[Any]) -> npt.NDArray[np.float64]:
    """Numbers of words, in the order in which they first occur; NaN for none."""
    known: dict[Any, int] = {}
    return np.array([np.nan if v in (None, "") else float(known.setdefault(v, len(known))) for v in values])


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:8]) + (f" and {len(names) - 8} more" if len(names) > 8 else "")
