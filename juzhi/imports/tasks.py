"""Entrances without a person: read a file, write a batch, let old ones go."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django_tasks import task

from juzhi.base.actors import Actor, System, acting
from juzhi.base.errors import Refused
from juzhi.files.models import Upload
from juzhi.files.queries import path_of
from juzhi.imports import actions, queries
from juzhi.imports.models import Batch
from juzhi.imports.reading import read_in_child
from juzhi.jobs.progress import running


@task(queue_name="imports")
def read(*, batch: str, progress: str) -> None:
    """Read a file and plan its rows, with the rights of whoever uploaded it."""
    with running(progress) as tell:
        found = Batch.objects.system("the job's own batch").get(key=batch)
        by = acting(found.actor_key, timezone.now())
        try:
            with translation.override(settings.LANGUAGE_CODE):  # what is kept of it is kept in Chinese and shown in the reader's language
                read_now(by, found, tell)
        except Refused as refused:
            actions.refuse(by=by, batch=found, sentence=refused.message)
        tell.result = {"url": reverse("imports:batch", args=[found.key])}


def read_now(by: Actor, batch: Batch, tell: Any = None) -> Batch:
    """Read a batch's file in a child process and plan its rows. Raises Refused for a file that cannot be read."""
    upload = Upload.objects.system("the import's own file").filter(key=batch.upload_key, deleted_at=None).first()
    if upload is None or not path_of(upload).exists():
        raise Refused(_("原文件已经删除，请重新上传"))
    reading = read_in_child(path_of(upload), batch.filename, batch.kind, queries.mapping(batch.organisation_id, batch.kind), tell)
    if reading.refused:
        raise Refused(reading.refused)
    return actions.plan(by=by, batch=batch, reading=reading)


@task(queue_name="imports")
def write(*, batch: str, actor: str, progress: str) -> None:
    """Write a batch, with the rights of whoever confirmed it."""
    with running(progress) as tell:
        found = Batch.objects.system("the job's own batch").get(key=batch)
        actions.commit(by=acting(actor, timezone.now()), batch=found)
        tell.result = {"url": reverse("imports:batch", args=[found.key])}


@task()
def expire() -> int:
    """Let go of what is too old."""
    return int(actions.expire(by=System("导入到期", timezone.now())))
