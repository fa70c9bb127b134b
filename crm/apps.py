import gc

from django.apps import AppConfig
from django.db.backends.signals import connection_created


class CrmConfig(AppConfig):
    name = "crm"
    verbose_name = "Ground"

    def ready(self) -> None:
        from crm import celery, checks, getting_started  # noqa: F401  (Celery must exist wherever Django runs)
        from crm.tenancy.scope import tell_new_connection

        connection_created.connect(tell_new_connection, dispatch_uid="tenant_scope")
        # What is loaded stays, and rows of a page or documents of a batch are many objects that end together: by
        # Python's own thresholds its collector took a fifth of the time of making search documents.
        gc.freeze()
        gc.set_threshold(20_000, 20, 50)
