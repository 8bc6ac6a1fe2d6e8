"""What is told of a row: a sentence for every reason and every warning."""

from __future__ import annotations

from typing import Any

REASONS = {
    "missing_name": "没有名称（姓名），请补填，或删去这一行",
    "broken_name": "姓名里有残缺或看不见的字符，或者太长，请重新输入",
    "unknown_level": "看不懂「层级」，请写：市级、区级、街道、社区、楼宇、园区、单位、系统",
    "missing_level": "没有写「层级」，请补填：市级、区级、街道、社区、楼宇、园区、单位、系统",
    "missing_family": "没有写「组织类别」，请补填，例如：知联会、新联会",
    "unknown_superior": "找不到「上级组织」，文件里没有，系统里也没有。请核对名称，或先把上级录入",
    "ambiguous_superior": "「上级组织」可能是好几个组织，请写全称",
    "circular_superior": "它的「上级组织」又在它之下，成了循环，请改正「上级组织」一列",
    "ambiguous_name": "系统里有好几个组织叫这个名称，请写明「上级组织」",
    "superior_refused": "它的「上级组织」那一行有问题，没有导入，所以这一行也不能导入",
    "not_your_branch": "这一行不在您负责的组织之下，请交给相应的组织或运维导入",
    "unknown_family": "没有这个「组织类别」，请运维先登记",
    "future_date": "入会时间、离会时间或出生日期在将来，请核对",
    "impossible_date": "成立时间或终止时间不可能（早于 1900 年，或在一年以后），请核对",
    "ended_before": "结束的日期早于开始的日期，请核对",
    "organisation_over": "入会时这个组织已经终止，请核对入会时间",
    "born_later": "入会时间早于出生日期，请核对",
    "unreadable_text": "有的格子里有残缺或看不见的字符，或者太长，请重新输入",
}
WARNINGS = {
    "hidden_row": "这一行在原表里是隐藏的",
    "same_name_other_person": "另有同名的人，按两个人处理",
    "rare_character_described": "姓名里有用文字描述的生僻字，请人工确认",
    "rare_character_private": "姓名里有自造字，别的机器可能显示不出，请人工确认",
    "identity_dropped": "有一格像身份证号，没有收",
}
PARTIAL = {
    "ambiguous_date": "日期可能是 {} 中的一个，先留空，请选定后补填",
    "unreadable_date": "「{}」看不懂，先留空",
    "unreadable_mobile": "手机号有认不出的部分，认出的已保留",
    "unreadable_email": "邮箱写法不对，先留空",
    "unknown_choice": "「{}」里的写法认不出，先留空",
    "sensitive_dropped": "「{}」里有不收的内容（党派、民族、宗教一类），这一格没有收",
    "cut_text": "「{}」太长，只保留前面一部分",
}


def reason(code: str) -> str:
    """The sentence for a refused row."""
    return REASONS.get(code, code)


def warning(told: Any) -> str:
    """The sentence for something that must be told and does not block."""
    if isinstance(told, dict):
        code, value = next((str(code), value) for code, value in told.items())
        return PARTIAL.get(code, code).format("、".join(map(str, value)) if isinstance(value, list) else value)
    return WARNINGS.get(str(told), PARTIAL.get(str(told), str(told)))
