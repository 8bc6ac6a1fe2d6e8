"""Entries of the old shape go, and the index with them: it is made anew after the migration, and `prepare` writes every entry again when there is none."""

from __future__ import annotations

from typing import Any

from django.db import migrations

from juzhi.base import indexes


def begin_anew(apps: Any, editor: Any) -> None:
    indexes.remove(editor.connection.alias)
    editor.execute("truncate search_searchentry" if editor.connection.vendor == "postgresql" else "delete from search_searchentry")


class Migration(migrations.Migration):
    dependencies = [("search", "0001_entries")]

    operations = [migrations.RunPython(begin_anew, migrations.RunPython.noop)]
