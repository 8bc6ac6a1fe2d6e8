"""Which organisation a row of a list means: superiors found by the forms of their names, bodies already there, and rights row by row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db.models import Q

from juzhi.base.access import SECRETARY
from juzhi.base.actors import Actor
from juzhi.base.importers import CREATE, REFUSE, SAME, UPDATE, Row
from juzhi.base.periods import parse_date
from juzhi.base.text import search_key
from juzhi.network.imports import FAMILIES
from juzhi.network.models import BEGINNING, Family, Organisation, OrganisationContact, OrganisationName, Placement

AHEAD = timedelta(days=366)  # how far in the future a founding may lie


@dataclass
class Known:
    """The federation as an import sees it: bodies by the forms of their names."""

    families: dict[str, str]  # long form -> short form, both as search keys
    bodies: dict[int, Organisation] = field(default_factory=dict)
    parents: dict[int, int] = field(default_factory=dict)  # of the last placement, which may begin later
    now: dict[int, int] = field(default_factory=dict)  # of today's
    by_form: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    mobiles: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))

    def form(self, name: str) -> str:
        """市党外知识分子联谊会 and 市知联会 are one form."""
        key = search_key(name)
        for long, short in self.families.items():
            key = key.replace(long, short)
        return key

    def above(self, pk: int) -> set[int]:
        """The bodies that stand above one, today or from a later day on."""
        return {parents[pk] for parents in (self.parents, self.now) if parents.get(pk) is not None}

    def bearing(self, name: str) -> list[int]:
        """Ids of the bodies that bear a form of this name."""
        return self.by_form.get(self.form(name), [])


def known(by: Actor) -> Known:
    """Everything that bears a name; organisations are public. Five queries."""
    full = {name: full_name for name, full_name in Family.objects.system("import").values_list("name", "full_name")}
    found = Known({search_key(long): search_key(short) for short, long in {**FAMILIES, **full}.items() if long})
    for body in Organisation.objects.seen_by(by).only("pk", "key", "name", "level", "founded_on", "founded_precision", "founding_batch", "dissolved_on", "source", "version"):
        found.bodies[body.pk] = body
        found.by_form[found.form(body.name)].append(body.pk)
    for pk, text in OrganisationName.objects.seen_by(by).values_list("organisation_id", "text"):
        if pk not in found.by_form[found.form(text)]:
            found.by_form[found.form(text)].append(pk)
    placed = Placement.objects.seen_by(by).filter(Q(valid_to__isnull=True) | Q(valid_to__gt=by.today))
    for pk, parent, since, until in placed.values_list("organisation_id", "parent_id", "valid_from", "valid_to"):
        if until is None:
            found.parents[pk] = parent
        if since <= by.today:
            found.now[pk] = parent
    for pk, mobile in OrganisationContact.objects.system("is the number known").values_list("organisation_id", "mobile"):
        found.mobiles[pk].add(mobile)
    return found


@dataclass(frozen=True)
class Superior:
    """Where a row stands: beneath a body already there (`pk`), beneath another row (`row`), or beneath nobody."""

    name: str = ""
    pk: int | None = None
    row: Row | None = None


@dataclass
class Matching:
    """One file compared with the federation."""

    by: Actor
    there: Known
    into: int | None
    rows: Sequence[Row]
    in_file: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    superiors: dict[int, Superior] = field(default_factory=dict)  # by id(row)
    by_key: dict[str, Organisation] = field(default_factory=dict)
    originals: dict[int, Row] = field(default_factory=dict)  # by id of a row that repeats another
    unplaced: set[int] = field(default_factory=set)  # ids of rows that name no superior

    def run(self) -> None:
        """Superiors first, so that each row is judged once what stands above it is known."""
        self.by_key = {body.key: body for body in self.there.bodies.values()}
        for row in self.rows:
            for form in {self.there.form(name) for name in (row.values.get("name"), row.values.get("alias")) if name}:
                self.in_file[form].append(row)
        for row in self.rows:
            self.superiors[id(row)] = self._superior(row)
        reach = None if self.by.is_system else {one["descendant_id"] for one in self.by.reach(SECRETARY) or ()}
        families = set(Family.objects.system("import").values_list("name", flat=True))
        first: dict[tuple[str, str], Row] = {}
        for row in self._from_the_top():
            if row.action != REFUSE:
                self._judge(row, first, reach, families)

    def _judge(self, row: Row, first: dict[tuple[str, str], Row], reach: set[int] | None, families: set[str]) -> None:
        above = self._settled(row)
        if above.name:
            row.values["superior"] = above.name
        same = self._same(row)
        if row.action == REFUSE:
            return
        place = (self.there.form(row.values["name"]), self.there.form(above.name))
        if same is not None:
            row.like_key, row.like_by = same.key, "name"
            new = changes(self.there, row, same)
            row.action = UPDATE if new else SAME
            if "ended" in new:
                row.warn.append({"ends_organisation": new["ended"]})
        elif place in first:
            self.originals[id(row)] = first[place]
            _repeat(first[place], row)
            return
        first.setdefault(place, row)
        if row.action != SAME and reach is not None:
            _check_rights(row, same.pk if same is not None else above.pk, reach, families)
        if row.action == CREATE:
            self._check_days(row)
        if row.action == CREATE and above.row is not None and above.row.action == REFUSE:
            row.action, row.reason = REFUSE, "superior_refused"

    def _superior(self, row: Row) -> Superior:
        """The one body or row that the written superior means. Without one: the organisation the file goes into. Refuses none, and several."""
        text = row.values.get("superior")
        if not text:
            body = self.there.bodies.get(self.into or 0)
            own = body is not None and self.there.form(body.name) != self.there.form(row.values.get("name") or "")
            self.unplaced.add(id(row))
            return Superior(body.name, body.pk) if own and body is not None else Superior()
        found = self._bearing(self.there.form(text), row)
        if len(found) > 1:  # several of one name: the one beneath which a body of the row's own name stands
            found = [one for one in found if one.pk is not None and any(one.pk in self.there.above(pk) for pk in self.there.bearing(row.values.get("name") or ""))] or found
        if len(found) != 1:
            if row.action != REFUSE:
                row.action, row.reason = REFUSE, "ambiguous_superior" if found else "unknown_superior"
            return Superior()
        return found[0]

    def _bearing(self, form: str, row: Row) -> list[Superior]:
        """What the written form may mean: exactly, else as the end of a longer name (市知联会 for 深圳市知联会)."""
        exact = self._candidates([form], row)
        return exact or self._candidates([other for other in {*self.in_file, *self.there.by_form} if other.endswith(form)], row)

    def _candidates(self, forms: Sequence[str], row: Row) -> list[Superior]:
        """Bodies already there, those that still stand before those that ended; and rows of the file that are none of them."""
        ids = list(dict.fromkeys(pk for form in forms for pk in self.there.by_form.get(form, ())))
        standing = [pk for pk in ids if self.there.bodies[pk].dissolved_on is None]
        rows: list[Row] = []
        for one in {id(one): one for form in forms for one in self.in_file.get(form, ())}.values():
            if one is not row and not any(self._may_be(one, pk) for pk in ids) and not any(self._may_repeat(one, other) for other in rows):
                rows.append(one)
        return [Superior(self.there.bodies[pk].name, pk) for pk in standing or ids] + [Superior(one.values["name"], None, one) for one in rows]

    def _may_be(self, row: Row, pk: int) -> bool:
        """Whether a row may be that body: nothing speaks against the superior."""
        parent = self.there.bodies.get(self.there.parents.get(pk, 0))
        bears = any(pk in self.there.bearing(name) for name in (row.values["name"], row.values.get("alias")) if name)
        return bears and self._may_mean(row.values.get("superior"), parent.name if parent else "")

    def _may_repeat(self, row: Row, other: Row) -> bool:
        same = self.there.form(row.values["name"]) == self.there.form(other.values["name"])
        return same and self._may_mean(row.values.get("superior"), other.values.get("superior"))

    def _may_mean(self, one: str | None, other: str | None) -> bool:
        """Whether two spellings may name one superior; an empty one may be any."""
        first, second = self.there.form(one or ""), self.there.form(other or "")
        return first.endswith(second) or second.endswith(first)

    def _from_the_top(self) -> Iterator[Row]:
        """Every row after the row it stands beneath. Rows in a circle are refused."""
        done: set[int] = set()
        for start in self.rows:
            path: list[Row] = []
            on_path: set[int] = set()
            row: Row | None = start
            while row is not None and id(row) not in done and id(row) not in on_path:
                path.append(row)
                on_path.add(id(row))
                row = self.superiors[id(row)].row
            if row is not None and id(row) in on_path:
                for one in path[next(n for n, each in enumerate(path) if each is row) :]:
                    one.action, one.reason = REFUSE, "circular_superior"
            for one in reversed(path):
                done.add(id(one))
                yield one

    def _settled(self, row: Row) -> Superior:
        """The superior, taken to the body that its own row turned out to be, or to the row it repeats."""
        above = self.superiors[id(row)]
        if above.row is not None and id(above.row) in self.originals:
            original = self.originals[id(above.row)]
            above = Superior(original.values["name"], None, original)
        if above.row is not None and above.row.like_key:
            body = self.by_key[above.row.like_key]
            above = Superior(body.name, body.pk)
        self.superiors[id(row)] = above
        return above

    def _same(self, row: Row) -> Organisation | None:
        """The body that bears a form of the row's name, or of its alias, beneath the same superior. Refuses where several may be meant."""
        ids = dict.fromkeys(pk for name in (row.values.get("name"), row.values.get("alias")) if name for pk in self.there.bearing(name))
        above = self.superiors[id(row)]
        if above.name:
            placed = [pk for pk in ids if (above.pk in self.there.above(pk) or not self.there.above(pk)) and pk != above.pk]
            if not placed and id(row) in self.unplaced:
                placed = [pk for pk in ids if self._is_beneath(pk, above.pk)]
                if len(placed) > 1:
                    row.action, row.reason = REFUSE, "ambiguous_name"
                elif placed:
                    row.values["superior"] = self.there.bodies[self.there.now.get(placed[0]) or self.there.parents[placed[0]]].name
            return self.there.bodies[placed[0]] if placed else None
        if len(ids) > 1:
            row.action, row.reason = REFUSE, "ambiguous_name"
        return self.there.bodies[next(iter(ids))] if len(ids) == 1 else None

    def _is_beneath(self, pk: int, above: int | None) -> bool:
        """Whether a body stands somewhere beneath another: a list without superiors means whoever is there by that name."""
        seen: set[int] = set()
        higher = self.there.above(pk)
        while higher - seen:
            if above in higher:
                return True
            seen |= higher
            higher = {one for each in higher for one in self.there.above(each)}
        return False

    def _check_days(self, row: Row) -> None:
        """Days that no organisation can have: told now, not when the whole batch is written."""
        founded, ended = (parse_date(row.values[name]).on if row.values.get(name) else None for name in ("founded", "ended"))
        if (founded and not BEGINNING <= founded <= self.by.today + AHEAD) or (ended and ended > self.by.today + AHEAD):
            row.action, row.reason = REFUSE, "impossible_date"
        elif ended and ended < (founded or ended):
            row.action, row.reason = REFUSE, "ended_before"


def _repeat(earlier: Row, row: Row) -> None:
    """A second row of the same body: nothing is created, nothing is lost."""
    for name, value in row.values.items():
        if earlier.values.get(name) is None and value is not None:
            earlier.values[name] = value
    row.action, row.same_as, row.warn = SAME, earlier.row, []


def _check_rights(row: Row, place: int | None, reach: set[int], families: set[str]) -> None:
    """Beneath what one is secretary of; the rest is for the operator. A superior that stands in the file is judged by its own row."""
    if (place is None and not row.values.get("superior")) or (place is not None and place not in reach):
        row.action, row.reason = REFUSE, "not_your_branch"
    elif row.values.get("family") not in families:
        row.action, row.reason = REFUSE, "unknown_family"


def changes(there: Known, row: Row, body: Organisation) -> dict[str, Any]:
    """What the row says that the record does not. An empty cell says nothing; superior, host and area are moved by their own verbs."""
    new: dict[str, Any] = {}
    values = row.values
    if values.get("founded"):
        day = parse_date(values["founded"])
        if (day.on, day.precision) != (body.founded_on, body.founded_precision):
            new |= {"founded_on": day.on, "founded_precision": day.precision}
    for name, column in (("level", "level"), ("founding_batch", "batch"), ("source", "source")):
        if values.get(column) and values[column] != getattr(body, name):
            new[name] = values[column]
    if values.get("mobile") and values["mobile"] not in there.mobiles.get(body.pk, ()):
        new["mobile"] = values["mobile"]
    if values.get("ended") and body.dissolved_on is None:
        new["ended"] = values["ended"]
    return new
