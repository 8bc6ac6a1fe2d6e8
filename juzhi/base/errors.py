"""Refusals: what a person is told when something may not happen."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _


class Refused(Exception):
    """A verb declined. `message` is the sentence shown to the person; `field` names the form field, if one is at fault.

    `code` is a stable word for programs: `forbidden stale conflict limit input state question` (question: an address that asks wrongly). `trace` = what must be kept although the verb is rolled
    back: run once, by `base.action.keep_trace`, when no transaction is open any more.
    """

    trace: Callable[[], object] | None = None

    def __init__(self, message: str, *, field: str | None = None, code: str = "input", details: object = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.code = code
        self.details = details


class Stale(Refused):
    """Somebody else saved the same record first. `details` holds rows of (label, yours, theirs)."""

    def __init__(self, message: str, details: object = None) -> None:
        super().__init__(message, code="stale", details=details)


class Forbidden(Refused):
    """The rule said no. Shown as a 404 where the thing itself may not be seen."""

    def __init__(self, message: str = "", *, trace: Callable[[], object] | None = None) -> None:
        super().__init__(message or _("您没有做这件事的权限"), code="forbidden")
        self.trace = trace
