"""A page that watches a job is sent to the whole page of the batch once the job is over."""

from __future__ import annotations

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from juzhi.imports import actions, tasks
from tests.cast import SYSTEM, Cast


@pytest.mark.django_db
def test_the_watching_page_is_sent_to_the_result(cast: Cast) -> None:
    file = ContentFile("姓名,手机\n陈一舟,19900088001\n".encode(), name="名单.csv")
    batch = actions.upload(by=SYSTEM, file=file, kind="roster", organisation_id=cast.east.pk)
    tasks.read_now(SYSTEM, batch)
    browser, address = Client(), reverse("imports:batch", args=[batch.key])
    browser.force_login(cast.accounts["east_clerk"])
    answer = browser.get(address, headers={"HX-Request": "true", "HX-Target": "div#import-progress"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (200, address)
    assert "HX-Redirect" not in browser.get(address, headers={"HX-Request": "true"}).headers
