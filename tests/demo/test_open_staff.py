"""`demo.open_staff`: accounts for a city secretary, a district clerk, an operator and one of the imported members."""

from __future__ import annotations

import pytest

from juzhi.access.models import Account, Grant
from juzhi.base.errors import Refused
from juzhi.demo import actions
from tests.demo.conftest import system

pytestmark = pytest.mark.usefixtures("demonstration")


def test_four_accounts_without_a_password_and_their_duties() -> None:
    assert sorted((one.login, one.has_usable_password()) for one in Account.objects.all()) == [("city", False), ("district", False), ("member", False), ("operator", False)]
    held = Grant.objects.system("test").order_by("account__login", "duty").values_list("account__login", "duty", "organisation__name", "reach")
    assert list(held) == [
        ("city", "auditor", "深圳市知联会", "subtree"),
        ("city", "member_clerk", "深圳市知联会", "subtree"),
        ("city", "publisher", "深圳市知联会", "subtree"),
        ("city", "secretary", "深圳市知联会", "subtree"),
        ("city", "statistician", "深圳市知联会", "subtree"),
        ("district", "member_clerk", "南山区知联会", "subtree"),
        ("district", "secretary", "南山区知联会", "subtree"),
        ("district", "statistician", "南山区知联会", "subtree"),
        ("operator", "operator", "深圳市知联会", "subtree"),
    ]


def test_a_second_time_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        actions.open_staff(by=system())
    assert refused.value.field == "login"
