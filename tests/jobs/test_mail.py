"""Mail to a real SMTP server: what arrives, and what happens while the server refuses or is away."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from django.conf import LazySettings
from django.utils import timezone

from juzhi.base.actors import System
from juzhi.jobs import outbox, tasks
from juzhi.jobs.models import SENT, WAITING, Outbox
from tests.jobs.conftest import inside_an_action

AT = timezone.now()  # delivery itself looks at the clock: a fixed day would be past one day
pytestmark = pytest.mark.tampers  # messages are made due at a chosen moment


class Talk(socketserver.StreamRequestHandler):
    """As much SMTP as a client needs."""

    server: Sink

    def handle(self) -> None:
        self.say("220 sink")
        while line := self.rfile.readline():
            word = line[:4].upper()
            if word == b"EHLO":
                self.say("250-sink")
                self.say("250 8BITMIME")
            elif word == b"RCPT" and self.server.refuses:
                self.say("550 no such person here")
            elif word == b"DATA":
                self.say("354 go on")
                body = b""
                while (part := self.rfile.readline()) not in (b".\r\n", b""):
                    body += part[1:] if part.startswith(b"..") else part
                self.server.arrived.append(body)
                self.say("250 kept")
            elif word == b"QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 fine")

    def say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")


class Sink(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Talk)
        self.arrived: list[bytes] = []
        self.refuses = False


@pytest.fixture
def sink(settings: LazySettings) -> Iterator[Sink]:
    with Sink() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", server.server_address[1], 5
        yield server
        server.shutdown()
        thread.join()


def put() -> Outbox:
    found: Outbox = inside_an_action(lambda: outbox.put("mail", None, to=["anna@example.org"], payload={"subject": "入会通知", "text": "单飞燕，您好。\n.\n入会已办好。"}))
    Outbox.objects.system("test").update(due_at=AT)
    return found


def deliver(after: timedelta = timedelta()) -> int:
    return tasks.deliver(by=System("投递", AT + after))


def state() -> tuple[str, int, str]:
    found = Outbox.objects.system("test").get()
    return found.state, found.tries, found.last_error


def test_it_arrives_once_with_its_key_as_identity(db: None, sink: Sink) -> None:
    message = put()
    assert (deliver(), deliver(timedelta(hours=1))) == (1, 0)
    (arrived,) = [message_from_bytes(body, policy=policy.default) for body in sink.arrived]
    assert (arrived["Subject"], arrived["To"], arrived["From"]) == ("入会通知", "anna@example.org", "juzhi@example.org")
    assert (arrived["Message-ID"], arrived["Idempotency-Key"]) == (f"<{message.key}@example.org>", message.key)
    assert arrived.get_content().replace("\r\n", "\n").strip() == "单飞燕，您好。\n.\n入会已办好。"
    assert state() == (SENT, 1, "")


def test_refused_it_waits_and_leaves_when_the_server_takes_it(db: None, sink: Sink) -> None:
    put()
    sink.refuses = True
    assert deliver() == 0
    found = state()
    assert found[:2] == (WAITING, 1) and found[2].startswith("SMTPRecipientsRefused")
    sink.refuses = False
    assert (deliver(timedelta(seconds=1)), deliver(timedelta(days=1))) == (0, 1)
    assert state() == (SENT, 2, "") and len(sink.arrived) == 1


def test_while_no_server_is_there_it_waits(db: None, sink: Sink, settings: LazySettings) -> None:
    put()
    settings.EMAIL_PORT = 1
    assert deliver() == 0 and state()[2].startswith("ConnectionRefusedError")
    settings.EMAIL_PORT = sink.server_address[1]
    assert deliver(timedelta(days=1)) == 1
