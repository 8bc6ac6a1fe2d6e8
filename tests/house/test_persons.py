"""No field, column, sort key or export scores, ranks or labels a person; none keeps party, religion, health or ethnicity."""

from __future__ import annotations

import ast
import re

import pytest
from django.apps import apps
from django.db import models

from juzhi.base.importers import IMPORTERS, Field
from tests.house.reading import Source, code, planted

SCORES = {"score", "scores", "rank", "ranks", "ranking", "rating", "ratings", "points", "grade", "grades", "merit", "star", "stars", "karma", "leaderboard", "credits",
          "tier", "priority", "label", "labels", "sentiment", "loyalty", "activeness", "influence"}  # fmt: skip
KEPT_OUT = {"party", "religion", "religious", "faith", "health", "illness", "disease", "ethnic", "ethnicity", "nationality", "race", "politics", "political"}
WORDS = re.compile("积分|评分|打分|得分|分值|排名|名次|排行|等级|星级|评级|打标|标签|活跃度|忠诚|贡献值|信用分|党派|政治面貌|党员|宗教|信仰|健康状况|病史|民族|族别")
# Where such a word is something else, each with its reason.
ALLOWED: dict[str, str] = {
    "title": "the title on a card or of an office, and the professional title level: seen by the person and the clerk, aggregated only (house rules)",
}
COLUMNS = {"Column", "Field", "CharField", "ChoiceField", "IntegerField", "DecimalField", "PositiveSmallIntegerField", "TextField"}
SORTS = {"order_by", "annotate", "alias", "values", "values_list", "aggregate"}


def judged(name: str, words: str = "") -> str:
    """The word that scores, ranks or labels, or that names what is never kept; "" if none."""
    if name in ALLOWED:
        return ""
    parts = set(re.split(r"[_\W]+", name.lower().lstrip("-")))
    found = parts & (SCORES | KEPT_OUT)
    match = WORDS.search(words) or WORDS.search(name)
    return min(found) if found else match[0] if match else ""


def fields(found: list[type[models.Model]]) -> list[str]:
    """Database columns, their names and their labels."""
    return [
        f"{model._meta.label}.{field.name}: {word}"
        for model in found
        for field in model._meta.local_fields
        if (word := judged(field.name, f"{field.verbose_name}"))
    ]


def columns_of_files(found: list[Field]) -> list[str]:
    """Columns of files that would be stored. Those told apart to be left out are not stored."""
    return [f"{one.name}: {word}" for one in found if one.stored and (word := judged(one.name, f"{one.label}"))]


def named(sources: list[Source]) -> list[str]:
    """Names given to sums, sort keys, columns of lists and exports, and fields of forms."""
    said = []
    for source in sources:
        if source.room in ("", "web", "base") or source.layer == "reading":
            continue
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Call):
                said += [f"{source.at(node)}: {word}" for name in _names(node) if (word := judged(name))]
            if isinstance(node, ast.AnnAssign | ast.Assign) and isinstance(node.value, ast.Call) and ast.unparse(node.value.func).startswith("forms."):
                target = node.targets[0] if isinstance(node, ast.Assign) else node.target
                said += [f"{source.at(node)}: {word}"] if (word := judged(ast.unparse(target))) else []
    return said


def _names(node: ast.Call) -> list[str]:
    name = ast.unparse(node.func).rpartition(".")[2]
    texts = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
    if name in SORTS:
        return texts + [k.arg for k in node.keywords if k.arg]
    inner = [a.value for argument in node.args if isinstance(argument, ast.Call) for a in argument.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
    return texts + inner if name in COLUMNS else []


def test_no_column_judges_a_person() -> None:
    assert fields([model for model in apps.get_models() if model.__module__.startswith("juzhi.")]) == []


def test_no_file_brings_such_a_column() -> None:
    assert columns_of_files([field for importer in IMPORTERS.values() for field in importer.fields]) == []


def test_no_sum_sort_or_export_judges_a_person() -> None:
    assert named(code()) == []


class Judged(models.Model):
    """Columns that the house must refuse; it is made nowhere."""

    activity_score = models.IntegerField("分")
    note = models.CharField("活跃积分", max_length=9)
    party = models.CharField("党", max_length=9)
    title = models.CharField("头衔", max_length=9)

    class Meta:
        app_label = "people"
        managed = False


apps.all_models["people"].pop("judged")
apps.clear_cache()


def test_planted_columns() -> None:
    assert fields([Judged]) == ["people.Judged.activity_score: score", "people.Judged.note: 积分", "people.Judged.party: party"]
    assert columns_of_files([Field("political_status", "政治面貌"), Field("political_status", "政治面貌", stored=False)]) == ["political_status: political"]


@pytest.mark.parametrize(
    "text",
    [
        'rows = people.order_by("-points")',
        "rows = people.annotate(rank=Window(Rank()))",
        'column = Column("n", _("排名"), value)',
        "class EntryForm(forms.Form):\n    religion = forms.CharField()",
        'field = Field("grade", "等级")',
    ],
)
def test_planted_names(text: str) -> None:
    assert len(named(planted("juzhi/members/queries.py", f"{text}\n"))) >= 1
    assert named(planted("juzhi/members/queries.py", 'rows = people.order_by("-joined_on", "title")\n')) == []
