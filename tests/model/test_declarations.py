"""What is declared of settings is read alike wherever they stand."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest

import glasshouse as gh
from glasshouse.agents.institutions import INSTITUTIONS
from glasshouse.model.declarations import declaration, declarations
from glasshouse.model.domains import DEFAULT_DOMAINS

ALL = list(declarations(gh.Scenario))
FULL = gh.Scenario(institutions={name: kind.settings_class() for name, kind in INSTITUTIONS.items()})


def test_every_setting_of_a_scenario_is_declared_and_has_its_default():
    declared = {each.path: each for each in ALL}
    assert len(declared) == len(ALL), "each once"
    values = FULL.settings()
    assert set(values) <= set(declared)
    for path, value in values.items():
        found = declared[path]
        assert found == declaration(gh.Scenario, path)
        if found.kind != "table":
            assert found.default == value, path


def test_every_declaration_says_what_it_is():
    for each in ALL:
        assert each.says, each.path
        if each.kind in ("number", "whole") and each.path.split(".")[0] in ("population", "citizens", "domains"):
            assert each.unit and each.source, each.path
            assert each.low is not None and each.high is not None and each.low < each.high, each.path
        if each.kind in ("number", "whole") and each.explore is not None:
            assert each.low <= each.explore[0] < each.explore[1] <= each.high, each.path


def test_one_number_as_it_is_declared():
    found = declaration(gh.Scenario, "citizens.rationality")
    assert (found.kind, found.default, found.low, found.high, found.explore, found.unit, found.symbol) == (
        "number", 1.9, 0, math.inf, (0.5, 5), "1 / utility", "β")  # fmt: skip
    assert not found.at_start and found.source == "Brock & Durlauf 2001; starting value, tried in a reduced prototype"


@pytest.mark.parametrize(
    ("path", "kind", "default", "low", "high"),
    [
        ("population.size", "whole", 1000, 2, 10_000_000),
        ("population.ratings", "switch", True, None, None),
        ("population.network", "choice", "small-world", None, None),
        ("population.file", "text", "", None, None),
        ("citizens.consequence", "table", FULL.citizens.consequence, None, None),
        ("domains.speech.conviction_mean", "number", DEFAULT_DOMAINS["speech"].conviction_mean, 0.01, 0.99),
        ("domains.gossip.conviction_mean", "number", None, 0.01, 0.99),
        ("domains.speech.loss", "number", 11.0, 0, 100),
        ("institutions.score_bureau.points.credit.loss", "number", 10.0, 0, 1000),
        ("institutions.score_bureau.points.gossip.loss", "number", 0.0, 0, 1000),
        ("institutions.score_bureau.points.gossip", "table", None, None, None),
        ("institutions.score_bureau.tiers.B", "number", 850.0, None, None),
        ("institutions.firewall.hides.gossip", "number", None, 0, 1),
    ],
)
def test_kind_default_and_bounds_wherever_it_stands(path, kind, default, low, high):
    found = declaration(gh.Scenario, path)
    assert (found.kind, found.default, found.low, found.high) == (kind, default, low, high)


def test_a_choice_names_what_it_is_among():
    assert "karate" in declaration(gh.Scenario, "population.network").choices


@pytest.mark.parametrize(
    "path", ["", "size", "population.sizes", "population.size.more", "institutions.hotlines", "institutions.hotline.x"]
)
def test_a_path_that_leads_nowhere_has_none(path):
    assert declaration(gh.Scenario, path) is None


def test_nothing_else_reads_it_from_the_classes():
    root = Path(__file__).parents[2]
    sources = [path for folder in ("agents", "model", "experiments", "dashboard", "docs") for path in
               (root / folder).rglob("*.py")]  # fmt: skip
    reading = re.compile(r"\bmodel_fields\b|\.json_schema_extra|\.metadata\b(?! import)")
    found = {path.relative_to(root).as_posix() for path in sources if reading.search(path.read_text("utf-8"))}
    assert found == {"model/declarations.py"}
