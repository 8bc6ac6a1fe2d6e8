"""Lists: sorted, paged, and exported exactly as shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from juzhi.web import exports, queries

PERSONAL = ("personal", "sensitive")


@dataclass(frozen=True)
class Column:
    """One column: `value(row)` is what is shown and exported; `sort` = the field (or fields) it sorts by; `classed` as the model's class of the field."""

    name: str
    label: Any
    value: Callable[[Any], Any]
    sort: str | tuple[str, ...] | None = None
    classed: str = "internal"
    text: bool = True  # False: a number cell in the exported workbook

    @property
    def field(self) -> str:
        """What `sort_head` takes: the column's name if it sorts."""
        return self.name if self.sort else ""


@dataclass(frozen=True)
class Listing:
    """One page of a list. `problem` = a sentence when the address asked for a sort, page or format there is not."""

    page: Page[Any]
    columns: Sequence[Column]
    query: str  # the address's query without page and format, "?…"
    problem: str = ""
    rows: list[Any] = field(default_factory=list)  # the page's rows as [(row, [value…])…]


def listing(
    request: HttpRequest,
    rows: QuerySet[Any] | Sequence[Any],
    *,
    columns: Sequence[Column],
    filename: str,
    per_page: int = 50,
    exported: Callable[[list[Any]], object] | None = None,
    orders: Sequence[Column] = (),
) -> Listing | HttpResponse:
    """Sort and page `rows` (already filtered, and told for whom) as the address asks, or answer with the file it asks for.

    `?sort=-name&page=2&format=xlsx|csv`. A file holds all pages of the same rows, columns and order. `exported(rows)` is called before it is
    sent: there the disclosure is recorded. `filename` without its ending. `orders` = further orders to ask for, of columns that are not shown.
    """
    problems: list[str] = []
    ordered = in_order(request.GET.get("sort", ""), rows, [*columns, *orders], problems)
    wanted = request.GET.get("format", "")
    if wanted in exports.WRITERS:
        found = list(ordered)
        if exported is not None:
            exported(found)
        return exports.respond(wanted, filename, [str(column.label) for column in columns], ([column.value(row) for column in columns] for row in found), [column.text for column in columns])
    if wanted:
        problems.append(_("不能导出成这种文件，可选 xlsx 或 csv"))
    page = page_of(request.GET.get("page", ""), Paginator(ordered, per_page), problems)
    shown = [(row, [column.value(row) for column in columns]) for row in page.object_list]
    return Listing(page, columns, queries.changed(request, page=None), _("；").join(problems), shown)


def in_order(wanted: str, rows: QuerySet[Any] | Sequence[Any], columns: Sequence[Column], problems: list[str]) -> Any:
    """`rows` sorted by the column named in `wanted` ("-name" = descending); left as they are when there is no such column."""
    if not wanted:
        return rows
    down, name = wanted.startswith("-"), wanted.removeprefix("-")
    column = next((one for one in columns if one.name == name and one.sort), None)
    if column is None:
        problems.append(_("没有可以这样排序的列，先按原来的顺序列出"))
        return rows
    if isinstance(rows, QuerySet):
        fields: Iterable[str] = (column.sort,) if isinstance(column.sort, str) else column.sort or ()
        return rows.order_by(*[f"-{one}" if down else one for one in fields], "pk")
    return sorted(rows, key=lambda row: (column.value(row) is None, column.value(row)), reverse=down)


def page_of(wanted: str, paginator: Paginator[Any], problems: list[str]) -> Page[Any]:
    """The page asked for; page 1 or the last one when there is no such page."""
    if not wanted:
        return paginator.page(1)
    if not (wanted.isascii() and wanted.isdigit() and 1 <= len(wanted) <= 9 and 1 <= int(wanted) <= paginator.num_pages):
        problems.append(_("没有这一页，先给您看最近的一页"))
    return paginator.get_page(wanted if wanted.isascii() and wanted.isdigit() and len(wanted) <= 9 else 1)
