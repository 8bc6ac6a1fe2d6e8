"""Persons: names, contacts, employment as told, why an organisation may see them, and who saw their contacts."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from juzhi.base.access import MEMBER_CLERK, PROTECTION_CONTACT, Of, OfEach
from juzhi.base.access import Person as PersonScope
from juzhi.base.firms import KEY_AT_MOST as FIRM_KEY_AT_MOST
from juzhi.base.models import Keyed, Versioned
from juzhi.base.pinyin import SOUNDS_AT_MOST
from juzhi.base.strokes import KEY_AT_MOST
from juzhi.base.text import listed
from juzhi.network.models import Organisation, Precision


class Gender(models.TextChoices):
    FEMALE = "female", _("女")
    MALE = "male", _("男")


class Ground(models.TextChoices):
    """Why a person is erased: the cases of PIPL article 47, and article 49 for the dead."""

    REQUEST = "request", _("本人要求")
    WITHDRAWN = "withdrawn", _("本人撤回同意")
    EXPIRED = "expired", _("目的已实现，或保存期满")
    UNLAWFUL = "unlawful", _("当初收集或使用不合规定")
    RELATIVES = "relatives", _("近亲属为已故者要求")


class Person(Versioned):
    """A human being, once, however many organisations know them. `name` is kept as typed; it is searched by `name_key` and `sounds`, ordered by `pinyin_key` or `stroke_key`."""

    name = models.CharField(_("姓名"), max_length=100)
    name_key = models.CharField(_("检索名"), max_length=100, editable=False)
    pinyin_key = models.CharField(_("拼音序"), max_length=240, db_index=True, editable=False)
    sounds = models.CharField(_("读音"), max_length=SOUNDS_AT_MOST, blank=True, default="", editable=False)
    stroke_key = models.CharField(_("笔画序"), max_length=KEY_AT_MOST, blank=True, default="", db_index=True, editable=False)
    gender = models.CharField(_("性别"), max_length=8, choices=Gender.choices, blank=True)
    born_on = models.DateField(_("出生日期"), null=True, blank=True)
    born_precision = models.CharField(_("出生日期精度"), max_length=8, choices=Precision.choices, blank=True)
    title = models.CharField(_("职称"), max_length=60, blank=True)
    deceased_on = models.DateField(_("去世日期"), null=True, blank=True)
    deceased_precision = models.CharField(_("去世日期精度"), max_length=8, choices=Precision.choices, blank=True)
    forgotten_at = models.DateTimeField(_("抹去时间"), null=True, blank=True, editable=False)  # a stub without a name since then: it still counts
    example = models.CharField(_("示例标记"), max_length=12, blank=True, editable=False)

    scope = PersonScope("pk")
    classes = {
        **Versioned.classes,
        "name": "personal",
        "name_key": "personal",
        "pinyin_key": "personal",
        "sounds": "personal",
        "stroke_key": "personal",
        "gender": "personal",
        "born_on": "personal",
        "born_precision": "personal",
        "title": "personal",
        "deceased_on": "personal",
        "deceased_precision": "personal",
        "forgotten_at": "internal",
        "example": "internal",
    }

    class Meta:
        verbose_name = _("人员")
        indexes = [models.Index(fields=["name_key", "born_on", "born_precision"], name="person_name_and_birth")]  # who may be the same

    def __str__(self) -> str:
        return self.name or gettext("无名记录")

    @property
    def is_forgotten(self) -> bool:
        return self.forgotten_at is not None

    @property
    def is_deceased(self) -> bool:
        return bool(self.deceased_precision)


class Name(Keyed):
    """Another name of a person: a former one, one in pinyin as they spell it."""

    class Kind(models.TextChoices):
        FORMER = "former", _("曾用名")
        PINYIN = "pinyin", _("拼音")

    person = models.ForeignKey(Person, models.CASCADE, related_name="names", verbose_name=_("人员"))
    text = models.CharField(_("姓名"), max_length=100)
    text_key = models.CharField(_("检索名"), max_length=100, db_index=True, editable=False)
    kind = models.CharField(_("种类"), max_length=8, choices=Kind.choices)

    scope = PersonScope("person")
    classes = {**Keyed.classes, "person": "internal", "text": "personal", "text_key": "personal", "kind": "internal"}

    class Meta:
        verbose_name = _("别的姓名")


class Contact(Versioned):
    """A way to reach a person. Lists show it masked; showing it in full leaves a Disclosure."""

    class Kind(models.TextChoices):
        MOBILE = "mobile", _("手机")
        EMAIL = "email", _("邮箱")

    person = models.ForeignKey(Person, models.CASCADE, related_name="contacts", verbose_name=_("人员"))
    kind = models.CharField(_("种类"), max_length=8, choices=Kind.choices)
    value = models.CharField(_("号码或地址"), max_length=200)
    value_key = models.CharField(_("比对值"), max_length=200, db_index=True, editable=False)
    position = models.PositiveSmallIntegerField(_("顺序"), default=0)  # 0 = the first one to try

    scope = PersonScope("person")
    classes = {
        **Versioned.classes,
        "person": "internal",
        "kind": "internal",
        "value": "personal",
        "value_key": "personal",
        "position": "internal",
    }

    class Meta:
        verbose_name = _("联系方式")


class Employment(Versioned):
    """Where a person works and as what, as text, with where it was read."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="employments", verbose_name=_("人员"))
    unit = models.CharField(_("单位"), max_length=160, blank=True)
    unit_key = models.CharField(_("检索名"), max_length=160, db_index=True, editable=False)
    unit_order = models.CharField(_("拼音序"), max_length=FIRM_KEY_AT_MOST, blank=True, default="", editable=False)
    duty = models.CharField(_("职务"), max_length=120, blank=True)
    source = models.CharField(_("来源"), max_length=60, blank=True)
    valid_from = models.DateField(_("起"), null=True, blank=True)
    valid_to = models.DateField(_("止"), null=True, blank=True)

    scope = PersonScope("person")
    classes = {
        **Versioned.classes,
        "person": "internal",
        "unit": "personal",
        "unit_key": "personal",
        "unit_order": "personal",
        "duty": "personal",
        "source": "internal",
        "valid_from": "personal",
        "valid_to": "personal",
    }

    class Meta:
        verbose_name = _("单位与职务")


class Tie(Keyed):
    """Why an organisation may see a person, and how long. Opened and closed by the capability whose record it stands for."""

    class Kind(models.TextChoices):
        MEMBERSHIP = "membership", _("会员")
        FORMER_MEMBERSHIP = "former_membership", _("曾任会员（保留期内）")

    person = models.ForeignKey(Person, models.CASCADE, related_name="ties", verbose_name=_("人员"))
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="person_ties", db_index=False, verbose_name=_("组织"))
    kind = models.CharField(_("缘由"), max_length=20, choices=Kind.choices)
    source = models.CharField(_("所据记录"), max_length=60)  # "members.membership:<key>"
    valid_from = models.DateField(_("起"))
    valid_to = models.DateField(_("止"), null=True, blank=True)

    scope = Of("organisation", (MEMBER_CLERK, PROTECTION_CONTACT), own="person__key")
    classes = {
        **Keyed.classes,
        "person": "internal",
        "organisation": "personal",
        "kind": "personal",
        "source": "internal",
        "valid_from": "personal",
        "valid_to": "personal",
    }

    class Meta:
        verbose_name = _("可见缘由")
        indexes = [
            models.Index(fields=["organisation", "person", "valid_from", "valid_to"], name="tie_organisation"),
            models.Index(fields=["source"], name="tie_source"),
        ]


class Apart(Keyed):
    """Two persons who look alike were said to be two: by whom, when, as which organisations know them; taken back since `withdrawn_at`.

    It holds for those whose reach covers both organisations: what a clerk elsewhere said of persons whom both know is not told by it.
    """

    first = models.ForeignKey(Person, models.CASCADE, related_name="apart_as_first", verbose_name=_("一人"))  # the one with the lower id
    second = models.ForeignKey(Person, models.CASCADE, related_name="apart_as_second", verbose_name=_("另一人"))
    first_place = models.ForeignKey(Organisation, models.CASCADE, related_name="apart_at_first", verbose_name=_("一人所在组织"))
    second_place = models.ForeignKey(Organisation, models.CASCADE, related_name="apart_at_second", verbose_name=_("另一人所在组织"))
    actor_key = models.CharField(_("经手账号"), max_length=40)
    at = models.DateTimeField(_("认定时间"))
    withdrawn_at = models.DateTimeField(_("取消时间"), null=True, blank=True)

    scope = OfEach(("first_place", "second_place"), (MEMBER_CLERK,))
    classes = {
        **Keyed.classes,
        "first": "internal",
        "second": "internal",
        "first_place": "internal",
        "second_place": "internal",
        "actor_key": "internal",
        "at": "internal",
        "withdrawn_at": "internal",
    }

    class Meta:
        verbose_name = _("认定不是同一人")
        constraints = [models.UniqueConstraint(fields=["first", "second", "first_place", "second_place"], condition=models.Q(withdrawn_at__isnull=True), name="apart_once")]


class Disclosure(Keyed):
    """Contact fields of a person were shown unmasked, printed or exported: who, when, which, how, on behalf of whom. The person sees it."""

    class Way(models.TextChoices):
        SHOWN = "shown", _("查看")
        EXPORTED = "exported", _("导出")
        PRINTED = "printed", _("打印")

    person_key = models.CharField(_("所涉人员"), max_length=12, db_index=True)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="disclosures", verbose_name=_("组织"))
    entry_key = models.CharField(_("日志"), max_length=12, blank=True)
    actor_key = models.CharField(_("经手账号"), max_length=40)
    fields = models.CharField(_("栏目"), max_length=120)
    way = models.CharField(_("方式"), max_length=8, choices=Way.choices)
    purpose = models.CharField(_("用途"), max_length=120, blank=True)
    at = models.DateTimeField(_("时间"))

    scope = Of("organisation", (PROTECTION_CONTACT,), own="person_key")
    classes = {
        **Keyed.classes,
        "person_key": "internal",
        "organisation": "internal",
        "entry_key": "internal",
        "actor_key": "internal",
        "fields": "internal",
        "way": "internal",
        "purpose": "internal",
        "at": "internal",
    }

    class Meta:
        verbose_name = _("查看留痕")

    @property
    def fields_words(self) -> str:
        """The fields in the reader's language; they are kept in Chinese."""
        return listed(gettext(word) for word in self.fields.split("、"))
