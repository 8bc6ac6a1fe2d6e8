"""The capability as Django knows it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FiguresConfig(AppConfig):
    name = "juzhi.figures"
    label = "figures"

    def ready(self) -> None:
        from juzhi.base.affected import declare
        from juzhi.figures.queries.affected import affected
        from juzhi.figures.queries.naming import openings_named, readings_named
        from juzhi.journal.models import name_things, name_verbs

        declare(affected)
        name_things({"figures.reading": readings_named, "figures.openingbalance": openings_named})
        name_verbs(
            {
                "figures.publish": _("发布数"),
                "figures.restate": _("重述数"),
                "figures.explain": _("说明重述"),
                "figures.record_opening": _("登记期初数"),
                "figures.withdraw_opening": _("撤回期初数"),
            }
        )
