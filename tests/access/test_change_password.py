"""`access.change_password`: one's own password, told to the journal without what it is."""

from __future__ import annotations

import pytest

from juzhi.access import actions
from juzhi.access.models import Account
from juzhi.base.errors import Forbidden, Refused
from juzhi.journal.models import Entry, EntryValue
from tests.cast import PASSWORD, VISITOR, Cast


def test_the_owner_changes_it_and_the_journal_keeps_no_value(cast: Cast) -> None:
    actions.change_password(by=cast.by("anna"), account=cast.accounts["anna"], password=PASSWORD)
    assert Account.objects.get(login="anna").check_password(PASSWORD)
    entry = Entry.objects.system("test").order_by("-pk")[0]
    assert (entry.verb, entry.thing_key, entry.digests) == ("access.change_password", cast.accounts["anna"].key, {})
    assert not EntryValue.objects.system("test").filter(entry=entry).exists()


def test_nobody_else_may(cast: Cast) -> None:
    for by in (VISITOR, cast.by("bo"), cast.by("city_clerk"), cast.by("operator")):
        with pytest.raises(Forbidden):
            actions.change_password(by=by, account=cast.accounts["anna"], password=PASSWORD)
    assert not Account.objects.get(login="anna").check_password(PASSWORD)


@pytest.mark.parametrize("password", ["short1", "password"])
def test_short_and_common_ones_are_refused(cast: Cast, password: str) -> None:
    with pytest.raises(Refused) as refused:
        actions.change_password(by=cast.by("anna"), account=cast.accounts["anna"], password=password)
    assert refused.value.field == "password"
