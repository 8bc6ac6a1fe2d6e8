"""Make the stroke data in juzhi/base/vendor anew from the three packages it comes from.

    mkdir /tmp/strokes && cd /tmp/strokes
    npm pack cnchar-order@3.2.6
    pip download --no-deps --no-binary :all: cn_sort==0.14.0
    apt-get download unicode-data=15.0.0-1
    python bin/strokes.py /tmp/strokes

Refuses packages that are not the ones named here. docs/strokes.md says how the three are used.
"""

from __future__ import annotations

import bz2
import hashlib
import json
import re
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
VENDOR = ROOT / "juzhi/base/vendor"
PACKAGES = {
    "cnchar-order-3.2.6.tgz": "98112307108d5815203d6eeafae05fac332f2040433f006782e305e96e729d58",
    "cn_sort-0.14.0.tar.gz": "a97869e588e9025e5e56514da03d6ee59569c678b00377471c982acf5a29718d",
    "unicode-data_15.0.0-1_all.deb": "5efef23bbb1c6a133ecbdd63a2cfa07159ccacf5466a49e2426101c5ecd691fc",
}
# The letters of cnchar as the five kinds 一丨丿丶乛; every other letter is a bent stroke.
KINDS = {"j": "1", "i": "1", "g": "2", "f": "2", "s": "3", "d": "4", "k": "4", "l": "4"}
SECOND = "igl"  # rising stroke, hooked vertical, falling stroke: the second forms of 一丨丶, which stand behind the first (GF 3003-1999)
# Six characters that cnchar writes otherwise than two other tables do.
PATCHES = {"彘": "551311341535", "撅": "121134315233534", "炽": "433425134", "皙": "1234331232511", "膝": "351112343424134", "黏": "31234342413421251"}
MIT = """MIT License

Copyright (c) bmxbmx3

The package cn_sort 0.14.0 states "License: MIT" (PKG-INFO) and "[MIT](LICENSE) © bmxbmx3" (README.md) and carries no file of the text; it is this:

""" + """Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.
"""


def main() -> None:
    folder = Path(sys.argv[1])
    for name, digest in PACKAGES.items():
        if hashlib.sha256((folder / name).read_bytes()).hexdigest() != digest:
            sys.exit(f"{name} is not the package that was taken")
    sequences, order = cnchar(folder), cn_sort(folder)
    strokes = {c: n for c, n in unihan(folder).items() if c not in set(order)}
    write("cnchar-order-3.2.6", "sequences.tsv", "".join(f"{c}\t{kinds}\t{forms}\n" for c, (kinds, forms) in sorted(sequences.items())), member(folder / "cnchar-order-3.2.6.tgz", "package/LICENSE"))
    write("cn_sort-0.14.0", "order.txt", "".join("".join(order[n : n + 50]) + "\n" for n in range(0, len(order), 50)), MIT)
    runs = "".join(f"{first:x}\t{last:x}\t{count}\n" for first, last, count in in_runs(strokes))
    write("unihan-15.0.0", "counts.tsv", runs, (folder / "unpacked/usr/share/doc/unicode-data/copyright").read_text(encoding="utf-8"))
    manifest()


def cnchar(folder: Path) -> dict[str, tuple[str, str]]:
    """Character -> its strokes as digits 1 to 5, and the form of each: 0 first, 1 second, of a bent stroke the number of bends."""
    script = member(folder / "cnchar-order-3.2.6.tgz", "package/cnchar.order.min.js")
    letters, table = (json.loads(found) for found in re.findall(r"JSON\.parse\('(\{.*?\})'\)", script)[:2])
    forms = {one: table[one]["foldCount"] if one not in KINDS else str(int(one in SECOND)) for one in table}
    found = {c: ("".join(KINDS.get(one, "5") for one in written), "".join(forms[one] for one in written)) for c, written in letters.items()}
    return found | {c: (kinds, "0" * len(kinds)) for c, kinds in PATCHES.items()}


def cn_sort(folder: Path) -> list[str]:
    """Han characters in stroke order."""
    words = json.loads(member(folder / "cn_sort-0.14.0.tar.gz", "cn_sort-0.14.0/cn_sort/res/all_word.json"))["all_word"]
    levels = {one["chinese"]: one["stroke_increment_level"] for one in words if len(one["chinese"]) == 1 and one["chinese"] >= "\u3400"}
    return sorted(levels, key=levels.__getitem__)


def unihan(folder: Path) -> dict[str, int]:
    """Character -> number of strokes; where sources differ, the first, which is the mainland's."""
    subprocess.run(["dpkg", "-x", str(folder / "unicode-data_15.0.0-1_all.deb"), str(folder / "unpacked")], check=True)
    found = {}
    with bz2.open(folder / "unpacked/usr/share/unicode/Unihan_IRGSources.txt.bz2", "rt", encoding="utf-8") as lines:
        for line in lines:
            if "\tkTotalStrokes\t" in line:
                code, _, counts = line.split("\t")
                found[chr(int(code[2:], 16))] = int(counts.split()[0])
    return found


def in_runs(counts: dict[str, int]) -> Iterator[tuple[int, int, int]]:
    """Neighbouring characters with the same number, as (first, last, number)."""
    run: tuple[int, int, int] | None = None
    for code, count in sorted((ord(c), n) for c, n in counts.items()):
        if run and run[1] + 1 == code and run[2] == count:
            run = (run[0], code, count)
            continue
        if run:
            yield run
        run = (code, code, count)
    if run:
        yield run


def member(package: Path, name: str) -> str:
    with tarfile.open(package) as tar:
        file = tar.extractfile(name)
        return file.read().decode("utf-8") if file else ""


def write(folder: str, name: str, text: str, licence: str) -> None:
    (VENDOR / folder).mkdir(parents=True, exist_ok=True)
    (VENDOR / folder / name).write_text(text, encoding="utf-8")
    (VENDOR / folder / "LICENSE").write_text(licence, encoding="utf-8")


def manifest() -> None:
    told = (
        ("cnchar-order", "3.2.6", "MIT", "cnchar-order-3.2.6", "sequences.tsv", "strokes of 6,939 characters as digits 1 to 5 and their forms, six characters mended (bin/strokes.py); from npm"),
        ("cn_sort", "0.14.0", "MIT", "cn_sort-0.14.0", "order.txt", "the Han characters of its table, in stroke order; from PyPI"),
        ("Unihan (kTotalStrokes)", "15.0.0", "Unicode-DFS-2016", "unihan-15.0.0", "counts.tsv", "number of strokes of characters not in the other two, in runs of code points; from Debian's unicode-data 15.0.0-1"),
    )
    entries = [
        {"name": name, "version": version, "licence": licence, "change": change, "files": {f"{folder}/{one}": hashlib.sha256((VENDOR / folder / one).read_bytes()).hexdigest() for one in (file, "LICENSE")}}
        for name, version, licence, folder, file, change in told
    ]
    (VENDOR / "manifest.json").write_text(json.dumps(entries, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
