"""Giving a private file back to its owner, and to nobody else."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest

from juzhi.base.access import SIGNED_IN, access
from juzhi.files import queries


@access(duty=SIGNED_IN, reads=("Upload",))
def download(request: HttpRequest, upload: str) -> FileResponse:
    found = queries.upload(request.by, upload)  # type: ignore[attr-defined]
    if found is None:
        raise Http404("no file of this actor's own")
    headers = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox", "Cache-Control": "private, no-store"}
    kept = queries.path_of(found).open("rb")
    return FileResponse(kept, as_attachment=True, filename=found.name, content_type="application/octet-stream", headers=headers)
