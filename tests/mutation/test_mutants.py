"""Mutants are faults that can be compiled, and tests notice them."""

from __future__ import annotations

import ast
import subprocess
import sys

import pandas as pd
import pytest

from .mutants import COMMUTING, ROOT, chosen, files, of_file


def test_every_mutant_is_another_program_that_can_be_read():
    for file in files()[::12]:
        source = (ROOT / file).read_text("utf-8")
        for mutant in of_file(file):
            assert ast.dump(ast.parse(mutant.source())) != ast.dump(ast.parse(source)) or mutant.before == mutant.after
            assert source[mutant.start : mutant.end] == mutant.before


def test_the_same_are_chosen_again_from_many_files():
    mutants = chosen(240)
    assert mutants == chosen(240) and len(mutants) >= 200
    assert len({mutant.file for mutant in mutants}) > 30
    assert not any(mutant.kind == COMMUTING for mutant in mutants)


@pytest.mark.slow
def test_a_few_are_noticed_for_real(tmp_path):
    """The whole way, from the source to the golden scenario, for six mutants; most of any six are noticed."""
    words = [sys.executable, "-m", "tests.mutation.run", "6", str(tmp_path / "mutants.csv"), "--no-suite"]
    subprocess.run(words, cwd=ROOT, check=True, capture_output=True, text=True)
    table = pd.read_csv(tmp_path / "mutants.csv", keep_default_na=False)
    assert len(table) >= 5 and (table["noticed by"] != "").sum() >= 3
