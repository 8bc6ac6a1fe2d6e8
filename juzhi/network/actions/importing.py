"""Rows of the kind `orgs` become organisations: matched by name and alias, written parents first, undone children first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError

from juzhi.base.access import SECRETARY
from juzhi.base.actors import Actor
from juzhi.base.errors import Refused
from juzhi.base.importers import CREATE, REFUSE, SAME, UPDATE, Like, Row, writes
from juzhi.base.periods import parse_date
from juzhi.base.text import search_key
from juzhi.network.actions.founding import correct, dissolve, found
from juzhi.network.actions.registers import add_contact, register_family, register_host, register_sector
from juzhi.network.imports import FAMILIES, tally
from juzhi.network.models import Area, ExternalBody, Family, Host, HostType, Organisation, OrganisationContact, OrganisationName, Placement, Precision, Seat, Sector

HOST_TYPES = {str(label): value for value, label in HostType.choices}
KIND = "network.organisation"


@dataclass
class Known:
    """The federation as an import sees it: bodies by the forms of their names."""

    families: dict[str, str]  # long form -> short form, both as search keys
    bodies: dict[int, Organisation] = field(default_factory=dict)
    parents: dict[int, int] = field(default_factory=dict)
    by_form: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    mobiles: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))

    def form(self, name: str) -> str:
        """市党外知识分子联谊会 and 市知联会 are one form."""
        key = search_key(name)
        for long, short in self.families.items():
            key = key.replace(long, short)
        return key


def known(by: Actor) -> Known:
    """Everything that bears a name; organisations are public. Five queries."""
    full = {name: full_name for name, full_name in Family.objects.system("import").values_list("name", "full_name")}
    found_ = Known({search_key(long): search_key(short) for short, long in {**FAMILIES, **full}.items() if long})
    for body in Organisation.objects.seen_by(by).only("pk", "key", "name", "level", "founded_on", "founded_precision", "founding_batch", "dissolved_on", "source", "version"):
        found_.bodies[body.pk] = body
        found_.by_form[found_.form(body.name)].append(body.pk)
    for pk, text in OrganisationName.objects.seen_by(by).values_list("organisation_id", "text"):
        if pk not in found_.by_form[found_.form(text)]:
            found_.by_form[found_.form(text)].append(pk)
    placed = Placement.objects.seen_by(by).filter(valid_to__isnull=True)
    found_.parents = dict(placed.values_list("organisation_id", "parent_id"))
    for pk, mobile in OrganisationContact.objects.system("is the number known").values_list("organisation_id", "mobile"):
        found_.mobiles[pk].add(mobile)
    return found_


class OrganisationWriter:
    """How rows of a list of organisations become records."""

    def match(self, *, by: Actor, into: int | None, rows: Sequence[Row]) -> None:
        """A row is the same body when a form of its name, or of its alias, is borne by one body beneath the same superior."""
        there = known(by)
        in_file: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            for name in {row.values.get("name"), row.values.get("alias")} - {None, ""}:
                in_file[there.form(name)].append(row)
        reach = None if by.is_system else {one["descendant_id"] for one in by.reach(SECRETARY) or ()}
        families = set(Family.objects.system("import").values_list("name", flat=True))
        for row in rows:
            superior = self._superior(there, in_file, into, row)
            if row.action == REFUSE:
                continue
            same = self._same(there, row)
            if same is not None:
                row.like_key, row.like_by = same.key, "name"
                row.action = UPDATE if changes(there, row, same) else SAME
            if row.action != SAME and reach is not None:
                _check_rights(row, same.pk if same is not None else superior, reach, families)
        _refuse_below(rows)

    def _superior(self, there: Known, in_file: dict[str, list[Row]], into: int | None, row: Row) -> int | None:
        """The id of the superior, None if it stands in the file or there is none; its full name is put into the row."""
        text = row.values.get("superior")
        if not text:
            own = into is not None and there.form(there.bodies[into].name) != there.form(row.values["name"])
            if own and into is not None:
                row.values["superior"] = there.bodies[into].name
            return into if own else None
        names = _bearing(there, in_file, there.form(text), row)
        if len(names) != 1:
            row.action, row.reason = REFUSE, "ambiguous_superior" if names else "unknown_superior"
            return None
        name, pk = names.popitem()
        row.values["superior"] = name
        return pk

    def _same(self, there: Known, row: Row) -> Organisation | None:
        bearing = [pk for name in (row.values.get("name"), row.values.get("alias")) if name for pk in there.by_form.get(there.form(name), ())]
        superior = row.values.get("superior")
        for pk in bearing:
            parent = there.bodies.get(there.parents.get(pk, 0))
            if not superior or parent is None or there.form(parent.name) == there.form(superior):
                return there.bodies[pk]
        return None

    def describe(self, *, by: Actor, keys: Sequence[str]) -> dict[str, Like]:
        found_ = Organisation.objects.seen_by(by).select_related("family").filter(key__in=keys)
        return {one.key: Like(one.name, (("组织类别", str(one.family)), ("成立时间", str(one.founded_on)))) for one in found_}

    def write(self, *, by: Actor, into: int | None, rows: Sequence[Row], batch_key: str, example: str = "") -> Sequence[Any]:
        there = known(by)
        made: dict[str, Organisation] = {}
        for row in parents_first(rows):
            try:
                if row.action == UPDATE:
                    self._update(by, there, row, batch_key)
                else:
                    made[row.values["name"]] = self._found(by, there, made, row, batch_key, example)
            except Refused as refused:
                raise Refused(f"第 {row.row} 行「{row.values.get('name')}」：{refused.message}", field=refused.field, code=refused.code) from refused
        for row in reversed(list(parents_first(rows))):
            ended = row.values.get("ended")
            if ended and row.action != UPDATE:
                self._dissolve(by, row, made[row.values["name"]], batch_key)
        for row in rows:
            if row.action != UPDATE:
                row.before["version"] = Organisation.objects.system("for undo").values_list("version", flat=True).get(key=row.thing_key)
        return ()

    def _found(self, by: Actor, there: Known, made: dict[str, Organisation], row: Row, batch_key: str, example: str) -> Organisation:
        values = row.values
        superior = values.get("superior")
        parent = (made.get(superior) or _named(there, superior)) if superior else None
        area = one_area(values.get("area"))
        day = parse_date(values["founded"]) if values.get("founded") else None
        host, sector, is_new = _seat(by, values, area, batch_key)
        body = found(
            by=by,
            name=values["name"],
            family=_family(by, values.get("family") or ""),
            level=values["level"],
            parent=parent,
            founded_on=day.on if day else None,
            founded_precision=day.precision if day else Precision.UNKNOWN,
            batch=values.get("batch"),
            area=area,
            host=host,
            sector=sector,
            aliases=(values["alias"],) if values.get("alias") else (),
            source=values.get("source") or "",
            remark=values.get("remark") or "",
            example=example,
            batch_key=batch_key,
        )
        if values.get("mobile"):
            add_contact(by=by, organisation=body, name=values.get("contact") or "", mobile=values["mobile"])
        row.thing_kind, row.thing_key = KIND, body.key
        row.before = {"host": host.key if is_new else ""}
        return body

    def _dissolve(self, by: Actor, row: Row, body: Organisation, batch_key: str) -> None:
        day = parse_date(row.values["ended"])
        if day.on is not None:
            dissolve(by=by, organisation=body, dissolved_on=day.on, precision=day.precision, reason="导入名单载明已终止", batch_key=batch_key)

    def _update(self, by: Actor, there: Known, row: Row, batch_key: str) -> None:
        body = Organisation.objects.system("import").get(key=row.like_key)
        new = changes(there, row, there.bodies.get(body.pk, body))
        plain = {name: value for name, value in new.items() if name not in ("mobile", "ended")}
        row.before = {"was": {name: _plain(getattr(body, name)) for name in plain}}
        if plain:
            body = correct(by=by, organisation=body, reason="按导入名单更正", **plain)
        if "mobile" in new:
            add_contact(by=by, organisation=body, name=row.values.get("contact") or "", mobile=new["mobile"])
        if "ended" in new:
            self._dissolve(by, row, body, batch_key)
            body.refresh_from_db(from_queryset=Organisation.objects.system("for undo"))
        row.thing_kind, row.thing_key = KIND, body.key
        row.before["version"] = body.version

    def undo(self, *, by: Actor, into: int | None, rows: Sequence[Row], batch_key: str) -> None:
        """Children first. What was edited since, or is held on to by children, members or grants, stays and says so."""
        order = {row.thing_key: n for n, row in enumerate(rows)}
        bodies = {one.key: one for one in Organisation.objects.system("undo").select_for_update().filter(key__in=list(order))}
        for row in sorted(rows, key=lambda one: -bodies[one.thing_key].pk if one.thing_key in bodies else 0):
            body = bodies.get(row.thing_key)
            if body is None:
                row.kept = "已经不在了"
            elif body.version != row.before.get("version"):
                row.kept = "导入之后有人改过"
            elif "was" in row.before:
                _restore(by, row, body)
            else:
                _remove(row, body)

    def figures(self, *, rows: Sequence[Row], as_of: date) -> dict[str, Any]:
        return tally(rows, as_of)


writes("orgs", OrganisationWriter())


def _bearing(there: Known, in_file: dict[str, list[Row]], form: str, row: Row) -> dict[str, int | None]:
    """Full names that the written form may mean: exactly, else as the end of exactly one longer name (市知联会 for 深圳市知联会)."""
    names: dict[str, int | None] = {one.values["name"]: None for one in in_file.get(form, ()) if one is not row}
    names |= {there.bodies[pk].name: pk for pk in there.by_form.get(form, ())}
    if names:
        return names
    names = {one.values["name"]: None for other, ones in in_file.items() if other.endswith(form) for one in ones if one is not row}
    return names | {there.bodies[pk].name: pk for other, pks in there.by_form.items() if other.endswith(form) for pk in pks}


def _check_rights(row: Row, place: int | None, reach: set[int], families: set[str]) -> None:
    """Beneath what one is secretary of; the rest is for the operator. A superior that stands in the file is judged by its own row."""
    if (place is None and not row.values.get("superior")) or (place is not None and place not in reach):
        row.action, row.reason = REFUSE, "not_your_branch"
    elif row.values.get("family") not in families:
        row.action, row.reason = REFUSE, "unknown_family"


def _refuse_below(rows: Sequence[Row]) -> None:
    """What stands beneath a refused row of the same file cannot come in either."""
    refused = {row.values.get("name") for row in rows if row.action == REFUSE}
    while below := [row for row in rows if row.action == CREATE and row.values.get("superior") in refused]:
        for row in below:
            row.action, row.reason = REFUSE, "superior_refused"
            refused.add(row.values.get("name"))


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


def parents_first(rows: Iterable[Row]) -> Iterator[Row]:
    """Rows so that a superior of the same file comes before its subordinates; the superior may stand anywhere in the file. Refuses a circle."""
    waiting = {row.values["name"]: row for row in rows}
    while waiting:
        ready = [row for row in waiting.values() if row.values.get("superior") not in waiting or row.values["superior"] == row.values["name"]]
        if not ready:
            row = next(iter(waiting.values()))
            raise Refused(f"第 {row.row} 行「{row.values['name']}」：它的上级又在它之下，成了循环，请改正「上级组织」一列", field="superior", code="conflict")
        for row in ready:
            del waiting[row.values["name"]]
            yield row


def one_area(name: str | None) -> Area | None:
    """The division of that name, if there is exactly one."""
    found_ = list(Area.objects.system("import").filter(name=name)[:2]) if name else []
    return found_[0] if len(found_) == 1 else None


def _named(there: Known, name: str) -> Organisation:
    for pk in there.by_form.get(there.form(name), ()):
        return Organisation.objects.system("import").get(pk=pk)
    raise Refused(f"找不到上级组织「{name}」", field="superior")


def _family(by: Actor, name: str) -> Family:
    found_ = Family.objects.system("import").filter(name=name).first()
    return found_ or register_family(by=by, name=name, full_name=FAMILIES.get(name, ""))


def _seat(by: Actor, values: dict[str, Any], area: Area | None, batch_key: str) -> tuple[Host | None, Sector | None, bool]:
    """Host, sector, and whether the host is new."""
    if not values.get("host"):
        return None, None, False
    host_type = HOST_TYPES.get(values.get("host_type") or "", HostType.OTHER)
    sector = register_sector(by=by, name=values["host"], batch_key=batch_key) if host_type == HostType.SECTOR else None
    is_known = Host.objects.system("for undo").filter(name_key=search_key(values["host"]), host_type=host_type).exists()
    return register_host(by=by, name=values["host"], host_type=host_type, area=area, batch_key=batch_key), sector, not is_known


def _restore(by: Actor, row: Row, body: Organisation) -> None:
    was = {name: date.fromisoformat(value) if name.endswith("_on") and value else value for name, value in row.before["was"].items()}
    if body.dissolved_on is not None and row.before.get("version") == body.version and "ended" in row.before:
        row.kept = "终止不能随批撤销"
    elif was:
        correct(by=by, organisation=body, reason="撤销导入", **was)


def _remove(row: Row, body: Organisation) -> None:
    try:
        with transaction.atomic():
            Placement.objects.system("undo").filter(organisation=body).delete()
            body.delete()
    except ProtectedError as held:
        words = {type(one)._meta.model_name: one for one in held.protected_objects}
        row.kept = "它还有下级组织" if "placement" in words else "它已经有会员" if "membership" in words else "它已经有人负责" if "grant" in words else "别的记录还要用到它"
        return
    host = Host.objects.system("undo").filter(key=row.before.get("host") or "").first()
    used = host is not None and (Seat.objects.system("undo").filter(host=host).exists() or ExternalBody.objects.system("undo").filter(host=host).exists())
    if host is not None and not used:
        host.delete()


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


