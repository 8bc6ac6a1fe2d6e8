"""Abstract models: a key for every row, a version for every editable one, and query sets that refuse to be read without an actor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from juzhi.base.errors import Stale
from juzhi.base.ids import LENGTH, new_key

CLASSES = ("public", "internal", "personal", "sensitive")


class Unscoped(RuntimeError):
    """A query set was evaluated without `seen_by(by)` or `system(reason)`."""


class ScopedQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Raises when evaluated before it was told for whom (trust M1)."""

    _told = False

    def seen_by(self, by: Any) -> Self:
        """The rows `by` may see, by today's tree and today's grants."""
        found = self.filter(self.model.scope.q(by))  # type: ignore[attr-defined]
        found._told = True
        return found

    def seen_among(self, by: Any, ids: Sequence[int]) -> Self:
        """Of the rows with these ids those that `by` may see: as `seen_by`, at the cost of the ids."""
        found = self.filter(self.model.scope.among(by, ids))  # type: ignore[attr-defined]
        found._told = True
        return found

    def system(self, reason: str) -> Self:
        """All rows, for a stated reason that is not a reader: a constraint check, a job, a rule."""
        if not reason:
            raise ValueError("system() needs a reason")
        found: Self = self._chain()  # type: ignore[attr-defined]
        found._told = True
        return found

    def _clone(self) -> Self:
        copy: Self = super()._clone()  # type: ignore[misc]
        copy._told = self._told
        return copy

    def _must_be_told(self) -> None:
        if not self._told and not self.query.is_empty():
            raise Unscoped(f"{self.model.__name__} was read without seen_by(by) or system(reason)")

    def _fetch_all(self) -> None:
        if self._result_cache is None:
            self._must_be_told()
        super()._fetch_all()

    def iterator(self, *args: Any, **kwargs: Any) -> Any:
        self._must_be_told()
        return super().iterator(*args, **kwargs)

    def count(self) -> int:
        self._must_be_told()
        return super().count()

    def exists(self) -> bool:
        self._must_be_told()
        return super().exists()

    def aggregate(self, *args: Any, **kwargs: Any) -> Any:
        self._must_be_told()
        return super().aggregate(*args, **kwargs)

    def update(self, **values: Any) -> int:
        self._must_be_told()
        return super().update(**values)

    update.alters_data = True  # type: ignore[attr-defined]

    def delete(self) -> Any:
        self._must_be_told()
        return super().delete()

    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]


Scoped = models.Manager.from_queryset(ScopedQuerySet)


class Keyed(models.Model):
    """A row with a key that may stand in a URL. `id` never leaves the database."""

    key = models.CharField(_lazy("编号"), max_length=LENGTH, unique=True, default=new_key, editable=False)

    objects = Scoped()

    class Meta:
        abstract = True

    classes: dict[str, str] = {"id": "internal", "key": "public"}


class Versioned(Keyed):
    """An editable row. A form carries the version it showed; saving checks it (trust M11)."""

    version = models.PositiveIntegerField(_lazy("版本"), default=1, editable=False)

    class Meta:
        abstract = True

    classes = {**Keyed.classes, "version": "internal"}

    def claim(self, version: int | None, changed: dict[str, Any] | None = None) -> None:
        """Take the row for change: raises Stale unless `version` is the current one (None = caller holds no form)."""
        if version is not None and version != self.version:
            rows = [(getattr(self._meta.get_field(f), "verbose_name", f), value, getattr(self, f)) for f, value in (changed or {}).items()]
            raise Stale(_("这条记录刚被别人改过，请对照后再保存"), details=rows)
        self.version += 1
