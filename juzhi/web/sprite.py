"""The icons there are: the names in the vendored sprite."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

PATH = "web/vendor/tabler-icons-3.51.0/sprite.svg"  # below static/


@cache
def names() -> frozenset[str]:
    text = (Path(__file__).parent / "static" / PATH).read_text(encoding="utf-8")
    return frozenset(re.findall(r'<symbol id="([a-z0-9-]+)"', text))
