"""Colours, the same in every figure and on the page."""

from __future__ import annotations

OKABE_ITO = ("#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#56B4E9", "#000000")
"""Colours that the colour-blind tell apart (Okabe & Ito 2008)."""

PARTS = {
    "compliance_at_start": OKABE_ITO[5],
    "circumstances": OKABE_ITO[1],
    "internalised": OKABE_ITO[2],
    "following": OKABE_ITO[0],
    "pressure": OKABE_ITO[3],
}
"""Of the measures that compliance is the sum of, in the order in which they are added."""

KIND_COLOURS = (*PARTS.values(), OKABE_ITO[4])
"""Of what a citizen does: complies because of one of the parts; deviates."""
