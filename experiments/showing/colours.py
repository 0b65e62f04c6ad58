"""Colours, the same in every figure and on the page."""

from __future__ import annotations

OKABE_ITO = ("#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#56B4E9", "#000000")
"""Colours that the colour-blind tell apart (Okabe & Ito 2008)."""

KIND_COLOURS = (OKABE_ITO[5], OKABE_ITO[2], OKABE_ITO[3], OKABE_ITO[4])
"""Of what a citizen does: complies from the heart, has come to believe in it, complies under pressure; deviates."""

PARTS = dict(zip(("compliance_unchanged", "internalised", "pressure"), KIND_COLOURS, strict=False))
"""Of the measures that compliance is the sum of."""
