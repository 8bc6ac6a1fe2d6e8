"""`access.send_mail`: a mail of the sign-in library waits in the outbox; the page does not wait for the mail server."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core import context
from django.core import mail
from django.test import RequestFactory
from django.utils import timezone

from juzhi.jobs.models import Outbox
from juzhi.jobs.tasks import deliver
from tests.cast import SYSTEM, Cast


def test_mail_goes_through_the_outbox(cast: Cast, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    request = RequestFactory().get("/")
    with context.request_context(request):
        get_adapter().send_mail("account/email/unknown_account", "anna@example.org", {"signup_url": "https://example.org/"})
    put = Outbox.objects.system("test").get()
    assert (put.kind, put.to, mail.outbox) == ("mail", ["anna@example.org"], [])
    assert put.payload["subject"] and put.payload["text"]
    assert deliver(by=replace(SYSTEM, at=timezone.now())) == 1
    assert [(sent.to, sent.subject) for sent in mail.outbox] == [(["anna@example.org"], put.payload["subject"])]
