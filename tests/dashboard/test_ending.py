"""What ends, by the reader's hand or by itself, and what is switched on again."""

from __future__ import annotations

import json

from glasshouse.dashboard.session.course import Course, Start, built_in
from glasshouse.dashboard.session.desk import Desk
from glasshouse.dashboard.session.world import Limits
from tests.support.sessions import gone_to, playing, until

SMALL = Course.of("visible-score-and-reports", people={"population.size": 60})


def test_it_is_switched_on_again_in_the_very_week():
    with playing(SMALL) as player:
        gone_to(player, 4)
        before = player.ask(lambda: player.worlds[0].plan.institutions)
        for _ in range(3):
            player.ask(player.switch_off)
            assert not player.ask(lambda: player.worlds[0].plan.institutions)
            player.ask(player.switch_on)
            assert player.ask(lambda: player.worlds[0].plan.institutions) == before
        gone_to(player, 8)
        assert player.frame.ended is None and player.course.off_since() is None


def test_what_ends_by_itself_has_ended():
    with playing(Course.of("mass-campaign", people={"population.size": 60})) as player:
        gone_to(player, 120)
        assert player.frame.events[0] == ((104, "The campaign has ended"),)
    plan = Start("visible-score", {"population.size": 60})
    none = {f"institutions.{name}": False for name in built_in("visible-score").institutions}
    ended = Course(1, (plan,)).changed(10, 0, none)
    with playing(ended) as player:
        gone_to(player, 9)
        assert player.frame.ended is None
        gone_to(player, 20)
        assert player.frame.ended == 10 and player.course.off_since() is None


def test_what_is_switched_off_before_the_first_week_had_added_nothing():
    desk = Desk(SMALL, Limits())

    def told() -> dict:
        frame = json.loads(desk.widget.frame or "{}")
        desk.widget.drawn = frame.get("number", 0)
        return frame

    try:
        for asked in ({"do": "off"}, {"do": "go", "week": 3}):
            desk.hear(asked)
        until(lambda: told().get("week") == 3)
        assert "".join(told()["caption"]).endswith("follow the rules; it was 0.0.")
        assert told()["banner"].endswith("it had hardly changed what people do.")
        assert [part["was"] for part in told()["parts"]] == ["+0.0"] * 3
    finally:
        desk.close()
