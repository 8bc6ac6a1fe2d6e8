"""Who may ask: the duties, the declaration every view carries, and the scope every model names. Imports no folder of the house."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

import juzhi.base.bulk  # noqa: F401 the lookup `among`

ANYONE = "anyone"  # no sign-in asked; the page shows public things only
SIGNED_IN = "signed_in"  # any account; the page shows the account's own things

SECRETARY = "secretary"  # 组织管理
MEMBER_CLERK = "member_clerk"  # 会员管理
STATISTICIAN = "statistician"  # 统计: figures of the subtree, no names
AUDITOR = "auditor"  # 审计: journal, changes nothing
PROTECTION_CONTACT = "protection_contact"  # 个人信息保护联系人
PUBLISHER = "publisher"  # 发布
OPERATOR = "operator"  # 运维: settings, no personal data

DUTIES = (SECRETARY, MEMBER_CLERK, STATISTICIAN, AUDITOR, PROTECTION_CONTACT, PUBLISHER, OPERATOR)
READS_PERSONS = (MEMBER_CLERK, PROTECTION_CONTACT)  # their grants default to the own organisation


@dataclass(frozen=True)
class Access:
    """What a view declares: who may ask (`duty`), at which organisation (`of` = name of the URL part holding its key), what it reads and writes."""

    duty: tuple[str, ...]
    of: str | None = None
    reads: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    methods: tuple[str, ...] = ("GET", "HEAD", "POST")


def access(
    *,
    duty: str | tuple[str, ...],
    of: str | None = None,
    reads: tuple[str, ...] = (),
    writes: tuple[str, ...] = (),
    methods: tuple[str, ...] | None = None,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare a view. The door enforces it; the matrix and the page "who may do what" are made from it (trust M2)."""
    duties = (duty,) if isinstance(duty, str) else tuple(duty)
    unknown = set(duties) - {ANYONE, SIGNED_IN, *DUTIES}
    if unknown:
        raise ValueError(f"unknown duty {sorted(unknown)}")
    allowed = methods or (("GET", "HEAD", "POST") if writes else ("GET", "HEAD"))

    def mark(view: Callable[..., Any]) -> Callable[..., Any]:
        view.access = Access(duties, of, tuple(reads), tuple(writes), allowed)  # type: ignore[attr-defined]
        return view

    return mark


class Scope:
    """How a model narrows to what an actor may see."""

    def q(self, by: Any) -> Q:
        raise NotImplementedError

    def among(self, by: Any, ids: Sequence[int]) -> Q:
        """Of the rows with these ids those that `by` may see."""
        return Q(pk__among=ids) & self.q(by)


class Public(Scope):
    """Everybody may see every row."""

    def q(self, by: Any) -> Q:
        return Q()


@dataclass(frozen=True)
class Of(Scope):
    """Rows of the organisation at `path`, for holders of one of `duties` whose reach covers it. `own` = path to a person key whose owner sees the row too."""

    path: str
    duties: tuple[str, ...]
    own: str | None = None

    def q(self, by: Any) -> Q:
        if by.is_system:
            return Q()
        condition = Q(**{f"{self.path}__in": by.reach(*self.duties)})
        if self.own and by.person_key:
            condition |= Q(**{self.own: by.person_key})
        return condition


@dataclass(frozen=True)
class OfEach(Scope):
    """Rows that concern several organisations (`paths`), for holders of one of `duties` whose reach covers every one of them."""

    paths: tuple[str, ...]
    duties: tuple[str, ...]

    def q(self, by: Any) -> Q:
        if by.is_system:
            return Q()
        reach = by.reach(*self.duties)
        return Q(*((f"{path}__in", reach) for path in self.paths))


@dataclass(frozen=True)
class Person(Scope):
    """Rows of the person at `path` (`pk` for the person itself): those tied today to an organisation in reach, and one's own."""

    path: str = "pk"
    duties: tuple[str, ...] = READS_PERSONS

    def q(self, by: Any) -> Q:
        if by.is_system:
            return Q()
        own = "key" if self.path == "pk" else f"{self.path}__key"
        condition = Q(**{f"{self.path}__in": by.persons(*self.duties)})
        return condition | Q(**{own: by.person_key}) if by.person_key else condition

    def among(self, by: Any, ids: Sequence[int]) -> Q:
        """As `q`, but at the cost of these ids, not of everybody whom `by` may see."""
        if by.is_system or self.path != "pk":
            return super().among(by, ids)
        condition = Q(pk__in=by.persons(*self.duties, among=ids))
        return Q(pk__among=ids) & (condition | Q(key=by.person_key) if by.person_key else condition)


@dataclass(frozen=True)
class ByDuty(Scope):
    """Rows that name themselves the duty (`duty_path`) whose holders at the organisation (`path`) may see them."""

    path: str
    duty_path: str
    duties: tuple[str, ...]

    def q(self, by: Any) -> Q:
        if by.is_system:
            return Q()
        condition = Q(pk__in=())
        for duty in self.duties:
            if by.holds_anywhere(duty):
                condition |= Q(**{self.duty_path: duty, f"{self.path}__in": by.reach(duty)})
        return condition


@dataclass(frozen=True)
class Own(Scope):
    """Rows that only their owner sees: `path` holds the actor's key (`kind='account'`) or person key."""

    path: str
    kind: str = "account"

    def q(self, by: Any) -> Q:
        if by.is_system:
            return Q()
        mine = by.key if self.kind == "account" else by.person_key
        return Q(**{self.path: mine}) if mine else Q(pk__in=())


@dataclass(frozen=True)
class Nobody(Scope):
    """Rows no page shows directly: read by `system(reason)` only."""

    why: str = field(default="")

    def q(self, by: Any) -> Q:
        return Q() if by.is_system else Q(pk__in=())
