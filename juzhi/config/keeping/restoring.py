"""Bringing a backup back: proved first, then everything exchanged at once, then what was forgotten since is forgotten again."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connections

from juzhi.base.actors import System
from juzhi.base.errors import Refused
from juzhi.config import environment, serve
from juzhi.config.keeping import archive, erasures, stores
from juzhi.demo import queries
from juzhi.files import queries as private
from juzhi.journal.queries import head_file


def restore(source: Path, *, by: System, is_agreed: bool) -> tuple[archive.Manifest, int]:
    """Put the backup in the place of all data. Returns its manifest and how many things were forgotten again.

    Refuses, with the data untouched: a running product, data that would be lost without `is_agreed`, and a backup that does not prove itself.
    """
    try:
        held = serve.hold(Path(settings.DATA_FOLDER) / "run.lock")  # nobody may start it meanwhile
    except serve.Unable:
        raise Refused("聚智正在运行。请先停止服务，再恢复", code="state")
    with contextlib.closing(held), archive.workroom() as folder:
        if not is_agreed and has_data():
            raise Refused("数据库不是空的，恢复会把现有数据整个换掉。确认要换，请加 --yes；换之前可先运行 juzhi backup", code="state")
        manifest = archive.unpack(source, folder)
        archive.prove(folder, manifest)
        _check_secret(manifest)
        with contextlib.suppress(DatabaseError):  # a database that cannot be read any more has told the log what it could
            erasures.keep_up()
        _exchange(folder, manifest)
        return manifest, erasures.replay(by)


def has_data() -> bool:
    """Whether there is anything to lose. A database without tables has nothing; one that cannot be read may have."""
    try:
        with connections["default"].cursor():
            pass
        return not (queries.is_empty() and erasures.is_empty()) if connections["default"].introspection.table_names() else False
    except DatabaseError:
        return True
    finally:
        connections.close_all()


def _check_secret(manifest: archive.Manifest) -> None:
    if manifest.secret_key != settings.SECRET_KEY and environment.text("SECRET_KEY"):
        raise Refused("JUZHI_SECRET_KEY 与备份时的不同，恢复后变更记录将无法核对。请先改回备份时的密钥", code="state")


def _exchange(folder: Path, manifest: archive.Manifest) -> None:
    connections.close_all()
    if stores.is_postgresql():
        stores.exchange_postgresql(folder / archive.DATABASE)
    else:
        stores.exchange_sqlite(folder / archive.DATABASE)
    _exchange_files(folder / archive.FILES)
    if manifest.secret_key != settings.SECRET_KEY:
        _write_secret(manifest.secret_key)
    if manifest.head:
        head_file().write_text(json.dumps({"number": manifest.head[0], "seal": manifest.head[1]}))
    else:
        head_file().unlink(missing_ok=True)
    archive.child(["prepare", "--no-demo"], {"JUZHI_COLLECTED": "0"}, "数据已换，但升级到这个版本没有做完；请运行 juzhi migrate")


def _exchange_files(staged: Path) -> None:
    """The restored files in the place of the old ones; private uploads stay where they are."""
    place = Path(settings.MEDIA_ROOT)
    staged.mkdir(exist_ok=True)
    if private.folder().exists():
        private.folder().rename(staged / private.folder().name)
    gone = staged.parent / "gone"
    if place.exists():
        place.rename(gone)
    place.parent.mkdir(parents=True, exist_ok=True)
    staged.rename(place)
    shutil.rmtree(gone, ignore_errors=True)


def _write_secret(text: str) -> None:
    path = Path(environment.text("SECRET_KEY_FILE", str(Path(settings.DATA_FOLDER) / "secret-key")))
    draft = path.with_name(f"{path.name}.new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    draft.replace(path)
