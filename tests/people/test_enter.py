"""`people.enter`: a person as typed, with contacts and employment; text that forges, hides or breaks is refused with the field named."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from juzhi.base.errors import Refused
from juzhi.journal.models import Entry
from juzhi.people import actions, queries
from juzhi.people.models import Contact, Employment, Person
from tests.cast import SYSTEM, Cast


def entered(**values: Any) -> Person:
    return actions.enter(by=SYSTEM, **{"name": "李示例", **values})


def test_person_contacts_employment_and_entry(cast: Cast) -> None:
    birth = {"gender": "male", "born_on": date(1980, 5, 1), "born_precision": "month"}
    work = {"title": "高级工程师", "unit": "乙 公司", "duty": "经理", "source": "登记表"}
    made = entered(**birth, **work, mobiles=["19900030001", "19900030002"], email="Li@Example.org", organisation_id=cast.east.pk)
    told = ("name", "name_key", "pinyin_key", "sounds", "stroke_key", "gender", "born_on", "born_precision", "title", "deceased_precision", "version")
    assert {name: getattr(made, name) for name in told} == {
        "name": "李示例",
        "name_key": "李示例",
        "pinyin_key": "li3李 shi4示 li4例\u0001李示例",
        "sounds": "li shi li|li qi li|li zhi li|li shi lie|li qi lie|li zhi lie",
        "stroke_key": "070000221050000008080000663",
        "gender": "male",
        "born_on": date(1980, 5, 1),
        "born_precision": "month",
        "title": "高级工程师",
        "deceased_precision": "",
        "version": 1,
    }
    contacts = Contact.objects.system("test").filter(person=made).order_by("-kind", "position")
    assert list(contacts.values_list("kind", "value", "value_key")) == [("mobile", "19900030001", "19900030001"), ("mobile", "19900030002", "19900030002"), ("email", "Li@Example.org", "li@example.org")]
    assert list(Employment.objects.system("test").filter(person=made).values_list("unit", "unit_key", "duty", "source")) == [("乙 公司", "乙公司", "经理", "登记表")]
    assert Entry.objects.system("test").get(verb="people.enter", thing_key=made.key).organisation_id == cast.east.pk


AS_TYPED = [
    ("𠮷野家", "𠮷野家"),
    ("陈𡃁仔", "陈𡃁仔"),
    ("𰻞面", "𰻞面"),
    ("解䶮", "解䶮"),
    ("\uf900某", "\uf900某"),  # a compatibility character is not 豈
    ("迪力夏提·艾合买提", "迪力夏提·艾合买提"),
    ("迪力夏提•艾合买提", "迪力夏提·艾合买提"),
    ("张\u200b三", "张三"),
    ("\ufeff张三", "张三"),
    ("张　三", "张三"),
    ("Ａｎｎａ Ｌｅｅ", "Anna Lee"),
    ("Anna Lee", "Anna Lee"),
    ("张三🙂", "张三🙂"),
]


@pytest.mark.parametrize(("typed", "kept"), AS_TYPED)
def test_names_are_kept_as_typed_and_found_by_a_key(db: None, typed: str, kept: str) -> None:
    made = entered(name=typed)
    assert Person.objects.system("test").get(pk=made.pk).name == kept
    assert list(Person.objects.system("test").filter(queries.named(SYSTEM, typed))) == [made]


def test_a_name_with_a_dot_is_found_without_it_and_full_width_letters_too(db: None) -> None:
    made, latin = entered(name="迪力夏提·艾合买提"), entered(name="Anna Lee")
    assert [list(Person.objects.system("test").filter(queries.named(SYSTEM, words))) for words in ("迪力夏提艾合", "艾合买提", "ａｎｎａ", "annalee", "al")] == [[made], [made], [latin], [latin], [latin]]


def test_two_names_that_look_alike_are_two_persons(db: None) -> None:
    assert entered(name="张伟").pk != entered(name="张伟").pk


BROKEN = [
    ({"name": ""}, "name", "请填写姓名"),
    ({"name": "  \u200b "}, "name", None),
    ({"name": "张\x00三"}, "name", "「姓名」里有看不见的控制字符，请删去后重新输入"),
    ({"name": "张\u202e三"}, "name", "「姓名」里有看不见的控制字符，请删去后重新输入"),
    ({"name": "张\x0b三"}, "name", "「姓名」里有看不见的控制字符，请删去后重新输入"),
    ({"name": "张\ud800三"}, "name", "「姓名」里有残缺的字符，请重新输入"),
    ({"name": "张\n三"}, "name", "「姓名」只能写一行，请去掉换行和制表符"),
    ({"name": "长" * 101}, "name", "「姓名」太长：有 101 个字，最多 100 个字，请缩短后再提交"),
    ({"name": "长" * 10_000_000}, "name", "「姓名」太长：有 10000000 个字，最多 100 个字，请缩短后再提交"),
    ({"title": "教\ud800"}, "title", "「职称」里有残缺的字符，请重新输入"),
    ({"unit": "甲\x07"}, "unit", "「单位」里有看不见的控制字符，请删去后重新输入"),
    ({"duty": "长" * 121}, "duty", "「职务」太长：有 121 个字，最多 120 个字，请缩短后再提交"),
    ({"gender": "other"}, "gender", "性别请选「女」或「男」，也可以不填"),
    ({"born_on": date(2026, 11, 25)}, "born_on", "出生日期在将来，请核对"),
    ({"born_on": date(1980, 5, 2), "born_precision": "month"}, "born_on", "日期和它的精度对不上：只知道年或月时，请写 2016 或 2016-09"),
    ({"born_on": date(1980, 5, 2), "born_precision": "hour"}, "born_on", "日期和它的精度对不上：只知道年或月时，请写 2016 或 2016-09"),
]


@pytest.mark.parametrize(("values", "field", "message"), BROKEN, ids=[str(n) for n in range(len(BROKEN))])
def test_refusals_name_the_field_and_write_nothing(db: None, values: dict[str, Any], field: str, message: str | None) -> None:
    with pytest.raises(Refused) as refused:
        entered(**values)
    assert refused.value.field == field
    assert message is None or refused.value.message == message
    assert (Person.objects.system("test").count(), Contact.objects.system("test").count(), Employment.objects.system("test").count()) == (0, 0, 0)
