"""The sealed envelope of a backup: AES-256-GCM in chunks. A changed, missing, added or exchanged byte, or another key, is noticed before a chunk is used."""

from __future__ import annotations

import io
import os
import secrets
from pathlib import Path
from typing import IO, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from juzhi.base.errors import Refused
from juzhi.config import environment

MAGIC = b"juzhi-backup-1\n"
CHUNK = 1024 * 1024
TAG = 16
SALT = 32


def key_file() -> Path:
    """JUZHI_BACKUP_KEY_FILE, else a file in the data folder. Never inside a backup: keep a copy of it elsewhere, without it no backup opens."""
    return Path(environment.text("BACKUP_KEY_FILE", str(environment.data_folder() / "backup-key")))


def key(*, is_made: bool = False) -> bytes:
    """The key; made at first use (mode 600) if `is_made`. Raises Refused when there is none or it is no key."""
    path = key_file()
    if is_made and not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32) + "\n")
    try:
        found = bytes.fromhex(path.read_text().strip())
    except FileNotFoundError:
        raise Refused(f"找不到备份密钥 {path}；把当时的密钥文件放到这里，或用 JUZHI_BACKUP_KEY_FILE 指明", code="state")
    except ValueError:
        raise Refused(f"{path} 不是备份密钥", code="state")
    if len(found) != 32:
        raise Refused(f"{path} 不是备份密钥", code="state")
    return found


def _cipher(secret: bytes, salt: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, salt, b"juzhi backup").derive(secret))


def _nonce(number: int, is_last: bool) -> bytes:
    """The place of a chunk and whether it is the last: chunks can be neither exchanged nor cut off. A salt is used for one file only."""
    return number.to_bytes(11, "big") + (b"\1" if is_last else b"\0")


class Sealing(io.RawIOBase):
    """Write into it; it writes sealed chunks to `target`. Close it, or the backup has no end."""

    def __init__(self, target: IO[bytes], secret: bytes) -> None:
        super().__init__()
        salt = secrets.token_bytes(SALT)
        self._target, self._cipher, self._head = target, _cipher(secret, salt), MAGIC + salt
        self._held, self._number = bytearray(), 0
        target.write(self._head)

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._held += data
        while len(self._held) > CHUNK:  # one byte more than a chunk: so a last chunk always remains
            self._seal(bytes(self._held[:CHUNK]), False)
            del self._held[:CHUNK]
        return len(data)

    def _seal(self, chunk: bytes, is_last: bool) -> None:
        self._target.write(self._cipher.encrypt(_nonce(self._number, is_last), chunk, self._head))
        self._number += 1

    def close(self) -> None:
        if not self.closed:
            self._seal(bytes(self._held), True)
        super().close()


class Opening(io.RawIOBase):
    """Read the plain bytes of a sealed file. Raises Refused at the first chunk that is not as it was sealed."""

    def __init__(self, source: IO[bytes], secret: bytes) -> None:
        super().__init__()
        self._source, self._head = source, source.read(len(MAGIC) + SALT)
        if not self._head.startswith(MAGIC) or len(self._head) != len(MAGIC) + SALT:
            raise Refused("这不是聚智的备份文件")
        self._cipher = _cipher(secret, self._head[len(MAGIC) :])
        self._next, self._number, self._plain = source.read(CHUNK + TAG), 0, b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self._plain:
            self._plain = self._open()
        count = min(len(buffer), len(self._plain))
        buffer[:count], self._plain = self._plain[:count], self._plain[count:]
        return count

    def _open(self) -> bytes:
        if self._number and not self._next:
            return b""
        sealed, self._next = self._next, self._source.read(CHUNK + TAG)
        try:
            plain = self._cipher.decrypt(_nonce(self._number, not self._next), sealed, self._head)
        except (InvalidTag, ValueError):
            raise Refused("备份文件打不开：密钥不对，或文件被改动、截断过" if not self._number else "备份文件不完整：被改动或截断过")
        self._number += 1
        return plain
