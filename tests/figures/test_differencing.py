"""What is hidden cannot be worked out: thirty snapshots, every cut, and totals, put side by side by a reader who reckons. Without complementary suppression it can."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest
from django.db.models import Q

from juzhi.access import actions as access
from juzhi.access.queries import AccountActor
from juzhi.base.cells import INSIDE, Crowd, Hidden, Part, is_enough_of_both, sums
from juzhi.base.periods import MONTH, QUARTER, YEAR, calendar_period
from juzhi.figures import queries
from juzhi.figures.queries import Figure, Narrowing, Node, cell_parts, cells
from juzhi.members import actions as members
from juzhi.members.figures import JOINED, LEFT, MEMBERS
from juzhi.network.models import Organisation
from juzhi.people import actions as people
from tests import cast as casting
from tests.cast import SYSTEM, TODAY, Cast
from tests.figures.attack import Attacker

DAYS = 30
KINDS = ("has", "has not", "unknown")


class OnlySmall:
    """The control: a number is hidden when it is small itself, and nothing else is."""

    def __init__(self, parts: Iterable[Part], least: int = INSIDE, _suffices: Any = None) -> None:
        self.parts, self.least = {part.key: part for part in parts}, least

    def tells(self, keys: Iterable[int]) -> bool:
        crowds = zip(*(self.parts[key].crowds for key in set(keys) if key in self.parts), strict=True)
        return all(not 0 < len(frozenset[int]().union(*(one.persons for one in kind))) < self.least for kind in crowds)


# A federation that lives for thirty days, without a database: many histories are tried


@dataclass
class History:
    """Bodies on a tree with what a reader may cut by, and who belongs to which on a day: {body: {person: kind}}."""

    dice: random.Random
    paths: dict[int, tuple[int, ...]] = field(default_factory=dict)
    traits: dict[int, tuple[int, int, int]] = field(default_factory=dict)  # level, family, host
    members: dict[int, dict[int, str]] = field(default_factory=dict)

    def begin(self, bodies: int) -> None:
        for body in range(bodies):
            above = self.paths[self.dice.randrange(body)] if body else ()
            self.paths[body] = (*above, body)
            self.traits[body] = (self.dice.randrange(3), self.dice.randrange(2), self.dice.randrange(3))
            self.members[body] = {}
            for _member in range(self.dice.choice((0, 1, 2, 3, 4, 7, 12, 30))):
                self.join(body)

    def join(self, body: int) -> None:
        self.members[body][self.dice.randrange(400)] = self.dice.choice(KINDS)

    def live(self) -> None:
        """A day on which some come and some go."""
        for _change in range(self.dice.randrange(4)):
            body = self.dice.randrange(len(self.paths))
            if self.members[body] and self.dice.random() < 0.5:
                self.members[body].pop(self.dice.choice(sorted(self.members[body])))
            else:
                self.join(body)

    def parts(self, kinds: tuple[tuple[str, ...], ...]) -> list[Part]:
        crowds = {body: tuple(frozenset(who for who, kind in held.items() if kind in wanted) for wanted in kinds) for body, held in self.members.items() if held}
        return [Part(body, self.paths[body], tuple(Crowd(len(who), who) for who in told)) for body, told in crowds.items()]

    def cuts(self) -> list[frozenset[int]]:
        """Every choice of level, family and host, each or none: all that a page or a cut of one can be asked for."""
        choices = product((None, 0, 1, 2), (None, 0, 1), (None, 0, 1, 2))
        return [frozenset(body for body, traits in self.traits.items() if all(want in (None, has) for want, has in zip(choice, traits, strict=True))) for choice in choices]

    def branches(self) -> list[frozenset[int]]:
        return [frozenset(one for one, path in self.paths.items() if body in path) for body in self.paths]


def lived(seed: int) -> Iterable[History]:
    history = History(random.Random(seed))
    history.begin(14)
    for _day in range(DAYS):
        yield history
        history.live()


def by_group(history: History, day: int, attacker: Attacker, told_by: Callable[[list[Part]], Any]) -> None:
    """How many belong to each group of bodies, and to all together."""
    seen = told_by(history.parts((KINDS,)))
    everybody = frozenset(history.paths)
    for group in history.cuts():
        value = sum(len(history.members[body]) for body in group)
        unknowns = [(day, body) for body in group]
        if group == everybody or seen.tells(group):
            attacker.told(unknowns, value)
        elif value:
            attacker.not_told(unknowns, is_some=True)


def by_attribute(history: History, day: int, attacker: Attacker, told_by: Callable[[list[Part]], Any]) -> None:
    """How many have it, have it not, or are not known to have it, in each branch and each group; and how many members each body has, which everybody with the duty is told."""
    seen = told_by(history.parts((("has",), ("has not",), ("unknown",))))
    for body, held in history.members.items():
        attacker.told([(day, body, kind) for kind in KINDS], len(held))
    for group in {*history.cuts(), *history.branches()}:
        for kind in KINDS:
            value = sum(1 for body in group for one in history.members[body].values() if one == kind)
            unknowns = [(day, body, kind) for body in group]
            if seen.tells(group):
                attacker.told(unknowns, value)
            else:
                attacker.not_told(unknowns, is_some=False)


@pytest.mark.parametrize("asked", [by_group, by_attribute])
@pytest.mark.parametrize("seed", range(6))
def test_nothing_hidden_is_recovered(asked: Any, seed: int) -> None:
    hidden = 0
    for day, history in enumerate(lived(seed)):
        attacker = Attacker()
        asked(history, day, attacker, sums)
        hidden += len(attacker.hidden)
        assert [value for value in attacker.recovered().values() if value] == []  # that nobody is of a kind may follow
    assert hidden > DAYS  # there was something to find


@pytest.mark.parametrize("asked", [by_group, by_attribute])
def test_with_small_numbers_alone_hidden_they_are_recovered(asked: Any) -> None:
    """The control: the same reader, the same histories."""
    found = 0
    for day, history in enumerate(lived(0)):
        attacker = Attacker()
        asked(history, day, attacker, OnlySmall)
        found += sum(1 for value in attacker.recovered().values() if 0 < value < INSIDE)
    assert found > DAYS


# Who comes and who goes: the stocks of both ends, the flows between them, and the differences of all of these

AT_THE_END, WENT, NEW, NEW_WENT = "stay", "went", "new", "new and went"
NUMBERS = {"before": (AT_THE_END, WENT), "after": (AT_THE_END, NEW), "came": (NEW, NEW_WENT), "went": (WENT, NEW_WENT)}


def year_of(dice: random.Random, history: History) -> dict[int, dict[str, int]]:
    """In each body: how many stayed, went, came, came and went again."""
    came, went = (0, 0, 1, 1, 2, 3, 6, 9), dice.choice(((0, 0, 1, 1, 2, 3, 6, 9), (0, 0, 0, 0, 0, 0, 7)))
    again = dice.choice(((0, 0, 0, 1, 5), (0,)))
    return {body: {AT_THE_END: len(held), WENT: dice.choice(went), NEW: dice.choice(came), NEW_WENT: dice.choice(again)} for body, held in history.members.items()}


def parts_of(history: History, year: dict[int, dict[str, int]], *numbers: str) -> list[Part]:
    """The parts of a table, each with its crowds; every person of every body is another one."""
    crowds = {body: [sum(held[kind] for kind in NUMBERS[number]) for number in numbers] for body, held in year.items()}
    persons = {body: tuple(Crowd(count, frozenset(range(side * 10**6 + body * 10**3, side * 10**6 + body * 10**3 + count))) for side, count in enumerate(counts)) for body, counts in crowds.items()}
    return [Part(body, history.paths[body], told) for body, told in persons.items() if any(one.count for one in told)]


def flows_told(history: History, year: dict[int, dict[str, int]], told_by: Callable[..., Any]) -> Attacker:
    """All that one year tells of every group of bodies: stocks as of both ends, who came and who went; of all together everything."""
    seen = {number: told_by(parts_of(history, year, number)) for number in ("before", "after")}
    seen |= dict.fromkeys(("came", "went"), told_by(parts_of(history, year, "came", "went"), INSIDE, is_enough_of_both))
    attacker, everybody = Attacker(), frozenset(history.paths)
    for group, (number, kinds) in product(history.cuts(), NUMBERS.items()):
        unknowns = [(body, kind) for body in group for kind in kinds]
        value = sum(year[body][kind] for body, kind in unknowns)
        if group == everybody or seen[number].tells(group):
            attacker.told(unknowns, value)
        elif number in ("came", "went"):
            attacker.not_told(unknowns, is_some=False)
    return attacker


def years(seed: int) -> Iterable[tuple[History, dict[int, dict[str, int]]]]:
    dice = random.Random(seed)
    for _year in range(5):
        history = History(dice)
        history.begin(14)
        year = year_of(dice, history)
        if all(any(held[kind] for held in year.values() for kind in NUMBERS[side]) for side in ("came", "went")):  # else the limit, below
            yield history, year


@pytest.mark.parametrize("seed", range(6))
def test_no_flow_of_few_is_recovered(seed: int) -> None:
    hidden = told = 0
    for history, year in years(seed):
        attacker = flows_told(history, year, sums)
        assert {value for value in attacker.recovered().values() if 0 < value < INSIDE} == set()
        hidden, told = hidden + len(set(attacker.hidden)), told + len(attacker.sums)
    assert hidden > DAYS and told > DAYS


def test_flows_with_small_numbers_alone_hidden_are_recovered() -> None:
    """The control: the same reader, the same years."""
    found = [value for seed in range(6) for history, year in years(seed) for value in flows_told(history, year, OnlySmall).recovered().values()]
    assert sum(1 for value in found if 0 < value < INSIDE) > DAYS


def test_where_nobody_went_at_all_stocks_tell_who_came() -> None:
    """The limit, as decided: the difference of two stocks is net, and where the whole lost nobody it is what came."""
    found = []
    for seed in range(6):
        for history, year in years(seed):
            for held in year.values():
                held[WENT] = held[NEW_WENT] = 0
            found += flows_told(history, year, sums).recovered().values()
    assert any(0 < value < INSIDE for value in found)


# The product itself, asked by a statistician of a whole city


def peopled(cast: Cast, dice: random.Random) -> Any:
    """Members come and go in the days asked for; the statistician may count all of them and opens no list."""
    access.grant(by=SYSTEM, account=cast.accounts["plain"], duty="statistician", organisation=cast.city, reach="subtree", purpose="统计", valid_from=date(2025, 1, 1))
    for place in ("east", "west", "harbour", "tower", "orchard", "wanderer", "future"):
        for n in range(dice.choice((0, 1, 3, 6, 9))):
            person = people.enter(by=SYSTEM, name=f"某人{place}{n}", mobiles=[], email="")
            spell = members.admit(by=SYSTEM, person=person, organisation=cast.organisations[place], joined_on=TODAY - timedelta(days=dice.randrange(20, 80)))
            if dice.random() < 0.3:
                members.end(by=SYSTEM, membership=spell, reason_code="left", ended_on=TODAY - timedelta(days=dice.randrange(10)))
    return cast.by("plain")


def pages(cast: Cast, by: Any, day: date) -> Iterable[Figure]:
    """Pages of the figure on that day: each place, each choice of one cut and some of two."""
    nodes = [Node("organisation", cast.city), *(Node("area", cast.areas[code]) for code in ("9701", "970101", "970102", "970101001")), Node("host", cast.hosts["tower"])]
    choices = [Narrowing(), *(Narrowing(level=level) for level in ("district", "building", "park")), Narrowing(host_type="none"), Narrowing(level="district", host_type="none")]
    for node, narrowing in product(nodes, choices):
        figure = queries.evaluate(by, MEMBERS, node, day, narrowing)
        if figure.value is not None:
            yield queries.told(by, figure)


def bodies_of(by: Any, figure: Figure, condition: Any = None) -> frozenset[int]:
    counted = Organisation.objects.seen_by(by).filter(figure.narrowing.q(by, figure.as_of), pk__in=queries.organisations_of(by, figure.node, figure.as_of))
    return frozenset((counted.filter(condition) if condition else counted).values_list("pk", flat=True))


def rows_of(by: Any, figure: Figure) -> Iterable[tuple[frozenset[int], Any]]:
    """The number of a page, and of each row on it, with the organisations that it counts."""
    yield bodies_of(by, figure), figure.value
    for name, rows in queries.parts(by, figure).items():
        for row in rows:
            conditions = {
                "level": lambda key: Q(level=key),
                "family": lambda key: Q(family__key=key),
                "host_type": lambda key: Narrowing(host_type=key).q(by, cells.month_end(figure.as_of, TODAY)),
                "district": lambda key: Q(pk__in=queries.organisations_of(by, queries.node(by, "area", key), figure.as_of)),
            }
            yield bodies_of(by, figure, conditions[name](row["key"])), row["value"]
    if figure.narrowing != Narrowing():
        for row in cells.lens(by, figure).rows(queries.by_child(by, figure), "child"):
            child = queries.node(by, "organisation", row.key)
            own = Q(pk=child.thing.pk) if child.thing == figure.node.thing else Q(pk__in=queries.organisations_of(by, child, figure.as_of))
            yield bodies_of(by, figure, own), row.value


def gathered(cast: Cast, by: Any, day: date) -> Attacker:
    """All that the pages of a day tell, and what they hide."""
    attacker = Attacker()
    for figure in pages(cast, by, day):
        for group, value in rows_of(by, figure):
            if isinstance(value, Hidden):
                attacker.not_told(group, is_some=True)
            else:
                attacker.told(group, value)
    return attacker


@pytest.fixture
def city(db: None) -> Cast:
    return casting.build()


def test_thirty_days_of_every_page_tell_nothing_that_is_hidden(city: Cast) -> None:
    by = peopled(city, random.Random(5))
    question = Node("organisation", city.city), Narrowing(level="building")
    asked = [queries.evaluate(by, MEMBERS, question[0], TODAY - timedelta(days=n), question[1]) for n in range(DAYS)]
    days = {queries.told(by, figure).as_of for figure in asked}
    assert days == {date(2026, 9, 30), date(2026, 10, 31)}  # no neighbours to subtract
    hidden = 0
    for day in days:
        attacker = gathered(city, by, day)
        hidden += len(set(attacker.hidden))
        assert attacker.recovered() == {}
    assert hidden > 10


def test_the_control_on_the_pages(city: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cell_parts, "sums", OnlySmall)
    found = gathered(city, peopled(city, random.Random(5)), date(2026, 10, 31)).recovered()
    assert any(0 < value < INSIDE for value in found.values())


def test_what_organisations_tell_one_by_one_is_no_secret(city: Cast) -> None:
    """The limit, as decided: an organisation's own membership is no cell, so whoever may see it of each adds up any group of them."""
    by, day = peopled(city, random.Random(5)), date(2026, 10, 31)
    attacker = gathered(city, by, day)
    for pk in bodies_of(by, queries.evaluate(by, MEMBERS, Node("organisation", city.city), day)):
        attacker.told({pk}, MEMBERS.evidence(day).system("test").filter(organisation_id=pk).count())
    assert attacker.recovered().keys() == set(attacker.hidden)


# Flows on the pages


def lived_2025(cast: Cast, dice: random.Random) -> Any:
    """Who came and who went in a year that is over; the statistician may count all of them and opens no list."""
    access.grant(by=SYSTEM, account=cast.accounts["plain"], duty="statistician", organisation=cast.city, reach="subtree", purpose="统计", valid_from=date(2025, 1, 1))
    access.grant(by=SYSTEM, account=cast.accounts["plain"], duty="statistician", organisation=cast.lone, purpose="统计", valid_from=date(2025, 1, 1))
    for place in ("east", "west", "harbour", "tower", "orchard", "lone"):
        for n in range(dice.choice((2, 4, 9, 12))):
            person = people.enter(by=SYSTEM, name=f"某人{place}{n}", mobiles=[], email="")
            joined_on = date(2025, dice.randrange(1, 7), 10) if dice.random() < 0.6 else date(2024, 6, 1)
            spell = members.admit(by=SYSTEM, person=person, organisation=cast.organisations[place], joined_on=joined_on)
            if dice.random() < 0.5:
                members.end(by=SYSTEM, membership=spell, reason_code="left", ended_on=date(2025, dice.randrange(8, 13), 20))
    return cast.by("plain")


def of_kind(figure: Figure, number: str, groups: Iterable[tuple[frozenset[int], Any]], attacker: Attacker) -> None:
    for group, value in groups:
        unknowns = [(pk, kind) for pk in group for kind in NUMBERS[number]]
        if isinstance(value, Hidden):
            attacker.not_told(unknowns, is_some=figure.since is None)
        elif value is not None:
            attacker.told(unknowns, value)


def whereabouts(by: Any, figure: Figure, key: str = "", what: str = "") -> frozenset[int]:
    """The organisations whose records a number takes, of either side."""
    whole = cell_parts.whole(SYSTEM, figure)
    taken = cell_parts.taken(by, figure, whole, what)
    return frozenset(pk for pk, _value in taken.get(key) or ())


def gathered_flows(cast: Cast, by: Any) -> Attacker:
    """What the pages of 2025 tell of who came and went, with the stocks of both ends."""
    attacker = Attacker()
    nodes = [Node("organisation", cast.city), Node("area", cast.areas["970101"]), Node("host", cast.hosts["tower"])]
    for node, narrowing in product(nodes, (Narrowing(), Narrowing(level="district"), Narrowing(host_type="none"))):
        for number, indicator, days in (("came", JOINED, (END, BEGIN)), ("went", LEFT, (END, BEGIN)), ("before", MEMBERS, (EVE, None)), ("after", MEMBERS, (END, None))):
            figure = queries.evaluate(by, indicator, node, days[0], narrowing, days[1])
            if figure.value is None:
                continue
            figure = queries.told(by, figure)
            rows = [(whereabouts(by, figure), figure.value)]
            rows += [(whereabouts(by, figure, row.key, what), row.value) for what in ("level", "host_type") for row in cells.lens(by, figure).rows(queries.cut(by, figure, what), what)]
            of_kind(figure, number, rows, attacker)
    return attacker


BEGIN, END, EVE = date(2025, 1, 1), date(2025, 12, 31), date(2024, 12, 31)


def test_thirty_days_of_flows_tell_nothing_that_is_hidden(city: Cast) -> None:
    by = lived_2025(city, random.Random(3))
    node, periods = Node("host", city.hosts["tower"]), [calendar_period(TODAY, kind) for kind in (YEAR, QUARTER, MONTH)]
    for n in range(DAYS):
        later = AccountActor(by.account, by.at + timedelta(days=n))
        told = {queries.told(later, queries.evaluate(later, JOINED, node, one.until, Narrowing(), one.since)).period for one in periods}
        assert told == {calendar_period(BEGIN, YEAR)}  # no neighbours to subtract
    attacker = gathered_flows(city, by)
    assert attacker.recovered() == {} and len(set(attacker.hidden)) > 5
    assert len({group for group, value in attacker.sums if value and {kind for _pk, kind in group} == {NEW, NEW_WENT}}) > 1  # something is told, too


def test_the_control_on_pages_of_flows(city: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cell_parts, "sums", OnlySmall)
    found = gathered_flows(city, lived_2025(city, random.Random(3))).recovered()
    assert any(0 < value < INSIDE for value in found.values())
