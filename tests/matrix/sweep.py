"""Asks every address as one role, and judges every answer by the oracles."""

from __future__ import annotations

import hashlib
import io
import itertools
import logging
import re
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any
from unittest import mock
from urllib.parse import quote

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection, transaction
from django.http import HttpResponseBase
from django.test.client import ClientHandler, RequestFactory

from juzhi.access import actions as access
from tests.matrix import model
from tests.matrix.addresses import Address, Case, cases, names_of, values
from tests.matrix.model import Role
from tests.matrix.world import MARKED, NOW, SYSTEM, TODAY, World

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
FORMATS = ("xlsx", "csv", "json")
VARIANTS = (*(f"?format={one}" for one in FORMATS), "?page=2&sort=-name&as_of=2019-01-31&tab=refuse&into=q&q=canary")
ASKED_OTHERWISE = ("anonymous", "member", "two-duties", "staff-own", "every-duty-branch", "everything")  # how a page is asked for does not depend on where a duty is held
SECRET = "m" * 32
OPEN_TABLES = {"django_session", "cache"}  # written by any request
DISCLOSING = {"people_disclosure", "journal_entry", "journal_entryline", "journal_entryvalue"}  # written by a GET that shows contacts
TRACED = {"access:grant": {"journal_entry", "journal_entryvalue"}}  # what a refused POST leaves: that somebody tried to give what they may not
BODY = {  # something for every field a form of ours may have: enough to get as far as the verb
    "reason": "核对", "name": "新名", "version": "1", "decision": "same", "login": "nobody", "duty": "secretary", "reach": "own", "password": "x",
    "valid_from": "2026-11-01", "dissolved": "2026-11-01", "ended_on": "2026-11-01", "reason_code": "left", "mobiles": "", "email": "", "text": "话",
    "organisation": "", "person": "", "is_admin": "1", "org": "1", "verified": "1", "created_by": "1", "kind": "roster", "next": "/",
}  # fmt: skip
WRITES = re.compile(r'^\s*(?:INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM)\s+"?(\w+)', re.IGNORECASE)
CHURN = (
    (re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"'), b"CSRF"),
    (re.compile(rb'name="form_key" value="[^"]*"'), b"FORM-KEY"),
    (re.compile(rb'"X-CSRFToken": "[^"]*"'), b"CSRF"),
    (re.compile(rb"csrftoken=[^|']*"), b"CSRF"),
    (re.compile(rb"(?<=:)[\w-]{6}:[\w-]{43}"), b"SIGNED"),  # when a message's cookie was signed; what it says is compared
)
MADE_AT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")  # when a workbook was written


@dataclass(frozen=True)
class Fault:
    """One wrong answer, and the oracle that saw it."""

    oracle: str
    role: str
    method: str
    address: str
    detail: str

    def __str__(self) -> str:
        return f"[{self.oracle}] {self.role}: {self.method} {self.address}: {self.detail}"


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes
    writes: frozenset[str]
    changed: bool

    @property
    def text(self) -> str:
        """All that an eye or a tool could read: headers, body, and what is packed within."""
        return re.sub("</?mark>", "", "\n".join([*self.headers.values(), unpacked(self.body)])).lower()  # what is made to stand out is one text to an eye

    def same(self, keys: Iterable[str] = ()) -> tuple[Any, ...]:
        """The answer without what differs by itself: tokens, and the keys that the address named."""
        body = MADE_AT.sub("", unpacked(self.body)).encode() if self.body[:2] == b"PK" else self.body
        length = {"Content-Length": ""} if self.body[:2] == b"PK" else {}
        parts = [repr(sorted({**self.headers, **length}.items())).encode(), body]
        for pattern, word in CHURN:
            parts = [pattern.sub(word, part) for part in parts]
        for key in sorted(keys, key=len, reverse=True):  # one may begin another
            parts = [part.replace(key.encode(), b"KEY") for part in parts]
        return (self.status, *parts)


def unpacked(body: bytes) -> str:
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            return "\n".join(packed.read(name).decode("utf-8", "replace") for name in packed.namelist())
    return body.decode("utf-8", "replace")


def digest(but: Iterable[str] = OPEN_TABLES) -> str:
    """One digest over every row of the database, but for tables that any request writes."""
    whole = hashlib.sha256()
    with connection.cursor() as cursor:
        for table in sorted(set(connection.introspection.table_names(cursor)) - set(but)):
            cursor.execute(f'SELECT * FROM "{table}"')
            whole.update(table.encode() + "\n".join(sorted(map(repr, cursor.fetchall()))).encode())
    return whole.hexdigest()


@dataclass
class Sweep:
    """One role at work. `faults` collects what is wrong, `seen` the marks that it was rightly shown, `count` the requests made."""

    world: World
    role: Role
    faults: list[Fault] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    count: int = 0
    answers: dict[str, tuple[Any, ...]] = field(default_factory=dict)  # GET url -> answer without its churn
    only: tuple[str, ...] = ()  # names of addresses, for a narrow sweep
    every_method: bool = True
    reads_only: bool = False

    def __enter__(self) -> Sweep:
        self._clock = mock.patch("juzhi.access.middleware.timezone", SimpleNamespace(now=lambda: NOW))
        self._clock.start()
        logging.disable(logging.CRITICAL)  # thousands of refusals, each rightly warned of
        self._entrance = transaction.savepoint()
        self.requests, self.handler = RequestFactory(), ClientHandler(enforce_csrf_checks=True)  # the whole stack, without what a test client keeps of each page
        self.cookies = {"csrftoken": SECRET}
        if self.role.state != "anonymous":
            self._arm()
        self._before = digest()
        return self

    def __exit__(self, *_: object) -> None:
        transaction.savepoint_rollback(self._entrance)
        self._clock.stop()
        logging.disable(logging.NOTSET)

    def _arm(self) -> None:
        """Give the account the role's duties through the real verb, and a session that began while it was enabled."""
        account = self.world.accounts[self.role.self]
        for duty, place, reach in self.role.held:
            until = TODAY.replace(month=10) if self.role.state == "expired" else None
            named = {"duty": duty, "reach": reach, "purpose": "换届核对", "valid_to": until, "valid_from": TODAY.replace(year=2025)}
            access.grant(by=SYSTEM, account=account, organisation=self.world.organisations[place], **named)
        session = SessionStore()
        session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(account.pk), settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = account.get_session_auth_hash()
        session.save()
        self.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
        if self.role.state == "disabled":
            access.disable_account(by=SYSTEM, account=account, reason="离任")
            account.disabled_at = None  # the world's own copy stays as it was

    @property
    def relations(self) -> list[str]:
        """Whose keys are tried: one's own places first, then the target's, its sibling's, and what lies at the edges of reach."""
        far = any(reach == "subtree" and duty in ("member_clerk", "secretary", "protection_contact", "auditor") for duty, _, reach in self.role.held)
        edges = ["orchard", "wanderer", "future", "closed", "lone", "shared", "gone:east"] if far else ["lone", "shared", "gone:east"]
        return list(dict.fromkeys([*(place for _, place, _ in self.role.held), "east", "west", "subject", "member:east:1", *edges]))

    def relations_of(self, address: Address) -> list[str]:
        """All of them on SQLite; on PostgreSQL one for each address, another for another role. A narrow sweep has all."""
        if connection.vendor != "postgresql" or self.only:
            return self.relations
        filled = [place for place in self.relations if all(values(self.world, part, place) for part in names_of(address))] or self.relations
        return [filled[zlib.crc32(f"{self.role.name} {address.name}".encode()) % len(filled)]]

    def ask(self, method: str, url: str, *, body: dict[str, str] | None = None, token: bool = True, **headers: str) -> Answer:
        """One request, judged by the oracles that hold for every answer, and taken back."""
        self.count += 1
        written: set[str] = set()

        def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            found = WRITES.match(sql)
            if found:
                written.add(found.group(1))
            return execute(sql, params, many, context)

        point = transaction.savepoint()
        named = {"HTTP_COOKIE": "; ".join(f"{name}={value}" for name, value in self.cookies.items()), **({"HTTP_X_CSRFTOKEN": SECRET} if token else {}), **headers}
        environ = self.requests.generic(method, url, **self._payload(method, body), **named).environ
        with connection.execute_wrapper(watch):
            answered = self.handler(environ)
        raw = b"".join(answered.streaming_content) if getattr(answered, "streaming", False) else answered.content  # type: ignore[attr-defined]
        changed = bool(written - OPEN_TABLES) and bool(self._before) and digest() != self._before
        transaction.savepoint_rollback(point)
        found = Answer(answered.status_code, self._headers(answered), raw, frozenset(written - OPEN_TABLES), changed)
        self._judge(method, url, found)
        return found

    def _payload(self, method: str, body: dict[str, str] | None) -> dict[str, Any]:
        if method != "POST" or body is None:
            return {}
        return {"data": "&".join(f"{name}={quote(value)}" for name, value in body.items()), "content_type": "application/x-www-form-urlencoded"}

    def _headers(self, answered: HttpResponseBase) -> dict[str, str]:
        return {**dict(answered.items()), "Set-Cookie": " | ".join(sorted(str(cookie) for cookie in answered.cookies.values()))}

    def fault(self, oracle: str, method: str, address: str, detail: str) -> None:
        self.faults.append(Fault(oracle, self.role.name, method, address, detail))

    def _judge(self, method: str, url: str, answer: Answer) -> None:
        """What holds for every answer: nothing that is not this role's, no fault of the server, every header of safety."""
        for text in set(MARKED.findall(answer.text)):
            mark = self.world.marks.get(text)
            if mark is not None and not model.may_see(self.role, mark) and text not in url.lower():
                self.fault("canary", method, url, f"{text} ({mark.kind} of {', '.join(mark.places)})")
            elif mark is not None:
                self.seen.add(text)
        if answer.status >= 500:
            self.fault("fault", method, url, f"status {answer.status}")
        policy = answer.headers.get("Content-Security-Policy", "")
        lacking = [name for name, value in (("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "same-origin"), ("Cross-Origin-Opener-Policy", "same-origin")) if answer.headers.get(name) != value]
        lacking += [part for part in ("default-src", "frame-ancestors 'none'") if part not in policy]
        if lacking or "unsafe" in policy:
            self.fault("headers", method, url, f"lacks {lacking}")

    def run(self, table: list[Address], exporting: set[str] | None = None) -> Sweep:
        """The whole matrix of this role."""
        for address in table:
            if (self.only and address.name not in self.only) or not (address.ours or self.every_method):
                continue
            if address.declared is None and address.ours:
                self.fault("declaration", "-", address.name, "the view declares no access")
            twins: dict[tuple[str, str], tuple[Any, ...]] = {}
            for number, case in enumerate(cases(self.world, self.role, address, self.relations_of(address))):
                self._get(case, twins, exporting)
                if not self.reads_only and (number < 2 or case.crossed or self.only):
                    self._others(case, twins)
        return self

    def _get(self, case: Case, twins: dict[tuple[str, str], tuple[Any, ...]], exporting: set[str] | None) -> None:
        answer = self.ask("GET", case.url)
        self.answers[case.url] = answer.same()
        spare = DISCLOSING if "people_disclosure" in answer.writes else set()
        if answer.changed and (answer.writes - spare):
            self.fault("purity", "GET", case.url, f"wrote {sorted(answer.writes)}")
        self._compare("GET", case, answer, twins)
        declared = case.address.declared
        if case.allowed and not case.crossed and case.address.ours and "GET" in declared.methods and answer.status in (403, 404) and "token" not in case.address.parts:
            self.fault("shut", "GET", case.url, f"status {answer.status} for somebody who may")
        if answer.status != 200:
            return
        is_whole = bool(self.only) or self.role.name in ASKED_OTHERWISE or (self.every_method and not case.address.name.startswith("figures:"))
        for variant in VARIANTS if is_whole else VARIANTS[:-1]:
            if "format" in variant and exporting is not None and case.address.name + variant not in exporting:
                continue
            self.answers[case.url + variant] = self.variant(case.url + variant).same()

    def variant(self, url: str) -> Answer:
        """Another form of the page: a file, or the fragment that htmx asks for."""
        return self.ask("GET", url, **({} if "format=" in url or "?" not in url else {"HTTP_HX_REQUEST": "true"}))

    def again(self, url: str) -> tuple[Any, ...]:
        """The answer of now to an address asked before."""
        self._before = ""
        return self.variant(url).same()

    def _others(self, case: Case, twins: dict[tuple[str, str], tuple[Any, ...]]) -> None:
        declared = case.address.declared
        methods = declared.methods if declared else ()
        for method in METHODS[1:] if self.every_method else ("POST",):
            body = BODY if method == "POST" else None
            answer = self.ask(method, case.url, body=body)
            refused = not case.allowed or method not in methods or answer.status >= 400
            traced = method == "POST" and answer.writes <= TRACED.get(case.address.name, set())
            if answer.changed and not traced and (refused or method in ("HEAD", "OPTIONS")) and not (method == "HEAD" and "people_disclosure" in answer.writes):
                self.fault("purity", method, case.url, f"status {answer.status}, and wrote {sorted(answer.writes)}")
            self._compare(method, case, answer, twins)
            if case.allowed and not case.crossed and method not in methods and answer.status != 405:
                self.fault("method", method, case.url, f"status {answer.status}, undeclared method")
            if method == "HEAD" and answer.body:
                self.fault("method", method, case.url, "HEAD has a body")
        if not self.every_method:
            return
        bare = self.ask("POST", case.url, body=BODY, token=False)
        if bare.status != 403 or bare.changed:
            self.fault("csrf", "POST", case.url, f"status {bare.status} without token, wrote {sorted(bare.writes)}")

    def _compare(self, method: str, case: Case, answer: Answer, twins: dict[tuple[str, str], tuple[Any, ...]]) -> None:
        """What one may not know answers like what there never was."""
        if case.allowed:
            return
        if case.url != case.twin:
            if (method, case.twin) not in twins:
                twins[method, case.twin] = self.ask(method, case.twin, body=BODY if method == "POST" else None).same(case.keys)
            if answer.same(case.keys) != twins[method, case.twin]:
                self.fault("existence", method, case.url, f"status {answer.status}, differs from {case.twin} with {twins[method, case.twin][0]}")
        home = answer.status == 302 and answer.headers.get("Location", "").startswith(settings.LOGIN_URL)
        if answer.status not in (404, 405) and not (home and not self.role.signed_in):
            self.fault("existence", method, case.url, f"status {answer.status} for somebody who may not")


def exporting(world: World, table: list[Address]) -> set[str]:
    """Names of addresses with the formats in which they give a file: asked once, with every duty at the top."""
    every = Role("everything", tuple((duty, place, "subtree") for duty in model.DUTIES for place in ("city", "lone")))
    found = set()
    with Sweep(world, every) as probe:
        for address in table:
            for case in itertools.islice(cases(world, every, address, ["east"]), 1):
                for one in FORMATS if address.ours else ():
                    kind = probe.ask("GET", f"{case.url}?format={one}").headers.get("Content-Type", "")
                    if kind and not kind.startswith("text/html"):
                        found.add(f"{address.name}?format={one}")
    return found
