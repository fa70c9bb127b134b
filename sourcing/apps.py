from django.apps import AppConfig


class SourcingConfig(AppConfig):
    name = "sourcing"
    verbose_name = "Sourcing"

    def ready(self) -> None:
        from sourcing import receivers  # noqa: F401  (receivers register themselves)
