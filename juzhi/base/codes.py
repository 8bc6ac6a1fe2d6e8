"""Numbers with a form: mobiles, telephones, mail addresses, credit codes; and identity numbers, known only so that they can be left out."""

from __future__ import annotations

import re
import unicodedata

from django.utils.translation import gettext as _

from juzhi.base.errors import Refused
from juzhi.base.text import without_zero_width

_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_SEVERAL = re.compile(r"[/、,;|\n\r&或和及]+")
_FILLING = re.compile(r"[\s\-‐‑‒–—―−.()']+")
_FLOAT = re.compile(r"[0-9]+\.0*|[0-9](?:\.[0-9]{1,15})?[eE]\+?[0-9]{1,2}")
_PREFIX = re.compile(r"(?:\+|00)?86(?=1[3-9][0-9]{9}$)")
_LANDLINE = re.compile(r"(?:(?:\+|00)?86-?0?|0)(10|2[0-9]|[3-9][0-9]{2})-?([2-9][0-9]{2,3})-?([0-9]{4})(?:-([0-9]{1,6}))?")
_SERVICE = re.compile(r"([48]00)([0-9]{3})([0-9]{4})|95[0-9]{3,6}|96[0-9]{3,4}")
_EXTENSION = re.compile(r"(?:转|分机|ext\.?|#)(?:分机|:)?(?=[0-9]{1,6}$)", re.IGNORECASE)
_DASH = re.compile(r"[‐‑‒–—―−]|--")
_MAIL = re.compile(r"[A-Za-z0-9._%+\-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9\-]{0,62})\.)+[A-Za-z]{2,24}")
_IDENTITY = re.compile(r"(?<![0-9])(?:[1-9][0-9]{5}(?:18|19|20)[0-9]{2}(?:0[1-9]|1[0-2])[0-3][0-9][0-9]{3}[0-9Xx]|[1-9][0-9]{7}(?:0[1-9]|1[0-2])[0-3][0-9][0-9]{3})(?![0-9A-Za-z])")
_IDENTITY_FLOAT = re.compile(r"[1-9]\.[0-9]{6,16}[eE]\+?17")
_WORDS = re.compile("[\u4e00-\u9fffA-Za-z]*")  # nothing in them counts
_FULL_DIGITS = {0xFF10 + digit: str(digit) for digit in range(10)} | {0xFF38: "X", 0xFF58: "x", 0xFF0D: "-", 0x3000: " "}
_CREDIT = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def read_mobiles(raw: str) -> tuple[list[str], int]:
    """The mobiles in `raw`, in order and once each, and how many of its parts are none."""
    if _MOBILE.fullmatch(raw):
        return [raw], 0
    text = unicodedata.normalize("NFKC", without_zero_width(raw[:500])).replace("：", ":")
    found: list[str] = []
    faults = 0
    for part in _SEVERAL.split(text):
        part = part.strip().lstrip("'")
        if _FLOAT.fullmatch(part):
            part = str(round(float(part)))
        digits = _PREFIX.sub("", _FILLING.sub("", part))
        pieces = [digits[i : i + 11] for i in range(0, len(digits), 11)] if digits.isascii() and digits.isdigit() else [digits]
        if digits and all(_MOBILE.fullmatch(piece) for piece in pieces):
            found += [piece for piece in pieces if piece not in found]
        elif digits:
            faults += 1
    return found, faults


def parse_mobiles(raw: str) -> list[str]:
    """The mobiles in `raw`: 138…/139…, +86 138…, 138-0013-8000, full-width digits, 13800138000.0. Raises Refused when there is none."""
    found, _rest = read_mobiles(raw)
    if not found:
        raise Refused(_("手机号不对：应是 1 开头的 11 位数字，请核对"), field="mobile")
    return found


def read_telephones(raw: str) -> tuple[list[str], int]:
    """The telephone numbers in `raw`, in order and once each, and how many of its parts are none.

    Mobiles as in `read_mobiles`; landlines with their area code, kept as 0571-88880000 or 0571-88880000-801 (extension, up to six digits); service numbers
    400-000-0000 and 800-000-0000, 95000 to 95000000, 96000 and 960000 (the plan of numbers of the ministry, 工业和信息化部《电信网编号计划（2017年版）》).
    A landline without its area code is none: it reaches nobody from another city.
    """
    text = unicodedata.normalize("NFKC", without_zero_width(raw[:500])).replace("：", ":")
    found: list[str] = []
    faults = 0
    for part in filter(None, (one.strip().lstrip("'") for one in _SEVERAL.split(text))):
        numbers, wrong = read_mobiles(part)
        if wrong or not numbers:
            number = _fixed(part)
            numbers = [number] if number else []
        faults += not numbers
        found += [one for one in numbers if one not in found]
    return found, faults


def _fixed(part: str) -> str:
    """A landline or service number as it is kept; "" where `part` is none."""
    plain = _EXTENSION.sub("-", "".join(_DASH.sub("-", part).split())).removeprefix("(").replace("(", "").replace(")", "-").replace("--", "-")
    if match := _LANDLINE.fullmatch(plain):
        area, head, tail, extension = match.groups()
        return f"0{area}-{head}{tail}" + (f"-{extension}" if extension else "")
    if match := _SERVICE.fullmatch(plain.replace("-", "")):
        return "-".join(match.groups()) if match.group(1) else match.group()
    return ""


def parse_telephone(raw: str) -> str:
    """The one telephone number in `raw`, as `read_telephones` keeps it. Raises Refused when there is none, or more than one."""
    found, faults = read_telephones(raw)
    if faults or not found:
        raise Refused(_("联系电话不对：手机写 11 位数字，座机写区号和号码（有分机的再写分机），服务电话写 400 或 95 开头的号码，请核对"), field="mobile")
    if len(found) > 1:
        raise Refused(_("联系电话里有 %(count)d 个号码，请只写一个，其余的另行登记") % {"count": len(found)}, field="mobile")
    return found[0]


def mask_mobile(mobile: str) -> str:
    """138****8000: what a list shows."""
    return f"{mobile[:3]}****{mobile[-4:]}" if len(mobile) == 11 else "****"


def parse_email(raw: str) -> str:
    """The mail address in `raw`, half-width. Raises Refused."""
    if len(raw) <= 254 and _MAIL.fullmatch(raw):
        return raw
    text = "".join(unicodedata.normalize("NFKC", without_zero_width(raw[:400])).split()).removeprefix("mailto:")
    if len(text) > 254 or not _MAIL.fullmatch(text):
        raise Refused(_("电子邮箱不对：应是 name@example.org 这样的形式，请核对"), field="email")
    return text


def mask_email(email: str) -> str:
    """l***@example.org: what a list shows."""
    head, _at, host = email.partition("@")
    return f"{head[:1]}***@{host}"


def credit_code(raw: str) -> str:
    """A unified social credit code without spaces, in capitals; it may still be wrong."""
    return "".join(unicodedata.normalize("NFKC", without_zero_width(raw[:100])).split()).upper()


def credit_code_holds(code: str) -> bool:
    """Whether the check character of an 18-character code is right (GB 32100-2015: weights 3^i mod 31)."""
    if len(code) != 18 or any(c not in _CREDIT for c in code):
        return False
    total = sum(_CREDIT.index(c) * pow(3, i, 31) for i, c in enumerate(code[:17]))
    return _CREDIT[(31 - total % 31) % 31] == code[17]


def without_identity(text: str) -> str:
    """`text` without the identity numbers that stand in it, and nothing of it where one cannot be cut out; other text comes back as it is."""
    if not holds_identity(text):
        return text
    plain = re.sub(r"(?<=[0-9])[ \-](?=[0-9Xx])", "", text.translate(_FULL_DIGITS))
    cut = _IDENTITY_FLOAT.sub(" ", _IDENTITY.sub(" ", plain)).strip()
    return "" if holds_identity(cut) else cut


def holds_identity(text: str) -> bool:
    """Whether an identity number (15 or 18 places, or 18 places ruined into 4.4E+17) stands in `text`."""
    if _WORDS.fullmatch(text):
        return False
    plain = unicodedata.normalize("NFKC", text[:2000])
    return bool(_IDENTITY.search(re.sub(r"(?<=[0-9])[ \-](?=[0-9Xx])", "", plain)) or _IDENTITY_FLOAT.search(plain))
