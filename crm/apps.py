from django.apps import AppConfig
from django.db.backends.signals import connection_created


class CrmConfig(AppConfig):
    name = "crm"
    verbose_name = "Ground"

    def ready(self) -> None:
        from crm import celery, checks, getting_started  # noqa: F401  (Celery must exist wherever Django runs)
        from crm.tenancy.scope import tell_new_connection

        connection_created.connect(tell_new_connection, dispatch_uid="tenant_scope")
