"""English: which texts the house shows, the catalogue that answers them, and its compiled form. Needs no gettext tools."""

from __future__ import annotations

import ast
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
CATALOGUE = ROOT / "locale" / "en" / "LC_MESSAGES" / "django.po"
# What a call means: the places of context, text and plural among its arguments.
CALLS = {"gettext": (None, 0, None), "gettext_noop": (None, 0, None), "ngettext": (None, 0, 1), "pgettext": (0, 1, None), "npgettext": (0, 1, 2)}
HEADER = 'Content-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=2; plural=(n != 1);\nLanguage: en\n'


@dataclass(frozen=True, order=True)
class Text:
    """One text as gettext knows it: its words in Chinese, a context where one word has two meanings, a plural where a number stands in it."""

    words: str
    context: str = ""
    plural: str = ""

    @property
    def key(self) -> str:
        """How the compiled catalogue spells it."""
        key = f"{self.context}\x04{self.words}" if self.context else self.words
        return f"{key}\0{self.plural}" if self.plural else key


@dataclass(frozen=True)
class Answer:
    """The English of a text: one form, or two for texts with a plural."""

    forms: tuple[str, ...]
    fuzzy: bool = False


def texts(root: Path = ROOT) -> dict[Text, str]:
    """Every text in code and templates below `root`, with the file that shows it first."""
    found: dict[Text, str] = {}
    for path in sorted(p for p in root.rglob("*") if p.suffix in (".py", ".html", ".txt") and not {"migrations", "locale"} & set(p.parts)):
        source = path.read_text(encoding="utf-8")
        for text in in_code(source) if path.suffix == ".py" else in_template(source):
            found.setdefault(text, path.relative_to(root).as_posix())
    return found


def in_code(source: str) -> Iterator[Text]:
    """Texts in calls of Django's translation functions, by whatever name the file imports them."""
    tree = ast.parse(source)
    known: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
            known |= {name.asname or name.name: name.name.removesuffix("_lazy") for name in node.names if name.name.removesuffix("_lazy") in CALLS}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in known:
            yield from _of_call(known[node.func.id], node)


def in_template(source: str) -> Iterator[Text]:
    """Texts in translate, blocktranslate and _("…")."""
    written = templatize(source)
    for match in re.finditer(r"\b(_|n?p?gettext)\(", written):
        call = _call_from(written[match.start() :])
        if call is not None:
            yield from _of_call(match[1].replace("_", "gettext") if match[1] == "_" else match[1], call)


def _call_from(written: str) -> ast.Call | None:
    """The shortest call at the beginning of `written`."""
    for end in (m.end() for m in re.finditer(r"\)", written)):
        try:
            found = ast.parse(written[:end].strip(), mode="eval").body
        except SyntaxError:
            continue
        return found if isinstance(found, ast.Call) else None
    return None


def _of_call(name: str, call: ast.Call) -> Iterator[Text]:
    given = [a.value if isinstance(a, ast.Constant) and isinstance(a.value, str) else None for a in call.args]
    context, words, plural = (given[place] if place is not None and place < len(given) else "" for place in CALLS[name])
    if words:
        yield Text(words, context or "", plural or "")


def read_catalogue(po: str) -> dict[Text, Answer]:
    """The entries of a .po file, without its header and without obsolete ones. Raises ValueError for a text that stands twice."""
    found: dict[Text, Answer] = {}
    for block in re.split(r"\n\s*\n", po):
        parts, fuzzy = _parts(block)
        if not parts.get("msgid"):
            continue
        text = Text(parts["msgid"], parts.get("msgctxt", ""), parts.get("msgid_plural", ""))
        if text in found:
            raise ValueError(f"{text.words!r} stands twice")
        forms = tuple(value for name, value in sorted(parts.items()) if name.startswith("msgstr"))
        found[text] = Answer(forms, fuzzy)
    return found


def _parts(block: str) -> tuple[dict[str, str], bool]:
    parts: dict[str, str] = {}
    current, fuzzy = "", False
    for line in block.splitlines():
        if line.startswith("#,"):
            fuzzy = fuzzy or "fuzzy" in line
        elif match := re.match(r'(msg\w+(?:\[\d\])?)\s+(".*")\s*$', line):
            current = match[1]
            parts[current] = ast.literal_eval(match[2])
        elif line.startswith('"') and current:
            parts[current] += ast.literal_eval(line)
    return parts, fuzzy


def compiled(catalogue: dict[Text, Answer]) -> bytes:
    """The .mo file of a catalogue: the GNU format, little-endian, sorted. Empty and fuzzy answers are left out, so the Chinese shows."""
    rows = {"": HEADER} | {text.key: "\0".join(answer.forms) for text, answer in catalogue.items() if all(answer.forms) and not answer.fuzzy}
    pairs = sorted((key.encode(), value.encode()) for key, value in rows.items())
    start = 28 + 16 * len(pairs)
    keys, values = b"".join(key + b"\0" for key, _ in pairs), b"".join(value + b"\0" for _, value in pairs)
    of_keys, of_values, key_at, value_at = b"", b"", start, start + len(keys)
    for key, value in pairs:
        of_keys += struct.pack("<II", len(key), key_at)
        of_values += struct.pack("<II", len(value), value_at)
        key_at, value_at = key_at + len(key) + 1, value_at + len(value) + 1
    head = struct.pack("<7I", 0x950412DE, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, start)
    return head + of_keys + of_values + keys + values


def entry(text: Text, place: str) -> str:
    """An empty entry for the catalogue."""
    lines = [f"#: {place}"]
    lines += [f"msgctxt {quoted(text.context)}"] if text.context else []
    lines += [f"msgid {quoted(text.words)}"]
    lines += [f"msgid_plural {quoted(text.plural)}", 'msgstr[0] ""', 'msgstr[1] ""'] if text.plural else ['msgstr ""']
    return "\n".join(lines) + "\n"


def quoted(text: str) -> str:
    for plain, written in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\t", "\\t"), ("\r", "\\r")):
        text = text.replace(plain, written)
    return f'"{text}"'
