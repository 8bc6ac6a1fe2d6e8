"""Pages of a person: what is known, contacts in full for those who may, corrections; and one's own name and contacts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.core import ratelimit
from django.conf import settings
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from juzhi.base.access import MEMBER_CLERK, PROTECTION_CONTACT, SIGNED_IN, access
from juzhi.base.errors import Refused
from juzhi.base.privacy import PRIVACY
from juzhi.people import actions, queries, rules
from juzhi.people.forms import AddNameForm, ContactsForm, CorrectForm, DeceasedForm, ForgetForm, NameForm
from juzhi.people.models import Person
from juzhi.web.replies import page, submit, version_of

CHANGING = "更正联系方式"  # as the Disclosure keeps it
READERS = (MEMBER_CLERK, PROTECTION_CONTACT)
READS = ("Person", "Contact", "Employment", "Tie")


def person_or_404(request: HttpRequest, key: str) -> Person:
    found = queries.person(request.by, key)  # type: ignore[attr-defined]
    if found is None:
        raise Http404("no such person")
    return found


def changeable_or_404(request: HttpRequest, key: str) -> Person:
    """The person whom a page offers to change: the verb asks the same rule again."""
    found = person_or_404(request, key)
    if not rules.may_correct(request.by, found):  # type: ignore[attr-defined]
        raise Http404("not for this actor")
    return found


def oneself_or_404(request: HttpRequest) -> Person:
    found = queries.oneself(request.by)  # type: ignore[attr-defined]
    if found is None:
        raise Http404("an account without a person")
    return found


def _changed(request: HttpRequest, found: Person, form: Form, run: Callable[[], Any], verb: str, *, done: str, warning: str = "") -> HttpResponse:
    """Run a verb on a person, and go back to their page; else show its form."""
    form.version = found.version  # type: ignore[attr-defined]
    answer = submit(request, form, run, to=lambda _made: reverse("people:person", args=[found.key]), done=done)
    return answer or page(request, "people/change.html", {"person": found, "form": form, "verb": verb, "warning": warning})


@access(duty=READERS, reads=(*READS, "Disclosure"))
def person(request: HttpRequest, person: str) -> HttpResponse:
    """A person: names, masked contacts, employment, and who may see them, and why."""
    by, found = request.by, person_or_404(request, person)  # type: ignore[attr-defined]
    context = {
        "person": found,
        "facts": queries.facts(found),
        "contacts": [(one.get_kind_display(), queries.masked(one)) for one in found.contacts.all()],
        "employments": list(found.employments.all()),
        "watchers": queries.watchers(by, found),
        "disclosures": queries.disclosures(by, found.key)[:50],
        "may_correct": rules.may_correct(by, found),
        "may_forget": rules.may_forget(by, found),
        "clerk": queries.CLERK,
    }
    return page(request, "people/person.html", context)


@access(duty=MEMBER_CLERK, reads=("Person", "Contact"), writes=("Disclosure",), methods=("GET", "HEAD"))
def reveal(request: HttpRequest, person: str) -> HttpResponse:
    """Contacts in full. Opening this page is noted, and the person sees it."""
    found = changeable_or_404(request, person)
    contacts = actions.reveal(by=request.by, person=found)  # type: ignore[attr-defined]
    return page(request, "people/reveal.html", {"person": found, "contacts": contacts})


@access(duty=MEMBER_CLERK, reads=READS, writes=("Person",))
def correct(request: HttpRequest, person: str) -> HttpResponse:
    """Correct what is known of a person."""
    by, found = request.by, changeable_or_404(request, person)  # type: ignore[attr-defined]
    initial = {"name": found.name, "gender": found.gender, "born_on": queries.day(found.born_on, found.born_precision), "title": found.title}
    form = CorrectForm(request.POST or None, initial=initial)
    return _changed(request, found, form, lambda: actions.correct(by=by, person=found, version=version_of(request), **form.values()), _("更正"), done=_("已更正"))


@access(duty=MEMBER_CLERK, reads=("Person", "Contact"), writes=("Contact", "Disclosure"))
def change_contacts(request: HttpRequest, person: str) -> HttpResponse:
    """Change a person's contacts. The form shows them in full: that is noted."""
    by, found = request.by, changeable_or_404(request, person)  # type: ignore[attr-defined]
    if request.method != "POST":
        actions.reveal(by=by, person=found, purpose=CHANGING)
    form = ContactsForm(request.POST or None, initial=queries.contact_words(found))
    warning = _("这一页显示了全部号码，已经记下，本人看得到。")
    return _changed(request, found, form, lambda: actions.change_contacts(by=by, person=found, version=version_of(request), **form.cleaned_data), _("更改联系方式"), done=_("已更改"), warning=warning)


@access(duty=MEMBER_CLERK, reads=READS, writes=("Name",))
def add_name(request: HttpRequest, person: str) -> HttpResponse:
    """Keep another name of a person."""
    by, found = request.by, changeable_or_404(request, person)  # type: ignore[attr-defined]
    form = AddNameForm(request.POST or None, initial={"kind": "former"})
    return _changed(request, found, form, lambda: actions.add_name(by=by, person=found, **form.cleaned_data), _("登记别的姓名"), done=_("已登记"))


@access(duty=MEMBER_CLERK, reads=READS, writes=("Person",))
def mark_deceased(request: HttpRequest, person: str) -> HttpResponse:
    """Note that a person died."""
    by, found = request.by, changeable_or_404(request, person)  # type: ignore[attr-defined]
    form = DeceasedForm(request.POST or None)
    warning = _("这里只登记去世，不再发通知；在会的会籍请到「会籍」页结束，原因选「去世」时两样一起登记。")
    return _changed(request, found, form, lambda: actions.mark_deceased(by=by, person=found, **form.values()), _("登记去世"), done=_("已登记"), warning=warning)


@access(duty=PROTECTION_CONTACT, reads=READS, writes=("Person",))
def forget(request: HttpRequest, person: str) -> HttpResponse:
    """Erase a person: what goes and what stays stands above the form, which asks for the ground and the password."""
    by, found = request.by, person_or_404(request, person)  # type: ignore[attr-defined]
    if found.key == by.person_key:
        raise Refused(_("自己的个人信息，请另一位个人信息保护联系人来抹去"), code="state")
    if not rules.may_forget(by, found):
        raise Http404("not for this actor")
    form = ForgetForm(request.POST or None, proves=lambda text: proves(request, text))
    form.version = found.version  # type: ignore[attr-defined]

    def run() -> object:
        return actions.forget(by=by, person=found, ground=form.cleaned_data["ground"], version=version_of(request))

    answer = submit(request, form, run, to=lambda _made: settings.LOGIN_REDIRECT_URL, done=_("已抹去，不能恢复"))
    return answer or page(request, "people/forget.html", {"person": found, "form": form, "rooms_told": list(PRIVACY.values())})


def proves(request: HttpRequest, password: str) -> bool:
    """Whether the account proves itself anew; a password is not guessed here either."""
    if not ratelimit.consume(request, action="reauthenticate", user=request.user):
        return False
    return bool(request.user.check_password(password))


@access(duty=SIGNED_IN, reads=("Person", "Contact"), writes=("Contact",))
def mine_contacts(request: HttpRequest) -> HttpResponse:
    """One's own mobiles and mail address."""
    by, found = request.by, oneself_or_404(request)  # type: ignore[attr-defined]
    form = ContactsForm(request.POST or None, initial=queries.contact_words(found))
    return _own(request, found, form, lambda: actions.change_contacts(by=by, person=found, version=version_of(request), **form.cleaned_data), "people:mine_contacts", _("我的联系方式"))


@access(duty=SIGNED_IN, reads=("Person",), writes=("Person",))
def mine_name(request: HttpRequest) -> HttpResponse:
    """How one's own name is spelled."""
    by, found = request.by, oneself_or_404(request)  # type: ignore[attr-defined]
    form = NameForm(request.POST or None, initial={"name": found.name})
    return _own(request, found, form, lambda: actions.correct(by=by, person=found, version=version_of(request), **form.values()), "people:mine_name", _("我的姓名"))


def _own(request: HttpRequest, found: Person, form: Form, run: Callable[[], Any], name: str, title: str) -> HttpResponse:
    form.version = found.version  # type: ignore[attr-defined]
    answer = submit(request, form, run, to=lambda _made: reverse(name), done=_("已改好"))
    return answer or page(request, "people/mine.html", {"person": found, "form": form, "title": title})
