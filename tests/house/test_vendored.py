"""Files of others: each stands in a manifest with version, licence and digest, and is what it was when it was taken."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from tests.house.reading import ROOT

MANIFESTS = sorted(p.relative_to(ROOT).as_posix() for folder in ("juzhi", "tests", "bench") for p in (ROOT / folder).rglob("vendor/manifest.json"))
SAID = ("name", "version", "licence", "files")


def violations(folder: Path) -> list[str]:
    found, listed = [], set()
    for entry in json.loads((folder / "manifest.json").read_text(encoding="utf-8")):
        found += [f"{entry.get('name')} does not say its {word}" for word in SAID if not entry.get(word)]
        for name, digest in entry.get("files", {}).items():
            listed.add(name)
            if not (folder / name).is_file():
                found.append(f"{name} is missing")
            elif hashlib.sha256((folder / name).read_bytes()).hexdigest() != digest:
                found.append(f"{name} is not the file that was taken")
        if not any("LICENSE" in name or "LICENCE" in name for name in entry.get("files", {})):
            found.append(f"{entry.get('name')} comes without its licence")
    there = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file() and p.name != "manifest.json"}
    return found + [f"{name} stands in no manifest" for name in sorted(there - listed)]


@pytest.mark.parametrize("manifest", MANIFESTS)
def test_the_house(manifest: str) -> None:
    assert violations((ROOT / manifest).parent) == []


def test_every_vendor_folder_has_a_manifest() -> None:
    folders = {p.relative_to(ROOT).as_posix() for folder in ("juzhi", "tests") for p in (ROOT / folder).rglob("vendor") if p.is_dir()}
    assert folders == {manifest.removesuffix("/manifest.json") for manifest in MANIFESTS} != set()


def test_planted(tmp_path: Path) -> None:
    digest = hashlib.sha256(b"a").hexdigest()
    (tmp_path / "a.js").write_bytes(b"a")
    (tmp_path / "LICENSE").write_bytes(b"a")
    entry = {"name": "a", "version": "1", "licence": "MIT", "files": {"a.js": digest, "LICENSE": digest}}
    (tmp_path / "manifest.json").write_text(json.dumps([entry]))
    assert violations(tmp_path) == []
    (tmp_path / "a.js").write_bytes(b"b")
    (tmp_path / "b.js").write_bytes(b"b")
    assert violations(tmp_path) == ["a.js is not the file that was taken", "b.js stands in no manifest"]
    (tmp_path / "manifest.json").write_text(json.dumps([{**entry, "version": "", "files": {"a.js": digest, "c.js": digest}}]))
    assert violations(tmp_path) == ["a does not say its version", "a.js is not the file that was taken", "c.js is missing", "a comes without its licence", "LICENSE stands in no manifest", "b.js stands in no manifest"]
