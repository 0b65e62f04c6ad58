"""The generator gives the published vectors, and its uniforms are uniform and independent."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest
from scipy import stats

from glasshouse.agents.base import Institution, Settings
from glasshouse.agents.chance import (
    HOUSE,
    OwnPurpose,
    Purpose,
    derived,
    fill_by_domain,
    philox,
    seed_words,
    uniform_by_domain,
    uniforms,
)
from glasshouse.agents.institutions import INSTITUTIONS, fault_of, known_purposes

ONES = 0xFFFFFFFF


@pytest.mark.parametrize(
    ("counter", "key", "words"),
    [
        ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
        ((ONES,) * 4, (ONES,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
        (
            (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
            (0xA4093822, 0x299F31D0),
            (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
        ),
    ],
)
def test_philox_gives_the_known_answers_of_random123(counter, key, words):
    assert philox(*counter, *key) == words


def test_uniforms_are_uniform():
    draws = uniforms(seed_words(7), Purpose.ACT, 3, np.arange(200_000))
    counts = np.histogram(draws, 256, (0, 1))[0]
    assert stats.chisquare(counts).pvalue > 1e-4
    assert draws.min() > 0
    assert draws.max() < 1


@pytest.mark.parametrize("axis", ["who", "whom", "step", "purpose", "seed"])
def test_draws_with_neighbouring_keys_are_uncorrelated(axis):
    n = 100_000
    who, seed = np.arange(n), seed_words(11)
    draws = uniforms(seed, Purpose.ACT, 3, who)
    other = {
        "who": lambda: uniforms(seed, Purpose.ACT, 3, who + 1),
        "whom": lambda: uniforms(seed, Purpose.ACT, 3, who, 1),
        "step": lambda: uniforms(seed, Purpose.ACT, 4, who),
        "purpose": lambda: uniforms(seed, Purpose.REPORT, 3, who),
        "seed": lambda: uniforms(seed_words(12), Purpose.ACT, 3, who),
    }[axis]()
    correlation = np.corrcoef(draws, other)[0, 1]
    assert abs(correlation) < 4.5 / np.sqrt(n)  # error rate 7e-6


def test_a_draw_depends_on_its_key_alone():
    seed = seed_words(5)
    alone = uniforms(seed, Purpose.TIE, 9, 1234, 77)
    among = uniforms(seed, Purpose.TIE, 9, np.arange(2000), 77)
    assert alone == among[1234]


def test_draws_by_domain_agree_one_by_one():
    seed, who = seed_words(3), np.arange(100, dtype=np.uint32)
    out = np.empty((8, 100))
    fill_by_domain(out, who, 6, int(Purpose.ACT), seed)
    for d in range(8):
        assert uniform_by_domain(17, d, 6, int(Purpose.ACT), seed) == out[d, 17]
    assert len(np.unique(out)) == out.size


@pytest.mark.parametrize("seed", [-1, 2**64])
def test_a_seed_out_of_range_is_refused(seed):
    with pytest.raises(ValueError, match="give a whole number"):
        seed_words(seed)


def test_no_two_purposes_share_a_number():
    every = len(Purpose) + sum(len(kind.purposes) for kind in INSTITUTIONS.values())
    assert len(known_purposes()) == every > 40


def test_numbers_given_by_hand_stay_what_they_are():
    """A hash of the first 45 left, and one of all 52: another number for one changes results under every seed."""
    given = sorted((label, number) for number, label in known_purposes().items() if number <= 58)
    later = ("LIKENESS", "AGE", "PEOPLE", "DEPARTURE", "PARENT", "UPBRINGING", "GROUP")
    first = [(label, number) for label, number in given if label not in later]
    assert (len(first), len(given)) == (45, 52)
    assert hashlib.sha256(repr(first).encode()).hexdigest()[:16] == "3818ffb41b6c1cdb"
    assert hashlib.sha256(repr(given).encode()).hexdigest()[:16] == "cbb36dd6780a1587"


def an_institution(title: str, *purposes: str) -> type[Institution]:
    """Institution of somebody else, with purposes of its own."""
    body = {name: OwnPurpose() for name in purposes}
    return type(title, (Institution,), {"__annotations__": {"settings": Settings}, **body})


def test_a_purpose_of_others_is_numbered_by_names_alone():
    curfew = an_institution("NightCurfew", "CAUGHT", "FINED")
    assert curfew.purposes == {"CAUGHT": derived("night_curfew", "CAUGHT"), "FINED": derived("night_curfew", "FINED")}
    assert curfew.CAUGHT == 1_454_839_880 and HOUSE <= curfew.FINED < 2**32
    assert not fault_of(curfew, INSTITUTIONS)


def test_who_inherits_a_purpose_has_luck_of_its_own():
    stricter = type("StricterExit", (INSTITUTIONS["exit"],), {})
    assert stricter.LEAVING == derived("stricter_exit", "LEAVING") != INSTITUTIONS["exit"].LEAVING == 57
    assert not fault_of(stricter, INSTITUTIONS)


def test_a_number_given_by_hand_is_the_houses_alone():
    with pytest.raises(TypeError, match="Curfew.CAUGHT: write OwnPurpose"):
        type("Curfew", (Institution,), {"__annotations__": {"settings": Settings}, "CAUGHT": OwnPurpose(57)})


def test_a_number_that_is_taken_is_refused_in_words():
    seen: dict[int, str] = {}
    for k in range(10**6):
        number = derived("curfew", f"P{k}")
        if number in seen:
            break
        seen[number] = f"P{k}"
    curfew = an_institution("Curfew", seen[number], f"P{k}")
    assert f"P{k} with the number of its {seen[number]}" in fault_of(curfew, {})
    other = an_institution("Lockdown", "KEPT")
    other.purposes["KEPT"] = number
    assert fault_of(an_institution("Curfew", f"P{k}"), {"lockdown": other}) == (
        f"has a purpose P{k} with the number of lockdown.KEPT; give it another name"
    )
