"""Pages of an import: choose a file, look at the plan, settle, write, take back."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

from juzhi.base.access import access
from juzhi.base.importers import IMPORTERS
from juzhi.imports import actions, queries, tasks
from juzhi.imports.forms import ChooseForm, CommitForm, RemapForm, SettleForm, UndoForm, UploadForm
from juzhi.imports.models import Batch
from juzhi.web.exports import respond
from juzhi.web.replies import Column, Listing, listing, page, see, submit, version_of

STAFF = tuple(dict.fromkeys(one.duty for one in IMPORTERS.values()))  # kinds are declared before any view is
COLUMNS = (
    Column("filename", lazy("文件"), lambda entry: entry.batch.filename),
    Column("kind", lazy("种类"), lambda entry: entry.kind),
    Column("place", pgettext_lazy("一个", "组织"), lambda entry: entry.place),
    Column("made_at", lazy("上传时间"), lambda entry: entry.batch.made_at),
    Column("state", lazy("状态"), lambda entry: entry.state),
)


def _batch(request: HttpRequest, key: str) -> Batch:
    found = queries.batch(request.by, key)  # type: ignore[attr-defined]
    if found is None:
        raise Http404("no batch that this actor may see")
    return found


def _screen(request: HttpRequest, batch: Batch, form: Any = None) -> HttpResponse:
    """The page of a batch; `form` = one that was refused."""
    screen = queries.screen(request.by, batch, request.GET.get("tab", ""), request.GET.get("page", ""))  # type: ignore[attr-defined]
    if not screen.is_waiting and "import-progress" in request.headers.get("HX-Target", ""):
        return see(request, _address(batch))  # the job that the page watched is over: tabs, verbs and pill are new too
    fragment = "imports/_waiting.html" if screen.is_waiting else "imports/_rows.html"
    return page(request, "imports/batch.html", {"screen": screen, "batch": batch, "form": form, "confirm": CommitForm()}, fragment=fragment)


def _address(batch: Batch) -> str:
    return reverse("imports:batch", args=[batch.key])


@access(duty=STAFF, reads=("Batch",))
def batches(request: HttpRequest) -> HttpResponse:
    """What was brought in, and the organisations into which one may bring more."""
    by = request.by  # type: ignore[attr-defined]
    shown = listing(request, queries.entries(by), columns=COLUMNS, filename=_("导入记录"))
    return page(request, "imports/batches.html", {"listing": shown, "places": queries.places(by, request.GET.get("place", ""))}) if isinstance(shown, Listing) else shown


@access(duty=STAFF, of="organisation", reads=("Batch",), writes=("Batch",))
def upload(request: HttpRequest, organisation: str) -> HttpResponse:
    by = request.by  # type: ignore[attr-defined]
    place = by.organisation_id(organisation)
    form = UploadForm(request.POST or None, request.FILES or None, kinds=queries.kinds(by, place))

    def run() -> Batch:
        return actions.upload(by=by, file=form.table(), kind=form.cleaned_data["kind"], organisation_id=place, answers=form.answers(), task=tasks.read)

    return submit(request, form, run, to=_address) or page(request, "imports/upload.html", {"form": form, "place": by.places(place)[place]})


@access(duty=STAFF, reads=("Batch", "BatchRow", "Person"))
def batch(request: HttpRequest, batch: str) -> HttpResponse:
    """Where it stands: being read, refused, planned, written."""
    return _screen(request, _batch(request, batch))


@access(duty=STAFF, reads=("Batch",), writes=("Batch", "Mapping"))
def remap(request: HttpRequest, batch: str) -> HttpResponse:
    by, found = request.by, _batch(request, batch)  # type: ignore[attr-defined]
    ways = queries.ways_of_columns(by, found)
    doubtful = {way["heading"] for way in ways if way["is_doubtful"]}
    form = RemapForm(request.POST or None, kind=found.kind, columns=queries.columns(found), samples=queries.samples(by, found), doubtful=doubtful)
    answer = submit(request, form, lambda: actions.remap(by=by, batch=found, choices=form.choices(), task=tasks.read), to=_address)
    return answer or page(request, "imports/remap.html", {"form": form, "batch": found, "left_out": found.headings.get("not_imported", [])})


@access(duty=STAFF, writes=("Batch", "BatchRow"), methods=("POST",))
def settle(request: HttpRequest, batch: str) -> HttpResponse:
    """One suspect, or all at once where no row is named."""
    by, found = request.by, _batch(request, batch)  # type: ignore[attr-defined]
    form = SettleForm(request.POST)

    def run() -> int:
        decisions = form.decisions()
        return actions.settle(by=by, batch=found, decisions=decisions, everything="" if decisions else form.cleaned_data["decision"], dates=form.dates())

    answer = submit(request, form, run, to=lambda _count: f"{_address(found)}?tab=suspect&page={form.cleaned_data['page'] or 1}")
    return answer or _screen(request, found, form)


@access(duty=STAFF, writes=("Batch", "BatchRow"), methods=("POST",))
def choose(request: HttpRequest, batch: str) -> HttpResponse:
    """Which date cells mean that may mean two: the rows of a page, or all of one sort."""
    by, found = request.by, _batch(request, batch)  # type: ignore[attr-defined]
    form = ChooseForm(request.POST)

    def run() -> int:
        return actions.choose(by=by, batch=found, dates=form.dates(), everything=form.for_all())

    def address(_count: int) -> str:
        return f"{_address(found)}?{urlencode({'tab': form.cleaned_data['tab'], 'page': form.cleaned_data['page'] or 1})}"

    def done(count: int) -> str:
        return _("%(n)s 行的日期改好了，已重新比对") % {"n": count} if count else _("没有改动")

    return submit(request, form, run, to=address, done=done) or _screen(request, found, form)


@access(duty=STAFF, writes=("Batch", "Person", "Membership", "Organisation"), methods=("POST",))
def commit(request: HttpRequest, batch: str) -> HttpResponse:
    by, found = request.by, _batch(request, batch)  # type: ignore[attr-defined]
    form = CommitForm(request.POST)
    answer = submit(request, form, lambda: actions.start_commit(by=by, batch=found, version=version_of(request), task=tasks.write), to=_address)
    return answer or _screen(request, found, form)


@access(duty=STAFF, writes=("Batch",), methods=("POST",))
def discard(request: HttpRequest, batch: str) -> HttpResponse:
    by, found = request.by, _batch(request, batch)  # type: ignore[attr-defined]
    form = CommitForm(request.POST)
    done = _("已放弃，文件和读出的内容都删除了")
    answer = submit(request, form, lambda: actions.discard(by=by, batch=found), to=lambda _batch: reverse("imports:batches"), done=done)
    return answer or _screen(request, found, form)


@access(duty=STAFF, reads=("Batch",), writes=("Batch",))
def undo(request: HttpRequest, batch: str) -> HttpResponse:
    by, found = request.by, _batch(request, batch)  # type: ignore[attr-defined]
    form = UndoForm(request.POST or None)
    answer = submit(request, form, lambda: actions.undo(by=by, batch=found, reason=form.cleaned_data["reason"]), to=_address, done=_("已撤销"))
    return answer or page(request, "imports/undo.html", {"form": form, "batch": found})


@access(duty=STAFF, reads=("Batch", "BatchRow"))
def problems(request: HttpRequest, batch: str) -> HttpResponse:
    """Rows that did not come in, as a file with a column that says why: mend it and bring it again."""
    found = _batch(request, batch)
    kind = "csv" if request.GET.get("format") == "csv" else "xlsx"
    heads, rows = queries.problem_table(request.by, found)  # type: ignore[attr-defined]
    return respond(kind, _("%(name)s 未导入的行") % {"name": found.filename.rpartition(".")[0]}, heads, rows, [True] * len(heads))
