"""Style sheets are joined when they are collected, and pages go compressed."""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client, RequestFactory

from juzhi.web import assets
from juzhi.web.middleware import CompressionMiddleware


def sources() -> dict[str, tuple[Any, str]]:
    return {path: (storage, path) for finder in get_finders() for path, storage in finder.list([])}


def test_one_file_says_what_the_many_said() -> None:
    found = sources()
    text = assets.joined(found)
    named = re.findall(assets.IMPORT, assets.read(found, assets.ENTRY))
    assert len(named) > 40 and "@import" not in text
    for path, layer in named:
        own = assets.URL.sub("", assets.read(found, f"web/css/{path}"))
        assert f"@layer {layer} {{\n" in text and own.splitlines()[-1] in text
    assert text.index("@layer reset, tokens") < text.index("@layer reset {")  # the order of power is told first


def test_a_file_that_is_not_there_is_no_silence() -> None:
    found = sources()
    del found["web/css/components/table.css"]
    with pytest.raises(KeyError):
        assets.joined(found)


def test_collected_addresses_lead_to_files(settings: Any, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "juzhi.web.assets.JoinedStaticFilesStorage"}}
    call_command("collectstatic", verbosity=0, interactive=False)
    (sheet,) = (one for one in (tmp_path / "web/css").glob("juzhi.*.css"))
    urls = [url for url in re.findall(r'url\("([^"]+)"\)', sheet.read_text()) if not url.startswith("data:")]
    assert urls and all((sheet.parent / url).is_file() for url in urls)


@pytest.mark.django_db
def test_pages_go_compressed_and_files_do_not() -> None:
    page = Client(headers={"accept-encoding": "gzip"}).get("/account/login/")
    assert page["Content-Encoding"] == "gzip" and "<html" in gzip.decompress(page.content).decode()
    assert "Content-Encoding" not in Client().get("/account/login/")
    request = RequestFactory(headers={"accept-encoding": "gzip"}).get("/")
    for kind, is_packed in (("text/csv; charset=utf-8", True), ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", False)):
        answer = CompressionMiddleware(lambda _request, kind=kind: HttpResponse(b"x" * 4000, content_type=kind))(request)  # type: ignore[misc]
        assert answer.has_header("Content-Encoding") == is_packed
