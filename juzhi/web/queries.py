"""What components read of the request and of forms: addresses with one part changed, what to keep, how a field is drawn."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page
from django.forms import BaseForm, BoundField, CheckboxInput, ClearableFileInput, Select, Textarea
from django.http import HttpRequest, QueryDict

WORDS_AT_MOST = 6  # of a search, made to stand out
WRITTEN_AT_MOST = 60  # characters into a picker
EXPORTS = ("format",)  # parts of an address that ask for a file, never carried into a link


def changed(request: HttpRequest | None, **parts: Any) -> str:
    """The address's query with `parts` put in place; None removes a part."""
    query = request.GET.copy() if request else QueryDict(mutable=True)
    for name in EXPORTS:
        query.pop(name, None)
    for name, value in parts.items():
        if value is None:
            query.pop(name, None)
        else:
            query[name] = str(value)
    return "?" + query.urlencode()


def kept(request: HttpRequest | None, *names: str, but: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    """Parts of the address a GET form repeats as hidden fields: `names`, or all `but` some."""
    if request is None:
        return []
    wanted = names or tuple(name for name in request.GET if name not in (*but, *EXPORTS))
    return [(name, value) for name in wanted for value in request.GET.getlist(name)]


def sorting(request: HttpRequest | None, field: str) -> dict[str, str]:
    """How `field` is sorted now ("ascending", "descending", "") and the address that turns it."""
    now = request.GET.get("sort", "") if request else ""
    state = {field: "ascending", f"-{field}": "descending"}.get(now, "") if field else ""
    turned = f"-{field}" if state == "ascending" else field
    return {"state": state, "href": changed(request, sort=turned, page=None) if field else ""}


def places(request: HttpRequest | None, page: Page[Any]) -> list[dict[str, Any]]:
    """The page numbers to show, each with its address; None = a gap."""
    if page.paginator.num_pages <= 1:
        return []
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
    return [
        {"number": number, "href": changed(request, page=number), "current": number == page.number} if isinstance(number, int) else {"number": None}
        for number in numbers
    ]


def neighbours(request: HttpRequest | None, page: Page[Any]) -> dict[str, str]:
    return {
        "before": changed(request, page=page.previous_page_number()) if page.has_previous() else "",
        "after": changed(request, page=page.next_page_number()) if page.has_next() else "",
    }


def posted(form: BaseForm | None, name: str) -> str:
    return str(form.data.get(name, "")) if form is not None and form.is_bound else ""


def shown_version(form: BaseForm | None) -> Any:
    """The version a form carries: as posted, or the record's own. After another editor's save it is the record's, so that saving again is a decision."""
    own = getattr(form, "version", None)
    if own is None:
        own = getattr(getattr(form, "instance", None), "version", None)
    if posted(form, "version") and not (getattr(form, "stale", None) is not None and own is not None):
        return posted(form, "version")
    return "" if own is None else own


def control(bound: BoundField) -> dict[str, Any]:
    """How a field is drawn: `group` (fieldset of choices), `check` (one box), `file`, `long`, `choice` or `line`, with the widget's mark-up."""
    widget = bound.field.widget
    kinds = ((CheckboxInput, "check"), (ClearableFileInput, "file"), (Textarea, "long"), (Select, "choice"))
    kind = "group" if widget.use_fieldset else next((name for family, name in kinds if isinstance(widget, family)), "line")
    if kind in ("group", "check"):
        return {"kind": kind, "widget": bound}
    own = widget.attrs.get("class", "")
    return {"kind": kind, "widget": bound.as_widget(attrs={"class": f"in {own}".strip()})}


@dataclass(frozen=True)
class Pick:
    """One thing to choose: what is sent, its name, what tells it apart. `href` = where choosing it leads at once."""

    value: str
    name: str
    note: str = ""
    href: str = ""
    is_chosen: bool = False


def picking(request: HttpRequest) -> tuple[str, str]:
    """What a picker asks: the field that the list is for, and the words written into it; ("", "") where nothing sensible is asked."""
    into = request.GET.get("into", "") or next(iter(request.GET), "")
    return (into, request.GET.get(into, "")[:WRITTEN_AT_MOST]) if re.fullmatch("[a-z_]{1,40}", into) else ("", "")


def marked(text: str, words: str) -> list[tuple[str, bool]]:
    """`text` in parts, each with whether it is one of `words`, in whatever case. Together the parts are the text."""
    text = str(text)  # it may be a text to be translated
    wanted = sorted({word for word in str(words).lower().split()[:WORDS_AT_MOST] if word}, key=len, reverse=True)
    if not wanted:
        return [(text, False)] if text else []
    found = re.split("(" + "|".join(map(re.escape, wanted)) + ")", text, flags=re.IGNORECASE)
    return [(part, n % 2 == 1) for n, part in enumerate(found) if part]
