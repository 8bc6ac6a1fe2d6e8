"""What organisations refer to: families, areas, hosts with their owners, sectors, outside bodies, guidance, contacts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from juzhi.base import bulk
from juzhi.base.access import OPERATOR, SECRETARY
from juzhi.base.action import action
from juzhi.base.actors import Actor
from juzhi.base.codes import credit_code as read_credit_code
from juzhi.base.codes import credit_code_holds, parse_email, parse_telephone
from juzhi.base.errors import Forbidden, Refused
from juzhi.base.text import clean_text, listed, search_key
from juzhi.journal.actions import record
from juzhi.network.actions.rows import known_day
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
HUES = ("brand", "plum", "accent", "ok", "info")
SHORTER = {4: 2, 6: 4, 9: 6, 12: 9}  # digits of a code -> digits of its superior's


def _named(name: str, field: str, label: str, limit: int) -> str:
    """A name as it is registered. Refuses an empty one."""
    name = clean_text(name, field=field, label=label, limit=limit)
    if not name:
        raise Refused(_("请填写%(label)s") % {"label": label}, field=field)
    return name


@action
def register_family(*, by: Actor, name: str, full_name: str = "", glyph: str = "", hue: str = "brand") -> Family:
    """Enter a family of associations, or return the one of that name. Refuses whoever is not operator, an empty name, and a hue that is not in HUES."""
    if not by.holds_anywhere(OPERATOR):
        raise Forbidden(_("组织类别由运维登记"))
    name = _named(name, "family", "组织类别", 40)
    found = Family.objects.system("register").filter(name=name).first()
    if found:
        return found
    if hue not in HUES:
        raise Refused(_("没有这种颜色，可选：%(hues)s") % {"hues": listed(HUES)}, field="hue")
    family = Family.objects.create(name=name, full_name=clean_text(full_name, field="full_name", label=_("全称"), limit=80), glyph=glyph or name[:1], hue=hue)
    record(by=by, verb="network.register_family", thing=family, changes={"name": (None, name)})
    return family


@action
def load_areas(*, by: Actor, rows: Iterable[tuple[str, str]]) -> int:
    """Enter official divisions as (code, name), in any order; codes already known are left alone. Returns how many came.

    Refuses whoever is not operator, a code that is not of 2, 4, 6, 9 or 12 digits, an empty name, and one whose superior is not known.
    """
    if not by.holds_anywhere(OPERATOR):
        raise Forbidden(_("行政区划由运维载入"))
    known = dict(Area.objects.system("load").values_list("code", "pk"))
    by_length: dict[int, dict[str, str]] = {}
    for code, name in rows:
        if not (code.isascii() and code.isdigit() and len(code) in LEVEL_BY_LENGTH):
            raise Refused(_("区划代码 %(code)s 的位数不对") % {"code": code[:20]})
        if code not in known:
            by_length.setdefault(len(code), {})[code] = _named(name, "name", f"区划 {code} 的名称", 60)
    made: list[Area] = []
    for length in sorted(by_length):
        shorter = SHORTER.get(length)
        orphan = next((code for code in by_length[length] if shorter and code[:shorter] not in known), None)
        if orphan is not None:
            raise Refused(_("区划代码 %(orphan)s 的上级 %(above)s 还没有登记，请一并载入") % {"orphan": orphan, "above": orphan[:shorter]})
        made += bulk.insert(
            Area(code=code, name=name, level=LEVEL_BY_LENGTH[length], parent_id=known[code[:shorter]] if shorter else None)
            for code, name in by_length[length].items()
        )
        known |= {area.code: area.pk for area in made}
    if made:
        record(by=by, verb="network.load_areas", thing=made[0], changes={"code": (None, f"{made[0].code} – {made[-1].code}")})
    return len(made)


@action
def register_unit(*, by: Actor, name: str, credit_code: str = "") -> Unit:
    """Enter a legal body, or return the one with that credit code, or of that name. Refuses without right, an empty name, and a wrong credit code."""
    if not by.holds_anywhere(SECRETARY, OPERATOR):
        raise Forbidden()
    name = _named(name, "owner", "单位名称", 120)
    code = read_credit_code(credit_code)
    if code and not credit_code_holds(code):
        raise Refused(_("统一社会信用代码不对，应是 18 位，请核对"), field="credit_code")
    units = Unit.objects.system("register")
    found = units.filter(credit_code=code).first() if code else None
    found = found or units.filter(name_key=search_key(name), **({"credit_code": ""} if code else {})).order_by("pk").first()
    if found:
        return found
    unit = Unit.objects.create(name=name, name_key=search_key(name), credit_code=code)
    record(by=by, verb="network.register_unit", thing=unit, changes={"name": (None, name), "credit_code": (None, code)})
    return unit


@action
def register_host(*, by: Actor, name: str, host_type: str, area: Area | None = None, owner: Unit | None = None, owner_name: str = "", batch_key: str = "") -> Host:
    """Enter a host, or return the one with that name and type; what is not known of that one yet (area, owner) is filled in.

    `owner_name` = the owner by its name: registered where nobody knows it. Refuses without right, an empty name, and an owner other than the known one.
    """
    if not by.holds_anywhere(SECRETARY, OPERATOR):
        raise Forbidden()
    name = _named(name, "name", "依托单位", 120)
    owner = register_unit(by=by, name=owner_name) if owner is None and owner_name.strip() else owner
    host = Host.objects.system("register").select_related("owner").filter(name_key=search_key(name), host_type=host_type).first()
    if host is None:
        host = Host.objects.create(name=name, name_key=search_key(name), host_type=host_type, area=area, owner=owner)
        changes = {"name": (None, name), "area": (None, str(area) if area else None), "owner": (None, str(owner) if owner else None)}
        record(by=by, verb="network.register_host", thing=host, changes=changes, batch_key=batch_key)
        return host
    if owner is not None and host.owner is not None and host.owner != owner:
        raise Refused(_("「%(host)s」已经登记，权属单位是「%(owner)s」") % {"host": host.name, "owner": host.owner.name}, field="owner", code="conflict")
    new = {name: value for name, value in (("area", area), ("owner", owner)) if value is not None and getattr(host, name) is None}
    if new:
        host.claim(None)
        for name, value in new.items():
            setattr(host, name, value)
        host.save(update_fields=[*new, "version"])
        record(by=by, verb="network.register_host", thing=host, changes={name: (None, str(value)) for name, value in new.items()}, batch_key=batch_key)
    return host


@action
def register_sector(*, by: Actor, name: str, batch_key: str = "") -> Sector:
    """Enter a sector system, or return the one of that name. Refuses without right, and an empty name."""
    if not by.holds_anywhere(SECRETARY, OPERATOR):
        raise Forbidden()
    name = _named(name, "sector", "系统", 60)
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
    """Enter an outside body as a reference, or return the one of that name at that host. There is no roster behind it, and never will be.

    Refuses without right, an empty name, and a founding day to come.
    """
    if not by.holds_anywhere(SECRETARY, OPERATOR):
        raise Forbidden()
    name = _named(name, "name", "名称", 120)
    level = clean_text(level, field="level", label=_("级别"), limit=20)
    if founded_on is not None and founded_on > by.today:
        raise Refused(_("成立时间在将来，请核对"), field="founded_on")
    found = ExternalBody.objects.system("register").filter(name=name, **({"host": host} if host else {})).order_by("pk").first()
    if found:
        return found
    precision = precision or (Precision.DAY if founded_on else Precision.UNKNOWN)
    body = ExternalBody.objects.create(name=name, level=level, host=host, founded_on=founded_on, founded_precision=precision)
    changes = {"name": (None, name), "founded_on": (None, known_day(founded_on, precision))}
    record(by=by, verb="network.register_external_body", thing=body, changes=changes)
    return body


@action
def guide(*, by: Actor, organisation: Organisation, authority: ExternalBody, valid_from: date | None = None, note: str = "") -> GuidanceLink:
    """Note that an outside authority guides an organisation. Gives nobody any right. Refuses without right, and a second note of the same authority."""
    if not by.holds(SECRETARY, organisation.pk):
        raise Forbidden()
    note = clean_text(note, field="note", label=_("说明"), limit=120)
    if GuidanceLink.objects.system("twice").filter(organisation=organisation, authority=authority, valid_to__isnull=True).exists():
        raise Refused(_("这个指导单位已经登记过了"), field="authority", code="conflict")
    link = GuidanceLink.objects.create(organisation=organisation, authority=authority, valid_from=valid_from, note=note)
    record(by=by, verb="network.guide", thing=organisation, organisation_id=organisation.pk, changes={"authority": (None, authority.name)})
    return link


@action
def note_guidance(*, by: Actor, organisation: Organisation, authority: str, valid_from: date | None = None, note: str = "") -> GuidanceLink:
    """`guide` by the authority's name: registers the outside body where nobody knows it yet. Refuses what `guide` refuses, and an empty name."""
    name = _named(authority, "authority", "指导单位", 120)
    if not by.holds(SECRETARY, organisation.pk):
        raise Forbidden()
    known = ExternalBody.objects.system("register").filter(name=name).first()
    return guide(by=by, organisation=organisation, authority=known or register_external_body(by=by, name=name), valid_from=valid_from, note=note)


@action
def add_contact(
    *, by: Actor, organisation: Organisation, name: str, mobile: str, email: str = "", purpose: str = "日常联络", batch_key: str = ""
) -> OrganisationContact:
    """Enter whom to call about what. `mobile` = one number of any kind that `base.codes.read_telephones` knows, kept as it writes it.

    Refuses without right, neither name nor number nor mail, a number or mail address that is none, no purpose, and what is entered already.
    """
    if not by.holds(SECRETARY, organisation.pk):
        raise Forbidden()
    name = clean_text(name, field="name", label=_("联系人"), limit=60)
    mobile = clean_text(mobile, field="mobile", label=_("联系电话"), limit=60)
    email = clean_text(email, field="email", label=_("电子邮箱"), limit=254)
    if not (name or mobile or email):
        raise Refused(_("联系人、联系电话、电子邮箱至少填一项"), field="name")
    purpose = _named(purpose, "purpose", _("用途"), 60)
    told = {"name": name, "mobile": parse_telephone(mobile) if mobile else "", "email": parse_email(email) if email else "", "purpose": purpose}
    if OrganisationContact.objects.system("twice").filter(valid_to__isnull=True, organisation=organisation, **told).exists():
        raise Refused(_("这个联系人已经登记过了"), field="name", code="conflict")
    contact = OrganisationContact.objects.create(organisation=organisation, **told, valid_from=by.today)
    changes = {field: (None, told[field]) for field in ("name", "mobile", "email") if told[field]}
    record(by=by, verb="network.add_contact", thing=contact, organisation_id=organisation.pk, changes=changes, batch_key=batch_key)
    return contact
