"""The model written again from `docs/odd.md` alone, in plain Python, to see that the page suffices.

Nothing here imports the program. Settings are read from the tables of the documentation. It has what the worked example
needs: the citizens' rules, and the institutions of the scenario `visible-score-and-reports`.
"""
