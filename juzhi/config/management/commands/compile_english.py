"""`manage.py compile_english`: the English catalogue compiled, without gettext tools; with --add, texts it lacks are put at its end, empty."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from juzhi.config import english


class Command(BaseCommand):
    help = "Compile locale/en/LC_MESSAGES/django.po; --add puts texts that it lacks at its end, to be translated."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--add", action="store_true", help="add what the catalogue lacks, empty")

    def handle(self, *args: Any, **options: Any) -> None:
        path = english.CATALOGUE
        path.parent.mkdir(parents=True, exist_ok=True)
        written = path.read_text(encoding="utf-8") if path.exists() else 'msgid ""\nmsgstr ""\n' + "".join(english.quoted(line) + "\n" for line in english.HEADER.splitlines(True))
        if options["add"]:
            known = english.read_catalogue(written)
            lacking = [english.entry(text, place) for text, place in english.texts().items() if text not in known]
            written = "\n".join([written.rstrip("\n") + "\n", *lacking])
            path.write_text(written, encoding="utf-8")
        catalogue = english.read_catalogue(written)
        path.with_suffix(".mo").write_bytes(english.compiled(catalogue))
        open_ = sum(1 for answer in catalogue.values() if answer.fuzzy or not all(answer.forms))
        self.stdout.write(f"{len(catalogue)} texts, {open_} without English")
