"""The components: one function, one template, one style sheet each, all of the same name. An unknown attribute is a template error."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from typing import Any

import segno
from django.core.paginator import Page
from django.forms import BaseForm, BoundField
from django.template import TemplateSyntaxError

from juzhi.base.ids import new_key
from juzhi.web import drawing, numbers, queries, sprite
from juzhi.web.kinds import BUTTONS, ICONS, SKELETONS, TONES, one_of
from juzhi.web.templatetags.days import as_of, period
from juzhi.web.templatetags.making import component, container, mark_of, register

__all__ = ["as_of", "period", "register"]

Shown = dict[str, Any]


# Small marks


@component
def mark(label: str = "聚智", *, href: str | None = None, note: str = "") -> Shown:
    return {"label": label, "href": href, "note": note}


@mark_of
def icon(name: str, *, label: str = "") -> Shown:
    return {"name": one_of("icon", name, sprite.names()), "label": label, "sprite": sprite.PATH}


@component
def button(
    label: str, *, href: str | None = None, kind: str = "plain", icon: str | None = None, name: str | None = None,
    value: str | None = None, type: str = "submit", size: str = "", busy: bool = False, disabled: bool = False, behaviour: str | None = None, form: str | None = None,
) -> Shown:
    """A link where `href` is given, else a button. `form` = id of the form it belongs to when it stands outside."""
    shown = {"label": label, "href": href, "icon": icon, "name": name, "value": value, "type": type, "size": size}
    return {**shown, "kind": one_of("kind", kind, BUTTONS), "busy": busy, "disabled": disabled, "behaviour": behaviour, "form_id": form}


@component
def icon_button(icon: str, label: str, *, href: str | None = None, count: int = 0, behaviour: str | None = None, name: str | None = None, value: str | None = None) -> Shown:
    return {"icon": icon, "label": label, "href": href, "count": count, "behaviour": behaviour, "name": name, "value": value}


@mark_of
def pill(label: str, *, tone: str = "plain", icon: str | None = None) -> Shown:
    return {"label": label, "tone": one_of("tone", tone, TONES), "icon": icon or ("" if tone in ("plain", "plum", "brand") else ICONS[tone])}


@mark_of
def tag(label: str) -> Shown:
    return {"label": label}


@component
def chip(label: str, *, href: str | None = None, on: bool = False, removes: bool = False) -> Shown:
    return {"label": label, "href": href, "on": on, "removes": removes}


@mark_of
def glyph(character: str, *, tone: str = "brand", size: str = "") -> Shown:
    """The sign of a family: one character on its hue."""
    return {"character": character, "tone": one_of("tone", tone, ("brand", "plum", "accent", "ok", "info")), "size": size}


@component
def avatar(name: str, *, size: str = "") -> Shown:
    """The surname's character on a tint that stays the same for the name. Decoration: the name stands beside it."""
    return {"character": name.strip()[:1], "tint": zlib.crc32(name.encode()) % 5 + 1, "size": size}


@component
def seal(text: str, *, dated: bool = True) -> Shown:
    """Four characters, cut-seal order: top right first. A dashed frame = the date is not known."""
    return {"text": text, "letters": list(text[:4]), "dated": dated}


@component
def marked(text: str, words: str) -> Shown:
    """A text in which what was searched for stands out."""
    return {"parts": queries.marked(text, words)}


@component
def picks(into: str, found: Sequence[queries.Pick], *, words: str | None = "", is_cut: bool = False) -> Shown:
    """What was found for the field `into`, to choose one from."""
    return {"into": into, "found": found, "words": words or "", "is_cut": is_cut}


@component
def example_badge() -> Shown:
    return {}


# Numbers


@component
def stat(label: str, value: Any, unit: str, note: str, *, href: str | None = None, size: str = "") -> Shown:
    """A number as a sentence. None = suppressed (below the least shown). Without a note (as-of or counting rule) it is an error."""
    if not note:
        raise TemplateSyntaxError(f"stat {label!r} lacks its note: as-of or counting rule")
    return {"label": label, "written": numbers.written(value), "unit": numbers.measured(value, unit), "note": note, "href": href, "size": one_of("size", size, ("", "sm", "lg", "xl"))}


@component
def number(value: Any, *, href: str | None = None, label: str = "") -> Shown:
    """A number inside text: it opens where `href` is given. `label` says in words what it counts."""
    return {"written": numbers.written(value, short=False), "href": href, "label": label}


@component
def hedge(quoted: str, holds: bool | None, *, rule: str = "") -> Shown:
    """A public wording with its verdict; None = cannot be decided. `rule` says in words when the wording holds."""
    return {"quoted": quoted, "holds": holds, "rule": rule}


@component
def rings(groups: Sequence[Mapping[str, Any]], *, centre: str = "", label: str = "", href: str | None = None) -> Shown:
    """Half circle of dots, inner to outer: groups of {label, count, new=0}. Above 60 in one group the dots cannot be counted: bars instead."""
    rows = [dict(group) for group in groups]
    many = any(group["count"] > drawing.MOST_TICKS for group in rows)
    parts = {"rings": [] if many else drawing.rings(rows), "rows": bars(rows)["rows"] if many else []}
    return {**parts, "centre": centre, "label": label, "href": href, "groups": rows}


@component
def ticks(n: int, done: int, *, planned: int = 0, label: str = "") -> Shown:
    """One tick = one organisation, day or meeting; at most 60."""
    width, units = drawing.ticks(n, done, planned)
    return {"n": n, "done": done, "planned": planned, "label": label, "width": width, "units": units, "few": n < drawing.FEW}


@component
def bars(rows: Sequence[Mapping[str, Any]], *, unit: str = "") -> Shown:
    """Zero-based bars with the number beside each: rows of {label, value (or count), href=None}."""
    values = [row.get("value", row.get("count")) for row in rows]
    shown = [
        {"label": row["label"], "written": numbers.written(value, short=False), "href": row.get("href"), "length": length, "unit": numbers.measured(value, unit)}
        for row, value, length in zip(rows, values, drawing.lengths([numbers.drawn(value) for value in values]), strict=True)
    ]
    return {"rows": shown}


@component
def bar(value: Any, most: float) -> Shown:
    """One zero-based bar within a table's row: `most` is the longest of the column. The number stands in its own cell."""
    return {"length": drawing.lengths([numbers.drawn(value), most])[0]}


@component
def months(rows: Sequence[Mapping[str, Any]], *, label: str = "") -> Shown:
    """Bars from zero, one a month, earliest first: rows of {label, value}. The numbers stand in a table beside it, so a reader of screens hears only `label`."""
    width, zero, drawn = drawing.month_bars([numbers.drawn(row["value"]) for row in rows])
    shown = [{"label": row["label"], "value": "" if numbers.written(row["value"]).suppressed else numbers.written(row["value"]).text, "bar": bar} for row, bar in zip(rows, drawn, strict=True)]
    return {"rows": shown, "width": width, "zero": round(150 - 1.2 * zero, 1), "label": label}


@component
def line(rows: Sequence[Mapping[str, Any]], *, label: str = "") -> Shown:
    """A line from zero up through dated numbers, earliest first: rows of {label, day, value, text}. The numbers stand in a table beside it, so a reader of screens hears only `label`."""
    placed = drawing.line([(row["day"], row["value"]) for row in rows])
    path = "M" + "L".join(f"{point.x} {point.y}" for point in placed) if len(placed) > 1 else ""
    shown = [{"label": row["label"], "text": row["text"], "point": point} for row, point in zip(rows, placed, strict=True)]
    return {"rows": shown, "path": path, "label": label, "width": drawing.LINE_WIDTH, "height": drawing.LINE_BASE + 40, "base": drawing.LINE_BASE, "foot": drawing.LINE_BASE + 22}


@component
def tiles(items: Sequence[Mapping[str, Any]], *, note: str = "") -> Shown:
    """A schematic grid: items of {label, value, href=None}. None or 0 = a gap, shown dashed."""
    most = max((item["value"] or 0 for item in items), default=0)
    return {"items": [{**item, "step": -(-4 * item["value"] // most) if item["value"] else 0} for item in items], "note": note}


@component
def progress(value: int, maximum: int, label: str) -> Shown:
    return {"value": value, "maximum": maximum, "label": label}


# Blocks of a page


@container
def section(content: str, title: str, *, note: str = "", more: str = "", href: str | None = None, level: int = 2) -> Shown:
    return {"content": content, "title": title, "note": note, "more": more, "href": href, "level": level}


@container
def panel(content: str, *, flush: bool = False) -> Shown:
    return {"content": content, "flush": flush}


@container
def notice(content: str, *, tone: str = "plain", title: str = "", icon: str | None = None, href: str | None = None, action: str = "") -> Shown:
    return {"content": content, "tone": one_of("tone", tone, tuple(ICONS)), "title": title, "icon": icon or ICONS[tone], "href": href, "action": action}


@component
def toast(text: str, *, tone: str = "ok", undo: str | None = None) -> Shown:
    """A short word after a deed; `undo` = address that takes it back."""
    return {"text": text, "tone": tone, "undo": undo}


@component
def empty(title: str, text: str, *, href: str | None = None, action: str | None = None) -> Shown:
    return {"title": title, "text": text, "href": href, "action": action}


@component
def skeleton(kind: str = "lines") -> Shown:
    return {"kind": one_of("kind", kind, SKELETONS), "lines": {"lines": ["s", "", "m", "", "s"], "table": [""] * 6, "stat": ["s", "m"]}[kind]}


@container
def dialog(content: str, id: str, title: str, *, open_label: str, href: str, kind: str = "plain", icon: str | None = None, cancel: str = "") -> Shown:
    """A native dialog behind its button. Without JavaScript the button is the link `href`: a page that asks the same."""
    return {"content": content, "id": id, "title": title, "open_label": open_label, "href": href, "kind": kind, "icon": icon, "cancel": cancel}


@container
def sheet(content: str, *, title: str = "", issue: str = "", office: str = "", day: str = "") -> Shown:
    """An A4 page with the letterhead's red title, issue number and rule."""
    return {"content": content, "title": title, "issue": issue, "office": office, "day": day}


@component
def names(groups: Sequence[tuple[str, Sequence[str]]]) -> Shown:
    """Names in columns as lists print them, row by row; groups of (heading or "", names)."""
    return {"groups": groups}


@component
def crumbs(items: Sequence[tuple[str, str | None]], *, label: str = "") -> Shown:
    """The way here: pairs of (label, href); the last one has no href."""
    return {"items": items, "label": label}


@component
def tabs(items: Sequence[Mapping[str, Any]], *, label: str = "", figures: bool = False) -> Shown:
    """Pages of one thing: items of {label, href, count=None, current=False, icon=None}."""
    return {"items": items, "label": label, "figures": figures}


@component
def steps(items: Sequence[str], current: int) -> Shown:
    """A road of steps; `current` counts from 1."""
    return {"items": [{"label": item, "at": at, "done": at < current, "current": at == current} for at, item in enumerate(items, 1)]}


@component
def lifeline(items: Sequence[Mapping[str, Any]]) -> Shown:
    """What happened, in order: items of {title, at="", text="", state="done|now|next", href=None}."""
    return {"items": items}


@component
def facts(items: Sequence[tuple[str, Any]]) -> Shown:
    """Pairs of (what, value)."""
    return {"items": items}


@container
def records(content: str, *, label: str = "") -> Shown:
    """A list of `record`s."""
    return {"content": content, "label": label}


@container
def record(content: str, title: str, *, note: str = "", href: str | None = None, lead: str = "", lead_note: str = "", icon: str | None = None, hot: bool = False, name: str = "") -> Shown:
    """One row: lead (a number with its note, an icon, or the avatar of `name`), title with one grey line, and at its end the content: one pill or one button."""
    return {"content": content, "title": title, "note": note, "href": href, "lead": lead, "lead_note": lead_note, "icon": icon, "hot": hot, "name": name}


@container
def tree(content: str, *, label: str) -> Shown:
    return {"content": content, "label": label}


@container
def tree_node(
    content: str, title: str, *, href: str | None = None, character: str = "", tone: str = "brand", kind: str = "", note: str = "", count: Any = "",
    open: bool = False, current: bool = False, new: bool = False, gone: bool = False, branch: str | None = None,
) -> Shown:
    """One node. With content it opens; `branch` = address of its children, fetched when first opened (and a page of its own without JavaScript)."""
    shown = {"content": content if content.strip() else "", "title": title, "href": href, "character": character, "tone": tone, "kind": kind, "note": note}
    return {**shown, "count": count, "open": open, "current": current, "new": new, "gone": gone, "branch": branch}


@component
def member_card(name: str, organisation: str, lines: Sequence[str], code: str, *, label: str = "", href: str | None = None) -> Shown:
    """A card with a QR code: `code` is what the code says, `label` what it is for."""
    return {"name": name, "organisation": organisation, "lines": lines, "code": code, "label": label, "href": href}


@component
def qr(text: str, label: str) -> Shown:
    return {"image": segno.make(text, error="m", micro=False).svg_data_uri(border=2, dark="#111", light="#fff", omitsize=True), "label": label}


# Lists


@container
def table(content: str, caption: str, *, dense: bool = False, wide: bool = False) -> Shown:
    """A table in its own focusable, named scroll region."""
    return {"content": content, "caption": caption, "dense": dense, "wide": wide}


@component
def sort_head(context: Any, label: str, field: str = "", *, right: bool = False) -> Shown:
    """A column head. With `field` it links to the list sorted by it, and back, and says how it is sorted."""
    return {"label": label, "field": field, "right": right, **queries.sorting(context.get("request"), field)}


@component
def pagination(context: Any, page: Page[Any], *, unit: str = "", label: str = "") -> Shown:
    return {"page": page, "unit": unit or numbers.RECORDS, "label": label, "places": queries.places(context.get("request"), page), **queries.neighbours(context.get("request"), page)}


@container
def filters(context: Any, content: str, *, action: str = "", chips: Sequence[tuple[str, str]] = (), clear: str = "?", submit: str = "", label: str = "") -> Shown:
    """A GET form of filters; `chips` = (what is filtered, address without it)."""
    kept = queries.kept(context.get("request"), "sort")
    return {"content": content, "action": action, "chips": chips, "clear": clear, "submit": submit, "label": label, "kept": kept}


@component
def export_links(context: Any) -> Shown:
    """导出所见: the list as it stands, as a file."""
    return {"xlsx": queries.changed(context.get("request"), format="xlsx", page=None), "csv": queries.changed(context.get("request"), format="csv", page=None)}


# Forms


@component
def form(context: Any, form: BaseForm, *, action: str = "", submit: str = "", cancel: str | None = None, enctype: str | None = None, kind: str = "primary", failed: str = "") -> Shown:
    """A whole form: errors on top, fields, its keys, its buttons. Posts without JavaScript. `failed` = what did not happen, where nothing was to be saved."""
    multipart = enctype or ("multipart/form-data" if form.is_multipart() else None)
    return {"form": form, "action": action, "submit": submit, "cancel": cancel, "enctype": multipart, "kind": kind, "failed": failed, "csrf_token": context.get("csrf_token")}


@component
def form_errors(form: BaseForm, *, failed: str = "") -> Shown:
    """What is wrong, with a link to each field; for two editors at once, both texts side by side."""
    return {"form": form, "failed": failed, "wrong": [bound for bound in form if bound.errors], "stale": getattr(form, "stale", None)}


@component
def form_keys(form: BaseForm | None = None) -> Shown:
    """The hidden idempotency key, and the version that the form showed."""
    return {"form_key": queries.posted(form, "form_key") or new_key(), "version": queries.shown_version(form)}


@component
def field(bound: BoundField) -> Shown:
    """Label above, help and error below."""
    return {"bound": bound, **queries.control(bound)}


@component
def diff(rows: Sequence[tuple[str, Any, Any]]) -> Shown:
    """Two editors at once: rows of (what, yours, theirs)."""
    return {"rows": [(label, yours, theirs, yours != theirs) for label, yours, theirs in rows]}


# Files read in


@component
def mapper_row(column: str, sample: str, field: str = "", note: str = "", *, kept: bool = True) -> Shown:
    """A column of the file and where it goes. One that is not kept is struck, with the reason in words."""
    return {"column": column, "sample": sample, "field": field, "note": note, "kept": kept}


@container
def pair(content: str, title: str, rows: Sequence[tuple[str, Any, Any]], *, reason: str = "", note: str = "", file: str = "", register: str = "") -> Shown:
    """A suspect: rows of (item, file, register); differing cells are tinted. The content is its verbs."""
    marked = [(item, left, right, left != right) for item, left, right in rows]
    return {"content": content, "title": title, "rows": marked, "reason": reason, "note": note, "file": file, "register": register}
