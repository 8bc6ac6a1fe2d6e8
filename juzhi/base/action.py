"""`@action`: the one door for writes. One transaction, keyword-only, `by=`; tests refuse any write outside it."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, TypeVar

from django.db import connection, transaction

from juzhi.base.errors import Refused

ACTIONS: dict[str, Callable[..., Any]] = {}  # "network.found" -> function; the house tests walk it
_inside: ContextVar[str] = ContextVar("juzhi_action", default="")

F = TypeVar("F", bound=Callable[..., Any])


def action(verb: F) -> F:
    """Make `verb` an action. It runs in one transaction; nested actions join the outer one.

    Raises TypeError at import if a parameter is positional or `by` is missing.
    """
    for name, parameter in inspect.signature(verb).parameters.items():
        if parameter.kind not in (inspect.Parameter.KEYWORD_ONLY, inspect.Parameter.VAR_KEYWORD):
            raise TypeError(f"{verb.__module__}.{verb.__name__}: {name} must be keyword-only")
    if "by" not in inspect.signature(verb).parameters:
        raise TypeError(f"{verb.__module__}.{verb.__name__} lacks by=")
    capability = verb.__module__.split(".")[1]
    name = f"{capability}.{verb.__name__}"

    @functools.wraps(verb)
    def run(**arguments: Any) -> Any:
        token = _inside.set(_inside.get() or name)
        try:
            with transaction.atomic():
                return verb(**arguments)
        except Refused as refused:
            keep_trace(refused)
            raise
        finally:
            _inside.reset(token)

    run.is_action = True  # type: ignore[attr-defined]
    ACTIONS[name] = run
    return run  # type: ignore[return-value]


def keep_trace(refused: Refused) -> None:
    """Run what a refusal wants kept, once, as soon as nothing can take it back: whoever ends the outermost transaction calls this.

    The transaction in which a test stands does not count, as with `on_commit`.
    """
    if refused.trace is None or any(not getattr(block, "_from_testcase", False) for block in connection.atomic_blocks):
        return
    trace, refused.trace = refused.trace, None
    trace()


def inside() -> str:
    """The outermost action now running, "" if none."""
    return _inside.get()
