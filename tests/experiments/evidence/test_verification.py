"""The verification: which checks are chosen, their verdicts, the report, and how the command ends."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from glasshouse.experiments.command_line import app
from glasshouse.experiments.evidence.verification import verify
from glasshouse.experiments.evidence.verification.check import Check
from glasshouse.experiments.showing import verification_report as report
from glasshouse.model.errors import GlasshouseError


@pytest.fixture
def planted(monkeypatch):
    """The checks of a support module instead of the model's."""
    import tests.support.checks as planted

    monkeypatch.setattr(verify, "MODULES", ("planted",))
    monkeypatch.setattr(verify, "checks_of", lambda module: planted.CHECKS)


def test_every_check_has_a_name_of_its_own_a_source_and_a_range():
    checks = [check for module in verify.MODULES for check in verify.checks_of(module)]
    names = [verify.column(check.name) for check in checks]
    assert len(set(names)) == len(names)
    for check in checks:
        assert check.low <= check.high, check.name
        assert check.source and check.compares and check.group, check.name


def test_verdicts(planted):
    found = {each.check.name: each for each in verify.verify()}
    assert {name: each.verdict for name, each in found.items()} == {
        "two and two": "pass", "a third": "fail", "nothing": "error"
    }  # fmt: skip
    assert found["two and two"].got == 4.0
    assert math.isnan(found["nothing"].got)


def test_what_needs_the_sources_says_that_they_are_not_here(monkeypatch, tmp_path):
    """An installed package has no docs and no tests: its checks of them are named, and do not fail."""
    import importlib

    from glasshouse.experiments.evidence.verification import from_source

    def nothing(path: Path, **_: object) -> bool:
        return False

    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(Path, "exists", nothing)
        absent = importlib.reload(from_source).CHECKS
    present = importlib.reload(from_source).CHECKS
    assert [check.name for check in absent] == [check.name for check in present]
    assert not any(check.here for check in absent) and any(check.here for check in present)
    monkeypatch.setattr(verify, "MODULES", ("absent",))
    monkeypatch.setattr(verify, "checks_of", lambda module: absent)
    found = verify.verify(full=True)
    assert {each.verdict for each in found} == {"not here"}
    assert report.headline(found) == f"{len(found)} checks: 0 pass, 0 do not, {len(found)} not here"


def test_long_checks_are_computed_in_full_alone(planted):
    assert [each.check.name for each in verify.verify(["Limits"], full=True)] == ["nothing", "long"]
    with pytest.raises(GlasshouseError, match="--full"):
        verify.verify(["long"])


def test_an_unknown_check_is_refused_with_the_nearest(planted):
    with pytest.raises(GlasshouseError, match="two and two"):
        verify.verify(["two and too"])


def test_the_report_says_what_was_expected_and_escapes_words(planted, tmp_path):
    found = verify.verify()
    report.write_page(found, tmp_path / "r.html")
    report.write_json(found, tmp_path / "r.json")
    page = (tmp_path / "r.html").read_text("utf-8")
    assert "3 checks: 1 pass, 2 do not" in page
    assert "Sums &lt;i&gt;" in page and "Sums <i>" not in page
    assert page.count('class="fail"') == 1 and page.count('class="error"') == 1
    data = json.loads((tmp_path / "r.json").read_text("utf-8"))
    assert [each["verdict"] for each in data["checks"]] == ["pass", "fail", "error"]
    assert data["checks"][2]["got"] is None


def test_open_ranges_and_tolerances_are_written_as_such():
    def said(check: Check) -> str:
        return report.asked(verify.Verified(check, 0.0))

    assert said(Check.near("a", "g", "c", "s", 2.0, 0.5, float)) == "2 ± 0.5"
    assert said(Check("a", "g", "c", "s", 0.0, math.inf, float)) == "0 … ∞"


def test_the_command_ends_with_one_where_a_check_fails(planted, tmp_path, capsys):
    with pytest.raises(SystemExit) as ended:
        app.carry_out(["verify", "--workers", "1", "--html", str(tmp_path / "r.html")])
    assert ended.value.code == 1
    assert (tmp_path / "r.html").exists()
    with pytest.raises(SystemExit) as ended:
        app.carry_out(["verify", "two and two", "--workers", "1"])
    assert ended.value.code == 0
    assert "1 check: all pass" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["verify", "nonsense"], "there is no check or group"),
        (["verify", "--html", "r.txt"], "ends in .html"),
        (["verify", "--json", "nowhere/r.json"], "there is no folder"),
    ],
)
def test_bad_input_is_refused_before_anything_is_computed(words, says, capsys):
    with pytest.raises(SystemExit) as ended:
        app.carry_out(words)
    assert ended.value.code == 2
    assert says in capsys.readouterr().err
