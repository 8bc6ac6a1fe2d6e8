"""English is complete: every text of code and templates has its English, the compiled file is that of the catalogue, and the parts are seen to fail."""

from __future__ import annotations

import ast
import gettext
import io
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.core.management import call_command

from juzhi.config import english
from juzhi.config.english import Answer, Text
from tests.house.reading import Source, called, code, planted

PLACES = re.compile(r"%\(\w+\)[sd]|%[sd%]|\{\w*\}")
HAN = re.compile("[\u3400-\u9fff]")
SENTENCES = {"Refused", "Stale", "Forbidden", "ValidationError", "add_error"}
CHINESE_IN_ENGLISH = {"聚智", "简体中文"}  # names that stay Chinese in English text


def incomplete(texts: dict[Text, str], catalogue: dict[Text, Answer]) -> list[str]:
    """Texts without English, answers that changed a place-holder or kept Chinese, entries for texts that are gone."""
    found = []
    for text, place in sorted(texts.items(), key=lambda item: (item[1], item[0])):
        answer = catalogue.get(text)
        if answer is None or answer.fuzzy or not all(answer.forms):
            found += [f"{place}: no English for {text.words!r}"] if HAN.search(text.words) else []
            continue
        if len(answer.forms) != (2 if text.plural else 1):
            found.append(f"{place}: {text.words!r} has {len(answer.forms)} forms")
        wanted = set(PLACES.findall(text.words))
        for form in answer.forms:
            if set(PLACES.findall(form)) - wanted or (wanted - set(PLACES.findall(form)) and not text.plural):
                found.append(f"{place}: {form!r} has other places than {text.words!r}")
            if HAN.search(re.sub("|".join(CHINESE_IN_ENGLISH), "", form)):
                found.append(f"{place}: {form!r} is not English")
    return found + [f"the catalogue answers {text.words!r}, which nobody shows" for text in sorted(set(catalogue) - set(texts))]


def unwrapped(sources: list[Source]) -> list[str]:
    """Sentences and choices shown to a person that no translation can reach: refusals, errors of forms, labels of choices and of form fields."""
    found = []
    for source in sources:
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Call) and called(node).rpartition(".")[2] in SENTENCES:
                shown = node.args[-1:] if called(node).endswith("add_error") else node.args[:1]
                found += [f"{source.at(node)} {ast.unparse(one)}" for one in shown if _is_chinese(one)]
            if isinstance(node, ast.Call) and called(node).startswith("forms."):
                found += [f"{source.at(k.value)} {ast.unparse(k.value)}" for k in node.keywords if k.arg in ("label", "help_text") and _is_chinese(k.value)]
            if isinstance(node, ast.ClassDef) and "models.TextChoices" in [ast.unparse(base) for base in node.bases]:
                pairs = [one.value for one in node.body if isinstance(one, ast.Assign) and isinstance(one.value, ast.Tuple)]
                found += [f"{source.at(pair)} {ast.unparse(pair.elts[-1])}" for pair in pairs if _is_chinese(pair.elts[-1])]
    return found


def _is_chinese(node: ast.expr) -> bool:
    """Whether a sentence stands there as it is, not in a translation."""
    return isinstance(node, ast.Constant | ast.JoinedStr | ast.BinOp) and bool(HAN.search(ast.unparse(node))) and "_(" not in ast.unparse(node)


def stale(po: str, mo: bytes) -> bool:
    """Whether the compiled file is not that of the catalogue."""
    return english.compiled(english.read_catalogue(po)) != mo


def test_english_is_complete() -> None:
    po = english.CATALOGUE.read_text(encoding="utf-8") if english.CATALOGUE.exists() else ""
    said = incomplete(english.texts(), english.read_catalogue(po))
    assert said == [], "\n".join([f"{len(said)} texts:", *said])


def test_what_a_person_is_told_can_be_translated() -> None:
    """Decision 11: a refusal is wrapped in gettext like every other text, with named places instead of an f-string."""
    said = unwrapped([source for source in code() if source.room not in ("demo", "config") and source.layer != "management"])
    assert said == [], "\n".join([f"{len(said)} sentences:", *said])


def test_the_compiled_file_is_that_of_the_catalogue() -> None:
    assert english.CATALOGUE.exists(), "locale/en is missing: manage.py compile_english --add"
    assert not stale(english.CATALOGUE.read_text(encoding="utf-8"), english.CATALOGUE.with_suffix(".mo").read_bytes()), "run manage.py compile_english"


def test_texts_of_code() -> None:
    source = '''
from django.utils.translation import gettext as _, gettext_lazy as _lazy, ngettext, pgettext_lazy
a = _("保存")
b = _lazy("组织" "名称")
c = ngettext("%(n)s 人", "%(n)s 人们", 2)
d = pgettext_lazy("数量", "家")
e = _(variable), other("不算")
'''
    assert list(english.in_code(source)) == [Text("保存"), Text("组织名称"), Text("%(n)s 人", plural="%(n)s 人们"), Text("家", context="数量")]
    assert list(english.in_code("from elsewhere import gettext as _\n_('不算')")) == []


def test_texts_of_templates() -> None:
    source = """{% translate "它的'引号'" %}{% translate "家" context "数量" %}{{ _("筛选") }}{% button label|default:_("保存") %}
{% blocktranslate with a=b %}甲"{{ a }}"(乙){% endblocktranslate %}
{% blocktranslate count n=k %}有 {{ n }} 条{% plural %}共有 {{ n }} 条{% endblocktranslate %}"""
    assert list(english.in_template(source)) == [
        Text("它的'引号'"), Text("家", context="数量"), Text("筛选"), Text("保存"), Text('甲"%(a)s"(乙)'), Text("有 %(n)s 条", plural="共有 %(n)s 条"),
    ]  # fmt: skip


PO = '''msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"

#: a.py
msgid "保存"
msgstr "Save"

#, fuzzy
msgid "组织"
msgstr "Group"

msgctxt "数量"
msgid "家"
msgstr ""
"organi"
"sations"

msgid "%(n)s 人"
msgid_plural "%(n)s 人们"
msgstr[0] "%(n)s person"
msgstr[1] "%(n)s persons"

#~ msgid "旧"
#~ msgstr "old"
'''
CATALOGUE = {
    Text("保存"): Answer(("Save",)),
    Text("组织"): Answer(("Group",), fuzzy=True),
    Text("家", "数量"): Answer(("organisations",)),
    Text("%(n)s 人", plural="%(n)s 人们"): Answer(("%(n)s person", "%(n)s persons")),
}


def test_the_catalogue_is_read_and_compiled() -> None:
    assert english.read_catalogue(PO) == CATALOGUE
    read = gettext.GNUTranslations(io.BytesIO(english.compiled(CATALOGUE)))
    assert (read.gettext("保存"), read.gettext("组织"), read.pgettext("数量", "家")) == ("Save", "组织", "organisations")
    assert (read.ngettext("%(n)s 人", "%(n)s 人们", 1), read.ngettext("%(n)s 人", "%(n)s 人们", 2)) == ("%(n)s person", "%(n)s persons")
    with pytest.raises(ValueError, match="stands twice"):
        english.read_catalogue(PO + '\nmsgid "保存"\nmsgstr "Keep"\n')


def test_quoting_comes_back() -> None:
    text = Text('一"二"\\三\n四\t五')
    assert list(english.read_catalogue(english.entry(text, "a.py"))) == [text]


def test_ours_agrees_with_gettext_where_it_is_installed(tmp_path: Path) -> None:
    """msgfmt is asked where there is one; without it, Python's own reader has the last word."""
    (tmp_path / "a.po").write_text(PO, encoding="utf-8")
    tool = shutil.which("msgfmt")
    if tool:
        subprocess.run([tool, "-o", str(tmp_path / "a.mo"), str(tmp_path / "a.po")], check=True)
    else:
        (tmp_path / "a.mo").write_bytes(english.compiled(CATALOGUE))
    theirs = gettext.GNUTranslations(io.BytesIO((tmp_path / "a.mo").read_bytes()))._catalog  # type: ignore[attr-defined]
    ours = gettext.GNUTranslations(io.BytesIO(english.compiled(CATALOGUE)))._catalog  # type: ignore[attr-defined]
    assert {k: v for k, v in theirs.items() if k} == {k: v for k, v in ours.items() if k}


def test_the_command_adds_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "en" / "django.po"
    monkeypatch.setattr(english, "CATALOGUE", place)
    monkeypatch.setattr(english, "texts", lambda: {Text("保存"): "a.py", Text("组织"): "b.py"})
    call_command("compile_english", add=True, stdout=io.StringIO())
    assert english.read_catalogue(place.read_text(encoding="utf-8")) == {Text("保存"): Answer(("",)), Text("组织"): Answer(("",))}
    place.write_text(place.read_text(encoding="utf-8").replace('msgid "保存"\nmsgstr ""', 'msgid "保存"\nmsgstr "Save"'), encoding="utf-8")
    said = io.StringIO()
    call_command("compile_english", add=True, stdout=said)
    assert said.getvalue() == "2 texts, 1 without English\n"
    assert gettext.GNUTranslations(io.BytesIO(place.with_suffix(".mo").read_bytes())).gettext("保存") == "Save"


def test_planted() -> None:
    shown = {Text("保存"): "a.py", Text("%(n)s 人"): "b.html", Text("CSV"): "c.py"}
    full = {Text("保存"): Answer(("Save",)), Text("%(n)s 人"): Answer(("%(n)s persons",))}
    assert incomplete(shown, full) == []
    assert incomplete(shown, {}) == ["a.py: no English for '保存'", "b.html: no English for '%(n)s 人'"]
    assert incomplete(shown, full | {Text("保存"): Answer(("Save",), fuzzy=True)}) == ["a.py: no English for '保存'"]
    assert incomplete(shown, full | {Text("%(n)s 人"): Answer(("%(m)s persons",))}) == ["b.html: '%(m)s persons' has other places than '%(n)s 人'"]
    assert incomplete(shown, full | {Text("保存"): Answer(("保存",))}) == ["a.py: '保存' is not English"]
    assert incomplete(shown, full | {Text("旧"): Answer(("old",))}) == ["the catalogue answers '旧', which nobody shows"]
    assert stale(PO, b"") and not stale(PO, english.compiled(CATALOGUE))


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ('raise Refused("请填写姓名", field="name")', 1),
        ('raise Refused(f"没有 {month} 月", field="on")', 1),
        ('raise Refused("前" + word)', 1),
        ('form.add_error("name", "请填写姓名")', 1),
        ('name = forms.CharField(label="姓名", help_text=_("如身份证"))', 1),
        ('class Kind(models.TextChoices):\n    FORMER = "former", "曾用名"\n    PINYIN = "pinyin", _("拼音")', 1),
        ('raise Refused(_("请填写姓名"), field="name")', 0),
        ('raise Refused(_("没有 %(month)s 月") % {"month": month})', 0),
        ("raise Refused(error.message)", 0),
    ],
)
def test_planted_sentences(text: str, count: int) -> None:
    assert len(unwrapped(planted("juzhi/people/actions.py", f"{text}\n"))) == count
