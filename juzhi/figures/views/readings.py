"""Pages of published numbers: publish one, see them all, follow them, say why one was restated."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from juzhi.base.access import ANYONE, PUBLISHER, access
from juzhi.base.errors import Refused
from juzhi.figures import actions, queries, rules
from juzhi.figures.forms import CardForm, CodeForm, ExplainForm, PublishForm
from juzhi.figures.views.figures import asked, data
from juzhi.web.replies import listing, page, submit

FOR_OTHER_PAGES = {"Cross-Origin-Resource-Policy": "cross-origin", "Cache-Control": "public, max-age=300"}  # a restatement shows on them within five minutes
NEWS_IN_FEED = 50  # readings and restatements


@access(duty=ANYONE, reads=("Reading", "Restatement"))
def readings(request: HttpRequest) -> HttpResponse:
    """Everything that was published, the newest first, with what was restated since."""
    shown = listing(request, queries.readings(request.by), columns=queries.READING_COLUMNS, filename=_("已发布的数"))  # type: ignore[attr-defined]
    if isinstance(shown, HttpResponse):
        return shown
    rows = [(queries.published(one), cells) for one, cells in shown.rows]
    return page(request, "figures/readings.html", {"listing": shown, "rows": rows, "feed_href": reverse("figures:feed")})


@access(duty=ANYONE, reads=("Reading", "Restatement"))
def reading(request: HttpRequest, reading: str) -> HttpResponse:
    """One published number: how it was told, by which rule, and every restatement of it."""
    by = request.by  # type: ignore[attr-defined]
    found = reading_or_404(request, reading)
    facts, told = queries.facts_of_reading(found), queries.published(found, by)
    form = CodeForm(request.GET)
    code = form.cleaned_data["code"] if form.is_valid() else ""
    context = {
        "published": told,
        "facts": facts,
        "may_explain": rules.may_explain(by, found),
        "card": queries.embedded(told, request.build_absolute_uri(reverse("figures:reading", args=[reading]))),
        "card_language": "?lang=en" if get_language() == "en" else "",
        "code_form": form,
        "verdict": queries.checked(told, code) if code else "",
    }
    return page(request, "figures/reading.html", context, status=None if form.is_valid() else 400)


@access(duty=ANYONE, reads=("Reading", "Restatement"))
def card(request: HttpRequest, reading: str) -> HttpResponse:
    """A picture of the number for other people's pages, in the language of its address, whoever asks; its code is signed."""
    language = CardForm(request.GET).language()
    address = request.build_absolute_uri(reverse("figures:reading", args=[reading]))
    with override(language):
        drawn = queries.embedded(queries.published(reading_or_404(request, reading)), address)
        picture = render_to_string("figures/card.svg", {"card": drawn, "language": language, "host": request.get_host()})
    return HttpResponse(picture, content_type="image/svg+xml; charset=utf-8", headers={**FOR_OTHER_PAGES, "Content-Language": language})


@access(duty=ANYONE, reads=("Reading", "Restatement"))
def reading_data(request: HttpRequest, reading: str) -> HttpResponse:
    """The same for programs."""
    found = queries.published(reading_or_404(request, reading))
    address = request.build_absolute_uri(reverse("figures:reading", args=[reading]))
    return data(queries.as_data(found, address))


@access(duty=ANYONE, reads=("Reading", "Restatement"))
def feed(request: HttpRequest) -> HttpResponse:
    """The newest published numbers and restatements, for readers of feeds (Atom, RFC 4287)."""
    here = request.build_absolute_uri
    made = Atom1Feed(title=_("已发布的数"), link=here(reverse("figures:readings")), description="", feed_url=here(reverse("figures:feed")), language="zh-hans")
    for one in queries.news(request.by, NEWS_IN_FEED):  # type: ignore[attr-defined]
        link = here(reverse("figures:reading", args=[one.key]))
        made.add_item(title=one.title, link=link, description=one.text, unique_id=f"{link}#{one.mark}", pubdate=one.at, updateddate=one.at)
    return HttpResponse(made.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


@access(duty=PUBLISHER, reads=("Organisation", "Membership"), writes=("Reading",))
def publish(request: HttpRequest, indicator: str, **where: str) -> HttpResponse:
    """Show what would be published, and publish it: the number that was seen, or none."""
    question, found = asked(request, indicator, where)
    if question.problem():
        raise Refused(question.problem(), code="question")  # what is published stays: never the number of another day than asked for
    by, form = request.by, PublishForm(found.value, request.POST if request.method == "POST" else None)  # type: ignore[attr-defined]
    answer = submit(request, form, lambda: actions.publish(by=by, figure=found, seen=form.cleaned_data["value"], hedge=form.cleaned_data["hedge"]), to=lambda made: reverse("figures:reading", args=[made.key]), done=_("已发布，大家都能看到"))
    form.show(found.value)
    context = {"form": form, "sheet": queries.heading(found), "may_publish": rules.may_publish(by, found), "here": request.get_full_path()}
    return answer or page(request, "figures/publish.html", context)


@access(duty=PUBLISHER, reads=("Reading", "Restatement"), writes=("Restatement",))
def explain(request: HttpRequest, restatement: str) -> HttpResponse:
    """Say in one sentence why a published number is another now."""
    by, found = request.by, queries.restatement(request.by, restatement)  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    form = ExplainForm(request.POST or None)
    to = reverse("figures:reading", args=[found.reading.key])
    answer = submit(request, form, lambda: actions.explain(by=by, restatement=found, why=form.cleaned_data["why"]), to=lambda _made: to, done=_("已写上说明"))
    published = queries.published(reading_or_404(request, found.reading.key))
    context = {"form": form, "restatement": found, "published": published, "may_explain": rules.may_explain(by, found.reading), "back": to}
    return answer or page(request, "figures/explain.html", context)


def reading_or_404(request: HttpRequest, key: str) -> Any:
    found = queries.reading(request.by, key)  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    return found
