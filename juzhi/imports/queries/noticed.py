"""What the reading of a file noticed besides its rows, in plain sentences: what is hidden, what stands side by side, what was skipped."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from juzhi.imports.models import Batch
from juzhi.imports.queries.doubtful import left_empty
from juzhi.imports.reading.words import SKIPPED


def noticed(batch: Batch) -> list[str]:
    """The sentences for what a batch keeps of its reading; [] where there is nothing to say. No cell stands in them."""
    headings = batch.headings
    told = [sentence for sheet in headings.get("sheets", []) for sentence in _of_sheet(sheet)]
    if hidden := headings.get("hidden_sheets"):
        told.insert(0, _("隐藏的工作表没有读：%(sheets)s。要导入请先在表格里取消隐藏") % {"sheets": "、".join(hidden)})
    if skipped := headings.get("skipped"):
        parts = "；".join(_("%(what)s %(n)s 行") % {"what": word, "n": skipped[code]} for code, word in SKIPPED.items() if code in skipped)
        told.append(_("不是记录、略过的：%(parts)s") % {"parts": parts})
    return [*told, *(left_empty(batch) if batch.committed_at else ())]


def _of_sheet(sheet: dict[str, Any]) -> list[str]:
    name, told = sheet.get("sheet") or _("这份表"), []
    if hidden := sheet.get("hidden_columns"):
        told.append(_("「%(sheet)s」里隐藏的列和别的列一样看待：%(columns)s") % {"sheet": name, "columns": "、".join(hidden)})
    if rows := sheet.get("hidden_rows", 0):
        told.append(_("「%(sheet)s」里隐藏的 %(n)s 行也读了，行上有说明") % {"sheet": name, "n": rows})
    if (blocks := sheet.get("blocks", 1)) > 1:
        told.append(_("「%(sheet)s」左右并排 %(n)s 块，从左到右一块一块读") % {"sheet": name, "n": blocks})
    return told
