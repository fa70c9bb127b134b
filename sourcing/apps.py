from django.apps import AppConfig


class SourcingConfig(AppConfig):
    name = "sourcing"
    verbose_name = "Sourcing"

    def ready(self) -> None:
        from sourcing import people_notice, receivers  # noqa: F401  (they register themselves)
        from sourcing.actions import exports  # noqa: F401  (a bulk kind registers itself)
