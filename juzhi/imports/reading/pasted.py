"""A table pasted from a spreadsheet: tabs between cells, one row a line, cells with line breaks in quotation marks."""

from __future__ import annotations

import csv
import io


def as_csv(text: str) -> bytes:
    """The pasted text as a file. Without a tab it stays as it is: lines of a text file tell their own separator.

    A quotation mark opens a cell only where another closes it right before a tab or the end of a line: 5" stays 5".
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\t" not in text:
        return text.encode("utf-8", "replace")
    out = io.StringIO(newline="")
    csv.writer(out).writerows(_rows(text))
    return out.getvalue().encode("utf-8", "replace")


def _rows(text: str) -> list[list[str]]:
    rows: list[list[str]] = [[]]
    at = 0
    while at < len(text):
        value, at = _quoted(text, at) if text[at] == '"' else _plain(text, at)
        rows[-1].append(value)
        if at < len(text) and text[at] == "\t":
            at += 1
            if at == len(text) or text[at] == "\n":
                rows[-1].append("")
        if at < len(text) and text[at] == "\n":
            at += 1
            rows.append([])
    return rows


def _plain(text: str, at: int) -> tuple[str, int]:
    ends = [end for end in (text.find("\t", at), text.find("\n", at)) if end >= 0]
    end = min(ends, default=len(text))
    return text[at:end], end


def _quoted(text: str, at: int) -> tuple[str, int]:
    """The cell between two quotation marks, a doubled one meaning itself; as it stands where none closes it."""
    close = at
    while True:
        close = text.find('"', close + 1)
        if close < 0:
            return _plain(text, at)
        if text[close + 1 : close + 2] == '"':
            close += 1
        elif text[close + 1 : close + 2] in ("", "\t", "\n"):
            return text[at + 1 : close].replace('""', '"'), close + 1
        else:
            return _plain(text, at)
