"""Pages of the journal: entries of an organisation, entries about a thing."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse

from juzhi.base.access import AUDITOR, PROTECTION_CONTACT, SECRETARY, access
from juzhi.journal import queries
from juzhi.web import replies


@access(duty=(AUDITOR, SECRETARY, PROTECTION_CONTACT), of="organisation", reads=("Entry",))
def organisation_entries(request: HttpRequest, organisation: str) -> HttpResponse:
    """What was done at an organisation; to its protection contact only what concerns the protection of persons."""
    by = request.by  # type: ignore[attr-defined]
    page = queries.page(by, queries.entries_of_organisation(by, organisation), request.GET.get("page"))
    context = {"page": page, "organisation": queries.organisation(by, organisation), "things": queries.reads_things(by)}
    return replies.page(request, "journal/entries.html", context, fragment="journal/_entries.html")


@access(duty=(AUDITOR, SECRETARY), reads=("Entry",))
def thing_entries(request: HttpRequest, kind: str, thing: str) -> HttpResponse:
    by = request.by  # type: ignore[attr-defined]
    page = queries.page(by, queries.entries_of_thing(by, kind, thing), request.GET.get("page"), (kind, thing))
    if not page.paginator.count:
        raise Http404("no entry that this actor may see")
    context = {"page": page, "about": queries.kind_label(kind), "name": queries.name_of(by, kind, thing), "things": False, "places": True}
    return replies.page(request, "journal/entries.html", context, fragment="journal/_entries.html")
