"""One backup file: made, read again, proved. Holds the database, files without private uploads, and a manifest of what must come out."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from juzhi.base.errors import Refused
from juzhi.config import environment
from juzhi.config.keeping import stores, vault
from juzhi.files import queries as private

FORMAT = 1
DATABASE, FILES, MANIFEST = "database", "files", "manifest.json"  # names inside the archive
LEFT_OVER = 24 * 3600  # seconds after which a work folder belongs to a process that was killed


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself."""

    format: int
    made_at: str
    version: str
    vendor: str
    tables: stores.Tables
    files: dict[str, str]  # path -> sha256
    head: list[Any] | None  # number and seal of the last sealed entry
    migrations: list[list[str]]
    secret_key: str  # without it the seals of the journal cannot be checked on another machine

    @property
    def rows(self) -> int:
        return sum(int(count) for count, _ in self.tables.values())


@contextlib.contextmanager
def workroom() -> Iterator[Path]:
    """A private folder beside the data, gone afterwards; sweeps what a killed process left."""
    place = Path(settings.DATA_FOLDER)
    for old in place.glob("keeping-*"):
        if time.time() - old.stat().st_mtime > LEFT_OVER:
            shutil.rmtree(old, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix="keeping-", dir=place))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def pack(target: Path, at: datetime) -> Manifest:
    """Write a backup to `target`, which appears only when it is whole. Refuses to write over a file."""
    if target.exists():
        raise Refused(f"已经有 {target}，请换一个文件名", field="file")
    secret = vault.key(is_made=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with workroom() as folder, os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            moment = stores.dump(folder / DATABASE)
            with vault.Sealing(file, secret) as sealed, gzip.GzipFile(fileobj=sealed, mode="wb", compresslevel=6) as pressed, tarfile.open(fileobj=pressed, mode="w|") as tar:
                tar.add(folder / DATABASE, DATABASE)
                files = dict(_add_files(tar))
                manifest = Manifest(FORMAT, at.isoformat(), product_version(), connection.vendor, moment.tables, files, moment.head, moment.migrations, settings.SECRET_KEY)
                (folder / MANIFEST).write_text(json.dumps(asdict(manifest), ensure_ascii=False))
                tar.add(folder / MANIFEST, MANIFEST)
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, target)  # fails where somebody has made it meanwhile
    finally:
        draft.unlink(missing_ok=True)
    return manifest


def _add_files(tar: tarfile.TarFile) -> Iterator[tuple[str, str]]:
    root = Path(settings.MEDIA_ROOT)
    for path in sorted(root.rglob("*")):
        if path.is_file() and not path.is_symlink() and not path.is_relative_to(private.folder()):
            with path.open("rb") as file:
                about = tar.gettarinfo(arcname=f"{FILES}/{path.relative_to(root).as_posix()}", fileobj=file)
                digest = Digesting(file, about.size)
                tar.addfile(about, digest)  # type: ignore[arg-type]
            yield path.relative_to(root).as_posix(), digest.told.hexdigest()


class Digesting:
    """Reads a file and digests what was read: what is in the archive, not what the file became meanwhile."""

    def __init__(self, file: IO[bytes], size: int) -> None:
        self.file, self.left, self.told = file, size, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        piece = self.file.read(self.left if size < 0 else min(size, self.left))
        self.left -= len(piece)
        self.told.update(piece)
        return piece


def product_version() -> str:
    try:
        return version("juzhi")
    except PackageNotFoundError:
        return "0.1.0"


def unpack(source: Path, folder: Path) -> Manifest:
    """Open a backup into `folder` and compare every file with the manifest. Raises Refused: not ours, other key, damaged, or not for this product."""
    digests: dict[str, str] = {}
    secret = vault.key()
    try:
        with source.open("rb") as file, vault.Opening(file, secret) as plain:
            with tarfile.open(fileobj=plain, mode="r|gz") as tar:
                for member in tar:
                    digests[member.name] = _take(tar, member, folder)
            while plain.read(vault.CHUNK):  # to the very end: only the last chunk says that nothing was cut off
                pass
        told = json.loads((folder / MANIFEST).read_text())
    except FileNotFoundError as error:
        raise Refused(f"找不到文件 {error.filename}", field="file")
    except (tarfile.TarError, zlib.error, EOFError, OSError, ValueError) as error:
        raise Refused(f"备份文件不完整：{error}")
    if told.get("format") != FORMAT:
        raise Refused("备份来自更新的版本，请先升级聚智")
    manifest = Manifest(**told)
    expected = {f"{FILES}/{path}": digest for path, digest in manifest.files.items()}
    if {name: digest for name, digest in digests.items() if name.startswith(f"{FILES}/")} != expected or DATABASE not in digests:
        raise Refused("备份里的文件与清单不符")
    _check_fits(manifest)
    return manifest


def _take(tar: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> str:
    """Write one member, plain files only, nowhere but beneath `folder`. Returns its digest."""
    path = (folder / member.name).resolve()
    content = tar.extractfile(member) if member.isfile() else None
    if content is None or not path.is_relative_to(folder.resolve()):
        raise Refused("备份里有不该有的东西")
    path.parent.mkdir(parents=True, exist_ok=True)
    told = hashlib.sha256()
    with path.open("wb") as file:
        while piece := content.read(vault.CHUNK):
            told.update(piece)
            file.write(piece)
    return told.hexdigest()


def _check_fits(manifest: Manifest) -> None:
    if manifest.vendor != connection.vendor:
        names = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
        raise Refused(f"备份来自 {names[manifest.vendor]}，这里用的是 {names[connection.vendor]}", code="state")
    ours = MigrationLoader(None).disk_migrations
    if unknown := [name for name in manifest.migrations if tuple(name) not in ours]:
        raise Refused(f"备份来自更新的版本（{'.'.join(unknown[0])}），请先升级聚智", code="state")


def prove(folder: Path, manifest: Manifest) -> None:
    """Restore what was unpacked into a scratch database: every table must have the same rows, and the journal must hold. Raises Refused."""
    if stores.is_postgresql():
        with stores.scratch_postgresql(folder / DATABASE) as where:
            _compare(stores.tables_of_postgresql(where), manifest)
            _walk_journal(folder, manifest, where)
    else:
        _compare(stores.tables_of_sqlite(folder / DATABASE), manifest)
        scratch = shutil.copyfile(folder / DATABASE, folder / "scratch.sqlite3")
        _walk_journal(folder, manifest, f"sqlite:///{quote(str(scratch.resolve()))}")


def _compare(found: stores.Tables, manifest: Manifest) -> None:
    for table in sorted({*found, *manifest.tables}):
        if found.get(table) != manifest.tables.get(table):
            raise Refused(f"表 {table} 与清单不符：清单 {manifest.tables.get(table, [0])[0]} 行，恢复出 {found.get(table, [0])[0]} 行")


def _walk_journal(folder: Path, manifest: Manifest, where: str) -> None:
    """Bring the scratch database to this version and walk its journal, as the restored product would."""
    head = folder / "head.json"
    head.write_text(json.dumps({"number": manifest.head[0], "seal": manifest.head[1]} if manifest.head else {}))
    surroundings = {"JUZHI_DATA": str(folder / "scratch"), "JUZHI_DATABASE_URL": where, "JUZHI_SECRET_KEY": manifest.secret_key}
    child(["migrate", "--verbosity=0"], surroundings, "备份升不到这个版本")
    child(["journal", "verify", f"--head={head}"], surroundings, "备份里的变更记录不完整")


def child(words: list[str], surroundings: dict[str, str], what: str) -> None:
    """Run one of our commands as a process of its own. Raises Refused with its last words."""
    command = [sys.executable, "-m", "juzhi.config.cli", *words]
    done = subprocess.run(command, cwd=environment.ROOT, env={**os.environ, **surroundings}, capture_output=True, text=True, stdin=subprocess.DEVNULL)  # noqa: S603
    if done.returncode:
        raise Refused(f"{what}：{((done.stdout + done.stderr).strip().splitlines() or ['没有说明'])[-1]}")


def check(source: Path, at: datetime) -> Manifest:
    """The whole proof of a backup, and its date written down for `juzhi doctor`. Raises Refused."""
    with workroom() as folder:
        manifest = unpack(source, folder)
        prove(folder, manifest)
    proof_file().write_text(json.dumps({"at": at.isoformat(), "backup": source.name, "made_at": manifest.made_at}, ensure_ascii=False))
    return manifest


def proof_file() -> Path:
    """When a backup was last proved by restoring it."""
    return Path(settings.DATA_FOLDER) / "proved-restore.json"
