"""Professional titles (职称) by level, as they are written: which of them are middle or senior.

The names are those of the series that the ministry's reform documents list (人社部职称制度改革, 27 series, 2016–2022): 正高级 and 副高级 are senior, 中级 is middle; 助理级 and 员级 are neither. Nothing is
kept of a person but the title as typed: the level is looked up when persons are counted, and told of numbers of persons only.
"""

from __future__ import annotations

_HIGH = "工程师 经济师 会计师 统计师 审计师 农艺师 畜牧师 兽医师 实验师 政工师 工艺美术师 人力资源管理师 知识产权师 船长 轮机长"  # 正高级X, 高级X, X
_PLAIN = "工程师 经济师 会计师 统计师 审计师 农艺师 畜牧师 兽医师 实验师 政工师 工艺美术师 人力资源管理师 知识产权师"
_ARTS = "演员 演奏员 编剧 导演 指挥 作曲 美术师 舞美设计师 摄影师 录音师 律师 公证员 播音员主持人 飞行员 教练"  # 一级 and 二级 are senior, 三级 is middle
_HEALTH = "医师 护师 药师 技师"  # 主任, 副主任; 主治, 主管
FULL_SENIOR = frozenset(
    "正高级 正高 正高职称 正高级职称 教授 研究员 正高级讲师 正高级教师 编审 译审 研究馆员 高级记者 高级编辑 播音指导 一级播音员主持人 教授级高级工程师 国家级教练 一级律师 一级公证员 正高级实验师".split()
    + [f"正高级{one}" for one in _HIGH.split()]
    + [f"一级{one}" for one in _ARTS.split()]
    + [f"主任{one}" for one in _HEALTH.split()]
)
ASSOCIATE_SENIOR = frozenset(
    "副高级 副高 副高职称 副高级职称 高级 高级职称 副教授 副研究员 高级讲师 高级教师 中学高级教师 副编审 副译审 一级翻译 副研究馆员 主任记者 主任编辑 主任播音员 高级教练 高级律师".split()
    + [f"高级{one}" for one in _HIGH.split()]
    + [f"二级{one}" for one in _ARTS.split()]
    + [f"副主任{one}" for one in _HEALTH.split()]
)
MIDDLE = frozenset(
    "中级 中级职称 讲师 助理研究员 一级教师 中学一级教师 小学高级教师 编辑 翻译 二级翻译 馆员 记者 一级播音员 一级校对 技术编辑 主治医师 主管护师 主管药师 主管技师 一级实习指导教师 中级教练".split()
    + _PLAIN.split()
    + [f"三级{one}" for one in _ARTS.split()]
)
MIDDLE_OR_SENIOR = FULL_SENIOR | ASSOCIATE_SENIOR | MIDDLE
