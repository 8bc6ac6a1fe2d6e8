"""Leaks planted on purpose: each breaks one thing at run time, and the matrix has to see it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any
from unittest import mock

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden

from juzhi.access import middleware, views
from juzhi.access import queries as access
from juzhi.access.models import Account, Grant
from juzhi.access.queries import AccountActor
from juzhi.access.queries import actors as acting
from juzhi.access.queries import pages as rights
from juzhi.base.access import Public
from juzhi.figures.queries import evaluation
from juzhi.files.models import Upload
from juzhi.imports.models import Batch, BatchRow
from juzhi.imports.queries import standing as imports
from juzhi.jobs.models import Progress
from juzhi.journal import views as journal
from juzhi.journal.models import Entry, ValuesOf
from juzhi.members import queries as members
from juzhi.members.models import Membership
from juzhi.network.models import Lineage, Organisation
from juzhi.people.models import Apart, Person, Tie
from juzhi.people.queries import likeness
from juzhi.portal import queries as portal
from juzhi.portal.models import Complaint
from juzhi.portal.queries import finding
from juzhi.search.queries import Hits
from juzhi.web import exports, lists
from tests.guard import tampering

LEAK = "a leak planted by a test"


@dataclass(frozen=True)
class Plant:
    """One leak: how it is made, whose eyes fall on it, at which addresses, and the oracle that must cry."""

    name: str
    make: Callable[[], AbstractContextManager[Any]]
    role: str
    addresses: tuple[str, ...]
    oracle: str


def unscoped(*models: Any) -> Callable[[], AbstractContextManager[Any]]:
    """Models that forget whom they may be shown to."""

    @contextmanager
    def make() -> Iterator[None]:
        with ExitStack() as stack:
            for model in models:
                stack.enter_context(mock.patch.object(model, "scope", Public()))
            yield

    return make


def instead(place: Any, name: str, leaking: Any) -> Callable[[], AbstractContextManager[Any]]:
    """A function or attribute exchanged for one that leaks."""
    return lambda: mock.patch.object(place, name, leaking)


@contextmanager
def disabled_acts() -> Iterator[None]:
    """Both walls down: the door and the grants in force each refuse a disabled account by themselves."""
    with mock.patch.object(Account, "is_active", True), mock.patch.object(acting, "dated", lambda day: Grant.objects.system(LEAK).filter(acting.valid_on(day))):
        yield


def person_by_key(by: Any, key: str) -> Any:
    return Person.objects.system(LEAK).filter(key=key).first()


def names_in_the_evidence(by: Any, figure: Any) -> Any:
    rows = evaluation.evidence(by, figure.indicator, figure.node, figure.as_of)
    return rows.system(LEAK).select_related("person", "organisation").order_by("pk") if figure.indicator.id != "organisations" else rows.system(LEAK).order_by("pk")


_respond = exports.respond


def file_of_all(kind: str, filename: str, heads: Any, rows: Any, text: Any) -> HttpResponse:
    """An export that asks the table again, and forgets the scope."""
    everything = [[one, *("" for _ in heads[1:])] for one in Batch.objects.system(LEAK).values_list("filename", flat=True)]
    return _respond(kind, filename, heads, [*rows, *everything], text)


def forbidden_tells(self: Any, request: HttpRequest, view: Any, args: Any, kwargs: dict[str, Any]) -> HttpResponse | None:
    """A door that says 403 where there is something, and 404 where there is nothing."""
    declared = middleware.declaration(request, view)
    of = declared.of if declared else None
    if of and not middleware._admits(declared, request.by, kwargs) and access.organisation_id(kwargs[of]) is not None:  # type: ignore[attr-defined, arg-type]
        return HttpResponseForbidden("not for you")
    return _process_view(self, request, view, args, kwargs)


_process_view = middleware.Door.process_view


@contextmanager
def undeclared() -> Iterator[None]:
    """A view that lost its declaration."""
    kept = journal.organisation_entries.access  # type: ignore[attr-defined]
    del journal.organisation_entries.access  # type: ignore[attr-defined]
    try:
        yield
    finally:
        journal.organisation_entries.access = kept  # type: ignore[attr-defined]


@contextmanager
def exempt() -> Iterator[None]:
    """A view that takes posts without a token."""
    views.grant.csrf_exempt = True  # type: ignore[attr-defined]
    try:
        yield
    finally:
        del views.grant.csrf_exempt  # type: ignore[attr-defined]


def every_grant(by: Any, organisation: Any) -> Any:
    return rights._sights(by, organisation, Grant.objects.system(LEAK).order_by("pk"))


def begun(day: Any) -> Q:
    """Forgets that a grant may have ended."""
    return Q(valid_from__lte=day)


def reach_of_any_day(self: Any, *duties: str) -> Any:
    """Reach by the tree of every day, not of today."""
    mine = [one.organisation_id for one in self.held if one.duty in duties]
    return Lineage.objects.system(LEAK).filter(ancestor_id__in=mine).values("descendant_id") if mine else ()


def persons_of_any_day(self: Any, *duties: str, among: Any = None) -> Any:
    """Ties that have ended still show the person."""
    ties = Tie.objects.system(LEAK).filter(organisation_id__in=self.reach(*duties))
    return (ties if among is None else ties.filter(person_id__in=among)).values("person_id")


def reading_that_writes(by: Any) -> Any:
    with tampering():
        Organisation.objects.system(LEAK).update(remark=LEAK)
    return _own_grants(by)


_own_grants = access.own_grants


def all_batches(by: Any) -> Any:
    return Batch.objects.system(LEAK).order_by("pk")


def all_persons(by: Any, *_: Any, **__: Any) -> Any:
    return Person.objects.system(LEAK).order_by("pk")


def everybody_found(by: Any, words: str) -> Hits:
    return Hits(list(all_persons(by).values_list("pk", flat=True)))


def everybody_told(by: Any, ids: list[int], words: str = "") -> list[Any]:
    return [finding.people.Someone(one, "") for one in all_persons(by)]


_found_by_words = finding.people.found_by_words


def counts_everybody(by: Any, words: str) -> Hits:
    """Shows only whom the reader may see, and tells how many there are altogether."""
    told = _found_by_words(by, words)
    return SimpleNamespace(ids=told.ids, number=str(all_persons(by).count()))  # type: ignore[return-value]


def everybody_alike(by: Any) -> Any:
    """Who is like whom, without asking whom the reader sees."""
    found: dict[Any, list[int]] = {}
    for what, rows in likeness._rows(None).items():
        for *key, pk in rows:
            found.setdefault((what, *map(str, key)), []).append(pk)
    return {what: ids for what, ids in found.items() if len(set(ids)) > 1}


@contextmanager
def duplicates_without_rights() -> Iterator[None]:
    """Both walls down: who is compared, and who is shown."""
    with mock.patch.object(likeness, "_shared", everybody_alike), mock.patch.object(Person, "scope", Public()):
        yield


def every_complaint(by: Any) -> Any:
    return Complaint.objects.system(LEAK).order_by("pk")


def admits_all(*_: Any) -> bool:
    return True


@contextmanager
def bare() -> Iterator[None]:
    """Answers without their policy."""
    with mock.patch("csp.middleware.CSPMiddleware.process_response", lambda self, request, response: response):
        yield


IMPORTS = ("imports:batches", "imports:batch", "imports:problems")
@contextmanager
def search_without_rights() -> Iterator[None]:
    """Both walls down: the scope in the question, and the rights asked with what was found."""
    with mock.patch.object(finding.people, "found_by_words", everybody_found), mock.patch.object(finding.people, "someones", everybody_told):
        yield


def found_everywhere(by: Any, place: Any, words: str) -> list[Any]:
    return [members.Known(one, False) for one in everybody_told(by, [], words)] if words else []


PLANTS = [
    Plant("persons are public", unscoped(Person), "member_clerk-own-own", ("access:of_person",), "canary"),
    Plant("a person by key without scope", instead(access, "person", person_by_key), "secretary-own-own", ("access:of_person",), "existence"),
    Plant("the statistician sees names", instead(evaluation, "opened", names_in_the_evidence), "statistician-own-subtree", ("figures:evidence", "figures:figure"), "canary"),
    Plant("an export path without scope", instead(lists.exports, "respond", file_of_all), "member_clerk-own-own", ("imports:batches",), "canary"),
    Plant("batches without scope", instead(imports, "batches", all_batches), "member_clerk-own-own", ("imports:batches",), "canary"),
    Plant("batches and rows are public", unscoped(Batch, BatchRow), "member_clerk-sibling-own", IMPORTS, "existence"),
    Plant("the journal is public", unscoped(Entry), "auditor-own-own", ("journal:thing_entries",), "existence"),
    Plant("the journal shows its values", instead(ValuesOf, "q", lambda self, by: Q()), "auditor-own-own", ("journal:thing_entries",), "canary"),
    Plant("files of others", unscoped(Upload), "nobody", ("files:download",), "canary"),
    Plant("progress of others", unscoped(Progress), "member", ("jobs:progress",), "existence"),
    Plant("complaints of others", instead(portal, "own_complaints", every_complaint), "member", ("portal:complaints",), "canary"),
    Plant("counts of others", instead(evaluation, "may_see", admits_all), "nobody", ("figures:figure",), "interference"),
    Plant("evidence of others", instead(evaluation, "may_see", admits_all), "statistician-own-own", ("figures:evidence",), "existence"),
    Plant("403 where there is something", instead(middleware.Door, "process_view", forbidden_tells), "member", ("access:organisation_grants", "journal:organisation_entries"), "existence"),
    Plant("a view without declaration", undeclared, "auditor-own-own", ("journal:organisation_entries",), "declaration"),
    Plant("the grants of the sibling", instead(access, "who_can_see", every_grant), "secretary-own-own", ("access:organisation_grants",), "canary"),
    Plant("a door without place", instead(middleware, "_admits", admits_all), "secretary-own-own", ("journal:organisation_entries", "imports:upload"), "existence"),
    Plant("a disabled account still acts", disabled_acts, "disabled", ("access:organisation_grants", *IMPORTS), "canary"),
    Plant("an expired grant still holds", instead(acting, "valid_on", begun), "expired", ("access:organisation_grants", *IMPORTS), "canary"),
    Plant("reach by the tree of another day", instead(AccountActor, "reach", reach_of_any_day), "member_clerk-own-subtree", IMPORTS, "canary"),
    Plant("ties that have ended", instead(AccountActor, "persons", persons_of_any_day), "member_clerk-own-own", ("access:of_person",), "canary"),
    Plant("memberships are public", unscoped(Membership, Person), "statistician-own-subtree", ("figures:evidence",), "canary"),
    Plant("search knows everybody", search_without_rights, "member_clerk-own-own", ("portal:search",), "canary"),
    Plant("a search among all persons to admit", instead(members, "found_to_admit", found_everywhere), "member_clerk-own-own", ("members:find_person",), "canary"),
    Plant("a number of hits of others", instead(finding.people, "found_by_words", counts_everybody), "member_clerk-own-own", ("portal:search",), "interference"),
    Plant("possible duplicates of everybody", duplicates_without_rights, "member_clerk-own-own", ("people:duplicates",), "canary"),
    Plant("a number of possible duplicates of others", instead(likeness, "_shared", everybody_alike), "member_clerk-own-own", ("people:duplicates", "people:number_of_duplicates"), "interference"),
    Plant("what others said of persons whom both know", unscoped(Apart), "member_clerk-lone-own", ("people:duplicates", "people:reconsider"), "interference"),
    Plant("a page that writes", instead(access, "own_grants", reading_that_writes), "nobody", ("access:grants",), "purity"),
    Plant("a post without token", exempt, "secretary-own-own", ("access:grant",), "csrf"),
    Plant("an answer without policy", bare, "anonymous", ("network:hosts", "account_login"), "headers"),
]
