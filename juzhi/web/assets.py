"""Style sheets as they are served: one file for each page instead of sixty. They are written apart, one for each component, and joined when static files are collected; nothing is compiled."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage

ENTRY = "web/css/juzhi.css"
IMPORT = re.compile(r'@import "(?P<path>[^"]+)" layer\((?P<layer>\w+)\);')
URL = re.compile(r'url\("(?P<path>[^":]+)"\)')

Sources = Mapping[str, tuple[Any, str]]


def joined(sources: Sources) -> str:
    """The entry with each `@import … layer(x)` replaced by what it names, within `@layer x { … }`; addresses within it are told from the entry's folder. `sources` as Django's collector gives them: name → (storage, path)."""
    folder = posixpath.dirname(ENTRY)

    def inlined(found: re.Match[str]) -> str:
        name = posixpath.normpath(posixpath.join(folder, found["path"]))
        beside = posixpath.relpath(posixpath.dirname(name), folder)
        text = URL.sub(lambda url: f'url("{posixpath.normpath(posixpath.join(beside, url["path"]))}")', read(sources, name))
        return f"@layer {found['layer']} {{\n{text}\n}}"

    return IMPORT.sub(inlined, read(sources, ENTRY))


def read(sources: Sources, name: str) -> str:
    """Raises KeyError where no such file was collected."""
    storage, path = sources[name]
    with storage.open(path) as file:
        return str(file.read().decode())


class JoinedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Collected files with their hash in the name, compressed, the style sheets joined first."""

    def post_process(self, paths: dict[str, tuple[Any, str]], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        if not dry_run and ENTRY in paths:
            Path(self.path(ENTRY)).write_text(joined(paths))
            paths = {**paths, ENTRY: (self, ENTRY)}
        yield from super().post_process(paths, dry_run, **options)
