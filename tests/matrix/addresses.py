"""Every address of the address table, with keys put in: of one's own place, of others', of nobody."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, get_resolver, reverse

from juzhi.access.adapters import FOREIGN
from juzhi.base.indicators import INDICATORS
from juzhi.figures.queries.reports import REPORTS
from tests.matrix import model
from tests.matrix.model import OPENS, Role
from tests.matrix.world import PLACES, World

UNKNOWN = "zz7zzzz7zzzz"  # the shape of a key, and nobody's


# Pages whose view itself asks where the duty is held: the secretary there, or the operator for a body that stands alone.
WHERE = {"access:grant": "organisation"}
WHO = {"access:grant": ("secretary",)}  # no body of this world stands alone without a secretary, so the operator has nobody to name


ONCE = {"figures:months", "network:record_statistic", "network:record_slogan", "network:attest"}  # forms of an area: the area itself is known to all
ALSO = {"figures:figure": ("members_growth",)}  # a flow, with what came, went and moved: once for each sort of node
AS_OF_HOSTS = ("figures:months", "figures:publish")  # of a sector, asked only for a number that needs a right: what everybody sees is tried of hosts


@dataclass(frozen=True)
class Address:
    """One URL pattern: its name, the parts it takes, and what its view declares (None: nothing)."""

    name: str
    parts: tuple[str, ...]
    declared: Any
    ours: bool

    @property
    def of(self) -> str | None:
        return WHERE.get(self.name, self.declared.of if self.declared else None)


@dataclass(frozen=True)
class Case:
    """An address with keys: of which place each part is, and the same address with every key the role may not know exchanged for nobody's."""

    address: Address
    relation: str
    url: str
    twin: str
    allowed: bool
    crossed: bool
    keys: tuple[str, ...]


def addresses() -> list[Address]:
    """Every pattern of the address table."""
    return list(_walk(get_resolver().url_patterns, "", ()))


def _walk(patterns: Iterable[Any], space: str, before: tuple[str, ...]) -> Iterator[Address]:
    for one in patterns:
        parts = (*before, *one.pattern.regex.groupindex)
        if isinstance(one, URLPattern):
            name, view = f"{space}{one.name}", one.callback
            yield Address(name, parts, getattr(view, "access", None) or FOREIGN.get(name), view.__module__.startswith("juzhi."))
        else:
            yield from _walk(one.url_patterns, f"{space}{one.namespace}:" if one.namespace else space, parts)


# a thing whose place is another than that of its relation
KNOWN_AT = {("organisation", "gone:east"): ("east",), ("person", "shared"): ("orchard", "lone"), ("person", "member:east:1"): ("east",), ("membership", "member:east:1"): ("east",)}
LIBRARY_PARTS = {"key": ["no-such-key"], "uidb36": ["9"], "pk": [99]}  # of the sign-in library: nobody's


def names_of(address: Address) -> list[str]:
    """The parts as the factory knows them: `kind` and `thing` are one."""
    return ["kind+thing" if part == "thing" else part for part in address.parts if part != "kind" or "thing" not in address.parts]


def unmade(address: Address) -> list[str]:
    """Parts that the matrix cannot fill: a new one needs a row in `OPENS` and a value in the world."""
    known = {*OPENS, *(LIBRARY_PARTS if not address.ours else ())}
    return [part for part in names_of(address) if part not in known]


def values(world: World, part: str, place: str) -> list[Any]:
    if part in LIBRARY_PARTS:
        return LIBRARY_PARTS[part]
    if part == "indicator":  # one of each sort of right: public, and for duties
        return list({one.duties: one.id for one in reversed(INDICATORS.values())}.values())
    if part == "report":
        return list(REPORTS)
    return world.keys.get((part, place), [])


def unknown(part: str, value: Any) -> Any:
    if part in LIBRARY_PARTS:
        return value
    return (value[0], UNKNOWN) if part == "kind+thing" else (UNKNOWN * 9)[: len(value)]


def cases(world: World, role: Role, address: Address, relations: Iterable[str]) -> Iterator[Case]:
    """The address with all keys of one place, and crossed: the first key of one's own place, the others of each."""
    parts = names_of(address)
    if not parts:
        yield _case(role, address, "none", (), ())
        return
    if "indicator" in parts:
        relations = [place for place in relations if place in PLACES][: 4 if "organisation" in parts else 2]
    relations = list(relations)
    if "report" in parts or address.name in ONCE:  # the same wherever it is asked from, the number of a figure asked thirteen times, or a form of an area
        relations = relations[:1]
    for place in relations:
        for chosen in itertools.product(*(values(world, part, place) for part in parts)):
            if "sector" in parts and address.name in AS_OF_HOSTS and chosen[0] in model.OPEN_FIGURES:
                continue
            yield _case(role, address, place, (place,) * len(parts), chosen)
    for place, one in itertools.product(relations[:1], ALSO.get(address.name, ())):
        for chosen in itertools.product((one,), *(values(world, part, place)[:1] for part in parts[1:])):
            yield _case(role, address, place, (place,) * len(parts), chosen)
    if len(parts) > 1 and len(relations) > 1 and "indicator" not in parts:
        for first, second in itertools.permutations(relations[:2], 2):
            chosen = [values(world, part, first if n == 0 else second)[:1] for n, part in enumerate(parts)]
            if all(chosen):
                yield _case(role, address, f"{first}×{second}", (first, *(second for _ in parts[1:])), tuple(one[0] for one in chosen))


def _case(role: Role, address: Address, relation: str, places: tuple[str, ...], chosen: tuple[Any, ...]) -> Case:
    parts = names_of(address)
    opened = []
    for part, place in zip(parts, places, strict=True):
        owner = place if place in ("subject", "member:east:1") else ""
        opened.append(part in LIBRARY_PARTS or model.may_open(role, part, KNOWN_AT.get((part, place), (place,)), owner))
    if address.name == "figures:evidence" and chosen[0] not in model.OPEN_FIGURES:
        opened[0] = model.may_count(role, parts[1], places[1])
    at = next((KNOWN_AT.get((part, place), (place,))[0] for part, place in zip(parts, places, strict=True) if part == address.of), None)
    admitted = bool(address.declared) and model.is_admitted(role, WHO.get(address.name, address.declared.duty), at)
    twins = tuple(value if admitted and fine else unknown(part, value) for part, value, fine in zip(parts, chosen, opened, strict=True))
    keys = tuple(str(one) for value in (*chosen, *twins) for one in (value if isinstance(value, tuple) else (value,)))
    crossed = "×" in relation
    return Case(address, relation, _url(address, parts, chosen), _url(address, parts, twins), admitted and all(opened), crossed, keys)


def _url(address: Address, parts: list[str], chosen: tuple[Any, ...]) -> str:
    named: dict[str, Any] = {}
    for part, value in zip(parts, chosen, strict=True):
        named |= dict(zip(("kind", "thing"), value, strict=True)) if part == "kind+thing" else {part: value}
    return reverse(address.name, kwargs=named)
