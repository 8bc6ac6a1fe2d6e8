"""The page on which a person watches a job, and which may be left."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse

from juzhi.base.access import SIGNED_IN, access
from juzhi.jobs import queries
from juzhi.web import replies


@access(duty=SIGNED_IN, reads=("Progress",))
def progress(request: HttpRequest, progress: str) -> HttpResponse:
    found = queries.progress(request.by, progress)  # type: ignore[attr-defined]
    if found is None:
        raise Http404("no progress of this actor's own")
    return replies.page(request, "jobs/progress.html", {"progress": found}, fragment="jobs/_progress.html")
