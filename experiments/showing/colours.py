"""Colours, the same in every figure and on the page."""

from __future__ import annotations

OKABE_ITO = ("#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#56B4E9", "#000000")
"""Colours that the colour-blind tell apart (Okabe & Ito 2008)."""

PARTS = {
    "compliance_at_start": "#818790",
    "circumstances": "#7A6500",
    "internalised": "#00755A",
    "following": "#2A68B3",
    "pressure": "#C2450A",
}
"""Of the measures that compliance is the sum of, in the order in which they are added; on the page the same."""
