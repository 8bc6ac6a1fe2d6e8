"""Whatever people type: the readers of dates, numbers, names and text give an answer or a refusal, and giving it again changes nothing."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from juzhi.base import codes, names, periods, pinyin, text
from juzhi.base.errors import Refused

settings.register_profile("juzhi", max_examples=300, deadline=None, derandomize=True)
settings.load_profile("juzhi")

ANYTHING = st.text(st.characters(), max_size=300)  # lone surrogates and controls too
DIRT = st.text(st.sampled_from("0123456789０１９年月日.-/、 　\t\n+()（）'’eE男女回族已故·•张单\u200b\ufeff\u202e\x00\ud800\ue000"), max_size=60)
MESSY = st.one_of(ANYTHING, DIRT)
DAYS = st.dates(date(1800, 1, 1), date(2100, 12, 31))


# --- dates


@given(MESSY)
@example("9" * 60)
@example("１９８５．０３")
@example("一千年")
def test_a_date_is_read_or_refused(typed: str) -> None:
    try:
        found = periods.parse_date(typed)
    except Refused as refused:
        assert refused.message and refused.message.isprintable()
        return
    assert periods.parse_date(str(found)) == found  # what it says is read as the same
    assert (found.on is None) == (found.precision == periods.UNKNOWN)


@given(DAYS, st.sampled_from(["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d", " %Y-%m-%d 00:00:00", "'%Y-%m-%d", "%Y－%m－%d"]))
def test_every_spelling_of_a_day_is_that_day(day: date, spelling: str) -> None:
    written = spelling.replace("%Y", f"{day.year:04}").replace("%m", f"{day.month:02}").replace("%d", f"{day.day:02}")
    assert periods.parse_date(written) == periods.PartialDate(day, periods.DAY)


@given(DAYS, st.sampled_from(["{0}-{1}", "{0}.{1:02}", "{0}年{1}月", "{0}{1:02}", "{0}/{1}", "{0}年{1}月份"]))
def test_a_month_is_kept_as_a_month(day: date, spelling: str) -> None:
    assert periods.parse_date(spelling.format(day.year, day.month)) == periods.PartialDate(day.replace(day=1), periods.MONTH)


@given(st.integers(1, 73_415))
def test_a_day_number_is_that_day(days: int) -> None:
    assert periods.date_of_serial(days).on == date(1899, 12, 30) + timedelta(days=days)


@given(st.one_of(DIRT, st.floats().map(repr), st.decimals().map(str)), st.sampled_from([None, 0, 1, 2, 3]))
def test_a_number_is_read_left_open_or_refused(typed: str, decimals: int | None) -> None:
    try:
        found = periods.date_of_number(typed, decimals=decimals)
    except Refused:
        return
    if isinstance(found, periods.Ambiguous):
        assert len({str(choice) for choice in found.choices}) == 2


@pytest.mark.parametrize("year", [1960, 1985, 2021])
def test_one_digit_behind_the_point_may_be_two_months(year: int) -> None:
    both = [f"{year}-01", f"{year}-10"]
    found = periods.date_of_number(f"{year}.1")
    assert isinstance(found, periods.Ambiguous) and [str(choice) for choice in found.choices] == both
    assert str(periods.date_of_number(f"{year}.1", decimals=2)) == f"{year}-10"
    assert str(periods.date_of_number(f"{year}.01")) == f"{year}-01"
    assert str(periods.date_of_number(f"{year}.10")) == f"{year}-10"
    assert str(periods.date_of_number(f"{year}.2")) == f"{year}-02"


@pytest.mark.parametrize("typed", ["2023-02-29", "2024-13", "2024-00-01", "2024-04-31", "3024", "0024-01-01", "1985.3.32"])
def test_days_that_do_not_exist_are_refused(typed: str) -> None:
    with pytest.raises(Refused):
        periods.parse_date(typed)


# --- numbers


@given(MESSY)
@example("1e309")
@example("9.9E99")
def test_mobiles_are_found_or_counted_as_faults(typed: str) -> None:
    found, faults = codes.read_mobiles(typed)
    assert all(re.fullmatch("1[3-9][0-9]{9}", one) for one in found)
    assert len(set(found)) == len(found)
    assert codes.read_mobiles("、".join(found)) == (found, 0)
    assert faults >= 0


@given(st.lists(st.integers(19_900_000_000, 19_900_099_999).map(str), min_size=1, max_size=4, unique=True), st.sampled_from(["/", "、", ",", "，", "；", "\n", " / "]))
def test_every_separator_parts_them(mobiles: list[str], sign: str) -> None:
    assert codes.read_mobiles(sign.join(mobiles)) == (mobiles, 0)


@given(st.integers(19_900_000_000, 19_900_099_999).map(str), st.sampled_from(["{}", "+86 {}", "86{}", "'{}", "{}.0", "\t{}", "0086-{}", "{}\n"]))
def test_every_dress_of_a_mobile_is_that_mobile(mobile: str, dress: str) -> None:
    full = mobile.translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789"})
    parted = f"{mobile[:3]}-{mobile[3:7]} {mobile[7:]}"
    for written in (mobile, full, parted):
        if not (dress == "{}.0" and written is parted):
            assert codes.read_mobiles(dress.format(written)) == ([mobile], 0)


CREDIT = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def checked(body: str) -> str:
    total = sum(CREDIT.index(c) * pow(3, i, 31) for i, c in enumerate(body))
    return body + CREDIT[(31 - total % 31) % 31]


@given(st.text(CREDIT, min_size=17, max_size=17), st.integers(0, 17), st.sampled_from(CREDIT))
def test_one_wrong_place_breaks_a_credit_code(body: str, place: int, other: str) -> None:
    code = checked(body)
    assert codes.credit_code_holds(code)
    changed = code[:place] + other + code[place + 1 :]
    assert codes.credit_code_holds(changed) == (changed == code)
    assert codes.credit_code_holds(codes.credit_code(f" {code[:8].lower()} {code[8:]}\u200b"))


@given(MESSY)
def test_no_text_upsets_a_credit_code(typed: str) -> None:
    tidy = codes.credit_code(typed)
    assert codes.credit_code(tidy) == tidy or len(typed) > 100 or unicodedata.normalize("NFKC", tidy) != tidy or tidy != tidy.upper()
    assert codes.credit_code_holds(tidy) in (True, False)


@given(MESSY)
def test_mail_is_read_or_refused(typed: str) -> None:
    try:
        found = codes.parse_email(typed)
    except Refused:
        return
    assert codes.parse_email(found) == found


NUMBERS = ["999999199001011234", "99999919900101123X", "9.99999199001E+17", "999999 19900101 1234", "９９９９９９１９９００１０１１２３４", "999999900101123"]


@given(st.text("张三单0123 -（）", max_size=20), st.sampled_from(NUMBERS), st.text("李四，。 ", max_size=10))
def test_an_identity_number_is_cut_out(before: str, number: str, after: str) -> None:
    typed = f"{before} 号{number}，{after}"
    assert codes.holds_identity(typed)
    left = codes.without_identity(typed)
    assert not codes.holds_identity(left)
    assert "19900101" not in left and "900101123" not in left


@given(ANYTHING)
def test_other_text_is_left_alone(typed: str) -> None:
    if not codes.holds_identity(typed):
        assert codes.without_identity(typed) == typed


# --- names


@given(MESSY)
@example("（回族）")
@example("张三 回族 男")
def test_a_name_is_read_or_refused(typed: str) -> None:
    try:
        found = names.normalise_name(typed)
    except Refused as refused:
        assert refused.field == "name"
        return
    again = names.normalise_name(found.text)
    assert again.text == found.text
    assert 0 < len(found.text) <= 50
    assert not text.has_control(found.text)


HAN = st.text(st.sampled_from("单解仇曾张伟李娜䶮喆𠮷𡃁欧阳迪丽"), min_size=2, max_size=4)


@given(HAN, st.sampled_from(["（回族）", "(汉族)", " 蒙古族", "（中共党员）", " 群众", "（无党派人士）"]), st.sampled_from(["", "（女）", " 女"]))
def test_what_tells_people_or_party_is_dropped(name: str, beside: str, gender: str) -> None:
    found = names.normalise_name(f"{name[0]}　{name[1:]}{beside}{gender}")
    assert (found.text, found.dropped, found.gender) == (name, True, "女" if gender else None)


@given(HAN)
def test_han_characters_are_never_changed(name: str) -> None:
    assert names.normalise_name(name) == names.Name(name)
    assert names.normalise_name("\u200b" + " ".join(name)).text == name


@pytest.mark.parametrize("dot", "•‧∙⋅・･．.●▪·")
def test_every_dot_between_han_becomes_the_one(dot: str) -> None:
    assert names.normalise_name(f"迪力夏提 {dot}艾合买提").text == "迪力夏提·艾合买提"


# --- text


@given(MESSY, st.booleans())
def test_text_is_kept_as_typed_or_refused(typed: str, lines: bool) -> None:
    try:
        kept = text.clean_text(typed, field="remark", label="备注", lines=lines)
    except Refused as refused:
        assert refused.field == "remark" and "「备注」" in refused.message
        return
    assert text.clean_text(kept, field="remark", lines=lines) == kept
    assert not text.has_control(kept) and "\r" not in kept
    kept.encode()
    assert lines or "\n" not in kept


@given(ANYTHING)
def test_a_search_key_of_a_key_is_itself(typed: str) -> None:
    key = text.search_key(typed)
    assert text.search_key(key) == key
    assert not re.search(r"\s", key)


@given(HAN, st.sampled_from(["{}", " {} ", "{}\u200b", "\u3000{}"]))
def test_the_same_name_has_the_same_key(name: str, dress: str) -> None:
    assert text.search_key(dress.format(name)) == text.search_key(name) == text.search_key("·".join(name))


@given(ANYTHING)
def test_one_line_of_one_line_is_itself(typed: str) -> None:
    assert text.close_up(text.close_up(typed)) == text.close_up(typed)


def test_a_long_run_of_spaces_costs_nothing() -> None:
    assert text.close_up("张" + " " * 2_000_000 + "a") == "张a"


# --- order


@given(MESSY)
def test_a_sort_key_is_text_of_bounded_length(typed: str) -> None:
    key = pinyin.sort_key(typed)
    assert len(key) <= 200
    assert pinyin.sort_key(typed) == key
    assert all(len(one) <= 3000 for one in pinyin.readings(typed)) and len(pinyin.readings(typed)) <= 24
    assert pinyin.initials(typed) is not None


def test_surnames_are_read_as_surnames() -> None:
    shown = ["单飞", "解明", "仇英", "曾琪", "区同", "查良", "翟春", "尉迟喆", "单于明", "万俟明"]
    assert [pinyin.sort_key(name).partition("\u0001")[0].split()[0] for name in shown] == ["shan", "xie", "qiu", "zeng", "ou", "zha", "zhai", "yu", "chan", "mo"]
