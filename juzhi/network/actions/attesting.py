"""That a register is whole: which rows are all there are, since when, by which source."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from juzhi.base.action import action
from juzhi.base.actors import Actor
from juzhi.base.errors import Forbidden, Refused
from juzhi.base.text import clean_text
from juzhi.journal.actions import record
from juzhi.network import rules
from juzhi.network.models import Area, AreaLevel, HostType, Register

DEPTHS = [level.value for level in AreaLevel]  # from the top


@action
def attest(*, by: Actor, area: Area, entries: int, source: str, valid_from: date, level: str = "", host_type: str = "") -> Register:
    """Say that the divisions of `level`, or the hosts of `host_type`, registered beneath `area` are all there are: `entries` of them, by `source`, from a day on.

    What was said before ends on that day; the same said again changes nothing. Refuses whoever is not operator, both or neither of level and type, a level that is not beneath the area,
    no source, no number, a day to come, and one on or before the start of what holds now.
    """
    if not rules.may_attest(by):
        raise Forbidden(_("名册是否齐全由运维认定"))
    _check_kind(area, level, host_type)
    source = clean_text(source, field="source", label=_("来源"), limit=120)
    if not source:
        raise Refused(_("请写明来源，例如哪个部门哪一天公布的"), field="source")
    if not 0 < entries < 1_000_000:
        raise Refused(_("请写明来源里一共有多少条"), field="entries")
    if valid_from > by.today:
        raise Refused(_("起始日在将来，请写来源公布的日期"), field="valid_from")
    Area.objects.system("one at a time").select_for_update().get(pk=area.pk)
    last = Register.objects.system("attest").filter(area=area, level=level, host_type=host_type).order_by("-valid_from").first()
    if last is not None and (last.valid_from, last.entries, last.source) == (valid_from, entries, source):
        return last
    if last is not None and last.valid_from >= valid_from:
        raise Refused(_("%(day)s 起已经认定过，新的认定要晚于这一天") % {"day": last.valid_from.isoformat()}, field="valid_from", code="conflict")
    if last is not None and last.valid_to is None:
        last.valid_to = valid_from
        last.save(update_fields=["valid_to"])
    made = Register.objects.create(area=area, level=level, host_type=host_type, entries=entries, source=source, valid_from=valid_from)
    changes = {"area": area.name, "level": level, "host_type": host_type, "entries": entries, "source": source, "valid_from": valid_from.isoformat()}
    record(by=by, verb="network.attest", thing=made, changes={name: (None, value) for name, value in changes.items() if value})
    return made


def _check_kind(area: Area, level: str, host_type: str) -> None:
    """Either a level beneath the area or a type of hosts."""
    if bool(level) == bool(host_type) or level not in ("", *DEPTHS) or host_type not in ("", *HostType.values):
        raise Refused(_("请写明是哪一级区划，或哪一类依托单位，只写一种"), field="level")
    if level and DEPTHS.index(level) <= DEPTHS.index(area.level):
        raise Refused(_("「%(area)s」之下没有%(level)s这一级") % {"area": area.name, "level": AreaLevel(level).label}, field="level")
