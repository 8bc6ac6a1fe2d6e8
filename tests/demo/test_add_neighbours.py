"""`demo.add_neighbours`: two authorities guide the building's association, and an outside body sits in the same building."""

from __future__ import annotations

import pytest

from juzhi.base.errors import Refused
from juzhi.demo import actions
from juzhi.network.models import ExternalBody, GuidanceLink
from tests.demo.conftest import system

pytestmark = pytest.mark.usefixtures("demonstration")


def test_two_authorities_and_one_outside_body() -> None:
    links = GuidanceLink.objects.system("test").order_by("pk").values_list("organisation__name", "authority__name")
    assert [organisation for organisation, _ in links] == ["达实大厦知联会", "达实大厦知联会"]
    assert ExternalBody.objects.system("test").exclude(host=None).count() == 1


def test_a_second_time_adds_no_second_link_to_the_same_authority() -> None:
    known = set(GuidanceLink.objects.system("test").values_list("authority_id", flat=True))
    with pytest.raises(Refused):
        for authority in ExternalBody.objects.system("test").filter(pk__in=known):
            actions.network.guide(by=system(), organisation=actions.queries.organisation_named(actions.BUILDING), authority=authority)
