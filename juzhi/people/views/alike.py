"""Pages of persons who may be the same: side by side, told apart, and that taken back."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from juzhi.base.access import MEMBER_CLERK, access
from juzhi.people import actions, queries
from juzhi.people.forms import ReconsiderForm, TellApartForm
from juzhi.people.models import Apart
from juzhi.web.lists import page_of
from juzhi.web.replies import page, submit

READS = ("Person", "Contact", "Employment", "Name", "Tie", "Apart")
GROUPS, PAIRS = 20, 50  # on one page


def apart_or_404(request: HttpRequest, key: str) -> Apart:
    found = queries.apart(request.by, key)  # type: ignore[attr-defined]
    if found is None:
        raise Http404("no such pair")
    return found


@access(duty=MEMBER_CLERK, reads=READS)
def duplicates(request: HttpRequest) -> HttpResponse:
    """Who may be the same, among those whom the reader sees as clerk: groups side by side, contacts masked."""
    by, problems = request.by, list[str]()  # type: ignore[attr-defined]
    shown = page_of(request.GET.get("page", ""), Paginator(queries.alike(by), GROUPS), problems)
    context = {"page": shown, "groups": queries.side_by_side(by, shown.object_list), "told": queries.pairs_apart(by).count(), "problem": _("；").join(problems)}
    return page(request, "people/duplicates.html", context, status=400 if problems else None)


@access(duty=MEMBER_CLERK, reads=READS)
def number_of_duplicates(request: HttpRequest) -> HttpResponse:
    """The way to that page with the number of groups: fetched by pages that do not wait for it."""
    return page(request, "people/_duplicates.html", {"number": queries.number_of_groups(request.by)})  # type: ignore[attr-defined]


@access(duty=MEMBER_CLERK, reads=READS, writes=("Apart",), methods=("POST",))
def tell_apart(request: HttpRequest) -> HttpResponse:
    """These persons are not the same. What cannot be kept is shown again: who stood side by side (`shown`), and who was ticked."""
    by = request.by  # type: ignore[attr-defined]
    sent = [*request.POST.getlist("shown"), *request.POST.getlist("persons")]
    seen = queries.persons_of(by, sent[: 2 * actions.PERSONS_AT_MOST])
    form = TellApartForm(request.POST, seen)
    answer = submit(request, form, lambda: actions.tell_apart(by=by, **form.values()), to=lambda _made: reverse("people:duplicates"), done=_("已记下：不是同一人，不再一起列出"))
    group = queries.Group(tuple(one.pk for one in seen), ())
    return answer or page(request, "people/tell_apart.html", {"form": form, "groups": queries.side_by_side(by, [group])})


@access(duty=MEMBER_CLERK, reads=READS, writes=("Apart",))
def reconsider(request: HttpRequest) -> HttpResponse:
    """Pairs that were told apart, each to be taken back."""
    by, problems = request.by, list[str]()  # type: ignore[attr-defined]
    form = ReconsiderForm(request.POST or None)
    answer = submit(request, form, lambda: actions.reconsider(by=by, apart=apart_or_404(request, form.cleaned_data["apart"])), to=lambda _made: reverse("people:reconsider"), done=_("已取消；仍然相像的，会再列为可能重复"))
    shown = page_of(request.GET.get("page", ""), Paginator(queries.pairs_apart(by), PAIRS), problems)
    return answer or page(request, "people/reconsider.html", {"form": form, "page": shown, "problem": _("；").join(problems)}, status=400 if problems else None)
