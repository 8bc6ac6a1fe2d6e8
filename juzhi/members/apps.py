"""The capability as Django knows it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MembersConfig(AppConfig):
    name = "juzhi.members"
    label = "members"

    def ready(self) -> None:
        from juzhi.base.consequences import declare
        from juzhi.journal.models import name_things, name_verbs
        from juzhi.members.queries import batches_named, carried, spells_named

        declare(carried)
        name_things({"members.membership": spells_named, "members.admissionbatch": batches_named})
        name_verbs(
            {
                "members.admit": _("登记入会"),
                "members.end": _("登记离会"),
                "members.correct": _("更正会籍"),
                "members.open_batch": _("开设入会批次"),
                "members.transfer": _("随组织合并转会"),
            }
        )
