"""What fails is tried three times; a refusal is not tried again."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from juzhi.jobs.management.commands.worker import Hands
from tests.jobs import deeds


def work() -> None:
    DBTaskResult.objects.filter(run_after__gt=timezone.now()).exclude(run_after__year=9999).update(run_after=timezone.now() - timedelta(seconds=1))
    Hands("hands", batch=True).run()


def test_what_fails_is_tried_three_times(transactional_db: None) -> None:
    deeds.fails.enqueue()
    seen = []
    for _ in range(4):
        work()
        found = DBTaskResult.objects.get()
        seen.append((found.status, len(found.worker_ids)))
    assert seen == [("READY", 1), ("READY", 2), ("FAILED", 3), ("FAILED", 3)]
    assert found.exception_class_path == "builtins.OSError"


def test_a_refusal_is_not_tried_again(transactional_db: None) -> None:
    deeds.refuses.enqueue()
    work()
    found = DBTaskResult.objects.get()
    assert (found.status, len(found.worker_ids)) == ("FAILED", 1)
