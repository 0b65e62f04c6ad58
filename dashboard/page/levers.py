"""Plain names of the settings that a page puts first, and what the ends of their ranges mean."""

from __future__ import annotations

from typing import NamedTuple

from ...model.declarations import Declaration


class Lever(NamedTuple):
    """A setting in plain words: its name, and what its lowest and its highest value mean."""

    name: str
    low: str = ""
    high: str = ""


_I = "institutions"

LEVERS: dict[str, Lever] = {
    "population.size": Lever("Citizens"),
    "population.network": Lever("How they know each other"),
    "population.degree": Lever("Ties of each"),
    "population.rewiring": Lever("Ties outside the circle of friends", "none", "all"),
    "population.groups": Lever("Circles of friends"),
    "population.homophily": Lever("Friends think alike", "not at all", "entirely"),
    "citizens.conformity": Lever("What others do counts", "nothing", "much"),
    "citizens.image_concern": Lever("How it looks counts", "nothing", "much"),
    "citizens.reactance": Lever("Resentment at being watched", "none", "strong"),
    "citizens.privacy_concern": Lever("Being known hurts", "not at all", "much"),
    "citizens.wealth_gini": Lever("Wealth is unequal", "equal", "one has all"),
    "citizens.trust.healing": Lever("Trust heals", "never", "fast"),
    f"{_I}.score_bureau.visibility.peers": Lever("Neighbours see the score", "hidden", "open to all"),
    f"{_I}.score_bureau.decay": Lever("The score forgets", "never", "fast"),
    f"{_I}.score_bureau.association": Lever("Friends' scores rub off", "not at all", "much"),
    f"{_I}.score_bureau.unified": Lever("The score moves along"),
    f"{_I}.sensor_network.channels.talk": Lever("Sensors listen to talk", "never", "always"),
    f"{_I}.sensor_network.channels.search": Lever("Sensors read searches", "never", "always"),
    f"{_I}.sensor_network.coverage": Lever("Sensors reach into life", "nothing", "everything"),
    f"{_I}.sensor_network.false_positive": Lever("Sensors see what is not there", "never", "often"),
    f"{_I}.reward_scheme.worth": Lever("The score pays", "nothing", "much"),
    f"{_I}.reward_scheme.budget": Lever("Money for rewards", "none", "plenty"),
    f"{_I}.hotline.reward": Lever("A report earns", "nothing", "much"),
    f"{_I}.hotline.anonymous": Lever("Anonymous reports"),
    f"{_I}.hotline.verification": Lever("Reports are checked", "never", "always"),
    f"{_I}.court.error": Lever("The court convicts the innocent", "never", "always"),
    f"{_I}.court.caseload": Lever("Charges that the court hears", "none", "all"),
    f"{_I}.court.notice": Lever("The convicted are told", "never", "always"),
    f"{_I}.court.discretion": Lever("Dissenters are convicted more", "alike", "far more"),
    f"{_I}.blacklist.debt": Lever("Too poor to pay", "few", "everyone"),
    f"{_I}.blacklist.entry": Lever("Debtors are listed", "never", "always"),
    f"{_I}.blacklist.term": Lever("Time on the list", "none", "long"),
    f"{_I}.blacklist.refusal": Lever("Apologies are refused", "never", "always"),
    f"{_I}.blacklist.lost_payment": Lever("Payments get lost", "never", "always"),
    f"{_I}.blacklist.joint_punishment": Lever("One list, all doors closed"),
    f"{_I}.exit.rate": Lever("People leave", "never", "often"),
    f"{_I}.tie_sorting.rate": Lever("Friends of low score are dropped", "never", "often"),
    f"{_I}.tie_sorting.gap": Lever("Gap of scores that parts friends", "small", "large"),
    f"{_I}.honour_board.share": Lever("Honoured in public", "nobody", "many"),
    f"{_I}.honour_board.prominence": Lever("The board is seen", "by nobody", "by all"),
    f"{_I}.name_and_shame.share": Lever("Named in public", "nobody", "many"),
    f"{_I}.name_and_shame.stigma": Lever("Being named costs", "nothing", "much"),
    f"{_I}.name_and_shame.dread": Lever("Dread of being named", "none", "strong"),
    f"{_I}.gatekeepers.speed": Lever("Doors that learn to ask", "never", "fast"),
    f"{_I}.gatekeepers.lowest": Lever("Turned away at doors", "nobody", "many"),
    f"{_I}.household_registry.mobility": Lever("People move away", "never", "often"),
    f"{_I}.household_registry.urbanisation": Lever("All move to one place", "not at all", "all"),
    f"{_I}.household_registry.reach_away": Lever("The score reaches those away", "not at all", "fully"),
    f"{_I}.pilots.strength": Lever("Schemes differ", "not at all", "much"),
    f"{_I}.pilots.copying": Lever("The best is copied", "never", "always"),
    f"{_I}.pilots.inflation": Lever("Success is inflated", "not at all", "much"),
    f"{_I}.authority.growth": Lever("The budget grows", "shrinks", "grows"),
    f"{_I}.authority.step": Lever("The authority reacts", "slowly", "at once"),
    f"{_I}.authority.harshness": Lever("Sanctions where rewards fail", "none", "harsh"),
    f"{_I}.broadcaster.reach": Lever("The broadcaster is heard", "by nobody", "by all"),
    f"{_I}.point_market.price": Lever("A point costs", "nothing", "much"),
    f"{_I}.point_market.fake_cost": Lever("Faking costs", "nothing", "much"),
    f"{_I}.point_market.bribes": Lever("Officials take money", "never", "always"),
    f"{_I}.local_government.integrity": Lever("Officials are honest", "none", "all"),
    f"{_I}.firm.penalty": Lever("Cheating firms pay", "nothing", "much"),
    f"{_I}.firm.complaint": Lever("Customers complain", "never", "always"),
    f"{_I}.predictor.flag_share": Lever("Flagged as dissenters", "nobody", "many"),
    f"{_I}.predictor.arrests": Lever("The flagged are arrested", "never", "often"),
    f"{_I}.predictor.term": Lever("Time held", "short", "long"),
    f"{_I}.predictor.reeducation": Lever("Being held changes minds", "not at all", "fast"),
    f"{_I}.predictor.dread": Lever("Dread of arrest", "none", "strong"),
    f"{_I}.debtor_map.users": Lever("Neighbours with the map", "nobody", "everyone"),
    f"{_I}.debtor_map.bounty": Lever("A tip earns", "nothing", "much"),
    f"{_I}.debtor_map.shame": Lever("Being shown costs", "nothing", "much"),
    f"{_I}.credit_bureau.coverage": Lever("Payments on record", "none", "all"),
    f"{_I}.credit_bureau.worth": Lever("Good credit pays", "nothing", "much"),
    f"{_I}.credit_bureau.memory": Lever("The record remembers", "briefly", "for years"),
    f"{_I}.commercial_score.perks": Lever("Perks of a good score", "none", "many"),
    f"{_I}.commercial_score.imitation": Lever("Joining since others join", "not at all", "strongly"),
    f"{_I}.commercial_score.caution": Lever("Wary of the firm", "nobody", "very"),
    f"{_I}.commercial_score.shares_with_authority": Lever("Handed to the authority", "nothing", "everything"),
    f"{_I}.commercial_score.leak": Lever("Leaks", "never", "often"),
    f"{_I}.partner_market.seeking": Lever("Looking for a partner", "nobody", "everyone"),
    f"{_I}.partner_market.naive": Lever("Silence is no bad sign", "to nobody", "to all"),
    f"{_I}.partner_market.cost": Lever("Showing the score costs", "nothing", "much"),
    f"{_I}.partner_market.worth": Lever("A partner is worth", "nothing", "much"),
    f"{_I}.attention_platform.users": Lever("People on the platform", "nobody", "everyone"),
    f"{_I}.attention_platform.pull": Lever("The feed pulls", "not at all", "strongly"),
    f"{_I}.attention_platform.habit": Lever("Habit keeps them", "not at all", "strongly"),
    f"{_I}.attention_platform.formation": Lever("Habits form", "never", "fast"),
    f"{_I}.firewall.hides.speech": Lever("The wall hides dissent", "nothing", "everything"),
    f"{_I}.firewall.monitors.inquiry": Lever("The wall watches searches", "never", "always"),
    f"{_I}.firewall.cost": Lever("Getting around it costs", "nothing", "much"),
    f"{_I}.commune.membership": Lever("In a commune", "nobody", "everyone"),
    f"{_I}.commune.collectivity": Lever("Fate is shared", "not at all", "fully"),
    f"{_I}.commune.reward": Lever("Work points are worth", "nothing", "much"),
    f"{_I}.commune.shared_loss": Lever("One's deviance costs all", "nothing", "much"),
    f"{_I}.commune.in_group_openness": Lever("Members see each other", "never", "always"),
    f"{_I}.work_unit.supervision": Lever("The unit supervises", "never", "always"),
    f"{_I}.work_unit.ration": Lever("Living depends on the unit", "not at all", "fully"),
    f"{_I}.work_unit.spread": Lever("Rank makes a difference", "none", "large"),
    f"{_I}.work_unit.promotion": Lever("Promotion counts", "nothing", "much"),
    f"{_I}.work_unit.expulsion": Lever("Expelled for a full file", "never", "often"),
    f"{_I}.mass_campaign.zealot_share": Lever("Zealots", "nobody", "everyone"),
    f"{_I}.mass_campaign.zeal": Lever("Zealots denounce", "never", "often"),
    f"{_I}.mass_campaign.fights": Lever("Groups fight", "never", "often"),
    f"{_I}.mass_campaign.suspension": Lever("Courts are suspended", "not at all", "fully"),
    f"{_I}.mass_campaign.fracture": Lever("Ties break", "never", "often"),
}

INSTITUTION_NAMES = {
    "attention_platform": "Social media",
    "authority": "An authority that plans",
    "blacklist": "Public list of debtors",
    "broadcaster": "Broadcasting",
    "commercial_score": "A commercial score",
    "commune": "Communes",
    "court": "A court",
    "credit_bureau": "A credit bureau",
    "debtor_map": "A map of debtors",
    "exit": "Emigration",
    "firewall": "A firewall",
    "firm": "Firms that are watched",
    "gatekeepers": "Scores at every door",
    "honour_board": "An honour board",
    "hotline": "Neighbours may report",
    "household_registry": "Household registration",
    "local_government": "Local governments",
    "mass_campaign": "A mass campaign",
    "name_and_shame": "Naming in public",
    "partner_market": "Scores on dates",
    "pilots": "Regional pilots",
    "point_market": "Points for money",
    "predictor": "Prediction of dissent",
    "reward_scheme": "Benefits by tier",
    "score_bureau": "A score",
    "sensor_network": "Sensors",
    "tie_sorting": "Friends part over scores",
    "work_unit": "Work units",
}
"""What each institution is called as a switch, and as a group of settings."""


def in_percent(declared: Declaration | None) -> bool:
    """Whether a setting is shown in percent: it is a number that can only lie between 0 and 1."""
    if declared is None or declared.kind != "number" or declared.low is None or declared.high is None:
        return False
    return declared.low >= 0 and declared.high <= 1


def setting_name(path: str) -> str:
    """What a setting is called, after the name of the institution or domain that it belongs to."""
    first, *rest = path.split(".")
    name = ".".join(rest[1:] if first in ("institutions", "domains") else rest).replace("_", " ").replace(".", ", ")
    return LEVERS[path].name if path in LEVERS else name[:1].upper() + name[1:]


def institution_name(name: str) -> str:
    """What an institution is called; one of another package by its name in words."""
    return INSTITUTION_NAMES.get(name, name.replace("_", " ").capitalize())
