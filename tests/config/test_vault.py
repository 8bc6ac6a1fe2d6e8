"""The sealed envelope of a backup: whole or refused."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from juzhi.base.errors import Refused
from juzhi.config.keeping import vault
from juzhi.config.keeping.vault import CHUNK, MAGIC, SALT, TAG

KEY, OTHER = b"k" * 32, b"o" * 32
SIZES = (0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 7)


def sealed(plain: bytes, key: bytes = KEY) -> bytes:
    target = io.BytesIO()
    with vault.Sealing(target, key) as sealing:
        for start in range(0, len(plain), 300_000):
            sealing.write(plain[start : start + 300_000])
    return target.getvalue()


def opened(text: bytes, key: bytes = KEY) -> bytes:
    with vault.Opening(io.BytesIO(text), key) as opening:
        return opening.readall() or b""


def is_refused(text: bytes, key: bytes = KEY) -> bool:
    try:
        opened(text, key)
    except Refused:
        return True
    return False


@pytest.mark.parametrize("size", SIZES)
def test_what_goes_in_comes_out(size: int) -> None:
    plain = bytes(range(256)) * (size // 256 + 1)
    assert opened(sealed(plain[:size])) == plain[:size]


def test_every_changed_byte_is_refused() -> None:
    text = sealed(b"roster " * 400_000)  # three chunks
    places = [*range(len(MAGIC) + SALT + 3), *range(0, len(text), len(text) // 100), len(text) - 1]
    assert [place for place in places if not is_refused(text[:place] + bytes([text[place] ^ 1]) + text[place + 1 :])] == []


def test_every_cut_and_every_addition_is_refused() -> None:
    text = sealed(b"x" * (2 * CHUNK + 5))
    head, whole = len(MAGIC) + SALT, CHUNK + TAG
    cuts = [0, 5, head, head + 1, head + whole - 1, head + whole, head + 2 * whole, len(text) - 1]
    assert [cut for cut in cuts if not is_refused(text[:cut])] == []
    assert is_refused(text + b"\0") and is_refused(text + text)


def test_exchanged_chunks_are_refused() -> None:
    text = sealed(b"a" * CHUNK + b"b" * CHUNK + b"c")
    head, whole = len(MAGIC) + SALT, CHUNK + TAG
    first, second = text[head : head + whole], text[head + whole : head + 2 * whole]
    assert not is_refused(text[:head] + first + second + text[head + 2 * whole :])
    assert is_refused(text[:head] + second + first + text[head + 2 * whole :])


def test_another_key_opens_nothing() -> None:
    assert is_refused(sealed(b"roster"), OTHER)


def test_two_backups_of_the_same_are_not_alike() -> None:
    assert sealed(b"roster")[len(MAGIC) :] != sealed(b"roster")[len(MAGIC) :]


def test_the_key_is_made_once_for_this_user_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUZHI_BACKUP_KEY_FILE", str(tmp_path / "keys" / "backup"))
    with pytest.raises(Refused):
        vault.key()
    made = vault.key(is_made=True)
    assert (vault.key_file().stat().st_mode & 0o777, vault.key(), vault.key(is_made=True)) == (0o600, made, made)
    vault.key_file().write_text("not a key")
    with pytest.raises(Refused):
        vault.key()
