"""The slogan that counts an area's landmarks, and the landmarks by name."""

from __future__ import annotations

import re
from datetime import date

from django.utils.translation import gettext as _

from juzhi.base.action import action
from juzhi.base.actors import Actor
from juzhi.base.errors import Forbidden, Refused
from juzhi.base.text import clean_text, search_key
from juzhi.journal.actions import record
from juzhi.network import rules
from juzhi.network.actions.profiling import Source, sourced, written_text
from juzhi.network.actions.rows import need_reason
from juzhi.network.models import Area, Landmark, LandmarkGroup, Slogan
from juzhi.network.queries import groups_of

MOST_GROUPS, MOST_LANDMARKS = 20, 99


@action
def record_slogan(*, by: Actor, area: Area, text: str, source: Source, valid_from: date, groups: str = "") -> Slogan:
    """Keep the saying that counts the area's landmarks. What each part counts is read from the words themselves, or from `groups` (馆 1、楼 1) where they cannot be.

    The former saying ends on that day. Refuses without right, no text, no source, a day to come, one on or before the start of the present saying, and words in which nothing is counted.
    """
    if not rules.may_record_slogan(by, area):
        raise Forbidden(_("这里的口号由这一区划的本级组织或上级组织的「组织管理」登记"))
    text, fields = written_text(text, "text", _("口号"), 60), sourced(by, source)
    if valid_from > by.today:
        raise Refused(_("起始日在将来，请核对"), field="valid_from")
    found = _groups(groups) if groups.strip() else groups_of(text)
    if not found:
        raise Refused(_("口号里没有读出个数，请在「各项个数」里写，例如：馆 1、楼 1、枢纽 4"), field="groups")
    Area.objects.system("one at a time").select_for_update().get(pk=area.pk)
    last = Slogan.objects.system("record").filter(area=area).order_by("-valid_from").first()
    if last is not None and last.valid_from >= valid_from:
        raise Refused(_("%(day)s 起已经有口号，新的要晚于这一天") % {"day": last.valid_from.isoformat()}, field="valid_from", code="conflict")
    if last is not None and last.valid_to is None:
        last.valid_to = valid_from
        last.save(update_fields=["valid_to"])
    made = Slogan.objects.create(area=area, text=text, valid_from=valid_from, **fields)
    for number, (word, expected) in enumerate(found, 1):
        LandmarkGroup.objects.create(slogan=made, number=number, word=word, expected=expected)
    changes = {"text": (None, text), "area": (None, area.name), "source": (None, made.source), "valid_from": (None, valid_from)}
    record(by=by, verb="network.record_slogan", thing=made, changes=changes)
    return made


def _groups(text: str) -> list[tuple[str, int]]:
    """The parts as they are typed: 馆 1、楼 1、枢纽 4."""
    text = clean_text(text, field="groups", label=_("各项个数"), limit=300)
    found = []
    for one in re.split(r"[、，,；;]", text):
        match = re.fullmatch(r"\s*(\D{1,20}?)\s*([0-9]{1,2})\s*个?\s*", one, re.ASCII)
        if not match or not int(match[2]):
            raise Refused(_("看不懂「%(part)s」，请写成：馆 1、楼 1、枢纽 4") % {"part": one.strip()[:20]}, field="groups")
        found.append((match[1], int(match[2])))
    if len(found) > MOST_GROUPS:
        raise Refused(_("最多 %(most)s 项，请合并后再填") % {"most": MOST_GROUPS}, field="groups")
    return found


@action
def name_landmark(*, by: Actor, group: LandmarkGroup, name: str) -> Landmark:
    """Name one landmark that a part of the slogan counts. More than the slogan says may be named: the page shows both numbers.

    Refuses without right, an empty name, and one that is named in this slogan already.
    """
    if not rules.may_name_landmark(by, group.slogan.area):
        raise Forbidden(_("这里的地标由这一区划的本级组织或上级组织的「组织管理」登记"))
    name = written_text(name, "name", _("名称"), 60)
    Slogan.objects.system("one at a time").select_for_update().get(pk=group.slogan.pk)
    there = Landmark.objects.system("twice").filter(group__slogan=group.slogan, dropped_on__isnull=True)
    if search_key(name) in {search_key(one) for one in there.values_list("name", flat=True)}:
        raise Refused(_("「%(name)s」已经登记过了") % {"name": name}, field="name", code="conflict")
    if there.count() >= MOST_LANDMARKS:
        raise Refused(_("一句口号最多登记 %(most)s 个地标") % {"most": MOST_LANDMARKS}, field="name", code="limit")
    made = Landmark.objects.create(group=group, name=name)
    record(by=by, verb="network.name_landmark", thing=made, changes={"name": (None, name), "group": (None, group.word)})
    return made


@action
def drop_landmark(*, by: Actor, landmark: Landmark, reason: str) -> Landmark:
    """Take a landmark that was named wrongly off the list; the record stays. Refuses without right or reason, and one that is off already."""
    if not rules.may_drop_landmark(by, landmark.group.slogan.area):
        raise Forbidden(_("这里的地标由这一区划的本级组织或上级组织的「组织管理」撤下"))
    reason = need_reason(reason)
    found = Landmark.objects.system("drop").select_for_update().get(pk=landmark.pk)
    if found.dropped_on is not None:
        raise Refused(_("这个地标已经撤下了"), code="state")
    found.dropped_on, found.why = by.today, reason
    found.save(update_fields=["dropped_on", "why"])
    record(by=by, verb="network.drop_landmark", thing=found, changes={"dropped_on": (None, by.today)}, reason=reason)
    return found
