"""Figures of a run."""

from __future__ import annotations

import os
import xml.etree.ElementTree as ET

import pytest

import glasshouse as gh
from glasshouse.experiments.command_line.main import main
from glasshouse.experiments.showing.figures import course, provenance, save
from glasshouse.model.errors import GlasshouseError


@pytest.fixture(scope="module")
def society() -> gh.Society:
    society = gh.Society("switched-off", rng=1, **{"population.size": 60})
    society.run_for(150)
    return society


def test_it_has_panels_with_units_and_shaded_regimes_and_what_to_look_at(society):
    figure = course(society)
    panels = figure.axes
    assert [axes.get_title("left") for axes in panels] == [
        "Compliance", "Trust", "Privacy", "Justice", "Look at: share", "Look at: probability",
    ]  # fmt: skip
    assert all(axes.get_ylabel() for axes in panels)
    assert all(any(text.get_text() == "A" for text in axes.texts) for axes in panels)
    labels = panels[0].get_legend_handles_labels()[1]
    assert labels == ["As at the start", "Circumstances", "In the heart", "In the crowd", "Only under the eye",
                      "Compliance"]  # fmt: skip
    assert panels[0].lines[0].get_ydata() == pytest.approx(society.history["compliance"])
    drawn = {line.get_label(): line.get_ydata() for line in panels[1].lines}
    assert drawn["Trust in the authority"].tolist() == society.history["trust_authority"].tolist()
    assert "week 130" in figure._supxlabel.get_text()


def test_a_long_run_is_drawn_by_means_of_stretches():
    society = gh.Society("baseline", rng=1, **{"population.size": 20})
    society.run_for(1300)
    line = course(society).axes[1].lines[0]
    assert len(line.get_ydata()) == 600
    assert line.get_ydata().mean() == pytest.approx(society.history["trust_authority"].mean(), rel=1e-3)


def test_the_same_figure_is_the_same_file_and_says_how_it_was_made(society, tmp_path):
    for name in ("a.svg", "b.svg"):
        save(course(society), tmp_path / name, provenance(society))
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()
    text = (tmp_path / "a.svg").read_text()
    assert f"glasshouse {gh.__version__}; scenario switched-off; seed 1; 150 weeks; 60 citizens" in text
    assert ET.fromstring(text).tag.endswith("svg")
    assert "Only under the eye" in text, "text stays text"


@pytest.mark.parametrize("ending", ["svg", "pdf", "png"])
def test_it_is_written_by_its_ending(ending, tmp_path, capsys):
    path = tmp_path / f"out.{ending}"
    with pytest.raises(SystemExit, match="0"):
        main(["run", "firewall", "--set", "population.size=40", "--steps", "5", "--figure", str(path)])
    assert path.read_bytes()[:4] == {"svg": b"<?xm", "pdf": b"%PDF", "png": b"\x89PNG"}[ending]
    assert f"Drew {path}" in capsys.readouterr().out.replace("\n", "")


def test_what_cannot_be_drawn_is_refused_before_the_run(tmp_path, capsys):
    for path, words in ((tmp_path / "out.gif", "use .svg"), (tmp_path / "no" / "out.svg", "no folder")):
        with pytest.raises(SystemExit) as end:
            main(["run", "--steps", "100000", "--figure", str(path)])
        assert end.value.code == 2
        assert words in capsys.readouterr().err


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_to_is_an_error(society, tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(GlasshouseError, match="could not be written"):
        save(course(society), tmp_path / "a.svg", [])


def test_weeks_that_have_dates_are_drawn_as_years():
    society = gh.Society("china-1950-2030", rng=1, changes={"population.size": 20, "population.groups": 4})
    society.run_for(900)
    axes = course(society).axes
    assert {panel.get_xlabel() for panel in axes} == {"", "year"}
    assert axes[1].get_xlim() == pytest.approx((1950, 1950 + 899 / 52))
