"""Rules and institutions against numbers worked out by hand, where no recorded course would show a fault."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

import glasshouse as gh
from glasshouse.agents.citizens import Lists
from glasshouse.agents.conditions import Offer
from glasshouse.agents.groups import quantiles
from glasshouse.agents.institutions.authority import MEANS
from glasshouse.agents.institutions.court import UNTOLD, WRONGED
from glasshouse.agents.institutions.credit_bureau import HIGH, LOW
from glasshouse.agents.institutions.debtor_map import strangers_zeal
from glasshouse.agents.institutions.exit import grievance
from glasshouse.agents.institutions.gatekeepers import adopted, likeness
from glasshouse.agents.rules.exchanging import ASSURED_DEAL, exchange
from glasshouse.agents.rules.reporting import Motives, report, report_utility
from glasshouse.model.measures import justice, privacy
from tests.support.scenes import assert_proportion

SIZE = 120


def society_of(*names: str, weeks: int = 1, also: dict[str, Any] | None = None, **changes: Any) -> gh.Society:
    """A society with some institutions, changes to the first of them, and others."""
    small = {"population.size": SIZE, "population.settle": 0, **(also or {})}
    plan = gh.Scenario.load("baseline").change(small | {f"institutions.{name}": {} for name in names})
    plan = plan.change({f"institutions.{names[0]}.{name}": value for name, value in changes.items()})
    society = gh.Society(plan, rng=5)
    society.run_for(weeks)
    return society


def test_one_value_alone_has_the_middle_rank():
    assert quantiles(np.array([3.0])).tolist() == [0.5]
    assert quantiles(np.array([3.0, 1.0, 3.0])).tolist() == [0.75, 0.0, 0.75]


def test_grievance_is_what_neither_trust_nor_loyalty_takes_away():
    trust, loyalty, hardship = np.array([0.2, 0.2, 1.0]), np.array([0.5, 0.5, 0.0]), np.array([0.0, 0.25, 0.4])
    # (1 − .2)(1 − .5) = .4, and of the other .6 a quarter for hardship.
    assert grievance(trust, loyalty, hardship) == pytest.approx([0.4, 0.55, 0.4])


def test_what_pays_is_adopted_as_the_replicator_says():
    assert adopted(0.3, 5.0, 0.0) == pytest.approx(0.3)
    # Small steps of da/dt = speed · a · (1 − a) · gain over one year.
    share = 0.3
    for _ in range(100_000):
        share += 2.0 * 0.7 * share * (1 - share) / 100_000
    assert adopted(0.3, 2.0, 0.7) == pytest.approx(share, abs=1e-5)
    assert adopted(0.3, 1e6, 1.0) == pytest.approx(1.0)


def test_likeness_is_pearsons_correlation_of_what_is_known():
    rng = np.random.default_rng(1)
    x = 5 + rng.normal(size=50)
    y = -2 + 0.5 * x + rng.normal(size=50)
    blank = x.copy()
    blank[::7] = np.nan
    known = ~np.isnan(blank)
    assert likeness(x, y) == pytest.approx(np.corrcoef(x, y)[0, 1])
    assert likeness(blank, y) == pytest.approx(np.corrcoef(x[known], y[known])[0, 1])
    assert likeness(x, np.ones(50)) == likeness(np.full(50, np.nan), y) == 0.0


def test_gatekeepers_gain_what_a_seen_score_told_of_payment():
    society = society_of("gatekeepers", "sensor_network", "score_bureau", speed=3.0)
    gates, c = cast(Any, society.institutions["gatekeepers"]), society.citizens
    offered = society.conditions.offered
    name = next(iter(offered))
    offered[name] = Offer(0.5, offered[name].points)
    rng = np.random.default_rng(2)
    file = rng.normal(size=society.founders)
    gates.files = {name: file}
    gates.paid[:] = np.round(30 + 3 * file[c.node] + rng.normal(size=SIZE))
    before, gain = dict(gates.share), 0.5 * np.corrcoef(file[c.node], gates.paid)[0, 1]
    gates._look_back(society)
    for kind, gate in gates.settings.gates.items():
        assert gates.share[kind] == pytest.approx(adopted(before[kind], 3.0, gain - gate.cost))


def test_strangers_report_without_trust_need_or_loss():
    motives = Motives(outrage=1.0, legitimacy=0.5, need=0.7, loyalty=2.0, hassle=1.1)
    conviction, trust = np.array([0.1, 0.9]), np.array([0.4, 0.6])
    for zeal, m, t in zip(strangers_zeal(motives, 0.7, 3.0, conviction, trust), conviction, trust, strict=True):
        utility = report_utility(motives, 0.7, m, t, 0.0, 0.0, 0.0)
        assert zeal == pytest.approx(1 / (1 + np.exp(-3.0 * utility)))


def test_neighbours_report_what_they_see_as_often_as_they_would_choose_to():
    """True reports are as many as the sum over ties of the rate of seeing times the chance of choosing to report."""
    report_settings = {"citizens.report.false_rate": 0.0, "citizens.report.hassle": 2.0, "population.size": 2000}
    with_peers = {"visibility.peers": 0.5}
    society = society_of("score_bureau", "sensor_network", "hotline", also=report_settings, **with_peers)
    c, ties, domains, now = society.citizens, society.ties, society.domains, society.conditions
    rates, rationality = society.rates.report, society.rates.rationality
    offences = domains.offences >> np.arange(len(domains)) & 1 == 1
    d = int(np.flatnonzero(offences & (np.abs(domains.openness - 0.5) < 0.3))[0])
    c.complies[:] = 1
    c.complies[:, d] = 0
    report(society)
    i, j = np.repeat(np.arange(2000), np.diff(ties.indptr)), ties.neighbours
    utility = (
        now.reward
        + rates.outrage * c.conviction[j, d]
        + rates.legitimacy * (2 * c.authority_trust[j] - 1)
        + rates.need * c.closeness[j]
        - rates.loyalty * ties.trust[ties.reverse]
        - rates.hassle
    )
    openness = domains.openness[d]
    seen = openness + c.visibility[i] * now.weight[d] * (1 - openness)
    chance = seen / (1 + np.exp(-rationality * utility))
    expected, spread = chance.sum(), np.sqrt((chance * (1 - chance)).sum())
    assert expected > 200
    # Of sums of this many draws a true one is further off once in 10 ** 6.
    assert abs(int(ties.accusations.sum()) - expected) < 4.9 * spread


def test_an_authoritys_budget_grows_from_the_week_it_came():
    society = society_of("sensor_network", weeks=30)
    society.change({"institutions.authority": {"budget": 0.8, "growth": 0.1, "step": 0.0}})
    society.run_for(52)
    entered = cast(Any, society.institutions["authority"]).since
    society.institutions["authority"].establish(society)
    grown = 0.8 * 1.1 ** ((society.week - entered) / 52)
    assert sum(society.conditions.funding[means] for means in MEANS) / len(MEANS) == pytest.approx(grown)


def test_an_authority_judges_the_mean_of_its_quarter():
    society = society_of("authority", "sensor_network", step=0.0)
    authority = cast(Any, society.institutions["authority"])
    domain = next(iter(authority.settings.targets))
    target = authority.settings.targets[domain]
    for figure, missed in ((target - 0.01, True), (target + 0.01, False)):
        authority.attained = [{domain: figure}] * 13
        authority._review(society)
        assert authority.missed == missed


def test_a_commune_hands_out_what_it_withholds():
    society = society_of("commune")
    commune, c = cast(Any, society.institutions["commune"]), society.citizens
    assert commune.members.all()
    c.clear("sanction")
    commune.sanction(society)
    scored, k = society.domains.scored == 1, commune.settings.collectivity
    own = c.complies[:, scored].mean(axis=1)
    of_group = np.array([own[c.group == group].mean() for group in c.group])
    paid = k * of_group + (1 - k) * own
    assert own.std() > 0 and (own > 0).all()
    assert c.received == pytest.approx(np.minimum(paid, own))
    assert c.withheld == pytest.approx(np.maximum(0, own - paid))


def test_an_appeal_won_in_two_domains_is_forgiven_twice():
    society = society_of("court", appeal_success=1.0)
    court, c = cast(Any, society.institutions["court"]), society.citizens
    c.unfair[:] = 10.0
    who = np.array([3, 4])
    appealed = np.array([0b1, 0b11], np.uint32)
    court.docket = [(society.week, c.node[who], c.identity[who], appealed)]
    court._decide_appeals(society)
    assert c.unfair[who] == pytest.approx([10 - WRONGED / 2, 10 - WRONGED])
    assert c.restored[who].tolist() == [1, 3]


def test_each_untold_verdict_is_unfair_when_it_is_found_out():
    society = society_of("court", discovery=1.0)
    court, c = cast(Any, society.institutions["court"]), society.citizens
    c.unfair[:] = c.punished[:] = c.punished_innocent[:] = 0.0
    court.undisclosed[:] = court.undisclosed_wrong[:] = 0
    court.undisclosed[[3, 4]] = 0b11
    court.undisclosed_wrong[4] = 0b11
    court._find_out(society)
    assert c.unfair[[3, 4]] == pytest.approx([2 * UNTOLD, 2 * UNTOLD + 2 * WRONGED])
    salience = society.rates.consequence.salience
    assert c.punished[[3, 4]] == pytest.approx([2 * salience, 0])
    assert c.punished_innocent[[3, 4]] == pytest.approx([0, 2 * salience])


def test_a_credit_record_moves_its_share_of_the_way():
    society = society_of("credit_bureau", coverage=1.0, memory=4.0)
    bureau, c = cast(Any, society.institutions["credit_bureau"]), society.citizens
    d = society.domains.names.index("credit")
    bureau.credit_score[:] = 500.0
    c.complies[:, d] = 0
    c.complies[0, d] = 1
    bureau.score(society)
    assert bureau.credit_score[:2] == pytest.approx([500 + (HIGH - 500) / 4, 500 + (LOW - 500) / 4])


def test_executives_are_drawn_from_everybody():
    society = society_of("firm", weeks=0)
    firm = cast(Any, society.institutions["firm"])
    appointed = firm._appoint(society, np.arange(2000))
    assert set(appointed) == set(society.citizens.node)


def test_firms_that_nobody_scores_are_not_closed():
    society = society_of("firm", scored=False)
    firm = cast(Any, society.institutions["firm"])
    firm.score_of[:] = 0.0
    firm.judge(society)
    assert (firm.score_of == 0).all() and not society.citizens.nominated.any()


def test_seekers_are_worth_their_rank_and_meet_one_at_a_time():
    society = society_of("partner_market", "sensor_network", "score_bureau", dates=1.0, worth=2.0)
    market, c = cast(Any, society.institutions["partner_market"]), society.citizens
    seekers, shown = np.arange(8), np.linspace(0, 1, 8)
    c.score[seekers] = np.arange(8.0)
    market._value(society, seekers, shown)
    # Quarter points 2 and 6: a density of .5 / 4 a point; at most half of a tie of two in the four weeks of a month.
    expected = society.rates.horizon * 4 * 2.0 * (1 / 8) * (0.5 / 4) * shown
    assert market.rank_worth[seekers] == pytest.approx(expected)


def test_the_scheme_that_seems_best_is_copied():
    society = society_of("pilots", weeks=0, inflation=0.5, copying=0.25)
    pilots = cast(Any, society.institutions["pilots"])
    regions = society.regions
    assert regions >= 3
    pilots.before, pilots.dishonesty = np.full(regions, 0.4), np.zeros(regions)
    mean = np.full(regions, 0.5)
    mean[1], mean[2] = 0.7, 0.6
    pilots.dishonesty[2] = 1.0
    schemes = pilots.schemes.copy()
    pilots._copy(mean)
    # Region 2 rose by .2 and says .2 more; region 1 rose by .3.
    assert pilots.inflated[2] == pytest.approx(0.5 * 0.4) and pilots.gap == pytest.approx(0.1)
    assert pilots.schemes == pytest.approx(schemes + 0.25 * (schemes[2] - schemes))


def test_who_comes_back_from_holding_is_trusted_less():
    from glasshouse.agents.institutions.predictor import _stigma_loop

    society = society_of("predictor")
    ties, back = society.ties, np.zeros(SIZE)
    back[5] = 1
    ties.trust[:], ties.resting[:] = 0.8, 0.5
    society.once(_stigma_loop, society.citizens, ties, back, 0.25, 0.5)
    toward = ties.reverse[ties.indptr[5] : ties.indptr[6]]
    others = np.setdiff1d(np.arange(len(ties.trust)), toward)
    assert ties.trust[toward] == pytest.approx(0.6) and ties.resting[toward] == pytest.approx(0.4)
    assert (ties.trust[others] == 0.8).all() and (ties.resting[others] == 0.5).all()


def test_holding_pulls_conviction_toward_one():
    society = society_of("predictor", reeducation=0.25)
    c, d = society.citizens, society.domains.role("dissent")
    held = np.zeros(SIZE, bool)
    held[7] = True
    c.mark(Lists.DETAINED, held)
    c.conviction[:, d] = 0.2
    society.institutions["predictor"].internalise(society)
    assert c.conviction[7, d] == pytest.approx(0.4) and (np.delete(c.conviction[:, d], 7) == 0.2).all()


def test_a_benefit_for_a_tier_that_is_none_is_refused_with_the_nearest():
    plan = gh.Scenario.load("visible-score")
    name = next(iter(cast(Any, plan.institutions["reward_scheme"]).benefits))
    with pytest.raises(gh.GlasshouseError, match=rf"benefits.{name}x: .*{name}\b(?!x)"):
        plan.change({"institutions.reward_scheme.benefits": {name + "x": 1.0}})


def test_the_expelled_are_nobodys_when_their_unit_ends():
    society = society_of("work_unit")
    c = society.citizens
    c.mark(Lists.EXPELLED, np.arange(SIZE) < 9)
    society.institutions["work_unit"].leave(society)
    assert not c.on(Lists.EXPELLED).any()


def test_strangers_go_by_where_a_score_stands_in_its_range():
    """With trust in nobody and full belief in the score, deals follow the standing, whatever the range's lower end."""
    many = {"population.size": 2000}
    society = society_of("score_bureau", "sensor_network", also=many, floor=-500.0, **{"visibility.public": 1.0})
    c, (low, high) = society.citizens, society.conditions.score_range
    assert low != 0 and society.conditions.public == 1
    for standing in (0.1, 0.5, 0.9):
        c.score[:] = low + standing * (high - low)
        c.generalised_trust[:], c.authority_trust[:] = 0.0, 1.0
        exchange(society)
        assert_proportion(int((c.deals & ASSURED_DEAL > 0).sum()), 2000, standing)


def test_a_correlation_from_sums_is_pearsons():
    rng = np.random.default_rng(3)
    x = 3 + rng.normal(size=40)
    y = -1 - 0.7 * x + rng.normal(size=40)
    found = justice.correlation(40, x.sum(), (x * x).sum(), y.sum(), (y * y).sum(), (x * y).sum())
    assert found == pytest.approx(np.corrcoef(x, y)[0, 1])


def test_shares_of_the_sanctioned_are_of_everybody():
    of = np.zeros(justice.RESTORED + justice.SANCTIONED + justice.WRONGFUL + 1)
    of[justice.SANCTIONED], of[justice.WRONGFUL], of[justice.RESTORED] = 30, 6, 3
    found = justice.sanctions(cast(Any, None), cast(Any, SimpleNamespace(of=of, count=60)))
    assert found == {"sanctions": 0.5, "wrongful": 0.1, "restored": 0.05}


def test_what_an_onlooker_takes_somebody_for():
    top = privacy.SCORE_STEPS + 2
    assert privacy.visible_record(True, True, True, 3) == top and privacy.visible_record(True, False, True, 3) == 0
    assert privacy.visible_record(False, True, True, 3) == 4
    assert privacy.visible_record(False, True, False, 3) == 1 + privacy.SCORE_STEPS // 2
    for score, level in ((100.0, 0), (100.24, 0), (100.26, 1), (149.8, 100), (600.0, 1000)):
        assert privacy.standing(score, 100.0, 600.0) == level, score
