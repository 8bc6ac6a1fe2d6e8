"""The Actor: who asks, and when. Made at the door; below it nothing reads the clock or the request."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Roots:
    """Organisation ids: held `here` and nowhere else, held there and all `below`."""

    here: tuple[int, ...] = ()
    below: tuple[int, ...] = ()


class Actor(Protocol):
    """What every rule, query and action may know of the person who asks."""

    @property
    def key(self) -> str:
        """The account's key; "" for a visitor; "system:<reason>" for the product itself."""
        ...

    @property
    def person_key(self) -> str: ...

    @property
    def at(self) -> datetime:
        """The moment of asking, aware."""
        ...

    @property
    def is_system(self) -> bool: ...

    @property
    def today(self) -> date:
        """The calendar day in Asia/Shanghai."""
        ...

    def holds(self, duty: str, organisation_id: int | None) -> bool:
        """Whether a grant valid today gives `duty` at that organisation, by today's tree."""
        ...

    def holds_anywhere(self, *duties: str) -> bool: ...

    def reach(self, *duties: str) -> Any:
        """A subquery of organisation ids for which one of `duties` is held."""
        ...

    def organisation_id(self, key: str) -> int | None:
        """The id behind an organisation's key: floors below `network` keep plain ids. None if there is no such key."""
        ...

    def places(self, *ids: int) -> dict[int, tuple[str, str]]:
        """Key and name of organisations by their ids, in the order of the names."""
        ...

    def roots(self, *duties: str) -> Roots:
        """Where one of `duties` is held, as granted: what a search asks for. `reach` says what lies beneath."""
        ...

    def persons(self, *duties: str, among: Sequence[int] | None = None) -> Any:
        """A subquery of ids of persons tied today to an organisation in reach of one of `duties`; `among` = of these ids only, and at their cost."""
        ...


@dataclass(frozen=True)
class Visitor:
    """Somebody without an account, or one who has not signed in: public things only."""

    at: datetime
    key: str = ""
    person_key: str = ""
    is_system: bool = False

    @property
    def today(self) -> date:
        return self.at.astimezone(ZONE).date()

    def holds(self, duty: str, organisation_id: int | None) -> bool:
        return False

    def holds_anywhere(self, *duties: str) -> bool:
        return False

    def reach(self, *duties: str) -> Any:
        return ()

    def roots(self, *duties: str) -> Roots:
        return Roots()

    def persons(self, *duties: str, among: Sequence[int] | None = None) -> Any:
        return ()

    def places(self, *ids: int) -> dict[int, tuple[str, str]]:
        return {}

    def organisation_id(self, key: str) -> int | None:
        return None


@dataclass(frozen=True)
class System:
    """The product itself, for a stated reason: the demonstration, a scheduled job, the command line of an operator."""

    reason: str
    at: datetime
    person_key: str = ""
    is_system: bool = True

    @property
    def key(self) -> str:
        return f"system:{self.reason}"

    @property
    def today(self) -> date:
        return self.at.astimezone(ZONE).date()

    def holds(self, duty: str, organisation_id: int | None) -> bool:
        return True

    def holds_anywhere(self, *duties: str) -> bool:
        return True

    def reach(self, *duties: str) -> Any:
        raise RuntimeError("the system has no reach: read with system(reason)")

    def roots(self, *duties: str) -> Roots:
        raise RuntimeError("the system has no reach: read with system(reason)")

    def persons(self, *duties: str, among: Sequence[int] | None = None) -> Any:
        raise RuntimeError("the system has no reach: read with system(reason)")

    def places(self, *ids: int) -> dict[int, tuple[str, str]]:
        return {}

    def organisation_id(self, key: str) -> int | None:
        return None


_MAKERS: list[Callable[[str, datetime], Actor | None]] = []


def makes_actors(maker: Callable[[str, datetime], Actor | None]) -> None:
    """Enter who makes an actor of an account's key; called once by `access`."""
    _MAKERS[:] = [maker]


def acting(key: str, at: datetime) -> Actor:
    """The actor a job works for, with the rights that account has now. Nobody's rights (a visitor) when the account is gone or disabled."""
    if key.startswith("system:"):
        return System(key.removeprefix("system:"), at)
    return (_MAKERS[0](key, at) if _MAKERS else None) or Visitor(at)
