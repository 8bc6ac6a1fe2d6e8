"""What components refuse and how they write numbers and marks."""

from __future__ import annotations

from typing import Any

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.utils.safestring import mark_safe

from juzhi.web import drawing
from juzhi.web.numbers import Written, written


def drawn(text: str, **context: Any) -> str:
    return Template(text).render(Context(context))


@pytest.mark.parametrize(
    "text",
    [
        '{% stat "组织" 5 "个" "" %}',
        '{% pill "x" tone="red" %}',
        '{% button "x" kind="huge" %}',
        '{% icon "no-such-icon" %}',
        '{% skeleton "circle" %}',
        '{% glyph "知" tone="danger" %}',
        '{% notice tone="brand" %}{% endnotice %}',
        '{% button "x" onclick="go" %}',
    ],
)
def test_what_is_not_a_component_is_a_template_error(text: str) -> None:
    with pytest.raises(TemplateSyntaxError):
        drawn(text)


def test_what_people_wrote_is_escaped() -> None:
    evil = '<script>alert("1")</script>'
    for text in ('{% pill x %}', '{% record x note=x %}{% endrecord %}', '{% stat x x "个" x %}', '{% tree_node x %}{% endtree_node %}', '{% notice title=x %}{{ x }}{% endnotice %}', '{% crumbs rows %}'):
        assert "<script" not in drawn(text, x=evil, rows=[(evil, None)]), text


def test_what_a_tree_holds_stays_markup() -> None:
    inner = drawn('{% tree_node "上" %}{% tree_node "下" %}{% endtree_node %}{% endtree_node %}')
    assert inner.count("<li") == 2 and "&lt;li" not in inner


def test_a_row_of_a_tree_that_opens_holds_no_link_inside_its_summary() -> None:
    text = drawn('{% tree_node "上" href="/a/" %}{{ x }}{% endtree_node %}', x=mark_safe("<li>下</li>"))
    assert "<a" not in text.split("<summary")[1].split("</summary>")[0] and 'href="/a/"' in text


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, Written("—", suppressed=True)),
        (0, Written("0")),
        (1647, Written("1,647")),
        (9999, Written("9,999")),
        (10_000, Written("1万")),
        (15_032, Written("1.5万", exact="15,032")),
        ("未详", Written("未详")),
    ],
)
def test_numbers_as_they_are_read(value: Any, expected: Written) -> None:
    assert written(value) == expected


def test_a_suppressed_number_does_not_open() -> None:
    text = drawn('{% stat "推荐" None "件" "截至今天" href="/figures/" %}')
    assert "/figures/" not in text and "不足 5，不显示" in text


def test_marks_can_be_counted() -> None:
    rings = drawing.rings([{"label": "区级", "count": 9, "new": 2}, {"label": "单位", "count": 25}])
    assert [(ring.label, len(ring.dots), sum(new for _x, _y, new in ring.dots)) for ring in rings] == [("区级", 9, 2), ("单位", 25, 0)]
    _width, ticks = drawing.ticks(8, 5, 1)
    assert [tick.state for tick in ticks] == ["on"] * 5 + ["wait"] + [""] * 2
    for wrong in (0, 61):
        with pytest.raises(ValueError, match="1 to 60"):
            drawing.ticks(wrong, 0)
    assert drawing.lengths([None, 0, 5, 10]) == [0.0, 0.0, 50.0, 100.0]


def test_bars_of_months_stand_on_zero() -> None:
    width, zero, drawn_bars = drawing.month_bars([0, 5, None, 10])
    assert (width, zero, [bar.height for bar in drawn_bars]) == (480, 0.0, [0.0, 50.0, 0.0, 100.0])
    _width, zero, drawn_bars = drawing.month_bars([3, -1, 0])
    assert (zero, [(bar.height, bar.is_down) for bar in drawn_bars]) == (25.0, [(75.0, False), (25.0, True), (0.0, False)])
    assert [bar.named for bar in drawing.month_bars([1] * 13)[2]] == [True, False, False] * 4 + [True]  # the last one always
    text = drawn('{% months rows label="各月" %}', rows=[{"label": "2024-05", "value": 52}])
    assert 'aria-label="各月"' in text and "52" in text and "2024-05" in text


def test_more_than_sixty_in_one_ring_become_bars() -> None:
    text = drawn("{% rings groups %}", groups=[{"label": "会员", "count": 61}])
    assert "circle" not in text and 'class="bars"' in text
