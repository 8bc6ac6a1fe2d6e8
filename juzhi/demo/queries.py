"""Reads of the demonstration: is the database empty, and which records are examples."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q, QuerySet

from juzhi.access.models import Account
from juzhi.imports.models import Batch, BatchRow
from juzhi.members.models import Membership
from juzhi.network.models import Area, Family, Host, LandmarkGroup, Organisation, Slogan
from juzhi.people.models import Person


def is_empty() -> bool:
    """Whether there is neither an organisation nor an account."""
    return not Organisation.objects.system("is the database empty").exists() and not Account.objects.exists()


def organisation_named(name: str) -> Organisation:
    return Organisation.objects.system("demonstration").get(name=name, example="demo")


def area_coded(code: str) -> Area:
    return Area.objects.system("demonstration").get(code=code)


def families() -> QuerySet[Family]:
    return Family.objects.system("demonstration").order_by("pk")


def landmark_groups(slogan: Slogan) -> list[LandmarkGroup]:
    return list(LandmarkGroup.objects.system("demonstration").select_related("slogan__area").filter(slogan=slogan).order_by("number"))


def host_named(name: str) -> Host:
    return Host.objects.system("demonstration").get(name=name)


def named(row: BatchRow) -> str:
    """What a row became, by name; the row's number where it is gone."""
    body = Organisation.objects.system("demonstration").filter(key=row.thing_key).first()
    spell = Membership.objects.system("demonstration").filter(key=row.thing_key).select_related("person").first()
    return body.name if body else spell.person.name if spell else f"第 {row.row} 行"


def first_member(organisation: Organisation) -> Person:
    """The first active member in order of the file, who gets an account."""
    return Membership.objects.system("demonstration").filter(organisation=organisation, end_reason="").select_related("person").order_by("pk")[0].person


def accounts(logins: Sequence[str]) -> list[Account]:
    return list(Account.objects.select_related("person").filter(login__in=logins, person__example="demo", disabled_at__isnull=True))


def example_accounts() -> list[Account]:
    return list(Account.objects.select_related("person").filter(person__example="demo"))


def batches() -> list[Batch]:
    """Committed batches of the demonstration, newest first: rosters before the organisations they went into."""
    return list(Batch.objects.system("demonstration").filter(example="demo", committed_at__isnull=False, undone_at=None).order_by("-pk"))


def kept_rows(batch: Batch) -> QuerySet[BatchRow]:
    return BatchRow.objects.system("demonstration").filter(~Q(kept=""), batch=batch)


def has_examples() -> bool:
    """Whether any example record is there: pages then carry the badge."""
    return Organisation.objects.system("badge").filter(example="demo").exists()
