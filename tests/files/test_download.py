"""Giving a file back: to its owner, as bytes that no browser runs, and to nobody else."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from juzhi.access.queries import AccountActor
from juzhi.files import actions, queries
from juzhi.files.models import Upload
from tests.cast import Cast, build

TOKEN = re.compile(rb"[A-Za-z0-9]{64}")  # against forged forms: another in every answer


@pytest.fixture
def cast(db: None) -> Cast:
    return build()


def stored(cast: Cast, owner: str) -> Upload:
    by = AccountActor(cast.accounts[owner], datetime.now(UTC))
    kept: Upload = actions.store(by=by, file=ContentFile(b"<script>", name="花名册.html"), kind="import", organisation_id=cast.east.pk)
    return kept


def get(cast: Cast, login: str | None, key: str, method: str = "get") -> tuple[int, bytes]:
    client = Client()
    if login:
        client.force_login(cast.accounts[login])
    answer = getattr(client, method)(reverse("files:download", args=[key]))
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return answer.status_code, body


def test_its_owner_gets_it_as_bytes(cast: Cast) -> None:
    kept = stored(cast, "east_clerk")
    client = Client()
    client.force_login(cast.accounts["east_clerk"])
    answer = client.get(reverse("files:download", args=[kept.key]))
    assert (answer.status_code, b"".join(answer.streaming_content)) == (200, b"<script>")
    assert {name: answer.headers[name] for name in ("Content-Type", "X-Content-Type-Options", "Content-Security-Policy", "Cache-Control", "Content-Disposition")} == {
        "Content-Type": "application/octet-stream",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
        "Cache-Control": "private, no-store",
        "Content-Disposition": "attachment; filename*=utf-8''%E8%8A%B1%E5%90%8D%E5%86%8C.html",
    }


def test_nobody_else_learns_that_it_is_there(cast: Cast) -> None:
    kept = stored(cast, "east_clerk")
    others = {login: get(cast, login, kept.key)[0] for login in ("city_clerk", "auditor", "operator", "anna", "plain")}
    assert set(others.values()) == {404}
    foreign, unknown = (TOKEN.sub(b"", get(cast, "city_clerk", key)[1]).replace(key.encode(), b"") for key in (kept.key, "unknown22222"))
    assert foreign == unknown
    assert get(cast, None, kept.key)[0] == get(cast, None, "unknown22222")[0] == 302
    assert get(cast, "disabled", kept.key)[0] == 302


def test_it_is_read_only(cast: Cast) -> None:
    kept = stored(cast, "east_clerk")
    assert get(cast, "east_clerk", kept.key, "post")[0] in (404, 405)
    assert queries.path_of(kept).exists()


def test_discarded_it_is_gone(cast: Cast) -> None:
    kept = stored(cast, "east_clerk")
    actions.discard(by=AccountActor(cast.accounts["east_clerk"], datetime.now(UTC)), upload=kept)
    assert get(cast, "east_clerk", kept.key)[0] == 404


def test_a_row_whose_file_is_missing_is_a_404(cast: Cast) -> None:
    kept = stored(cast, "east_clerk")
    queries.path_of(kept).unlink()
    assert get(cast, "east_clerk", kept.key)[0] == 404
