"""Write into the box of complaints, and answer."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, time

from django.conf import settings
from django.core.cache import cache
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from juzhi.access.models import Account
from juzhi.base.action import action
from juzhi.base.actors import ZONE, Actor
from juzhi.base.errors import Forbidden, Refused
from juzhi.base.facts import Forgotten, follow
from juzhi.base.text import clean_text
from juzhi.journal.actions import forget, record
from juzhi.journal.models import name_verbs
from juzhi.portal import rules
from juzhi.portal.models import Complaint

name_verbs({"portal.complain": lazy("写投诉或建议"), "portal.answer_complaint": lazy("答复投诉或建议")})
LONGEST = 2000
ERASED = "（已按要求抹去）"  # as it is kept, whatever language the page is in
A_DAY_LONG = 24 * 3600  # seconds


@action
def complain(*, by: Actor, text: str, page: str = "", reply_to: str = "", signed: bool = False, address: str = "") -> Complaint:
    """Put a complaint or suggestion into the box. Unsigned unless `signed`: then neither account nor hour is kept, only the day.

    `address` (of the network) counts one writer's words of a day and is forgotten with it. `page` is kept where it is a path of this site.
    Refuses empty text, more than 2000 characters, and the sixth of one writer on one day.
    """
    said = clean_text(text, field="text", label=_("内容"), limit=LONGEST, lines=True)
    if not said:
        raise Refused(_("请写几句：哪里不对，或希望怎么改"), field="text")
    reply = clean_text(reply_to, field="reply_to", label=_("怎么答复您"), limit=120)
    if not rules.may_complain(by, _counted(by, address)):
        raise Refused(_("今天已收到您的 %(count)s 条，都在处理。请明天再写。") % {"count": rules.A_DAY}, code="limit")
    writer = by if signed and by.key else _Unsigned(by)
    complaint = Complaint.objects.create(
        text=said,
        page=own_path(page),
        reply_to=reply,
        actor_key=writer.key,
        made_at=writer.at,
    )
    record(by=writer, verb="portal.complain", thing=complaint)
    return complaint


@action
def answer_complaint(*, by: Actor, complaint: Complaint, answer: str, version: int | None = None) -> Complaint:
    """Answer once; the writer of a signed one sees it on the same page. Refuses those to whom the box is not open (operators: what bears a name), an empty answer, and a second one."""
    if not rules.may_answer_complaint(by, complaint):
        raise Forbidden()
    said = clean_text(answer, field="answer", label=_("答复"), limit=LONGEST, lines=True)
    if not said:
        raise Refused(_("请写答复"), field="answer")
    if complaint.is_answered:
        raise Refused(_("这一条已经答复过了"), code="state")
    complaint.claim(version)
    complaint.answer, complaint.answered_at, complaint.answered_by = said, by.at, by.key
    complaint.save(update_fields=["answer", "answered_at", "answered_by", "version"])
    record(by=by, verb="portal.answer_complaint", thing=complaint, changes={"answer": ("", said)})
    return complaint


class _Unsigned:
    """The writer without a name: the beginning of the day is all that the box and the journal keep."""

    key = ""

    def __init__(self, by: Actor) -> None:
        self.at = datetime.combine(by.today, time(), tzinfo=ZONE)


def own_path(page: str) -> str:
    """`page` if it is a path of this site, else ""."""
    text = page.strip()
    is_path = text.startswith("/") and text.isprintable() and len(text) <= 300
    return text if is_path and url_has_allowed_host_and_scheme(text, allowed_hosts=None) else ""


def _counted(by: Actor, address: str) -> int:
    """How many came from this writer before, today. The count stands in the cache under a digest, for a day, and nowhere else."""
    who = by.key or address
    if not who:
        return 0
    digest = hmac.new(settings.SECRET_KEY.encode(), f"{by.today}:{who}".encode(), hashlib.sha256).hexdigest()
    cache.add(f"complaints:{digest}", 0, A_DAY_LONG)
    return cache.incr(f"complaints:{digest}") - 1


def forget_complaints(*, by: Actor, about: Forgotten) -> None:
    """Signed words of a person who is erased whole: they, their answers and the address for these go; that there was one stays."""
    if not about.is_whole:
        return
    keys = list(Account.objects.filter(person=about.person).values_list("key", flat=True))
    found = list(Complaint.objects.system("forget").filter(actor_key__in=keys))
    for one in found:
        one.text, one.reply_to, one.actor_key, one.version = ERASED, "", "", one.version + 1
        one.answer = ERASED if one.answer else ""
        one.save(update_fields=["text", "reply_to", "actor_key", "answer", "version"])
    forget(by=by, things=[("portal.complaint", one.key) for one in found])


follow("person_forgotten", forget_complaints)
