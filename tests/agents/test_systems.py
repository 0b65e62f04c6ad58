"""How single institutions work: what is known of them by definition, beyond their effects."""

from __future__ import annotations

import numpy as np
import pytest

import glasshouse as gh
from glasshouse.agents.citizens import Lists
from glasshouse.experiments.command_line.main import main
from glasshouse.model.phases import PHASES
from tests.support.scenes import assert_proportion, assert_same


def society(name: str, seed: int = 1, **changes) -> gh.Society:
    return gh.Society(name, rng=seed, **{path.replace("__", "."): value for path, value in changes.items()})


def test_a_campaign_is_on_between_its_dates_and_leaves_a_scar_that_heals_slowly():
    dates = {"institutions__mass_campaign__start": 5, "institutions__mass_campaign__end": 20}
    fierce = {"institutions__mass_campaign__zeal": 0.3, "institutions__mass_campaign__violence": 1.0}
    model = society("mass-campaign", **dates, **fierce, population__turnover=0.0)
    model.run_for(260)
    wrongful = model.history["sanctions"]
    assert (wrongful.loc[5:20] > 0).all() and wrongful.loc[:4].max() == wrongful.loc[21:].max() == 0
    assert model.conditions.broadcast.max() == 0
    before = model.citizens.scar.copy()
    assert before.max() > 0
    model.run_for(52)
    np.testing.assert_allclose(model.citizens.scar, before * (1 - 0.0005) ** 52)
    # Distrust settles on the scar instead of fading with what is forgotten.
    beyond = model.citizens.unfair - 2 - model.citizens.scar
    assert beyond.min() >= -1e-9 and beyond.max() < 0.2
    # Who comes after has the share of a parent's scar that is handed on.
    model.run_for(3)
    scar, people = model.citizens.scar.copy(), model.citizens.identity.copy()
    model.change({"population.turnover": 0.02})
    model.step()  # week 316: people leave their places once in four weeks
    come = model.citizens.identity != people
    heirs = [row for row in np.flatnonzero(come) if not come[model.ties.of(row)].any()]
    assert len(heirs) > 5
    for row in heirs:
        handed_on = 0.4 * scar[model.ties.of(row)] * (1 - 0.0005)
        assert np.isclose(model.citizens.scar[row], handed_on, rtol=1e-9).any()


def test_zealots_turn_on_neighbours_at_their_rate():
    model = society(
        "mass-campaign",
        population__size=20_000,
        institutions__mass_campaign__zealot_share=0.005,
        institutions__mass_campaign__zeal=0.5,
        institutions__mass_campaign__fights=0.0,
        citizens__trust__resting=0.2,
    )
    model.step()
    speech = model.domains.names.index("speech")
    young = np.flatnonzero(model.week - model.citizens.born < 7 * 52)
    count = round(0.005 * len(young))
    zealots = young[np.argsort(-model.citizens.conviction_before[young, speech])[:count]]
    victims = int((model.citizens.sanctioned > 0).sum())
    ties = int(sum(len(model.ties.of(row)) for row in zealots))
    assert_proportion(victims, ties, 0.5 * 0.8, error=1e-4)
    assert (model.citizens.sanctioned & ~np.uint32(1 << speech) == 0).all()


def test_members_of_a_commune_see_and_report_inside_and_outsiders_do_as_ever():
    none = society("commune", institutions__commune__membership=0.0)
    half = society("commune", institutions__commune__membership=0.5)
    for model in (none, half):
        model.run_for(12)
    members = half.citizens.inside > 0
    assert 0.3 < members.mean() < 0.7
    assert none.citizens.inside.max() == 0 and none.history["reports"].max() == 0
    assert half.citizens.can_report[~members].max() == 0
    assert (half.citizens.bonus[members].max(axis=1) > 0).all() and half.citizens.bonus[~members].max() == 0
    # A group is taken in as a whole.
    for group in range(50):
        assert len(set(members[half.citizens.group == group])) == 1


def test_pay_above_what_was_earned_is_no_evidence_and_pay_kept_back_is_unfair():
    model = society("commune", institutions__commune__collectivity=1.0)
    model.run_for(2)
    c, scored = model.citizens, model.domains.scored == 1
    own = c.complies[:, scored].mean(axis=1)
    mean = np.bincount(c.group, weights=own) / np.bincount(c.group)
    np.testing.assert_allclose(c.received, np.minimum(own, mean[c.group]))
    np.testing.assert_allclose(c.withheld, np.maximum(0, own - mean[c.group]))


def test_files_count_upheld_deviations_and_the_full_ones_lead_out():
    changes = {"institutions__work_unit__expulsion_file": 3, "institutions__work_unit__expulsion": 1.0}
    model = society("danwei", institutions__court=None, population__turnover=0.0, **changes)
    files = []
    for _ in range(40):
        before, already = model.citizens.file.copy(), model.citizens.on(Lists.EXPELLED)
        model.step()
        files.append(int((model.citizens.file - before).min()))
        out = model.citizens.on(Lists.EXPELLED)
        assert (out == (model.citizens.file >= 3)).all()
    assert min(files) >= 0 and out.any() and not out.all()
    assert (model.citizens.hardship[out] == 0.3).all() and model.citizens.hardship[~out].max() == 0
    assert (model.institutions["work_unit"].reach[already] == 0).all()


def test_who_is_away_is_reached_less_and_everyone_where_the_record_is_unified():
    changes = {"institutions__household_registry__mobility": 0.2, "population__size": 20_000}
    for unified in (False, True):
        model = society("hukou", **changes, institutions__score_bureau__unified=unified)
        model.run_for(6)
        c = model.citizens
        away = c.place != c.region
        d = model.domains.names.index("credit")
        home = model.citizens.reach == 1
        assert unified == home.all()
        if not unified:
            sensed = ((c.noted | c.detected) >> d & 1) == 1
            # Movers of this week were still at home when they were watched.
            reached = np.where(model.citizens.reach < 1, 0.3, 1.0) * 0.95 * model.domains.detection[d]
            assert_proportion(int(sensed[~home].sum()), int((~home).sum()), float(reached[~home].mean()), 1e-4)
            assert_proportion(int(sensed[home].sum()), int(home.sum()), float(reached[home].mean()), 1e-4)
        assert away.mean() > 0.4


def test_moves_are_made_at_their_rate_to_every_other_region():
    model = society("hukou", population__size=20_000, institutions__household_registry__mobility=0.1)
    model.step()
    c = model.citizens
    assert_proportion(int((c.place != c.region).sum()), 20_000, 0.1)
    counts = np.bincount((c.place - c.region) % 4, minlength=4)[1:]
    assert_proportion(int(counts[0]), int(counts.sum()), 1 / 3)


def test_an_authority_spends_what_it_has_and_its_turn_is_an_event():
    model = society("carrot-to-stick")
    funded = []
    for _ in range(12):
        model.run_for(13)
        spending = model.institutions["authority"].spending
        assert sum(spending.values()) == pytest.approx(1) and min(spending.values()) >= 0
        model.step()
        funded.append(sum(model.conditions.funded(means) for means in spending))
    assert funded == pytest.approx([4.0] * 12)
    turns = [week for week, says, _ in model.events if "penalties" in says]
    assert len(turns) == 1 and turns[0] > 52
    assert model.conditions.penalises


def test_a_target_may_change_in_the_course_of_a_quarter():
    model = society("carrot-to-stick", population__size=100)
    model.run_for(5)
    model.change({"institutions.authority.targets": {"inquiry": 0.9, "credit": 0.99}})
    model.run_for(40)
    model.change({"institutions.authority.targets": {}})
    model.run_for(30)
    authority = model.institutions["authority"]
    # The new targets are never met; without any there is nothing to decide.
    assert authority.tries and authority.attained == [{}] * len(authority.attained)


def test_what_is_faked_passes_for_complying_with_sensors_alone():
    model = society(
        "buying-points",
        population__size=20_000,
        institutions__sensor_network__false_positive=0.0,
        institutions__point_market__fakeable={"civic": 1.0},
        institutions__point_market__fake_cost=0.01,
    )
    model.run_for(2)
    c, d = model.citizens, model.domains.names.index("civic")
    faked = (c.faked >> d & 1) == 1
    assert faked.any() and (c.complies[faked, d] == 0).all()
    assert not (c.detected[faked] >> d & 1).any() and (c.noted[faked] >> d & 1).any()
    assert not ((c.noted >> d & 1)[(c.complies[:, d] == 0) & ~faked]).any()


def test_points_are_bought_for_their_price_down_to_the_reserve():
    wealth, score = np.full(100, 0.52), np.linspace(900, 1090, 100)
    model = society("buying-points", population__size=100, institutions__point_market__price=0.01)
    model.citizens.wealth[:], model.citizens.score[:] = wealth, score
    model.institutions["point_market"].mingle(model)
    bought = model.citizens.score - score
    np.testing.assert_allclose(bought, np.minimum(np.maximum(0, 1000 - score), 2))
    np.testing.assert_allclose(model.citizens.wealth, wealth - 0.01 * bought)


def test_the_debtors_map_reports_only_the_listed_and_over_no_tie():
    model = society("debtor-map", population__size=2000, institutions__debtor_map__strangers=50,
                    institutions__blacklist__verdicts=1.0, institutions__court__caseload=0.05)  # fmt: skip
    for _ in range(20):
        listed = model.citizens.on(Lists.BLACKLISTED)
        model.step()
        assert model.citizens.stranger_reports[~listed].max() == 0
        assert model.ties.accusations.max() == 0
    assert listed.any() and model.history["stranger_reports"].sum() > 0


def test_hiders_are_met_less_than_those_who_show():
    model = society("dating-disclosure", population__size=5000, institutions__partner_market__dates=0.12)
    met = np.zeros(5000)
    for _ in range(160):
        model.step()
        met += model.citizens.matched
    seeking = met > 0
    shows = model.citizens.on(Lists.DISCLOSING)
    assert met[seeking & shows].mean() > met[seeking & ~shows].mean() + 1


def test_a_prediction_learns_what_there_is_to_learn():
    """Flags go to people with less conviction in speech than others have."""
    model = society("predictive", population__size=5000, institutions__predictor__flag_share=0.1)
    model.run_for(105)
    c, d = model.citizens, model.domains.names.index("speech")
    flagged = c.flags & np.uint32(1 << 5) > 0
    assert flagged.sum() == 500
    assert c.start_conviction[flagged, d].mean() < c.start_conviction[~flagged, d].mean() - 0.02


def test_a_commercial_score_is_the_weighted_mean_of_its_parts():
    model = society("commercial-score", institutions__commercial_score__consider=1.0)
    model.run_for(40)
    c = model.citizens
    joined = ~np.isnan(c.commercial_score)
    assert 0.1 < joined.mean() < 1
    assert c.commercial_score[joined].min() >= 350 and c.commercial_score[joined].max() <= 950
    gone = ("history", "behaviour", "network")
    model.change({f"institutions.commercial_score.parts.{part}": 0.0 for part in gone})
    model.run_for(4)
    joined = ~np.isnan(c.commercial_score)
    expected = 350 + 600 * (25 * c.wealth / (1 + c.wealth) + 15) / 40
    np.testing.assert_allclose(c.commercial_score[joined], expected[joined])


def test_a_credit_score_forgets_in_seven_years():
    model = society("western-credit", population__size=50, institutions__credit_bureau__coverage=1.0)
    model.citizens.credit_score[:] = 300
    model.citizens.complies[:, 0] = 1
    bureau = model.institutions["credit_bureau"]
    for _ in range(364):
        model.week += 1
        bureau.score(model)
    np.testing.assert_allclose(model.citizens.credit_score, 850 - 550 * (1 - 1 / 364) ** 364)


def test_executives_of_closed_firms_are_listed_where_there_is_a_list():
    model = society("four-pillars", institutions__firm__dent=1.0, institutions__blacklist__entry=0.0)
    model.run_for(30)
    assert model.history["blacklisted"].max() > 0
    without = society("four-pillars", institutions__firm__dent=1.0, institutions__blacklist=None)
    without.run_for(30)
    assert without.history["blacklisted"].max() == 0


def test_an_honest_court_is_where_its_government_is():
    settings = {"corruption": 5.0, "court_speed": 0.0}
    model = society("four-pillars", institutions__local_government=settings)
    governments = model.institutions["local_government"]
    np.testing.assert_allclose(model.citizens.injustice, 1 + 5 * (1 - governments.integrity[model.citizens.place]))
    assert model.citizens.injustice.min() > 1


def test_an_institution_of_ones_own_acts_too_and_last():
    class Counting:
        def __getattr__(self, name):
            if name not in PHASES:
                raise AttributeError(name)
            return lambda society: calls.append(name)

    calls: list[str] = []
    model, plain = society("baseline", population__size=50), society("baseline", population__size=50)
    model.institutions["own"] = Counting()
    model.step()
    plain.step()
    assert len(calls) == 9
    del model.institutions["own"]
    assert_same(model, plain)


def test_who_emigrated_cannot_be_explained(capsys):
    arguments = ["explain", "baseline", "--steps", "400", "--citizen", "3", "--set", "population.size=60"]
    leaving = ["--set", "institutions.exit.rate=1.0", "--set", "institutions.exit.means=0.0"]
    with pytest.raises(SystemExit) as end:
        main([*arguments, "--set", "institutions.exit={}", *leaving])
    assert end.value.code == 2
    assert "has emigrated by week 40" in capsys.readouterr().err


def test_eighty_years_pass_from_regime_to_regime():
    model = society("china-1950-2030", population__size=200, population__groups=10)
    model.run_for(4160)
    assert [week for week, _, _ in model.events] == [313, 417, 833, 1352, 1353, 1717, 2185, 2497, 3277, 3329, 3641]
    history = model.history
    assert np.isfinite(history["compliance"]).all()
    assert history["trust_weak_ties"].loc[1352] < history["trust_weak_ties"].loc[832]
    assert np.isnan(history["score_mean"].loc[3328]) and np.isfinite(history["score_mean"].loc[3329])


@pytest.mark.slow
def test_the_campaign_of_the_dated_history_is_disordered_and_its_distrust_outlives_it_by_decades():
    """The same people with the same luck, with and without the campaign in the course."""
    plan = gh.Scenario.load("china-1950-2030").change({"population.size": 1000})
    data = plan.to_dict()
    for change in data["change"]:
        change["set"] = {path: value for path, value in change["set"].items() if "mass_campaign" not in path}
    data["change"] = [change for change in data["change"] if change["set"]]
    histories = []
    for course in (plan, gh.Scenario.from_dict(data)):
        society = gh.Society(course, rng=1)
        society.run_for(2860)
        histories.append(society.history)
    difference = histories[0] - histories[1]
    decade, later, much_later = (difference.loc[a:b].mean() for a, b in ((833, 1352), (1353, 1872), (2341, 2860)))
    assert decade["harm"] > 0.005 and decade["wrongful"] > 0 and abs(later["wrongful"]) < decade["wrongful"] / 2
    assert decade["trust_authority"] < later["trust_authority"] < much_later["trust_authority"] < -0.01
    assert later["trust_weak_ties"] < -0.01
    # Most of those who live twenty years after it were not of age when it ended, or not yet born.
    assert later["harm"] < decade["harm"] / 2
