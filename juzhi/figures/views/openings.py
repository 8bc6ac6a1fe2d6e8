"""Pages of opening balances: enter one, see it beside what is counted, take it back."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from juzhi.base.access import SECRETARY, SIGNED_IN, access
from juzhi.figures import actions, queries, rules
from juzhi.figures.forms import OpeningForm, WithdrawForm
from juzhi.network import queries as network
from juzhi.web.replies import page, submit


@access(duty=SECRETARY, of="organisation", reads=("OpeningBalance",), writes=("OpeningBalance",))
def record_opening(request: HttpRequest, indicator: str, organisation: str) -> HttpResponse:
    """Enter what a document says of the time before the register."""
    by, declared = request.by, queries.indicator(indicator)  # type: ignore[attr-defined]
    found = network.organisation(by, organisation)
    if declared is None or found is None or not queries.is_own(declared):
        raise Http404
    form = OpeningForm(by, declared, request.POST or None, request.FILES or None)
    run = lambda: actions.record_opening(by=by, organisation=found, indicator=declared, **form.values())  # noqa: E731
    answer = submit(request, form, run, to=lambda made: reverse("figures:opening", args=[made.key]), done=_("已登记"))
    back = reverse("figures:figure", kwargs={"indicator": indicator, "organisation": organisation})
    return answer or page(request, "figures/record_opening.html", {"form": form, "organisation": found, "indicator": declared, "back": back})


@access(duty=SIGNED_IN, reads=("OpeningBalance",))
def opening(request: HttpRequest, opening: str) -> HttpResponse:
    """What the document says, and what the register counts for the same question."""
    by, found = request.by, opening_or_404(request, opening)  # type: ignore[attr-defined]
    figure = reverse("figures:figure", kwargs={"indicator": found.indicator, "organisation": found.organisation.key})
    context = {"opening": queries.beside_counted(by, found), "evidence": queries.evidence_of(by, found), "figure_href": figure}
    may = found.withdrawn_on is None and rules.may_record_opening(by, found.organisation)
    return page(request, "figures/opening.html", {**context, "may_withdraw": may})


@access(duty=SIGNED_IN, reads=("OpeningEvidence",))
def opening_evidence(request: HttpRequest, opening: str) -> HttpResponse:
    """The document, as a file to keep; a browser never runs it."""
    by, found = request.by, opening_or_404(request, opening)  # type: ignore[attr-defined]
    kept = queries.evidence_of(by, found)
    if kept is None:
        raise Http404
    headers = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox", "Cache-Control": "private, no-store"}
    answer = HttpResponse(bytes(kept.content), content_type=kept.kind, headers=headers)
    answer["Content-Disposition"] = content_disposition_header(True, kept.name) or "attachment"
    return answer


@access(duty=SECRETARY, reads=("OpeningBalance",), writes=("OpeningBalance",))
def withdraw_opening(request: HttpRequest, opening: str) -> HttpResponse:
    by, found = request.by, opening_or_404(request, opening)  # type: ignore[attr-defined]
    form, to = WithdrawForm(request.POST or None), reverse("figures:opening", args=[found.key])
    run = lambda: actions.withdraw_opening(by=by, opening=found, **form.cleaned_data)  # noqa: E731
    answer = submit(request, form, run, to=lambda _made: to, done=_("已撤回"))
    return answer or page(request, "figures/withdraw_opening.html", {"form": form, "opening": queries.shown(found), "back": to})


def opening_or_404(request: HttpRequest, key: str) -> Any:
    found = queries.opening(request.by, key)  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    return found
