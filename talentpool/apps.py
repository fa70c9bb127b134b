from django.apps import AppConfig


class TalentpoolConfig(AppConfig):
    name = "talentpool"
    verbose_name = "Talent pool"

    def ready(self) -> None:
        from talentpool import home, home_relations, portal  # noqa: F401  (cards and the portal register themselves)
        from talentpool.actions import bulk_acts, exports, look_through, match_pairs, sources  # noqa: F401  (so do kinds of run)
