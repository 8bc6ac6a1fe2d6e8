"""Record what a document says of the time before the register, and withdraw it where it was entered wrongly."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from juzhi.base.action import action
from juzhi.base.actors import Actor
from juzhi.base.errors import Forbidden, Refused
from juzhi.base.hedges import Hedge, worded
from juzhi.base.indicators import Indicator
from juzhi.base.periods import PartialDate, Period
from juzhi.base.text import clean_text
from juzhi.figures import queries, rules
from juzhi.figures.models import OpeningBalance, OpeningEvidence
from juzhi.journal.actions import record
from juzhi.network.models import Organisation

EVIDENCE_AT_MOST = 2 * 1024 * 1024  # bytes: it is kept as long as the number
MOST = 2_000_000_000
BEGINNINGS = {b"%PDF-": "application/pdf", b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}


@dataclass(frozen=True)
class Evidence:
    """The document itself: its name as the person called it, and its bytes."""

    name: str
    content: bytes

    def kind(self) -> str:
        """The media type by what the file begins with, whatever it is called. Raises Refused for any other, an empty one, and one above 2 MB."""
        if len(self.content) > EVIDENCE_AT_MOST:
            raise Refused(_("证明文件超过 2 MB，请压缩或只留有关的几页"), field="evidence")
        found = next((kind for beginning, kind in BEGINNINGS.items() if self.content.startswith(beginning)), "")
        if not found:
            raise Refused(_("证明文件只收 PDF、JPG、PNG"), field="evidence")
        return found


@action
def record_opening(
    *,
    by: Actor,
    organisation: Organisation,
    indicator: Indicator,
    value: Decimal,
    source: str,
    as_of: PartialDate | None = None,
    period: Period | None = None,
    hedge: str = Hedge.EXACT,
    evidence: Evidence | None = None,
) -> OpeningBalance:
    """Keep what a document says the indicator was at the organisation and beneath: as of a day that may be known to the month or year alone, or over a period.

    Never added to what is counted (decision 26). Refuses without right, an indicator that is made of others, no day or one to come, no source, what is no whole number from 0 up,
    and a second entry for the same day or period while the first stands.
    """
    if not rules.may_record_opening(by, organisation):
        raise Forbidden()
    type(organisation).objects.system("one opening balance at a time").select_for_update().get(pk=organisation.pk)
    since, on, precision = _when(by, indicator, as_of, period)
    if value != int(value) or not 0 <= value <= MOST:
        raise Refused(_("数目请写不小于零的整数"), field="value")
    said = clean_text(source, field="source", label=_("来源"), limit=200)
    if not said:
        raise Refused(_("请写明来源：哪份材料说的"), field="source")
    same = OpeningBalance.objects.system("the same again").filter(organisation=organisation, indicator=indicator.id, since=since, as_of=on, precision=precision, withdrawn_on=None)
    if same.exists():
        raise Refused(_("这一天或这段时间的期初数已经登记过；登记错了请先撤回"), field="from" if since else "as_of", code="state")
    kind = evidence.kind() if evidence else ""
    made = OpeningBalance.objects.create(
        indicator=indicator.id,
        organisation=organisation,
        since=since,
        as_of=on,
        precision=precision,
        value=int(value),
        hedge=Hedge(hedge).value,
        source=said,
        recorded_at=by.at,
        recorded_by=by.key[:60],
    )
    if evidence:
        digest = hashlib.sha256(evidence.content).hexdigest()
        OpeningEvidence.objects.create(opening=made, name=clean_text(evidence.name, field="evidence", label=_("文件名"), limit=200), kind=kind, sha256=digest, content=evidence.content)
    told = {"indicator": (None, indicator.id), "value": (None, worded(str(made.value), made.hedge)), "as_of": (None, made.when), "source": (None, said)}
    record(by=by, verb="figures.record_opening", thing=made, organisation_id=organisation.pk, changes=told)
    return made


def _when(by: Actor, indicator: Indicator, as_of: PartialDate | None, period: Period | None) -> tuple[date | None, date, str]:
    """First day of a period or None, the day, and how precisely it is known."""
    if not queries.is_own(indicator):
        raise Refused(_("「%(label)s」由别的数算出，不登记期初数") % {"label": indicator.label}, field="value")
    if indicator.is_flow:
        if period is None:
            raise Refused(_("请写明是哪段时间"), field="from")
        if period.until > by.today:
            raise Refused(_("这段时间还没有过完"), field="to")
        return period.since, period.until, "day"
    if as_of is None or as_of.on is None:
        raise Refused(_("请写明是哪一天的数，只知道年月时写年月"), field="as_of")
    if as_of.on > by.today:
        raise Refused(_("截至的日子还没有到"), field="as_of")
    return None, as_of.on, as_of.precision


@action
def withdraw_opening(*, by: Actor, opening: OpeningBalance, reason: str) -> OpeningBalance:
    """Take back what was entered wrongly: the row stays, with the reason, and is shown as withdrawn. Refuses without right, without a reason, and twice."""
    held = OpeningBalance.objects.system("lock to withdraw").select_for_update(of=("self",)).select_related("organisation").get(pk=opening.pk)
    if not rules.may_record_opening(by, held.organisation):
        raise Forbidden()
    if held.withdrawn_on is not None:
        raise Refused(_("已经撤回了"), code="state")
    why = clean_text(reason, field="reason", label=_("理由"), limit=300)
    if not why:
        raise Refused(_("请写明撤回的理由"), field="reason")
    held.withdrawn_on, held.why = by.today, why
    held.save(update_fields=["withdrawn_on", "why"])
    record(by=by, verb="figures.withdraw_opening", thing=held, organisation_id=held.organisation_id, reason=why)
    return held
