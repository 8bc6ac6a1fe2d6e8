"""Pages made of several capabilities: the public face, the workbench, search, what is recorded about oneself, the box of complaints."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from juzhi.base.access import ANYONE, SIGNED_IN, access
from juzhi.portal import actions, queries
from juzhi.portal.forms import AnswerForm, ComplaintForm, SearchForm
from juzhi.portal.models import READERS
from juzhi.web import exports
from juzhi.web.replies import Column, Listing, listing, page, submit, version_of

COMPLAINTS = (
    Column("made_at", lazy("写于"), lambda one: one.made_at, sort="made_at"),
    Column("text", lazy("内容"), lambda one: one.text, classed="personal"),
    Column("page", lazy("所说的页面"), lambda one: one.page, sort="page"),
    Column("reply_to", lazy("答复给"), lambda one: one.reply_to, classed="personal"),
    Column("answered_at", lazy("答复于"), lambda one: one.answered_at, sort="answered_at"),
    Column("answer", lazy("答复"), lambda one: one.answer, classed="personal"),
)


@access(duty=ANYONE, reads=("Organisation",))
def home(request: HttpRequest) -> HttpResponse:
    """The public face of the federation: organisations as of today; never a count of persons."""
    return page(request, "portal/home.html", {"front": queries.front(request.by)})  # type: ignore[attr-defined]


@access(duty=SIGNED_IN, reads=("Organisation", "Batch", "Grant", "Membership", "Complaint"))
def workbench(request: HttpRequest) -> HttpResponse:
    """What awaits the reader, this month, and the doors to their organisations; a member's own memberships."""
    by = request.by  # type: ignore[attr-defined]
    if queries.is_staff(by):
        return page(request, "portal/workbench.html", {"desk": queries.desk(by)})
    return page(request, "portal/own.html", {"own": queries.own(by)})


@access(duty=ANYONE, reads=("Organisation", "Person"))
def search(request: HttpRequest) -> HttpResponse:
    """Organisations by their names, and persons for those who may see them."""
    form = SearchForm(request.GET)
    words = form.cleaned_data["q"].strip() if form.is_valid() else ""
    context = {"words": words, "found": queries.found(request.by, words), "problem": _("；").join(str(text) for text in form.errors.get("q", []))}  # type: ignore[attr-defined]
    return page(request, "portal/search.html", context, fragment="portal/_found.html", status=400 if context["problem"] else None)


@access(duty=SIGNED_IN, reads=("Person", "Membership", "Grant", "Account", "Disclosure"))
def mine(request: HttpRequest) -> HttpResponse:
    """What is recorded about the reader, why, how long, who looked; all of it as a file on request."""
    about = queries.about_me(request.by)  # type: ignore[attr-defined]
    wanted = request.GET.get("format", "")
    if wanted == "json":
        return exports.respond_json(_("关于我的记录"), queries.as_tree(about))
    if wanted == "xlsx":
        return exports.respond("xlsx", _("关于我的记录"), *queries.as_table(about))
    return page(request, "portal/mine.html", {"about": about, "problem": _("不能导出成这种文件，可选 json 或 xlsx") if wanted else ""}, status=400 if wanted else None)


@access(duty=ANYONE, reads=("Complaint",), writes=("Complaint",))
def complaints(request: HttpRequest) -> HttpResponse:
    """The box: write a complaint or suggestion, signed or not; one's own signed ones with their answers."""
    by = request.by  # type: ignore[attr-defined]
    of = actions.own_path(request.GET.get("page", ""))
    # Who asks that their own record be corrected or erased has to say who they are; the box stays theirs to untick.
    form = ComplaintForm(request.POST or None, signed_in=bool(by.key), initial={"page": of, "signed": of == reverse("portal:mine")})

    def run() -> object:
        return actions.complain(by=by, address=address_of(request), **form.cleaned_data)

    answer = submit(request, form, run, to=lambda _made: reverse("portal:complaints"), done=_("收到了，谢谢。我们会看，也会改。"))
    return answer or page(request, "portal/complaints.html", {"form": form, "own": queries.own_complaints(by), "is_reader": by.holds_anywhere(*READERS)})


@access(duty=READERS, reads=("Complaint",))
def complaint_list(request: HttpRequest) -> HttpResponse:
    """Everything in the box, what waits first."""
    shown = listing(request, queries.complaints(request.by), columns=COMPLAINTS, filename=_("投诉与建议"))  # type: ignore[attr-defined]
    return page(request, "portal/complaint_list.html", {"listing": shown}) if isinstance(shown, Listing) else shown


@access(duty=READERS, reads=("Complaint",), writes=("Complaint",))
def answer_complaint(request: HttpRequest, complaint: str) -> HttpResponse:
    by = request.by  # type: ignore[attr-defined]
    found = queries.complaint(by, complaint)
    if found is None:
        raise Http404("no such complaint")
    form: Any = AnswerForm(request.POST or None)
    form.version = found.version

    def run() -> object:
        return actions.answer_complaint(by=by, complaint=found, answer=form.cleaned_data["answer"], version=version_of(request))

    answer = submit(request, form, run, to=lambda _made: reverse("portal:complaint_list"), done=_("已答复"))
    return answer or page(request, "portal/answer_complaint.html", {"form": form, "complaint": found})


def address_of(request: HttpRequest) -> str:
    """Where the request comes from: the last proxy's word where the house stands behind one."""
    told = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip() if settings.SECURE_PROXY_SSL_HEADER else ""
    return told or request.META.get("REMOTE_ADDR", "")
