"""The capability as Django knows it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProgrammesConfig(AppConfig):
    name = "juzhi.programmes"
    label = "programmes"

    def ready(self) -> None:
        from juzhi.journal.models import name_things, name_verbs
        from juzhi.programmes.queries import namers

        name_things(namers())
        name_verbs(
            {
                "programmes.open_programme": _("开设铺开计划"),
                "programmes.plan_wave": _("安排一批"),
                "programmes.plan_unit": _("排入计划"),
                "programmes.confirm_unit": _("登记完成"),
                "programmes.drop_unit": _("移出计划"),
                "programmes.close_programme": _("结束铺开计划"),
            }
        )
