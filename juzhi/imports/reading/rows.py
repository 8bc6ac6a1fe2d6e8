"""From a sheet to rows: below the heading, without titles, subtotals and footers; repeats found, like names told."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from juzhi.base.importers import CREATE, SAME, SKIP, Field, Importer, Row
from juzhi.base.text import search_key
from juzhi.imports.reading import headings
from juzhi.imports.reading.grid import Cell, Sheet
from juzhi.imports.reading.sensitive import may_be_shown
from juzhi.imports.reading.tidying import as_row, tidy

FOOTER = re.compile(r"^(合\s*计|总\s*计|小\s*计|共\s*计|注[:：]|备注[:：]|说明[:：]|填表人|制表人|审核人|填报人|经办人|负责人[:：]|联系电话[:：]|第.{1,4}页)")
DITTO = frozenset({"同上", "〃", "″", '"', "“", "”", "''", "〞", "ditto", "同左"})


@dataclass
class SheetRead:
    """What was understood of one sheet. `unmapped` = headings nobody knew, with up to three values each."""

    sheet: str | None
    header_rows: list[int]
    columns: dict[str, str]
    unmapped: dict[str, list[str]] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    hidden_rows: int = 0


def read(importer: Importer, sheet: Sheet, mapping: Mapping[str, str]) -> tuple[SheetRead, list[Row]] | None:
    """Rows of one sheet; None when it has no heading."""
    heading = headings.find(sheet, importer.fields, mapping)
    if heading is None:
        return None
    sheet.name = None if sheet.name is None else headings.shown(sheet.name)
    told = SheetRead(sheet.name, heading.rows, {text: name for text, name in heading.columns.values() if name} | dict(heading.left_out.values()), left_out=[text for text, _ in heading.left_out.values()])
    names = {column: name for column, (_text, name) in heading.columns.items() if name}
    fill = {one.name for one in importer.fields if one.fills_down}
    merged = _merged_down(sheet, {column for column, name in names.items() if name in fill})
    found: list[Row] = []
    above: dict[str, Cell] = {}
    for number, cells in sorted(sheet.rows.items()):
        if number <= heading.rows[-1]:
            continue
        kept = {name: cells[column] for column, name in names.items() if column in cells}
        if _is_no_record(sheet, number, cells, heading):
            found.append(Row(sheet=sheet.name, row=number, action=SKIP))
            continue
        for column, name in names.items():
            if name in fill:
                _fill_down(kept, above, name, (number, column) in merged)
        for column, (text, name) in heading.columns.items():
            if not name and column in cells:
                _keep_sample(told.unmapped.setdefault(text, []), cells[column].text)
        row = as_row(sheet.name, number, tidy(importer.fields, kept))
        row.values = {**importer.defaults, **{name: value for name, value in row.values.items() if value is not None or name not in importer.defaults}}
        if number in sheet.hidden_rows:
            row.warn.insert(0, "hidden_row")
            told.hidden_rows += 1
        found.append(row)
    for text, name in heading.columns.values():
        if not name:
            told.unmapped.setdefault(text, [])
    return told, found


def _keep_sample(samples: list[str], text: str) -> None:
    """Up to three different values of a column that nobody knows, none of them of what is never kept."""
    if len(samples) < 3 and text[:40] not in samples and may_be_shown(text):
        samples.append(text[:40])


def _merged_down(sheet: Sheet, columns: set[int]) -> set[tuple[int, int]]:
    """Cells below the first one of a merge that runs down."""
    return {(row, first) for top, first, bottom, last in sheet.merges if first == last and first in columns and bottom - top < 10_000 for row in range(top + 1, bottom + 1)}


def _fill_down(kept: dict[str, Cell], above: dict[str, Cell], name: str, is_merged: bool) -> None:
    cell = kept.get(name)
    says_same = cell is not None and "".join(cell.text.split()) in DITTO
    if (says_same or (cell is None and is_merged)) and name in above:
        kept[name] = above[name]
    elif says_same:
        del kept[name]
    elif cell is not None:
        above[name] = cell
    else:
        above.pop(name, None)


def _is_no_record(sheet: Sheet, number: int, cells: Mapping[int, Cell], heading: headings.Heading) -> bool:
    """Subtotals, footers, a repeated heading, a line drawn across."""
    texts = [cell.text.strip() for _column, cell in sorted(cells.items())]
    if FOOTER.match(texts[0]) and len(texts) <= max(3, len(heading.columns) // 3):
        return True
    if any(top <= number <= bottom and last - first >= max(2, len(heading.columns) // 2) for top, first, bottom, last in sheet.merges):
        return True
    if all(len(set(text)) == 1 and not text.isalnum() for text in texts):
        return True
    own = {headings.plain(text.rpartition("/")[2]) for text, _name in heading.columns.values()}
    return len(texts) >= 2 and sum(1 for text in texts if headings.plain(text) in own) * 3 >= len(texts) * 2


def find_repeats(importer: Importer, rows: Sequence[Row]) -> None:
    """Mark rows that repeat an earlier one (told by the importer's `same` fields), giving it what it lacks."""
    first: dict[tuple[Any, ...], Row] = {}
    for row in rows:
        if row.action != CREATE:
            continue
        keys: list[tuple[Any, ...]] = [(n, *(_comparable(row.values.get(name)) for name in names)) for n, names in enumerate(importer.same) if all(row.values.get(name) for name in names)]
        earlier = next((first[key] for key in keys if key in first and not _differ(importer.same, key[0], first[key], row)), None)
        if earlier is None:
            for key in keys:
                first.setdefault(key, row)
            continue
        for name, value in row.values.items():
            if earlier.values.get(name) is None and value is not None:
                earlier.values[name] = value
        row.action, row.same_as, row.warn = SAME, earlier.row, []


def _differ(same: Sequence[tuple[str, ...]], number: int, one: Row, other: Row) -> bool:
    """Whether two rows alike in a weaker way (name alone) are told apart by a stronger one (name and superior). Part of a name says no other."""
    for names in same[:number]:
        if set(names) > set(same[number]) and all(row.values.get(name) for row in (one, other) for name in names):
            pairs = [(_comparable(one.values[name]), _comparable(other.values[name])) for name in names]
            return not all(first.endswith(second) or second.endswith(first) for first, second in pairs)
    return False


def _comparable(value: Any) -> str:
    return search_key(str(value))


def tell_namesakes(rows: Sequence[Row]) -> None:
    """Two persons of one name stay two, and both rows say so."""
    by_name: dict[str, list[Row]] = {}
    for row in rows:
        if row.action == CREATE and row.values.get("name"):
            by_name.setdefault(search_key(row.values["name"]), []).append(row)
    for namesakes in by_name.values():
        if len(namesakes) > 1:
            for row in namesakes:
                row.warn.append("same_name_other_person")


def fields_not_stored(fields: Sequence[Field], sheets: Sequence[SheetRead]) -> list[str]:
    """Headings that were understood and have no stated purpose: not written."""
    plain = {one.name for one in fields if not one.is_read and one.classed != "internal"}
    return [heading for sheet in sheets for heading, name in sheet.columns.items() if name in plain]
