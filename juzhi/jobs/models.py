"""Work done behind the page: messages to deliver, jobs due by the clock, progress a person may watch, workers that are alive."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from juzhi.base.access import Nobody, Own
from juzhi.base.ids import LENGTH
from juzhi.base.models import Keyed

WAITING, SENT, PARKED = "waiting", "sent", "parked"
MESSAGE_STATES = [(WAITING, _("待发")), (SENT, _("已发")), (PARKED, _("搁置"))]
QUEUED, RUNNING, DONE, FAILED = "queued", "running", "done", "failed"
PROGRESS_STATES = [(QUEUED, _("排队中")), (RUNNING, _("进行中")), (DONE, _("已完成")), (FAILED, _("未完成"))]


class Outbox(Keyed):
    """A message that leaves after commit. Its key is the idempotency key told to the provider. Address and content are wiped once sent."""

    kind = models.CharField(_("种类"), max_length=40)
    thing_kind = models.CharField(_("对象种类"), max_length=80, blank=True)
    thing_key = models.CharField(_("对象编号"), max_length=LENGTH, blank=True)
    to = models.JSONField(_("收件人"), default=list)
    payload = models.JSONField(_("内容"), default=dict)
    state = models.CharField(_("状态"), max_length=10, choices=MESSAGE_STATES, default=WAITING)
    tries = models.PositiveIntegerField(_("次数"), default=0)
    put_at = models.DateTimeField(_("登记时间"))
    due_at = models.DateTimeField(_("下次投递时间"))  # while a worker delivers it: when its lease ends
    sent_at = models.DateTimeField(_("发出时间"), null=True)
    last_error = models.CharField(_("最近的错误"), max_length=200, blank=True)

    scope = Nobody("messages are read by the worker that delivers them")
    classes = {
        **Keyed.classes,
        "kind": "internal",
        "thing_kind": "internal",
        "thing_key": "internal",
        "to": "personal",
        "payload": "personal",
        "state": "internal",
        "tries": "internal",
        "put_at": "internal",
        "due_at": "internal",
        "sent_at": "internal",
        "last_error": "internal",
    }

    class Meta:
        verbose_name = _("发件")
        indexes = [models.Index(fields=["due_at"], name="outbox_due", condition=models.Q(state=WAITING))]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class ScheduledJob(Keyed):
    """A job due by the clock. Whoever moves `next_run_at` on from the value he saw, and nobody else, puts the job in line."""

    name = models.CharField(_("名称"), max_length=80, unique=True)
    cron = models.CharField(_("周期"), max_length=60)
    next_run_at = models.DateTimeField(_("下次运行时间"))

    scope = Nobody("the schedule is read by the worker")
    classes = {**Keyed.classes, "name": "internal", "cron": "internal", "next_run_at": "internal"}

    class Meta:
        verbose_name = _("定时任务")

    def __str__(self) -> str:
        return self.name


class Progress(Keyed):
    """How far a job is, for the person who asked for it."""

    kind = models.CharField(_("种类"), max_length=80)
    owner_key = models.CharField(_("所有者"), max_length=120)
    state = models.CharField(_("状态"), max_length=10, choices=PROGRESS_STATES, default=QUEUED)
    done = models.PositiveIntegerField(_("已完成"), default=0)
    total = models.PositiveIntegerField(_("总数"), default=0)  # 0 = not known yet
    message = models.CharField(_("说明"), max_length=300, blank=True)
    result = models.JSONField(_("结果"), default=dict)  # e.g. {"url": "/imports/abc/"} where the person goes on
    begun_at = models.DateTimeField(_("开始时间"))
    ended_at = models.DateTimeField(_("结束时间"), null=True)

    scope = Own("owner_key")
    classes = {
        **Keyed.classes,
        "kind": "internal",
        "owner_key": "internal",
        "state": "internal",
        "done": "internal",
        "total": "internal",
        "message": "internal",
        "result": "internal",
        "begun_at": "internal",
        "ended_at": "internal",
    }

    class Meta:
        verbose_name = _("进度")

    def __str__(self) -> str:
        return f"{self.kind} {self.done}/{self.total}"

    @property
    def ended(self) -> bool:
        return self.state in (DONE, FAILED)


class Beat(Keyed):
    """When a worker last said that it is alive (PostgreSQL; on SQLite a held file lock says it)."""

    worker = models.CharField(_("工作进程"), max_length=64, unique=True)
    at = models.DateTimeField(_("时间"))

    scope = Nobody("beats are read by the reaper")
    classes = {**Keyed.classes, "worker": "internal", "at": "internal"}

    class Meta:
        verbose_name = _("心跳")

    def __str__(self) -> str:
        return self.worker
