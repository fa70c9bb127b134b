"""Pages of an organisation, below /o/<slug>/campaigns/."""

from django.urls import path

from campaigns.views import drafts, lifecycle, lists, previews, reports, status

app_name = "campaigns"
urlpatterns = [
    path("", lists.campaigns, name="campaigns"),
    path("new/", drafts.new, name="new"),
    path("status/", status.status, name="status"),
    path("status/<int:pk>/cancel/", status.status_cancel, name="status_cancel"),
    path("status/phase/", status.status_rule, name="status_rule"),
    path("status/phase/preview/", status.status_preview, name="status_preview"),
    path("status/phase/test/", status.status_test, name="status_test"),
    path("<int:pk>/", lists.campaign, name="campaign"),
    path("<int:pk>/message/", drafts.message, name="message"),
    path("<int:pk>/audience/", drafts.audience, name="audience"),
    path("<int:pk>/when/", drafts.when, name="when"),
    path("<int:pk>/check/", drafts.check, name="check"),
    path("<int:pk>/held/", drafts.held, name="held"),
    path("<int:pk>/preview/", previews.preview, name="preview"),
    path("<int:pk>/test/", previews.test, name="test"),
    path("<int:pk>/schedule/", lifecycle.schedule, name="schedule"),
    path("<int:pk>/unschedule/", lifecycle.unschedule, name="unschedule"),
    path("<int:pk>/pause/", lifecycle.pause, name="pause"),
    path("<int:pk>/resume/", lifecycle.resume, name="resume"),
    path("<int:pk>/unfollow/", lifecycle.unfollow, name="unfollow"),
    path("<int:pk>/cancel/", lifecycle.cancel, name="cancel"),
    path("<int:pk>/copy/", lifecycle.copy, name="copy"),
    path("<int:pk>/delete/", lifecycle.delete, name="delete"),
    path("<int:pk>/report/", reports.report, name="report"),
    path("<int:pk>/people/", reports.people, name="people"),
    path("<int:pk>/unknown/", reports.unknown, name="unknown"),
]
