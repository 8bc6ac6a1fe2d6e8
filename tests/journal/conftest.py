"""Actors and things for the journal's tests. The journal stands below organisations, so plain numbers stand for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.conf import LazySettings

from juzhi.base import constraints
from juzhi.base.action import ACTIONS, action
from juzhi.base.actors import ZONE, System

AT = datetime(2024, 5, 31, 9, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Reader:
    """A signed-in actor with duties at organisations: {duty: {organisation ids}}."""

    duties: dict[str, set[int]] = field(default_factory=dict)
    key: str = "reader"
    person_key: str = ""
    at: datetime = AT
    is_system: bool = False

    @property
    def today(self) -> date:
        return self.at.astimezone(ZONE).date()

    def holds(self, duty: str, organisation_id: int | None) -> bool:
        return organisation_id in self.duties.get(duty, set())

    def holds_anywhere(self, *duties: str) -> bool:
        return any(self.duties.get(duty) for duty in duties)

    def reach(self, *duties: str) -> Any:
        return sorted(set().union(*(self.duties.get(duty, set()) for duty in duties)))

    def persons(self, *duties: str, among: Any = None) -> Any:
        return ()

    def places(self, *ids: int) -> dict[int, tuple[str, str]]:
        return {}

    def organisation_id(self, key: str) -> int | None:
        return int(key) if key.isdigit() else None


def inside_an_action(work: Callable[[], Any]) -> Any:
    """Run `work` as a verb would."""

    def deed(*, by: Any) -> Any:
        return work()

    made = action(deed)
    ACTIONS.pop("journal.deed")
    return made(by=None)


@pytest.fixture
def system() -> System:
    return System("测试", AT)


@pytest.fixture(autouse=True)
def data_folder(settings: LazySettings, tmp_path: Any) -> None:
    settings.DATA_FOLDER = tmp_path


@pytest.fixture
def committed(transactional_db: None) -> Iterator[None]:
    """A database in which transactions really commit. The triggers come off before it is emptied; emptying brings them back."""
    constraints.install()
    yield
    constraints.remove()
