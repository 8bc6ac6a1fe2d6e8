"""Verbs of membership as pages: one form each."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from juzhi.base.access import MEMBER_CLERK, access
from juzhi.base.affected import affected
from juzhi.members import actions, queries
from juzhi.members.forms import AdmitForm, BatchForm, CorrectForm, EndForm, FindForm, SpellForm
from juzhi.members.models import Membership
from juzhi.members.views.showing import organisation_or_404, spell_or_404
from juzhi.web.replies import page, submit, version_of

READS = ("Membership", "Person")

SPELL = "members.membership"


def _spell(membership: Membership) -> str:
    return reverse("members:membership", args=[membership.organisation.key, membership.key])


@access(duty=MEMBER_CLERK, of="organisation", reads=(*READS, "Contact"), writes=("Person", "Membership"))
def admit(request: HttpRequest, organisation: str) -> HttpResponse:
    """Enter somebody new and admit them; who may be the same is shown first, within the reader's reach."""
    by, place = request.by, organisation_or_404(request, organisation)  # type: ignore[attr-defined]
    form = AdmitForm(by, place, request.POST or None)
    answer = submit(request, form, lambda: actions.admit_new(by=by, organisation=place, **form.values()), to=_spell, done=_("已登记入会"))
    if answer is not None:
        return answer
    alike = queries.alike(by, form.cleaned_data) if form.is_bound else []
    if alike:
        form.offer()
    return page(request, "members/admit.html", {"form": form, "organisation": place, "alike": alike})


@access(duty=MEMBER_CLERK, of="organisation", reads=(*READS, "Employment", "Tie"))
def find_person(request: HttpRequest, organisation: str) -> HttpResponse:
    """Somebody whom the reader may see already, by words: whoever is known is admitted, not entered again."""
    by, place = request.by, organisation_or_404(request, organisation)  # type: ignore[attr-defined]
    form = FindForm(request.GET)
    words = form.cleaned_data["q"].strip() if form.is_valid() else ""
    context = {"form": form, "organisation": place, "words": words, "found": queries.found_to_admit(by, place, words)}
    return page(request, "members/find_person.html", context, fragment="members/_found_to_admit.html", status=400 if form.errors else None)


@access(duty=MEMBER_CLERK, of="organisation", reads=READS, writes=("Membership",))
def admit_person(request: HttpRequest, organisation: str, person: str) -> HttpResponse:
    """Admit somebody whom the reader may see already."""
    by, place = request.by, organisation_or_404(request, organisation)  # type: ignore[attr-defined]
    found = queries.person(by, person)
    if found is None:
        raise Http404("no such person")
    form = SpellForm(by, place, request.POST or None)
    answer = submit(request, form, lambda: actions.admit(by=by, person=found, organisation=place, **form.spell()), to=_spell, done=_("已登记入会"))
    return answer or page(request, "members/admit_person.html", {"form": form, "organisation": place, "person": found, "state": queries.standing(by, place, found)})


@access(duty=MEMBER_CLERK, of="organisation", reads=READS, writes=("Membership",))
def correct(request: HttpRequest, organisation: str, membership: str) -> HttpResponse:
    """Correct what was entered wrong about a spell."""
    by, place = request.by, organisation_or_404(request, organisation)  # type: ignore[attr-defined]
    found = spell_or_404(request, place, membership)
    form = CorrectForm(by, place, request.POST or None, initial=CorrectForm.initial_of(found))
    form.version = found.version  # type: ignore[attr-defined]
    answer = submit(request, form, lambda: actions.correct(by=by, membership=found, version=version_of(request), **form.values()), to=_spell, done=_("已更正"))
    return answer or page(request, "members/correct.html", {"form": form, "organisation": place, "membership": found, "affected": affected(by, [place.pk], SPELL)})


@access(duty=MEMBER_CLERK, of="organisation", reads=READS, writes=("Membership", "Person"))
def end(request: HttpRequest, organisation: str, membership: str) -> HttpResponse:
    """End a spell."""
    by, place = request.by, organisation_or_404(request, organisation)  # type: ignore[attr-defined]
    found = spell_or_404(request, place, membership)
    form = EndForm(request.POST or None)
    form.version = found.version  # type: ignore[attr-defined]
    answer = submit(request, form, lambda: actions.end(by=by, membership=found, version=version_of(request), **form.values()), to=_spell, done=_("已登记离会"))
    context = {"form": form, "organisation": place, "membership": found, "joined": queries.joined_words(found), "years": actions.RETENTION.days // 365, "affected": affected(by, [place.pk], SPELL)}
    return answer or page(request, "members/end.html", context)


@access(duty=MEMBER_CLERK, of="organisation", reads=("AdmissionBatch",), writes=("AdmissionBatch",))
def open_batch(request: HttpRequest, organisation: str) -> HttpResponse:
    """Open an admission batch; a number that is there already stays as it is."""
    by, place = request.by, organisation_or_404(request, organisation)  # type: ignore[attr-defined]
    form = BatchForm(request.POST or None)
    answer = submit(request, form, lambda: actions.open_batch(by=by, organisation=place, **form.values()), to=lambda _made: reverse("members:batches", args=[place.key]), done=_("已登记"))
    return answer or page(request, "members/open_batch.html", {"form": form, "organisation": place})
