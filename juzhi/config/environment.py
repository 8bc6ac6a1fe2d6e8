"""Configuration by environment: every variable the product reads, with its default."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

ROOT = Path(__file__).resolve().parents[2]
os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")  # we ask for single characters only: 44 MB less in every process


def text(name: str, default: str = "") -> str:
    return os.environ.get(f"JUZHI_{name}", default)


def flag(name: str, default: bool = False) -> bool:
    return text(name, "1" if default else "0").lower() in ("1", "true", "yes", "on")


def data_folder() -> Path:
    """JUZHI_DATA: where the database, uploads and the secret key live, for this user's eyes only. Default: `var/` beside the code."""
    folder = Path(text("DATA", str(ROOT / "var")))
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def secret_key() -> str:
    """JUZHI_SECRET_KEY, else the file JUZHI_SECRET_KEY_FILE, else one made at first start and kept in the data folder (mode 600)."""
    if key := text("SECRET_KEY"):
        return key
    path = Path(text("SECRET_KEY_FILE", str(data_folder() / "secret-key")))
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(50))
    return path.read_text().strip()


SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA mmap_size=134217728;"
    "PRAGMA journal_size_limit=27103364;PRAGMA cache_size=-20000;PRAGMA temp_store=MEMORY;PRAGMA secure_delete=ON;"
)


def database() -> dict[str, Any]:
    """JUZHI_DATABASE_URL: `sqlite:///path` (default, in the data folder) or `postgresql://user:password@host:port/name`."""
    url = text("DATABASE_URL") or f"sqlite:///{data_folder() / 'juzhi.sqlite3'}"
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(parts.path[1:]) or ":memory:",
            "CONN_MAX_AGE": None,
            "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": SQLITE_PRAGMAS},
        }
    if parts.scheme not in ("postgresql", "postgres"):
        raise SystemExit(f"JUZHI_DATABASE_URL: {parts.scheme!r} is neither sqlite nor postgresql")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path[1:]),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,  # a server that was restarted meanwhile costs nobody a page
        "OPTIONS": {"connect_timeout": 5},
        "DISABLE_SERVER_SIDE_CURSORS": True,
    }


def email() -> dict[str, Any]:
    """JUZHI_EMAIL_URL: `smtp://user:password@host:port` (`smtps://` for TLS). Without it mail is kept as files in the data folder."""
    url = text("EMAIL_URL")
    if not url:
        return {"EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend", "EMAIL_FILE_PATH": str(data_folder() / "mail")}
    parts = urlsplit(url)
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname or "localhost",
        "EMAIL_PORT": parts.port or 25,
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_TIMEOUT": 20,
    }
