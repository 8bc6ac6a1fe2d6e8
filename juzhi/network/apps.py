"""The capability as Django knows it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NetworkConfig(AppConfig):
    name = "juzhi.network"
    label = "network"

    def ready(self) -> None:
        from juzhi.journal.models import name_things, name_verbs
        from juzhi.network.queries.naming import namers

        edges = {
            "parent": _("上级组织"), "valid_from": _("起"), "area": _("所在区划"), "host": _("依托单位"), "sector": _("系统"), "authority": _("指导单位"),
            "successor": _("承继组织"), "predecessors": _("并入的组织"), "fields": _("栏目"),
        }
        name_things(namers(), {"network.organisation": edges, "network.statistic": {"value": _("数目")}})
        name_verbs(
            {
                "network.found": _("新设组织"),
                "network.rename": _("更名"),
                "network.correct": _("更正组织"),
                "network.dissolve": _("终止组织"),
                "network.reopen": _("撤销终止"),
                "network.move": _("改隶"),
                "network.merge": _("合并"),
                "network.split": _("分立"),
                "network.relocate": _("迁址"),
                "network.guide": _("登记指导单位"),
                "network.add_contact": _("登记组织联系人"),
                "network.load_areas": _("载入行政区划"),
                "network.attest": _("认定名册齐全"),
                "network.register_measure": _("登记统计项目"),
                "network.record_statistic": _("登记统计数"),
                "network.correct_statistic": _("更正统计数"),
                "network.record_claim": _("登记说法"),
                "network.withdraw_claim": _("撤下说法"),
                "network.record_slogan": _("登记口号"),
                "network.name_landmark": _("登记地标"),
                "network.drop_landmark": _("撤下地标"),
                "network.register_family": _("登记组织类别"),
                "network.register_founding": _("登记成立事项"),
                "network.register_host": _("登记依托单位"),
                "network.register_sector": _("登记系统"),
                "network.register_unit": _("登记单位"),
                "network.register_external_body": _("登记外部团体"),
            }
        )
