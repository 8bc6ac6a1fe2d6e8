"""Reads made of several capabilities."""

from juzhi.portal.queries.complaints import complaint, complaints, own_complaints, waiting_complaints
from juzhi.portal.queries.desk import Desk, Place, Task, desk, is_staff
from juzhi.portal.queries.finding import Found, found
from juzhi.portal.queries.front import Front, front
from juzhi.portal.queries.own import About, Own, about_me, as_table, as_tree, own

__all__ = [
    "About",
    "Desk",
    "Found",
    "Front",
    "Own",
    "Place",
    "Task",
    "about_me",
    "as_table",
    "as_tree",
    "complaint",
    "complaints",
    "desk",
    "found",
    "front",
    "is_staff",
    "own",
    "own_complaints",
    "waiting_complaints",
]
