"""Letters to members about what concerns them: mentions, due tasks, and a digest of the people they follow.

Mentions and digests are claimed before they are written, so that a task that runs twice sends one letter; where the
mail server refuses, the claim is given back and the next round tries again. Reminders are written down with their
letter.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone

from crm.audit import record
from crm.models import Member, Tenant
from crm.rendering import org_reverse
from crm.tenancy.scope import current_tenant_id
from talentpool.actions.reminders import assignees_due, reminding
from talentpool.models import Mention, NoticeSetting, PipelineComment, PipelineEntry, Task
from talentpool.queries.members import members_who_see_people, notices_for, zone_of
from talentpool.queries.news import news_for

DIGEST_HOUR = 7  # in the member's zone
MOST_LINES = 30


@transaction.atomic
def change_notices(member: Member, *, mentions: bool, tasks: bool, digest: bool) -> None:
    values = {"mentions": mentions, "tasks": tasks, "digest": digest}
    NoticeSetting.objects.update_or_create(member=member, defaults=values)
    record("notices.changed", member, by=member, mentions=mentions, tasks=tasks, digest=digest)


def mail_mention(mention_id: int, *, now: datetime | None = None) -> bool:
    """False when there was nothing to send: read already, sent before, not wanted, or the member is gone."""
    now = now or timezone.now()
    people = Mention.objects.select_related("member__user", "candidate", "note__by")
    mention = people.filter(pk=mention_id, member__removed_at=None, candidate__erased_at=None).first()
    if mention is None or not notices_for(mention.member_id).mentions:
        return False
    unsent = Mention.objects.filter(pk=mention_id, mailed_at=None, seen_at=None)
    if not unsent.update(mailed_at=now):
        return False
    link = link_to("talentpool:candidate", mention.candidate_id) + "#notes"
    try:
        subject = f"{mention.note.who} mentioned you: {mention.candidate}"
        send_notice(mention.member, subject, "mention", mention=mention, note=mention.note, link=link)
    except OSError:
        Mention.objects.filter(pk=mention_id, mailed_at=now).update(mailed_at=None)
        raise
    return True


def mail_guest_comment(comment_id: int) -> bool:
    """What a guest said of a person, to who looks after that person there: the entry's owner, else the pipeline's."""
    comments = PipelineComment.objects.select_related("guest", "candidate", "pipeline__owner__user")
    comment = comments.filter(pk=comment_id, guest__isnull=False, candidate__erased_at=None).first()
    if comment is None:
        return False
    entry = PipelineEntry.objects.filter(pipeline=comment.pipeline, candidate=comment.candidate)
    found = entry.select_related("owner__user").first()
    member = (found.owner if found else None) or comment.pipeline.owner
    if member.removed_at is not None or not notices_for(member.pk).mentions:
        return False
    link = (
        link_to("talentpool:pipeline_entry", comment.pipeline_id, found.pk)
        if found
        else link_to("talentpool:pipelines")
    )
    subject = f"{comment.who} on {comment.candidate}"
    send_notice(member, subject, "guest_comment", comment=comment, link=link)
    return True


def remind_members(*, now: datetime | None = None) -> int:
    """One letter to each member with tasks that became due; returns how many letters."""
    now = now or timezone.now()
    sent, trouble = 0, None
    for member_id in assignees_due(now=now):
        try:
            with reminding(member_id, now=now) as task_ids:
                sent += _remind(member_id, task_ids)
        except OSError as error:  # the next round tries again
            trouble = error
    if trouble is not None:
        raise trouble
    return sent


def _remind(member_id: int, task_ids: list[int]) -> int:
    member = members_who_see_people().select_related("user").filter(pk=member_id).first()
    if not task_ids or member is None or not notices_for(member_id).tasks:
        return 0
    tasks = list(Task.objects.for_list().filter(pk__in=task_ids).soonest_first())
    subject = tasks[0].text if len(tasks) == 1 else f"{len(tasks)} tasks are due"
    more, link = max(0, len(tasks) - MOST_LINES), link_to("talentpool:tasks")
    send_notice(member, subject, "tasks", tasks=tasks[:MOST_LINES], more=more, link=link)
    return 1


def mail_digests(*, now: datetime | None = None) -> int:
    """To those who want one and whose morning it is; a day without news sends nothing."""
    now = now or timezone.now()
    wanted = NoticeSetting.objects.filter(digest=True, member__in=members_who_see_people())
    sent = 0
    for setting in wanted.select_related("member__user"):
        if now.astimezone(zone_of(setting.member)).hour != DIGEST_HOUR:
            continue
        since = max(setting.digest_at or now - timedelta(days=1), now - timedelta(days=7))
        due = NoticeSetting.objects.filter(Q(digest_at=None) | Q(digest_at__lt=now - timedelta(hours=2)), pk=setting.pk)
        if due.update(digest_at=now):
            sent += _mail_digest(setting, since, now)
    return sent


def _mail_digest(setting: NoticeSetting, since: datetime, now: datetime) -> int:
    news = news_for(setting.member, since=since, limit=MOST_LINES)
    if not news:
        return 0
    try:
        send_notice(setting.member, "News of the people you follow", "digest", news=news, link=link_to("crm:home"))
    except OSError:
        NoticeSetting.objects.filter(pk=setting.pk, digest_at=now).update(digest_at=setting.digest_at)
        raise
    return 1


def send_notice(member: Member, subject: str, template: str, **context: object) -> None:
    tenant = Tenant.objects.get(pk=current_tenant_id())
    context |= {"tenant": tenant, "member": member, "settings_link": link_to("talentpool:notices")}
    with timezone.override(zone_of(member)):
        words = render_to_string(f"talentpool/emails/{template}.txt", context)
    EmailMessage(" ".join(subject.split())[:200], words, to=[member.user.email]).send()


def link_to(name: str, *args: object) -> str:
    slug = Tenant.objects.values_list("slug", flat=True).get(pk=current_tenant_id())
    return str(settings.BASE_URL) + org_reverse(name, *args, slug=slug)
