"""Every personal column is answered for: a person can be told what is recorded, why, how long, and how it is erased."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.apps import apps

from juzhi.base.privacy import PRIVACY, Declared

# Personal columns that no room answers for, each with its reason.
APART = {
    "files.Upload.name": "as the owner called the file; wiped when the file goes, within a day",
    "journal.EntryValue.before": "values of the columns answered for; forgotten with them",
    "journal.EntryValue.after": "values of the columns answered for; forgotten with them",
    "journal.EntryValue.salt": "hides those values; forgotten with them",
    "imports.BatchRow.values": "a row of a file on its way into the columns answered for; wiped once written or given up",
    "imports.BatchRow.before": "what undoing puts back; wiped after thirty days",
    "imports.BatchRow.warn": "says what is odd in a row; wiped with it",
    "imports.BatchRow.reason": "says why a row was refused; wiped with it",
    "jobs.Outbox.to": "an address answered for, until the message has left",
    "jobs.Outbox.payload": "the text of a message, until it has left",
    "network.OrganisationContact.name": "whom to call, as an organisation wrote it: tied to no person here",
    "network.OrganisationContact.email": "whom to call, as an organisation wrote it: tied to no person here",
    "network.OrganisationContact.mobile": "whom to call, as an organisation wrote it: tied to no person here",
}


def personal() -> set[str]:
    """Columns of our models that are classed personal or sensitive."""
    return {
        f"{model._meta.label}.{name}"
        for model in apps.get_models()
        if model.__module__.startswith("juzhi.")
        for name, word in getattr(model, "classes", {}).items()
        if word in ("personal", "sensitive")
    }


def violations(columns: set[str], declared: Iterable[Declared]) -> list[str]:
    """Columns without an answer, answers for columns that are not personal, and declarations that leave a question open."""
    found, answered = [], set[str]()
    for one in declared:
        answered |= set(one.columns)
        found += [f"{one.name} does not say its {word}" for word in ("title", "purpose", "retention", "erasure") if not str(getattr(one, word)).strip()]
    found += [f"{column} is personal and nobody answers for it" for column in sorted(columns - answered - set(APART))]
    return found + [f"{column} is answered for and is no personal column" for column in sorted(answered - columns)]


def test_the_house() -> None:
    said = violations(personal(), PRIVACY.values())
    assert said == [], "\n".join(said)


def test_what_stands_apart_exists() -> None:
    models = {f"{model._meta.label}.{field.name}" for model in apps.get_models() for field in model._meta.local_fields}
    assert set(APART) - models == set()


def test_planted() -> None:
    def items(by: Any) -> list[Any]:
        return []

    whole = Declared("person", "本人", "会员管理", "三年", "抹去", ("people.Person.name",), items)
    assert violations({"people.Person.name"}, [whole]) == []
    assert violations({"people.Person.name", "people.Person.born_on"}, [whole]) == ["people.Person.born_on is personal and nobody answers for it"]
    assert violations(set(), [whole]) == ["people.Person.name is answered for and is no personal column"]
    assert violations(set(), [Declared("person", "本人", "", "三年", " ", (), items)]) == ["person does not say its purpose", "person does not say its erasure"]
