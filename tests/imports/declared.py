"""A kind of file that no room has, declared as a later room would: on `base` alone, for the child process that reads it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from juzhi.base.access import SECRETARY
from juzhi.base.importers import Field, Importer, Question, declare

WEIGHTS = {"重": "heavy", "轻": "light"}
STONES = declare(
    Importer(
        kind="stones",
        declared_in=__name__,
        label=_("依托单位"),
        duty=SECRETARY,
        same=(("called",),),
        told=("called", "weight"),
        named_by="called",
        leads_to="network:organisation",
        leads_word=_("去看组织"),
        likenesses={"called": _("名称相同")},
        reasons={"too_heavy": "太重了，请分开写"},
        warnings={"looks_light": "看起来只有 {}"},
        questions=(Question("weight", "都有多重", required=True),),
        fields=(
            Field("called", "石头名", ("石名",), required=True, limit=60, classed="public"),
            Field("weight", "分量", kind="choice", choices=WEIGHTS, classed="public"),
            Field("found", "捡到时间", kind="date", classed="public"),
            Field("place_person", "地点和人", kind="pair", parts=("place", "person"), stored=False),
            Field("place", "地点", classed="public"),
            Field("person", "人"),
        ),
    )
)
