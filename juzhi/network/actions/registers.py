"""What organisations refer to: families, areas, hosts, sectors, outside bodies, guidance, contacts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from juzhi.base import bulk
from juzhi.base.access import OPERATOR, SECRETARY
from juzhi.base.action import action
from juzhi.base.actors import Actor
from juzhi.base.errors import Forbidden, Refused
from juzhi.base.text import clean_text, search_key
from juzhi.journal.actions import record
from juzhi.network.models import (
    Area,
    AreaLevel,
    ExternalBody,
    Family,
    GuidanceLink,
    Host,
    Organisation,
    OrganisationContact,
    Precision,
    Sector,
    Unit,
)

LEVEL_BY_LENGTH = {2: AreaLevel.PROVINCE, 4: AreaLevel.CITY, 6: AreaLevel.DISTRICT, 9: AreaLevel.SUBDISTRICT, 12: AreaLevel.COMMUNITY}


@action
def register_family(*, by: Actor, name: str, full_name: str = "", glyph: str = "", hue: str = "brand") -> Family:
    """Enter a family of associations, or return the one of that name."""
    if not by.holds_anywhere(OPERATOR):
        raise Forbidden("组织类别由运维登记")
    name = clean_text(name, field="family", label="组织类别", limit=40)
    found = Family.objects.system("register").filter(name=name).first()
    if found:
        return found
    family = Family.objects.create(name=name, full_name=clean_text(full_name, field="full_name", label="全称", limit=80), glyph=glyph or name[:1], hue=hue)
    record(by=by, verb="network.register_family", thing=family, changes={"name": (None, name)})
    return family


@action
def load_areas(*, by: Actor, rows: Iterable[tuple[str, str]]) -> int:
    """Enter official divisions as (code, name), parents before children; codes already known are left alone. Returns how many came."""
    if not by.holds_anywhere(OPERATOR):
        raise Forbidden("行政区划由运维载入")
    known = dict(Area.objects.system("load").values_list("code", "pk"))
    count = 0
    by_length: dict[int, list[tuple[str, str]]] = {}
    for code, name in rows:
        if code not in known:
            by_length.setdefault(len(code), []).append((code, name))
    for length in sorted(by_length):
        if length not in LEVEL_BY_LENGTH:
            raise Refused(f"区划代码 {by_length[length][0][0]} 的位数不对")
        shorter = {4: 2, 6: 4, 9: 6, 12: 9}.get(length)
        made = bulk.insert(
            Area(code=code, name=name, level=LEVEL_BY_LENGTH[length], parent_id=known.get(code[:shorter]) if shorter else None)
            for code, name in by_length[length]
        )
        known |= {area.code: area.pk for area in made}
        count += len(made)
    return count


@action
def register_host(*, by: Actor, name: str, host_type: str, area: Area | None = None, owner: Unit | None = None, batch_key: str = "") -> Host:
    """Enter a host, or return the one with that name and type."""
    if not by.holds_anywhere(SECRETARY, OPERATOR):
        raise Forbidden()
    name = clean_text(name, field="host", label="依托单位", limit=120)
    found = Host.objects.system("register").filter(name_key=search_key(name), host_type=host_type).first()
    if found:
        return found
    host = Host.objects.create(name=name, name_key=search_key(name), host_type=host_type, area=area, owner=owner)
    record(by=by, verb="network.register_host", thing=host, changes={"name": (None, name)}, batch_key=batch_key)
    return host


@action
def register_sector(*, by: Actor, name: str, batch_key: str = "") -> Sector:
    """Enter a sector system, or return the one of that name."""
    if not by.holds_anywhere(SECRETARY, OPERATOR):
        raise Forbidden()
    name = clean_text(name, field="sector", label="系统", limit=60)
    found = Sector.objects.system("register").filter(name=name).first()
    if found:
        return found
    sector = Sector.objects.create(name=name)
    record(by=by, verb="network.register_sector", thing=sector, changes={"name": (None, name)}, batch_key=batch_key)
    return sector


@action
def register_external_body(
    *, by: Actor, name: str, level: str = "", host: Host | None = None, founded_on: date | None = None, precision: str = ""
) -> ExternalBody:
    """Enter an outside body as a reference. There is no roster behind it, and never will be."""
    if not by.holds_anywhere(SECRETARY, OPERATOR):
        raise Forbidden()
    name = clean_text(name, field="name", label="名称", limit=120)
    body = ExternalBody.objects.create(
        name=name, level=level, host=host, founded_on=founded_on, founded_precision=precision or (Precision.DAY if founded_on else Precision.UNKNOWN)
    )
    record(by=by, verb="network.register_external_body", thing=body, changes={"name": (None, name)})
    return body


@action
def guide(*, by: Actor, organisation: Organisation, authority: ExternalBody, valid_from: date | None = None, note: str = "") -> GuidanceLink:
    """Note that an outside authority guides an organisation. Gives nobody any right."""
    if not by.holds(SECRETARY, organisation.pk):
        raise Forbidden()
    if GuidanceLink.objects.system("twice").filter(organisation=organisation, authority=authority, valid_to__isnull=True).exists():
        raise Refused("这个指导单位已经登记过了", field="authority", code="conflict")
    link = GuidanceLink.objects.create(organisation=organisation, authority=authority, valid_from=valid_from, note=note)
    record(by=by, verb="network.guide", thing=organisation, organisation_id=organisation.pk, changes={"authority": (None, authority.name)})
    return link


@action
def note_guidance(*, by: Actor, organisation: Organisation, authority: str, valid_from: date | None = None, note: str = "") -> GuidanceLink:
    """`guide` by the authority's name: registers the outside body where nobody knows it yet."""
    name = clean_text(authority, field="authority", label="指导单位", limit=120)
    if not name:
        raise Refused("请填写指导单位", field="authority")
    known = ExternalBody.objects.system("register").filter(name=name).first()
    return guide(by=by, organisation=organisation, authority=known or register_external_body(by=by, name=name), valid_from=valid_from, note=note)


@action
def add_contact(*, by: Actor, organisation: Organisation, name: str, mobile: str, purpose: str = "日常联络", batch_key: str = "") -> OrganisationContact:
    """Enter whom to call about what."""
    if not by.holds(SECRETARY, organisation.pk):
        raise Forbidden()
    contact = OrganisationContact.objects.create(
        organisation=organisation,
        name=clean_text(name, field="name", label="联系人", limit=60),
        mobile=clean_text(mobile, field="mobile", label="联系电话", limit=20),
        purpose=clean_text(purpose, field="purpose", label="用途", limit=60),
        valid_from=by.today,
    )
    record(
        by=by,
        verb="network.add_contact",
        thing=contact,
        organisation_id=organisation.pk,
        changes={"name": (None, contact.name), "mobile": (None, contact.mobile)},
        batch_key=batch_key,
    )
    return contact
