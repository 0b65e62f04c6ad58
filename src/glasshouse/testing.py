"""For tests of institutions: the contract that each keeps. Needs no test runner.

``contract(MyInstitution)`` holds one to all of it; `CONTRACT` has its clauses, each a function of the class, for a test
with a case for each::

    @pytest.mark.parametrize("clause", CONTRACT, ids=lambda clause: clause.__name__)
    def test_it_keeps_the_contract(clause):
        clause(MyInstitution)
"""

from __future__ import annotations

from .experiments.evidence.contract import CONTRACT, assert_same, contract

__all__ = ["CONTRACT", "assert_same", "contract"]
