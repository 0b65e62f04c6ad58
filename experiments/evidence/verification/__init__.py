"""The model verified: known answers, docked models, theory, robustness and reproducibility, as checks with verdicts."""
