"""What this room answers a person about himself: name and birth, contacts, work, who may see them, who saw their contacts."""

from __future__ import annotations

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from juzhi.base.actors import ZONE, Actor
from juzhi.base.privacy import Declared, Item, declare
from juzhi.people import queries
from juzhi.people.models import Contact, Employment
from juzhi.search import queries as search

KEPT = _("在会期间一直保存；最后一段会籍结束满三年，各组织不再看得到。")
ERASED = _("离会以后，向所在组织的个人信息保护联系人提出，由其核实本人后抹去：这里的每一栏都去掉，变更记录里的内容一并抹去，不能恢复。")
STUB = _("一条没有姓名的记录，让过去的人数不变；谁也认不出是谁。")


def person_items(by: Actor) -> list[Item]:
    found = queries.person(by, by.person_key)
    if found is None:
        return []
    told = [Item(what, value) for what, value in queries.facts(found)]
    keys = [found.name_key, *(one.text_key for one in found.names.all())]
    searched, ordered = str(_("由姓名算出，搜索时用")), str(_("由姓名算出，排序时用"))
    return [
        *told,
        Item(_("检索用的写法"), "、".join(keys), searched),
        Item(_("读音"), found.sounds.replace("|", "、"), searched),
        Item(_("拼音序"), found.pinyin_key.replace("\u0001", " "), ordered),
        Item(_("笔画序"), found.stroke_key, ordered),
    ]


def search_items(by: Actor) -> list[Item]:
    """The tokens as they stand, without the letter that says what each is of; places are told under "who can see me"."""
    found = queries.oneself(by)
    kept = search.entry(queries.KIND, found.pk) if found else None
    if kept is None:
        return []
    told = ((_("姓名"), "n"), (_("读音"), "l"), (_("首字母"), "i"), (_("单位"), "u"), (_("手机后四位"), "f"))
    rows = [(label, sorted(token[1:] for token in kept.tokens if token[0] == letter)) for label, letter in told]
    return [Item(label, "、".join(words)) for label, words in rows if words]


def contact_items(by: Actor) -> list[Item]:
    rows = Contact.objects.system("one's own").filter(person__key=by.person_key).order_by("-kind", "position", "pk")
    return [Item(one.get_kind_display(), one.value, "" if one.value_key == one.value else str(_("比对时用：%(key)s") % {"key": one.value_key})) for one in rows]


def employment_items(by: Actor) -> list[Item]:
    found = queries.person(by, by.person_key)
    return [Item(*_work(one)) for one in found.employments.all()] if found else []


def _work(one: Employment) -> tuple[str, str, str]:
    """Label, value and note of one employment."""
    parts = [
        _now("来源：%(source)s") % {"source": one.source} if one.source else "",
        _now("%(day)s 起") % {"day": one.valid_from} if one.valid_from else "",
        _now("%(day)s 止") % {"day": one.valid_to} if one.valid_to else "",
        _now("检索用：%(key)s") % {"key": one.unit_key} if one.unit_key and one.unit_key != one.unit else "",
        _now("排序用：%(key)s") % {"key": one.unit_order.replace("\u0001", " ")} if one.unit_order else "",
    ]
    return str(_("单位与职务")), " · ".join(part for part in (one.unit, one.duty) if part), " · ".join(part for part in parts if part)


def tie_items(by: Actor) -> list[Item]:
    found = queries.oneself(by)
    return [Item(one.organisation, one.why, _span(one)) for one in queries.watchers(by, found)] if found else []


def _span(one: queries.Watcher) -> str:
    span = _now("%(since)s 起，%(until)s 止") if one.until else _now("%(since)s 起")
    told = span % {"since": one.since, "until": one.until}
    return told if one.today else told + _now("（今天已看不到）")


def disclosure_items(by: Actor) -> list[Item]:
    """By duty and organisation, never by name."""
    rows = queries.disclosures(by, by.person_key)
    return [
        Item(
            f"{one.organisation.name} · {queries.CLERK}",
            _now("%(way)s了%(fields)s") % {"way": one.get_way_display(), "fields": one.fields_words},
            " · ".join(part for part in (f"{one.at.astimezone(ZONE):%Y-%m-%d %H:%M}", one.purpose) if part),
        )
        for one in rows
    ]


declare(
    Declared(
        "people.person",
        _("姓名与身份"),
        _("认得出您是谁，同名的不弄混；职称、性别只用来填报汇总数。"),
        KEPT,
        ERASED,
        (
            "people.Person.name",
            "people.Person.name_key",
            "people.Person.pinyin_key",
            "people.Person.sounds",
            "people.Person.stroke_key",
            "people.Person.gender",
            "people.Person.born_on",
            "people.Person.born_precision",
            "people.Person.title",
            "people.Person.deceased_on",
            "people.Person.deceased_precision",
            "people.Name.text",
            "people.Name.text_key",
        ),
        person_items,
        STUB,
    ),
    Declared(
        "people.search",
        _("检索用的词"),
        _("让有权看到您的人按姓名、读音、单位找得到您；手机后四位只有会员管理能用来找。"),
        _("随姓名、单位、手机当场更新，随人员记录一起删除。"),
        ERASED,
        ("search.SearchEntry.tokens",),
        search_items,
    ),
    Declared(
        "people.contacts",
        _("联系方式"),
        _("通知会务、核对名册。名单里只显示一部分；谁看了全部号码，下面都有记录。"),
        _("您改掉或删掉的，当场换掉；没有改的，保存期同姓名。"),
        _("您自己随时可以改、可以清空；抹去个人信息时一并删掉。"),
        ("people.Contact.value", "people.Contact.value_key"),
        contact_items,
    ),
    Declared(
        "people.employment",
        _("单位与职务"),
        _("知道您在哪里工作，方便联系和分组。"),
        KEPT,
        ERASED,
        ("people.Employment.unit", "people.Employment.unit_key", "people.Employment.unit_order", "people.Employment.duty", "people.Employment.valid_from", "people.Employment.valid_to"),
        employment_items,
    ),
    Declared(
        "people.ties",
        _("谁能看到我，为什么"),
        _("说明哪个组织凭什么看得到您的资料；没有列出的组织看不到。"),
        _("会籍结束后再保留三年，到期自动失效；失效的仍列给您看。"),
        _("抹去个人信息时全部删掉：从此哪个组织都看不到。"),
        ("people.Tie.organisation", "people.Tie.kind", "people.Tie.valid_from", "people.Tie.valid_to"),
        tie_items,
    ),
    Declared(
        "people.disclosures",
        _("谁看过我的联系方式"),
        _("让您知道号码被谁看过、导出过、做什么用；只写职责和组织，不写经办人姓名。"),
        _("一直保存，这是给您看的凭据。"),
        _("里面没有号码本身；抹去以后它不再连着任何姓名。"),
        (),
        disclosure_items,
        _("某天、哪个组织、看了哪些栏目：万一有人追问号码怎么流出去的，查得到。"),
    ),
)
