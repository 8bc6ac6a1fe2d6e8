"""The journal: what was done, by whom, to what; values stand apart so that they can be forgotten while the chain still holds."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC
from json.encoder import encode_basestring as quoted
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.encoding import force_bytes
from django.utils.translation import gettext_lazy as _

from juzhi.base import constraints
from juzhi.base.access import AUDITOR, MEMBER_CLERK, PROTECTION_CONTACT, SECRETARY, Of, Scope
from juzhi.base.ids import LENGTH
from juzhi.base.models import CLASSES, Keyed, Scoped

READERS = (AUDITOR, SECRETARY)  # who reads that something happened
READERS_OF_PERSONS = (MEMBER_CLERK, PROTECTION_CONTACT)  # who reads values of personal and sensitive fields
OPEN_CLASSES = ("public", "internal")
FORGET = "journal.forget"  # the verb whose lines say which things' values were erased on purpose
FIRST = "0" * 64  # what the first seal stands on
REASON = "@reason"  # the name under which words about a person stand among the values; no field can be called so


VERBS: dict[str, Any] = {}  # verb -> what it is called on a page, as each capability names its own
WATCHED: set[str] = set()  # verbs that a protection contact reads of: who saw, took out or erased what of persons, and who tried to give rights
FIELDS: dict[str, dict[str, Any]] = {}  # kind -> field -> what it is called, where the model's own name does not say it
MASKS: dict[str, dict[str, Callable[[str], str]]] = {}  # kind -> field -> how much of its value a page shows
ACCOUNT = "access.account"  # the kind under which whoever did something is named


@dataclass(frozen=True)
class Named:
    """What a thing is called for a reader, and its address where he may open it."""

    words: str
    href: str = ""


Namer = Callable[[Any, Sequence[str]], dict[str, Named]]  # (by, keys) -> names of those that this reader may know
NAMERS: dict[str, Namer] = {}


def name_verbs(names: dict[str, Any], *, watched: Iterable[str] = ()) -> None:
    """Give verbs their words: `name_verbs({"network.found": gettext_lazy("成立")})`. `watched` = those that concern the protection of persons."""
    VERBS.update(names)
    WATCHED.update(watched)


def name_things(namers: dict[str, Namer], fields: dict[str, dict[str, Any]] | None = None, *, masks: dict[str, dict[str, Callable[[str], str]]] | None = None) -> None:
    """Say how things of a kind are called, each kind with at most a few queries for all keys; `fields` names what the models do not, `masks` shortens
    on pages what nobody may read in full without a disclosure of its own.
    """
    NAMERS.update(namers)
    for kind, shortened in (masks or {}).items():
        MASKS.setdefault(kind, {}).update(shortened)
    for kind, words in (fields or {}).items():
        FIELDS.setdefault(kind, {}).update(words)


def canonical(value: Any) -> str:
    """JSON text with one spelling: sorted names, no spaces, characters as they are. A row is named by its key."""
    if isinstance(value, models.Model):
        value = getattr(value, "key", None) or str(value.pk)
    return _ONE_SPELLING.encode(value)


_ONE_SPELLING = DjangoJSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)  # made once: making it costs more than a value does


def seal_keys() -> list[bytes]:
    """The key that seals, then those that sealed before a change of the secret key."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [hashlib.sha256(b"juzhi.journal.seal:" + force_bytes(secret)).digest() for secret in secrets]


def lines_digest(lines: Iterable[EntryLine]) -> str:
    """One digest over the lines of an entry in their order; "" for none."""
    whole, any_line = hashlib.sha256(), False
    for line in lines:
        any_line = True
        whole.update(line_body(line.place, line.key, line.kind, line.thing_key, canonical(line.digests)))
    return whole.hexdigest() if any_line else ""


def line_body(place: int, key: str, kind: str, thing_key: str, digests: str) -> bytes:
    """What is sealed of one line. `digests` = their canonical text."""
    return f"[{place},{quoted(key)},{quoted(kind)},{quoted(thing_key)},{digests}]\n".encode()


def digests_of(salt: str, field: str, field_class: str, before: str, after: str) -> tuple[str, str]:
    """Salted SHA-256 of each side of a change. The field's name and class are in it, so neither can be exchanged."""
    head = f"[{quoted(salt)},{quoted(field)},{quoted(field_class)},"
    old, new = hashlib.sha256(f'{head}"before",{quoted(before)}]'.encode()), hashlib.sha256(f'{head}"after",{quoted(after)}]'.encode())
    return old.hexdigest(), new.hexdigest()


class WritingTransaction(models.Func):
    """The number of the transaction that writes the row; 0 on SQLite, which has one writer at a time."""

    allowed_default = True

    def __init__(self) -> None:
        super().__init__(output_field=models.BigIntegerField())

    def as_sql(self, compiler: Any, connection: Any, *_: Any, **__: Any) -> tuple[str, tuple[Any, ...]]:
        return ("pg_current_xact_id()::text::bigint" if connection.vendor == "postgresql" else "0"), ()


@dataclass(frozen=True)
class EntriesAt(Scope):
    """Entries of an organisation for its readers; those of watched verbs for its protection contact too."""

    path: str = ""

    def q(self, by: Any) -> Q:
        if by.is_system:
            return Q()
        seen = Q(**{f"{self.path}organisation_id__in": by.reach(*READERS)})
        if by.holds_anywhere(PROTECTION_CONTACT):
            seen |= Q(**{f"{self.path}verb__in": sorted(WATCHED), f"{self.path}organisation_id__in": by.reach(PROTECTION_CONTACT)})
        return seen


class ValuesOf(Scope):
    """Values of public and internal fields for readers of the entry; those about persons for duties that read persons, and for whoever may
    read things of that kind at the organisation (an auditor reads who was given which duty)."""

    def q(self, by: Any) -> Q:
        if by.is_system:
            return Q()
        open_to_readers = Q(field_class__in=OPEN_CLASSES) & EntriesAt("entry__").q(by)
        seen = open_to_readers | Q(entry__organisation_id__in=by.reach(*READERS_OF_PERSONS))
        for duty in READERS:
            if by.holds_anywhere(duty) and (kinds := kinds_read_by(duty)):
                seen |= (Q(line=None, entry__kind__in=kinds) | Q(line__kind__in=kinds)) & Q(entry__organisation_id__in=by.reach(duty))
        return seen


def kinds_read_by(duty: str) -> list[str]:
    """Kinds of things whose rows are open to this duty at their organisation."""
    return [model._meta.label_lower for model in apps.get_models() if isinstance(scope := getattr(model, "scope", None), Of) and duty in scope.duties]


class Entry(Keyed):
    """One thing that was done. `number` and `seal` are set once, some seconds after commit, by `actions.seal`."""

    number = models.PositiveBigIntegerField(_("序号"), null=True, unique=True)
    verb = models.CharField(_("动作"), max_length=80)
    kind = models.CharField(_("对象种类"), max_length=80)
    thing_key = models.CharField(_("对象编号"), max_length=LENGTH)
    organisation_id = models.BigIntegerField(_("组织"), null=True)
    actor_key = models.CharField(_("经手人"), max_length=120)
    at = models.DateTimeField(_("时间"))
    reason = models.TextField(_("原因"), blank=True)  # of things without personal fields; else the value REASON
    batch_key = models.CharField(_("批次"), max_length=LENGTH, blank=True)
    digests = models.JSONField(_("变更摘要"), default=dict)  # field -> [of before, of after]
    line_count = models.PositiveIntegerField(_("行数"), default=0)
    lines_digest = models.CharField(_("各行摘要"), max_length=64, blank=True)
    transaction = models.BigIntegerField(_("事务号"), db_default=WritingTransaction())
    seal = models.CharField(_("封签"), max_length=64, null=True)  # noqa: DJ001 null = not yet sealed; may be filled once

    scope = EntriesAt()
    classes = {
        **Keyed.classes,
        "number": "internal",
        "verb": "internal",
        "kind": "internal",
        "thing_key": "internal",
        "organisation_id": "internal",
        "actor_key": "internal",
        "at": "internal",
        "reason": "internal",
        "batch_key": "internal",
        "digests": "internal",
        "line_count": "internal",
        "lines_digest": "internal",
        "transaction": "internal",
        "seal": "internal",
    }

    class Meta:
        verbose_name = _("日志")
        indexes = [
            models.Index(fields=["kind", "thing_key"], name="entry_thing"),
            models.Index(fields=["organisation_id", "-at"], name="entry_organisation"),
            models.Index(fields=["transaction", "id"], name="entry_waiting", condition=Q(number=None)),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.kind} {self.thing_key}"

    def body(self) -> str:
        """Every sealed column but the seals, in one spelling."""
        at = self.at.astimezone(UTC).isoformat(timespec="microseconds")
        told = [self.number, self.key, self.verb, self.kind, self.thing_key, self.organisation_id, self.actor_key, at, self.reason]
        return canonical([*told, self.batch_key, self.digests, self.line_count, self.lines_digest, self.transaction])

    def seal_after(self, previous: str, key: bytes) -> str:
        """The seal of this entry when `previous` is the seal before it: HMAC-SHA-256 in hexadecimal."""
        return hmac.new(key, f"{previous}\n{self.body()}".encode(), hashlib.sha256).hexdigest()

    def holds_after(self, previous: str) -> bool:
        return any(hmac.compare_digest(self.seal or "", self.seal_after(previous, key)) for key in seal_keys())


class EntryLine(Keyed):
    """One row of a bulk verb. `place` is its position within the entry, from 1."""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="lines", db_index=False)
    place = models.PositiveIntegerField(_("行号"))
    kind = models.CharField(_("对象种类"), max_length=80)
    thing_key = models.CharField(_("对象编号"), max_length=LENGTH)
    digests = models.JSONField(_("变更摘要"), default=dict)

    scope = EntriesAt("entry__")
    classes = {**Keyed.classes, "entry": "internal", "place": "internal", "kind": "internal", "thing_key": "internal", "digests": "internal"}

    class Meta:
        verbose_name = _("日志行")
        indexes = [models.Index(fields=["kind", "thing_key"], name="entryline_thing")]
        constraints = [models.UniqueConstraint(fields=["entry", "place"], name="entryline_place")]

    def __str__(self) -> str:
        return f"{self.kind} {self.thing_key}"


class EntryValue(models.Model):
    """Before and after of one changed field, as JSON text, with the salt of its digests. Never updated; deleted by `actions.forget` alone."""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="values")
    line = models.ForeignKey(EntryLine, models.PROTECT, null=True, related_name="values")
    field = models.CharField(_("字段"), max_length=80)
    field_class = models.CharField(_("类别"), max_length=10, choices=[(c, c) for c in CLASSES])
    before = models.TextField(_("原值"))
    after = models.TextField(_("新值"))
    salt = models.CharField(_("盐"), max_length=32)

    objects = Scoped()

    scope = ValuesOf()
    classes = {
        "id": "internal",
        "entry": "internal",
        "line": "internal",
        "field": "internal",
        "field_class": "internal",
        "before": "sensitive",
        "after": "sensitive",
        "salt": "sensitive",
    }

    class Meta:
        verbose_name = _("日志值")

    def __str__(self) -> str:
        return self.field

    def digests(self) -> list[str]:
        """Those of before and of after."""
        return list(digests_of(self.salt, self.field, self.field_class, self.before, self.after))


constraints.declare(
    constraints.AppendOnly("journal.Entry", may_set=("number", "seal")),
    constraints.AppendOnly("journal.EntryLine"),
    constraints.AppendOnly("journal.EntryValue", may_delete=True),
)
