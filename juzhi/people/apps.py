"""The capability as Django knows it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "juzhi.people"
    label = "people"

    def ready(self) -> None:
        from juzhi.journal.models import name_things, name_verbs
        from juzhi.people.queries import masked_all, names_named, persons_named

        name_things({"people.person": persons_named, "people.name": names_named}, {"people.person": {"contacts": _("联系方式")}}, masks={"people.person": {"contacts": masked_all}})
        name_verbs(
            {
                "people.enter": _("登记人员"),
                "people.correct": _("更正人员"),
                "people.change_contacts": _("更改联系方式"),
                "people.add_name": _("登记另一个名字"),
                "people.tell_apart": _("认定不是同一人"),
                "people.reconsider": _("取消「不是同一人」"),
                "people.mark_deceased": _("登记去世"),
                "people.forget": _("抹去个人信息"),
                "people.disclose": _("查看或导出联系方式"),
            },
            watched=("people.disclose", "people.forget"),
        )
