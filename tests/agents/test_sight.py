"""How openly acts show, in cases worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

import glasshouse as gh
from glasshouse.agents.sight import escaping, unseen


@pytest.mark.parametrize(
    ("close", "others", "known"),
    [(0, 0, 1.0), (0, 3, 0.9**3), (2, 0, 0.8**2), (2, 3, 0.8**2 * 0.9**3)],
)
def test_nobody_who_counts_sees_it_where_each_misses_it(close, others, known):
    # Seen at rate .4 by close ties and .2 by others, whose opinions count with chance one half.
    assert unseen(escaping(0.4, 0.5), escaping(0.2, 0.5), close, others) == pytest.approx(known)


def test_who_sees_everything_and_always_counts_need_not_be_there():
    assert unseen(escaping(1.0, 1.0), escaping(1.0, 0.5), 0, 3) == pytest.approx(0.5**3)
    assert unseen(escaping(1.0, 1.0), escaping(1.0, 0.5), 1, 3) == pytest.approx(0)
    changes = {"population.size": 60, "population.settle": 0, "domains.speech.openness": 1.0}
    society = gh.Society("baseline", rng=1, changes={**changes, "citizens.image.counts_close": 1.0})
    society.run_for(2)
    assert society.citizens.close.min() == 0 < society.citizens.close.max()
    assert np.isfinite(society.history["compliance"]).all() and np.isfinite(society.citizens.terms).all()
