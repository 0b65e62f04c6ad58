"""The model written again after `docs/odd.md`, in plain Python, to see that the page suffices.

Nothing here imports the program. Settings are read from the tables of the documentation. It has the citizens' rules,
and the institutions of the scenarios `visible-score-and-reports` and `court-blacklist`. What it needs the page must
say.
"""
