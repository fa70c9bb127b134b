"""Pages of an organisation about its ATS: below /o/<slug>/settings/ats/, and beside a person's pages."""

from django.urls import path

from ats_sync.views import connection, connections, ending, log, mapping, mapping_generic, people, rights, selections
from talentpool.views.merges import leads_to_survivor

app_name = "ats_sync"
urlpatterns = [
    path("settings/ats/", connections.connections, name="connections"),
    path("settings/ats/new/", connections.connect, name="connect"),
    path("settings/ats/<int:pk>/", connection.connection, name="connection"),
    path("settings/ats/<int:pk>/credentials/", connection.credentials, name="credentials"),
    path("settings/ats/<int:pk>/settings/", connection.settings, name="connection_settings"),
    path("settings/ats/<int:pk>/check/", connection.check, name="connection_check"),
    path("settings/ats/<int:pk>/webhooks/", connection.hooks, name="connection_hooks"),
    path("settings/ats/<int:pk>/start/", connection.start, name="connection_start"),
    path("settings/ats/<int:pk>/pause/", connection.pause, name="connection_pause"),
    path("settings/ats/<int:pk>/end/", ending.end, name="connection_end"),
    path("settings/ats/<int:pk>/end/people/", ending.who_would_stay, name="connection_kept"),
    path("settings/ats/<int:pk>/remove/", ending.remove, name="connection_remove"),
    path("settings/ats/<int:pk>/stayed/", ending.who_stayed, name="connection_stayed"),
    path("settings/ats/<int:pk>/sweep/", connection.sweep, name="connection_sweep"),
    path("settings/ats/<int:pk>/settle/", connection.settle, name="connection_settle"),
    path("settings/ats/<int:pk>/mapping/", mapping.mapping, name="mapping"),
    path("settings/ats/<int:pk>/answers/", mapping_generic.answers, name="answers"),
    path("settings/ats/<int:pk>/rights/", rights.rights, name="rights"),
    path("settings/ats/<int:pk>/conflicts/", rights.conflicts, name="conflicts"),
    path("settings/ats/<int:pk>/conflicts/<int:conflict_pk>/", rights.conflict_settle, name="conflict_settle"),
    path("settings/ats/<int:pk>/log/", log.log, name="log"),
    path("settings/ats/<int:pk>/pushes/<int:push_pk>/retry/", log.push_retry, name="push_retry"),
    path("settings/ats/<int:pk>/pushes/<int:push_pk>/cancel/", log.push_cancel, name="push_cancel"),
    path("people/<int:pk>/ats/add/", leads_to_survivor(people.person_add), name="person_add"),
    path("people/<int:pk>/ats/send/", leads_to_survivor(people.person_send), name="person_send"),
    path(
        "people/<int:pk>/ats/applications/<int:application_pk>/move/", people.application_move, name="application_move"
    ),
    path(
        "people/<int:pk>/ats/applications/<int:application_pk>/reject/",
        people.application_reject,
        name="application_reject",
    ),
    path("people/selections/<int:pk>/ats/", selections.selection_add, name="selection_add"),
]
