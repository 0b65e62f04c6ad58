"""What ends, by the reader's hand or by itself, and what is switched on again."""

from __future__ import annotations

from glasshouse.dashboard.session.course import Course, Start, built_in
from tests.support.sessions import gone_to, playing

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
