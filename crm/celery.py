"""Celery, and the whole schedule in one table."""

import os
from typing import Any

import structlog
from celery import Celery
from celery.schedules import crontab
from celery.signals import setup_logging, task_prerun
from django_structlog.celery.steps import DjangoStructLogInitStep

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")

app = Celery("crm")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.steps["worker"].add(DjangoStructLogInitStep)
app.autodiscover_tasks()

# name of the task -> how often. A run that is late by its own period is dropped: the next one does its work.
SCHEDULE: dict[str, float | crontab] = {
    "crm.tasks.release_stuck_runs": 30.0,
    "talentpool.tasks.release_stuck_imports": 20.0,
    "talentpool.tasks.release_stuck_mail": 30.0,
    "talentpool.tasks.look_into_mailboxes": 60.0,
    "talentpool.tasks.watch_drops": 30.0,
    "talentpool.tasks.keep_search_current": 1.0,
    "talentpool.tasks.sweep_search": crontab(hour=2, minute=40),
    "talentpool.tasks.keep_segments": crontab(minute=50),
    "talentpool.tasks.run_schedules": crontab(minute="*/10"),
    "talentpool.tasks.count_segments": crontab(hour=4, minute=10),
    "talentpool.tasks.find_matches": 2.0,
    "talentpool.tasks.keep_matching_prepared": crontab(hour=3, minute=10),
    "campaigns.tasks.move_mail": 5.0,
    "ats_sync.tasks.move_sync": 1.0,
    "ats_sync.tasks.sweep_connections": crontab(hour=1, minute=40),
    "talentpool.tasks.remind_of_due_tasks": 30.0,
    "talentpool.tasks.scan_waiting_files": 30.0,
    "talentpool.tasks.let_warmth_fade": crontab(hour=3, minute=20),
    "talentpool.tasks.mail_digests": crontab(minute=5),
    "talentpool.tasks.forget_old_mail": crontab(hour=3, minute=25),
    "crm.tasks.forget_old_api_answers": crontab(minute=17),
    "crm.tasks.remove_old_archives": crontab(minute=37),
    "crm.tasks.forget_old_changes": crontab(hour=3, minute=35),
    "sourcing.tasks.keep_search_log": crontab(hour=3, minute=40),
}

app.conf.beat_schedule = {
    name: {
        "task": name,
        "schedule": when,
        "options": {"expires": when if isinstance(when, float) else 600},
    }
    for name, when in SCHEDULE.items()
}


@setup_logging.connect
def _use_django_logging(**kwargs: Any) -> None:
    """Celery keeps its hands off logging; settings.LOGGING holds."""


@task_prerun.connect
def _name_task(task: Any, **kwargs: Any) -> None:
    tenant_id = (task.request.headers or {}).get("tenant_id")
    structlog.contextvars.bind_contextvars(task=task.name, **({"tenant_id": tenant_id} if tenant_id else {}))
