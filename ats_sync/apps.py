from django.apps import AppConfig


class AtsSyncConfig(AppConfig):
    name = "ats_sync"
    verbose_name = "ATS sync"

    def ready(self) -> None:
        from ats_sync import receivers  # noqa: F401  (receivers register themselves)
