from django.urls import path

from crm.views import help, home, members, moving, organisations, runs, tokens

app_name = "crm"
urlpatterns = [
    path("", home.home, name="home"),
    path("sourcing/", home.sourcing, name="sourcing"),
    path("network/", home.network, name="network"),
    path("runs/<int:pk>/", runs.run, name="run"),
    path("runs/<int:pk>/cancel/", runs.run_cancel, name="run_cancel"),
    path("runs/<int:pk>/undo/", runs.run_undo, name="run_undo"),
    path("settings/", organisations.settings, name="settings"),
    path("settings/audit/", organisations.audit, name="audit"),
    path("settings/members/", members.members, name="members"),
    path("settings/members/invite/", members.member_invite, name="member_invite"),
    path("settings/members/<int:pk>/role/", members.member_role, name="member_role"),
    path("settings/members/<int:pk>/remove/", members.member_remove, name="member_remove"),
    path("settings/invitations/<int:pk>/resend/", members.invitation_resend, name="invitation_resend"),
    path("settings/invitations/<int:pk>/withdraw/", members.invitation_withdraw, name="invitation_withdraw"),
    path("settings/tokens/", tokens.tokens, name="tokens"),
    path("settings/tokens/<int:pk>/revoke/", tokens.token_revoke, name="token_revoke"),
    path("settings/move-out/", moving.move_out, name="move_out"),
    path("settings/move-out/<int:pk>/file/", moving.archive_file, name="archive_file"),
    path("settings/move-out/<int:pk>/remove/", moving.archive_remove, name="archive_remove"),
    path("settings/move-in/", moving.move_in, name="move_in"),
    path("help/", help.help_page, name="help"),
    *(path(f"help/{page}/", help.help_page, {"page": page}, name="help") for page in help.PAGES),
]
