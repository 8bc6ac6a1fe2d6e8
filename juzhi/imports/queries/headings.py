"""Where the columns of a file go, with what stands in them, and the rows that did not come in as a file."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import override

from juzhi.base.actors import Actor
from juzhi.base.importers import IMPORTERS, Field
from juzhi.imports.models import Batch, Decision, RowAction
from juzhi.imports.queries.standing import mapping, rows
from juzhi.imports.reading.headings import known, plain
from juzhi.imports.reading.words import reason

SAMPLES = 5  # values beside a heading
LOOKED_AT = 60  # rows in which they are looked for


def cell(value: Any, one: Field | None = None) -> str:
    """A value as a page shows it: choices in words."""
    if value is None:
        return ""
    return "、".join(map(str, value)) if isinstance(value, list) else str(one.word(value) if one else value)


def fields(batch: Batch) -> tuple[Field, ...]:
    """The columns this file has, in the order of the declaration; one that is cut in two stands as its two parts."""
    declared = {one.name: one for one in IMPORTERS[batch.kind].fields}
    present = {name for sheet in batch.headings.get("sheets", []) for name in sheet["columns"].values()}
    present |= {part for name in present if name in declared and declared[name].kind == "pair" for part in declared[name].parts}
    present |= {*batch.answers}
    return tuple(one for one in declared.values() if one.name in present and one.stored)


def ways_of_columns(by: Actor, batch: Batch) -> list[dict[str, Any]]:
    """Each heading with where it goes, as `mapper_row` takes it; left-out ones last, with why."""
    labels = {one.name: one for one in IMPORTERS[batch.kind].fields}
    beside = samples(by, batch) if batch.is_open else {}
    guessed = guesses(batch) if batch.is_open else set()
    found: dict[str, dict[str, Any]] = {}
    for heading, name in columns(batch):
        one = labels.get(name)
        note = ""
        if one is not None and one.kind == "remark":
            note = _("只从中读出离会、去世和日期，其余的话不收")
        elif one is not None and not one.is_read:
            note = _("认出是「%(label)s」，没有写明用途，不收") % {"label": one.label}
        elif one is None:
            note = _("认不出，先不收；可以改列的去向")
        elif heading in guessed:
            note = _("按相近的列名认出，请核对")
        kept = one is not None and one.is_read
        values = "、".join(beside.get(heading, [])[:2])
        found[heading] = {"heading": heading, "sample": values, "label": one.label if one else "", "note": note, "kept": kept, "is_doubtful": one is None or heading in guessed}
    for heading in batch.headings.get("not_imported", []):
        note = _("敏感信息，系统没有这一列，未读取、未暂存")
        found[heading] = {"heading": heading, "sample": "", "label": "", "note": note, "kept": False, "is_doubtful": False}
    return sorted(found.values(), key=lambda one: not one["kept"])


def guesses(batch: Batch) -> set[str]:
    """Headings that are no known word and were not settled before: taken for the field whose word they look like."""
    certain = {plain(word) for word in mapping(batch.organisation_id, batch.kind)}
    for code, _name in settings.LANGUAGES:
        with override(code):
            certain |= {*known(IMPORTERS[batch.kind].fields)}
    return {heading for heading, name in columns(batch) if name and not certain & {plain(heading), plain(heading.rpartition("/")[2])}}


def columns(batch: Batch) -> list[tuple[str, str]]:
    """Every heading that may be mapped, with the field it means now ("" = none). Left-out sensitive columns are not among them."""
    found: dict[str, str] = {}
    for sheet in batch.headings.get("sheets", []):
        found |= {heading: field for heading, field in sheet["columns"].items()}
        found |= {heading: "" for heading in sheet.get("unmapped", {})}
    left_out = {*batch.headings.get("not_imported", [])}
    return [(heading, field) for heading, field in found.items() if heading not in left_out]


def samples(by: Actor, batch: Batch) -> dict[str, list[str]]:
    """Up to five values beside each heading: as written where nobody knew the column, as understood where it was known. Sensitive columns have none."""
    declared = {one.name: one for one in IMPORTERS[batch.kind].fields}
    first = list(rows(by, batch).exclude(action__in=(RowAction.SKIP, RowAction.SAME))[:LOOKED_AT])
    found: dict[str, list[str]] = {}
    for sheet in batch.headings.get("sheets", []):
        for heading, name in sheet["columns"].items():
            told = [declared[one] for one in (name, *(declared[name].parts if name in declared and declared[name].kind == "pair" else ())) if one in declared]
            values = [" ".join(cell(row.values.get(one.name), one) for one in told).strip() for row in first if row.sheet == (sheet["sheet"] or "")]
            found[heading] = list(dict.fromkeys(value for value in values if value))[:SAMPLES]
        found |= sheet.get("unmapped", {})
    return found


def problem_table(by: Actor, batch: Batch) -> tuple[list[str], list[list[str]]]:
    """Rows that did not come in, with the reason in the last column: heads and lines of text. Mended, the file can be brought again."""
    importer, columns_ = IMPORTERS[batch.kind], fields(batch)
    remark = next((one for one in importer.fields if one.kind == "remark"), None)
    found = rows(by, batch).filter(Q(action=RowAction.REFUSE) | Q(action=RowAction.SUSPECT, decision__in=("", Decision.LATER)))
    with override(settings.LANGUAGE_CODE):  # headings that are read again are Chinese, whoever takes the file away
        heads = ["工作表", "行号", *(str(one.label) for one in columns_), *([str(remark.label)] if remark else []), "原因"]
    lines = []
    for row in found:
        why = reason(row.reason, importer) if row.reason else _("疑似重复：%(why)s，还没有裁定") % {"why": importer.likenesses.get(row.like_by, "")}
        cells = [cell(row.values.get("mobiles") or row.values.get(one.name) if one.kind in ("mobile", "telephone") else row.values.get(one.name), one) for one in columns_]
        lines.append([row.sheet, str(row.row), *cells, *([_ending(row.values)] if remark else []), why])
    return heads, lines


def _ending(values: dict[str, Any]) -> str:
    """What was read from a remark, in words that are read the same way again."""
    words = {"left": "退会", "deceased": "已故"}.get(values.get("state") or "", "")
    return f"{values['ended']}{words}" if words and values.get("ended") else words
