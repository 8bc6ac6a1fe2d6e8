"""What is told of a file and of its rows: a sentence for every refusal, every reason and every warning."""

from __future__ import annotations

import re
from typing import Any

from django.conf import settings
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from juzhi.base.importers import Importer
from juzhi.imports.reading.doubts import CODE

REFUSALS = {
    "too_many_rows": _("文件有 %(rows)s 行，一次最多 %(most)s 行，请拆开再导入"),
    "broken": _("文件打不开：可能已损坏，或者没有下载完整。请用 Excel 或 WPS 打开后另存为 .xlsx 再导入"),
    "too_much": _("这个文件读起来太费时间或内存，没有读取。请删去无关的工作表和空行，或拆成几个文件再导入"),
    "protected": _("文件有密码保护，请去掉密码后再导入"),
    "entities": _("文件里有不该有的定义（实体展开），为安全起见没有读取"),
    "too_large_inside": _("文件解开后太大，没有读取。请拆成几个文件再导入"),
    "bomb": _("文件的压缩方式异常（像压缩炸弹），没有读取"),
    "many_rows": _("表格的行数太多，没有读取。请删去空行和无关的工作表再导入"),
    "many_cells": _("表格太大：超过 %(most)s 个单元格，请拆成几个文件再导入"),
    "cells_outside": _("表格损坏：有的单元格在表外，请用 Excel 或 WPS 打开后另存一份再导入"),
    "null_characters": _("文件里有空字符，不是文本表格。请用 Excel 或 WPS 打开后另存为 .xlsx 再导入"),
    "unreadable_characters": _("文件里有读不出的字符，请用 Excel 或 WPS 打开后另存为 .xlsx 再导入"),
    "unknown_encoding": _("认不出文件的编码（既不是 UTF-8 也不是 GB18030），请用 Excel 或 WPS 打开后另存为 .xlsx 再导入"),
    "unreadable_line": _("第 %(line)s 行读不下去（引号没有成对，或一格太长），请用 Excel 或 WPS 打开后另存为 .xlsx 再导入"),
    "empty": _("文件里没有任何内容"),
    "no_heading": _("找不到表头：前 %(within)s 行里没有认识的列名。表头里至少要有「%(heads)s」和另外一列"),
    "ending": _("不能导入「%(ending)s」这种文件，可以导入的有 .xlsx、.xls、.ods、.csv"),
    "other_content": _("文件名以 %(ending)s 结尾，内容却是%(what)s，没有读取。请用 Excel 或 WPS 打开后另存为 .xlsx 再导入"),
    "not_a_table": _("这不是表格，内容是%(what)s。可以导入的有 .xlsx、.xls、.ods、.csv"),
    "web_page": _("这是网页或 XML 另存成的表格，没有读取。请用 Excel 或 WPS 打开后另存为 .xlsx 再导入"),
    "word_document": _("这是 Word 文档，不是表格。可以导入的有 .xlsx、.xls、.ods、.csv"),
    "archive": _("这是压缩包，不是表格。可以导入的有 .xlsx、.xls、.ods、.csv"),
    "binary_workbook": _("这是二进制工作簿（.xlsb），请用 Excel 或 WPS 打开后另存为 .xlsx 再导入"),
    "more_rows": _("文件超过 %(most)s 行，请拆成几个文件再导入"),
    "unknown_kind": _("没有「%(kind)s」这种导入"),
}
REASONS = {
    "missing_name": _("没有名称（姓名），请补填，或删去这一行"),
    "broken_name": _("姓名里有残缺或看不见的字符，或者太长，请重新输入"),
    "ended_before": _("结束的日期早于开始的日期，请核对"),
    "unreadable_text": _("有的格子里有残缺或看不见的字符，或者太长，请重新输入"),
}
SKIPPED = {  # what a row that is no record was; its cells are not kept
    "title": _("横跨整行的标题或说明"),
    "subtotal": _("合计、小计"),
    "footer": _("表尾：填表人、注、页码一类"),
    "heading": _("又写了一遍的表头"),
    "line": _("画线隔开的一行"),
}
BY_FIELD = {  # reasons that name a field: missing_superior
    "missing": _("没有写「%(label)s」，请补填，或删去这一行"),
    "unknown": _("看不懂「%(label)s」里的写法，请改正"),
}
WARNINGS = {
    "hidden_row": _("这一行在原表里是隐藏的"),
    "same_name_other_person": _("另有同名的人，按两个人处理"),
    "rare_character_described": _("姓名里有用文字描述的生僻字，请人工确认"),
    "rare_character_private": _("姓名里有自造字，别的机器可能显示不出，请人工确认"),
    "identity_dropped": _("有一格像身份证号，没有收"),
}
PARTIAL = {
    "ambiguous_date": _("日期可能是 {} 中的一个，没有选定的先留空"),
    "unreadable_date": _("「{}」看不懂，先留空"),
    "unreadable_mobile": _("手机号有认不出的部分，认出的已保留"),
    "unreadable_telephone": _("电话有认不出的部分，或者不止一个，只保留了认得的第一个"),
    "unreadable_email": _("邮箱写法不对，先留空"),
    "unknown_choice": _("「{}」里的写法认不出，先留空"),
    "sensitive_dropped": _("「{}」里有不收的内容（党派、民族、宗教一类），这一格没有收"),
    "cut_text": _("「{}」太长，只保留前面一部分"),
}


def refusal(code: str, **named: Any) -> str:
    """The sentence for a whole file that is refused."""
    return str(REFUSALS[code]) % named


def retold(sentence: str) -> str:
    """A refusal as a batch keeps it, in Chinese, in the reader's language."""
    for written in REFUSALS.values():
        with override(settings.LANGUAGE_CODE):
            pattern = re.sub(r"%\\\((\w+)\\\)s", r"(?P<\1>.*)", re.escape(str(written)))
        if found := re.fullmatch(pattern, sentence, re.DOTALL):
            return str(written) % {name: gettext(value) for name, value in found.groupdict().items()}
    return gettext(sentence)


def reason(code: str, importer: Importer) -> str:
    """The sentence for a refused row of a kind: the kind's own, or one that serves every kind; and what a skipped row was."""
    found = importer.reasons.get(code) or REASONS.get(code) or SKIPPED.get(code)
    if found is None:
        start, _underscore, name = code.partition("_")
        labels = {one.name: str(one.label) for one in importer.fields}
        if start in BY_FIELD and name in labels:
            return str(BY_FIELD[start]) % {"label": labels[name]}
    return str(found or code)


def warning(told: Any, importer: Importer) -> str:
    """The sentence for something that must be told and does not block."""
    sentences = {**WARNINGS, **PARTIAL, **importer.warnings}
    if isinstance(told, dict):
        if told.get("chosen"):
            return gettext("日期在 %(dates)s 中选定为 %(date)s") % {"dates": "、".join(told[CODE]), "date": told["chosen"]}
        code = next((code for code in told if code in sentences), next(iter(told)))  # a database may keep them in another order
        value = told[code]
        return str(sentences.get(code, code)).format("、".join(gettext(str(one)) for one in value) if isinstance(value, list) else gettext(str(value)))
    return str(sentences.get(str(told), told))
