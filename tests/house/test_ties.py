"""Ties and what they stand for: an organisation sees a person exactly as long as a record says why."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from juzhi.members.actions import RETENTION, end, source_of
from juzhi.members.models import Membership
from juzhi.people.models import Tie
from tests.cast import SYSTEM, TODAY, Cast
from tests.guard import tampering

KINDS = {Tie.Kind.MEMBERSHIP, Tie.Kind.FORMER_MEMBERSHIP}


def violations(day: date) -> list[str]:
    """Spells without the tie they need on `day`, ties without the spell they stand for, and ties of another person or place than their spell."""
    spells = {source_of(spell): spell for spell in Membership.objects.system("ties compared")}
    ties = [tie for tie in Tie.objects.system("ties compared") if tie.valid_from <= day and (tie.valid_to is None or day < tie.valid_to)]
    held = {(tie.source, tie.kind) for tie in ties}
    found = []
    for source, spell in sorted(spells.items()):
        if not spell.is_over and spell.joined_on <= day and (source, Tie.Kind.MEMBERSHIP) not in held:
            found.append(f"{source} is a member without a tie")
    for tie in sorted(ties, key=lambda tie: tie.source):
        spell = spells.get(tie.source)
        if spell is None:
            found.append(f"{tie.source} is tied and is no record")
        elif (tie.person_id, tie.organisation_id) != (spell.person_id, spell.organisation_id):
            found.append(f"{tie.source} ties another person or organisation")
        elif spell.is_over == (tie.kind == Tie.Kind.MEMBERSHIP):
            found.append(f"{tie.source} is tied as {tie.kind} and its spell is {'over' if spell.is_over else 'open'}")
    return found


def test_every_kind_of_tie_is_compared() -> None:
    """A new kind of tie needs its record here."""
    assert set(Tie.Kind) == KINDS


def test_the_cast(cast: Cast) -> None:
    assert violations(TODAY) == []


def test_after_leaving_and_after_the_retention(cast: Cast) -> None:
    spell = cast.memberships["anna"]
    end(by=SYSTEM, membership=spell, ended_on=TODAY, reason_code="left", reason="退会")
    assert violations(TODAY) == []
    held = [tie.kind for tie in Tie.objects.system("test").filter(source=source_of(spell)) if tie.valid_from <= TODAY < (tie.valid_to or date.max)]
    assert held == [Tie.Kind.FORMER_MEMBERSHIP]
    assert violations(TODAY + RETENTION + timedelta(days=1)) == []
    assert not Tie.objects.system("test").filter(source=source_of(spell), valid_to__gt=TODAY + RETENTION).exists()


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (lambda ties, cast: ties.delete(), "is a member without a tie"),
        (lambda ties, cast: ties.update(source="members.membership:nobody"), "is tied and is no record"),
        (lambda ties, cast: ties.update(organisation=cast.west), "ties another person or organisation"),
        (lambda ties, cast: ties.update(kind=Tie.Kind.FORMER_MEMBERSHIP), "is tied as former_membership and its spell is open"),
    ],
)
def test_planted(cast: Cast, harm: object, said: str) -> None:
    with tampering():
        harm(Tie.objects.system("test").filter(source=source_of(cast.memberships["anna"])), cast)  # type: ignore[operator]
    assert any(said in one for one in violations(TODAY))
