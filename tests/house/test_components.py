"""Components: one function, one template, one style sheet of one name, and a place in the gallery."""

from __future__ import annotations

import re
from collections.abc import Iterable

from juzhi.web.templatetags.components import register
from tests.house.reading import ROOT, code, planted, templates

WEB = ROOT / "juzhi" / "web"
TEMPLATES = WEB / "templates" / "web" / "components"
SHEETS = WEB / "static" / "web" / "css" / "components"
ENTRY = WEB / "static" / "web" / "css" / "juzhi.css"


def components() -> set[str]:
    """Names of the tags that draw something; tags that only compute have no template and are none."""
    return {name for name in register.tags if not name.startswith("_")}


def names(paths: Iterable[object]) -> set[str]:
    return {str(path).rpartition("/")[2].partition(".")[0] for path in paths}


def unmatched(tags: set[str], drawn: set[str], styled: set[str], imported: set[str], shown: set[str]) -> list[str]:
    """What a component lacks, and what is left of one that is gone. A file beginning with _ is a part of a component."""
    found = []
    for what, there in (("template", drawn), ("style sheet", styled), ("line in juzhi.css", imported), ("specimen in the gallery", shown)):
        found += [f"{name} has no {what}" for name in sorted(tags - there)]
        found += [f"{name}: a {what} without component" for name in sorted(there - tags) if not name.startswith("_") and what != "specimen in the gallery"]
    return found


def shown(text: str, tags: set[str]) -> set[str]:
    """The components that a text of templates draws."""
    return {name for name in re.findall(r"\{%\s*(\w+)", text) if name in tags}


def test_the_house() -> None:
    tags = components()
    gallery = "".join(s.text for s in templates() if re.search(r"juzhi/web/templates/web/(gallery|specimens/)", s.path))
    gallery += "".join(s.text for s in code("juzhi/web") if "specimen" in s.path)
    entry = set(re.findall(r'@import "components/(\w+)\.css"', ENTRY.read_text(encoding="utf-8")))
    assert unmatched(tags, names(TEMPLATES.glob("*.html")), names(SHEETS.glob("*.css")), entry, shown(gallery, tags)) == []


def test_planted() -> None:
    full = {"pill"}
    assert unmatched(full, full, full, full, full) == []
    assert unmatched(full, set(), full, full, full) == ["pill has no template"]
    assert unmatched(full, full, set(), full, full) == ["pill has no style sheet"]
    assert unmatched(full, full, full, set(), full) == ["pill has no line in juzhi.css"]
    assert unmatched(full, full, full, full, set()) == ["pill has no specimen in the gallery"]
    assert unmatched(full, {"pill", "badge", "_ring"}, full, full, full) == ["badge: a template without component"]
    assert shown(planted("x.html", '{% pill "有效" %}{% translate "x" %}')[0].text, full) == {"pill"}
