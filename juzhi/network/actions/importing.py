"""Rows of the kind `orgs` become organisations: matched by name and alias, written parents first, undone children first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from juzhi.base.actors import Actor
from juzhi.base.errors import Refused
from juzhi.base.importers import UPDATE, Became, Like, Row, writes
from juzhi.base.periods import parse_date
from juzhi.base.text import search_key
from juzhi.network.actions.founding import correct, dissolve, found, reopen
from juzhi.network.actions.lineage import uproot
from juzhi.network.actions.matching import Known, Matching, changes, known
from juzhi.network.actions.registers import add_contact, register_family, register_host, register_sector
from juzhi.network.imports import FAMILIES, tally
from juzhi.network.models import Area, ExternalBody, Family, Host, HostType, Organisation, OrganisationContact, Placement, Precision, Seat, Sector
from juzhi.network.queries import day_text
from juzhi.network.search import KIND as SEARCHED
from juzhi.search.actions import forget

HOST_TYPES = {  # as `imports` reads them, whatever language the reader's pages are in
    "公立医院": HostType.PUBLIC_HOSPITAL,
    "高等学校": HostType.UNIVERSITY,
    "科研院所": HostType.RESEARCH_INSTITUTE,
    "市属国企": HostType.MUNICIPAL_ENTERPRISE,
    "楼宇": HostType.BUILDING,
    "园区": HostType.PARK,
    "社区": HostType.COMMUNITY,
    "企业": HostType.ENTERPRISE,
    "系统": HostType.SECTOR,
    "其他": HostType.OTHER,
}
KIND = "network.organisation"
HOLDERS = (("placement", gettext_noop("它还有下级组织")), ("membership", gettext_noop("它已经有会员")), ("reading", gettext_noop("已发布的数用到它")), ("grant", gettext_noop("它已经有人负责")))


STILL_OVER = {  # why a dissolution was not taken back
    "forbidden": gettext_noop("终止登记没有撤销，要由它的上级办理；其余已还原"),
    "state": gettext_noop("终止登记没有撤销，它的上级也终止了；其余已还原"),
    "conflict": gettext_noop("终止登记没有撤销，同一上级之下已有同名的组织；其余已还原"),
}


class OrganisationWriter:
    """How rows of a list of organisations become records."""

    def match(self, *, by: Actor, into: int | None, rows: Sequence[Row]) -> None:
        """A row is the same body when a form of its name, or of its alias, is borne by one body beneath the same superior."""
        Matching(by, known(by), into, rows).run()

    def describe(self, *, by: Actor, keys: Sequence[str]) -> dict[str, Like]:
        found_ = Organisation.objects.seen_by(by).select_related("family").filter(key__in=keys)
        return {one.key: Like(one.name, ((_("组织类别"), str(one.family)), (_("成立时间"), day_text(one.founded_on, one.founded_precision)))) for one in found_}

    def became(self, *, by: Actor, rows: Sequence[Row]) -> dict[str, Became]:
        """The organisation as it is called today, and what was written of it."""
        bodies = {one.key: one for one in Organisation.objects.seen_by(by).filter(key__in={row.thing_key for row in rows})}
        return {
            row.thing_key: Became(bodies[row.thing_key].name, ("network:organisation", (row.thing_key,)), _written(row, bodies[row.thing_key]))
            for row in rows
            if row.thing_key in bodies
        }

    def write(self, *, by: Actor, into: int | None, pieces: Iterable[Sequence[Row]], batch_key: str, example: str = "") -> Iterator[Sequence[Any]]:
        for rows in pieces:
            self._write(by, rows, batch_key, example)
            yield ()

    def _write(self, by: Actor, rows: Sequence[Row], batch_key: str, example: str) -> None:
        there = known(by)
        made: dict[str, Organisation] = {}  # by the form of the name
        bodies: dict[int, Organisation] = {}  # by the row's position
        ordered = list(parents_first(rows, there))
        for row in ordered:
            with telling(row):
                if row.action == UPDATE:
                    bodies[row.position] = self._update(by, there, row)
                else:
                    bodies[row.position] = made[there.form(row.values["name"])] = self._found(by, there, made, row, batch_key, example)
        for row in reversed(ordered):
            if row.before.get("ended") if row.action == UPDATE else row.values.get("ended"):  # children first, whether new or known
                with telling(row):
                    self._dissolve(by, row, bodies[row.position], batch_key)
        versions = dict(Organisation.objects.system("for undo").filter(pk__in=[body.pk for body in bodies.values()]).values_list("key", "version"))
        for row in rows:
            row.before["version"] = versions[row.thing_key]

    def _found(self, by: Actor, there: Known, made: dict[str, Organisation], row: Row, batch_key: str, example: str) -> Organisation:
        values = row.values
        superior = values.get("superior")
        parent = (made.get(there.form(superior)) or _named(there, superior)) if superior else None
        area = one_area(values.get("area"))
        day = parse_date(values["founded"]) if values.get("founded") else None
        host, sector, new_host = _seat(by, values, area, batch_key)
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
        row.before = {"host": new_host}
        return body

    def _dissolve(self, by: Actor, row: Row, body: Organisation, batch_key: str) -> None:
        day = parse_date(row.values["ended"])
        if day.on is not None:
            dissolve(by=by, organisation=body, dissolved_on=day.on, precision=day.precision, reason="导入名单载明已终止", batch_key=batch_key)

    def _update(self, by: Actor, there: Known, row: Row) -> Organisation:
        """What the row says anew, but for its end, which waits until those beneath it have ended."""
        body = Organisation.objects.system("import").get(key=row.like_key)
        new = changes(there, row, there.bodies.get(body.pk, body))
        plain = {name: value for name, value in new.items() if name not in ("mobile", "ended")}
        row.before = {"was": {name: _plain(getattr(body, name)) for name in plain}}
        if plain:
            body = correct(by=by, organisation=body, reason="按导入名单更正", **plain)
        if "mobile" in new:
            row.before["contact"] = add_contact(by=by, organisation=body, name=row.values.get("contact") or "", mobile=new["mobile"]).key
        if "ended" in new:
            row.before |= {"ended": True, "began": body.founded_on.isoformat()}
        row.thing_kind, row.thing_key = KIND, body.key
        return body

    def undo(self, *, by: Actor, into: int | None, rows: Sequence[Row], batch_key: str) -> None:
        """Bodies that this import ended stand again, superiors first; then the rest is taken back, children first. What was edited since, or is held on
        to by children, members or grants, stays and says so."""
        order = {row.thing_key: n for n, row in enumerate(rows)}
        bodies = {one.key: one for one in Organisation.objects.system("undo").select_for_update().filter(key__in=list(order))}
        untouched: list[tuple[Row, Organisation]] = []
        for row in rows:
            body = bodies.get(row.thing_key)
            if body is None:
                row.kept = gettext_noop("已经不在了")
            elif body.version != row.before.get("version"):
                row.kept = gettext_noop("导入之后有人改过")
            else:
                untouched.append((row, body))
        _reopen(by, [(row, body) for row, body in untouched if "was" in row.before and row.before.get("ended")])
        for row, body in sorted(untouched, key=lambda one: -one[1].pk):
            if "was" in row.before:
                _restore(by, row, body)
            else:
                _remove(row, body)

    def figures(self, *, rows: Sequence[Row], as_of: date) -> dict[str, Any]:
        return tally(rows, as_of)


writes("orgs", OrganisationWriter())


@contextmanager
def telling(row: Row) -> Iterator[None]:
    """A refusal inside says which row it was."""
    try:
        yield
    except Refused as refused:
        raise Refused(_("第 %(row)s 行「%(name)s」：%(why)s") % {"row": row.row, "name": row.values.get("name"), "why": refused.message}, field=refused.field, code=refused.code) from refused


def _written(row: Row, body: Organisation) -> tuple[str, ...]:
    """What an import wrote of an organisation, in words."""
    if "was" not in row.before:
        return (f"{body.get_level_display()} · {_('新登记')}",)
    names = {"founded_on": _("成立时间"), "level": _("层级"), "founding_batch": _("批次"), "source": _("来源"), "contact": _("联系电话"), "ended": _("终止时间")}
    told = [word for name, word in names.items() if name in row.before["was"] or row.before.get(name)]
    return (_("更新：%(what)s") % {"what": "、".join(told)},) if told else ()


def parents_first(rows: Iterable[Row], there: Known) -> Iterator[Row]:
    """Rows so that a superior of the same file comes before its subordinates; the superior may stand anywhere in the file. Refuses a circle."""
    waiting = [(row, there.form(row.values["name"]), there.form(row.values.get("superior") or "")) for row in rows]
    while waiting:
        names = {name for _row, name, _superior in waiting}
        ready = [one for one in waiting if one[2] not in names or one[1] == one[2]]
        if not ready:
            row = waiting[0][0]
            raise Refused(_("第 %(row)s 行「%(name)s」：它的上级又在它之下，成了循环，请改正「上级组织」一列") % {"row": row.row, "name": row.values["name"]}, field="superior", code="conflict")
        yield from (row for row, _name, _superior in ready)
        waiting = [one for one in waiting if one[2] in names and one[1] != one[2]]


def one_area(name: str | None) -> Area | None:
    """The division of that name, if there is exactly one."""
    found_ = list(Area.objects.system("import").filter(name=name)[:2]) if name else []
    return found_[0] if len(found_) == 1 else None


def _named(there: Known, name: str) -> Organisation:
    ids = there.bearing(name)
    standing = [pk for pk in ids if there.bodies[pk].name == name] or ids
    if not standing:
        raise Refused(_("找不到上级组织「%(name)s」") % {"name": name}, field="superior")
    return Organisation.objects.system("import").get(pk=min(standing, key=lambda pk: (there.bodies[pk].dissolved_on is not None, pk)))


def _family(by: Actor, name: str) -> Family:
    found_ = Family.objects.system("import").filter(name=name).first()
    return found_ or register_family(by=by, name=name, full_name=FAMILIES.get(name, ""))


def _seat(by: Actor, values: dict[str, Any], area: Area | None, batch_key: str) -> tuple[Host | None, Sector | None, str]:
    """Host, sector, and the host's key if it is new."""
    if not values.get("host"):
        return None, None, ""
    host_type = HOST_TYPES.get(values.get("host_type") or "", HostType.OTHER)
    sector = register_sector(by=by, name=values["host"], batch_key=batch_key) if host_type == HostType.SECTOR else None
    is_known = Host.objects.system("for undo").filter(name_key=search_key(values["host"]), host_type=host_type).exists()
    host = register_host(by=by, name=values["host"], host_type=host_type, area=area, batch_key=batch_key)
    return host, sector, "" if is_known else host.key


def _reopen(by: Actor, ended: Sequence[tuple[Row, Organisation]]) -> None:
    """Take dissolutions back, in an order in which a superior stands before what is beneath it. Those that cannot be say why."""
    while ended:
        left = []
        for row, body in ended:
            try:
                again = reopen(by=by, organisation=body, reason="撤销导入")
            except Refused as refused:
                row.kept = STILL_OVER[refused.code]
                left.append((row, body))
                continue
            row.kept = ""
            if again.founded_precision == Precision.UNKNOWN and row.before.get("began"):
                again.founded_on = date.fromisoformat(row.before["began"])
                again.save(update_fields=["founded_on"])
        if len(left) == len(ended):
            return
        ended = left


def _restore(by: Actor, row: Row, body: Organisation) -> None:
    OrganisationContact.objects.system("undo").filter(organisation=body, key=row.before.get("contact") or "").delete()
    was: dict[str, Any] = {name: date.fromisoformat(value) if name.endswith("_on") and value else value for name, value in row.before["was"].items()}
    if was:
        correct(by=by, organisation=body, reason="撤销导入", **was)


def _remove(row: Row, body: Organisation) -> None:
    pk = body.pk
    try:
        with transaction.atomic():
            Placement.objects.system("undo").filter(organisation=body).delete()
            uproot([pk])
            body.delete()
            forget(SEARCHED, [pk])
    except ProtectedError as held:
        words = {type(one)._meta.model_name: one for one in held.protected_objects}
        row.kept = next((why for model, why in HOLDERS if model in words), gettext_noop("别的记录还要用到它"))
        return
    host = Host.objects.system("undo").filter(key=row.before.get("host") or "").first()
    used = host is not None and (Seat.objects.system("undo").filter(host=host).exists() or ExternalBody.objects.system("undo").filter(host=host).exists())
    if host is not None and not used:
        with suppress(ProtectedError), transaction.atomic():  # a higher room may hold on to it
            host.delete()


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


