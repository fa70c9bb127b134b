from crm.celery import SCHEDULE, app


def test_schedule_names_only_tasks_that_exist():
    app.loader.import_default_modules()
    assert [name for name in SCHEDULE if name not in app.tasks] == []


def test_every_scheduled_task_may_be_dropped_when_late():
    assert [name for name, entry in app.conf.beat_schedule.items() if not entry["options"]["expires"]] == []


def test_lost_queue_and_dead_worker_give_work_back():
    assert (app.conf.task_acks_late, app.conf.task_reject_on_worker_lost) == (True, True)
