"""What a search finds things by: one entry of tokens for each thing, and what is still to be written anew."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from juzhi.base.access import Nobody
from juzhi.base.indexes import Words, declare
from juzhi.base.models import Scoped
from juzhi.base.tokens import quoted


class Tokens(models.Field):  # type: ignore[type-arg]
    """A set of tokens: text parted by spaces on SQLite, a tsvector on PostgreSQL, a frozenset in Python."""

    description = "tokens"

    def db_type(self, connection: Any) -> str:
        return "tsvector" if connection.vendor == "postgresql" else "text"

    def get_prep_value(self, value: Any) -> list[str]:
        return sorted(value if isinstance(value, set | frozenset) else set(value))

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> str:
        tokens = value if prepared else self.get_prep_value(value)
        return " ".join(map(quoted, tokens) if connection.vendor == "postgresql" else tokens)

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> frozenset[str]:
        return as_tokens(value or "")


def as_tokens(text: str) -> frozenset[str]:
    """What a database gives back."""
    return frozenset(token.removeprefix("'").removesuffix("'") for token in text.split())


class SearchEntry(models.Model):
    """The tokens of one thing, kept true by the actions that change it. `thing_id` never leaves the database: what is found is asked for again by its id,
    with the reader's rights."""

    kind = models.CharField(_("种类"), max_length=40)
    thing_id = models.BigIntegerField(_("对象"))
    tokens = Tokens(_("检索词"), default=frozenset)

    objects = Scoped()

    scope = Nobody("the search finds ids by it; the rows themselves are read with the reader's rights")
    classes = {"id": "internal", "kind": "internal", "thing_id": "internal", "tokens": "personal"}

    class Meta:
        verbose_name = _("检索条目")
        constraints = [models.UniqueConstraint(fields=["kind", "thing_id"], name="one_search_entry")]

    def __str__(self) -> str:
        return f"{self.kind} {self.thing_id}"

    @classmethod
    def of(cls, kind: str, tokens: dict[int, Iterable[str]]) -> list[SearchEntry]:
        """Unsaved entries, in the order of their ids."""
        return [cls(kind=kind, thing_id=pk, tokens=frozenset(tokens[pk])) for pk in sorted(tokens)]


class Renewal(models.Model):
    """An organisation that was moved, while entries of things beneath it still tell of the old place. Until it is done, a search by somebody whose reach
    covers the organisation today asks for it by itself, so that nothing is lost."""

    kind = models.CharField(_("种类"), max_length=40)
    organisation_id = models.BigIntegerField(_("组织"))
    done_to = models.BigIntegerField(_("做到"), default=0)  # the last id written anew

    objects = Scoped()

    scope = Nobody("bookkeeping of the search")
    classes = {"id": "internal", "kind": "internal", "organisation_id": "internal", "done_to": "internal"}

    class Meta:
        verbose_name = _("检索待更新")
        constraints = [models.UniqueConstraint(fields=["kind", "organisation_id"], name="one_renewal")]

    def __str__(self) -> str:
        return f"{self.kind} {self.organisation_id}"


declare(Words("search.SearchEntry", "tokens"))
