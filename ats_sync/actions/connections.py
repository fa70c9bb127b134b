"""Connecting an ATS: set up, tried out, started, paused, ended."""

import json
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from ats_sync.actions.access import provider_of
from ats_sync.actions.applying.batch import hold_batches
from ats_sync.actions.fields import field_for, map_fields
from ats_sync.actions.meanings import bring_up_to, sort_jobs
from ats_sync.actions.removal import may_be_removed, start_removal
from ats_sync.actions.sweeps import stop_sweeps
from ats_sync.budget import Share
from ats_sync.models import AtsRecord, Conflict, Connection, ConnectionState, Drift, Event, Push, Round
from ats_sync.providers import provider_class
from ats_sync.providers.base import Right
from ats_sync.providers.errors import AtsError
from ats_sync.queries.connections import webhook_url
from ats_sync.queries.words import NEW
from ats_sync.vocabulary import Kind
from crm.audit import record
from crm.models import Member
from crm.models.leased import WorkState
from talentpool.actions.ready_made import make_views_of_applications
from talentpool.models import Application, ApplicationState, Drop, Source, SourceKind
from talentpool.signals import application_gone

UNKNOWN = "Remove the webhook in the ATS by hand."
SETTINGS = ("name", "stale_minutes", "poll_seconds", "makes_pipelines", "wants_eeo")


@transaction.atomic
def create_connection(provider: str, name: str, credentials: Mapping[str, str], *, by: Member) -> Connection:
    """Not started yet: first it is tried out and its words are mapped."""
    name = name.strip() or provider_class(provider).name
    if Connection.objects.filter(name__iexact=name).exclude(state=ConnectionState.ENDED).exists():
        raise ValidationError(f"There is a connection called “{name}” already.")
    source = Source.objects.create(name=_free_name(name), kind=SourceKind.ATS, trust=70)
    connection: Connection = Connection.objects.create(
        provider=provider,
        name=name,
        source=source,
        credentials=json.dumps(dict(credentials)),
        webhook_secret=secrets.token_urlsafe(32),
        address=secrets.token_urlsafe(32),
        by=by,
    )
    record("connection.created", connection, by=by, provider=provider)
    return connection


@transaction.atomic
def change_credentials(connection: Connection, credentials: Mapping[str, str], *, by: Member) -> None:
    """Secrets that are left empty stay. What is under way goes on with the new ones at its next request."""
    known = json.loads(connection.credentials)
    connection.credentials = json.dumps(known | {name: value for name, value in credentials.items() if value})
    connection.session = "{}"
    if connection.state == ConnectionState.REFUSED:
        connection.state, connection.error, connection.error_at = ConnectionState.ON, "", None
        connection.next_poll_at = timezone.now()
    connection.save(update_fields=["credentials", "session", "state", "error", "error_at", "next_poll_at"])
    record("connection.credentials_changed", connection, by=by)


@transaction.atomic
def change_connection(connection: Connection, settings: Mapping[str, Any], *, by: Member) -> None:
    before = {name: getattr(connection, name) for name in SETTINGS if name in settings}
    changed = [name for name in before if before[name] != settings[name]]
    for name in changed:
        setattr(connection, name, settings[name])
    if changed:
        connection.save(update_fields=changed)
        after = {name: settings[name] for name in changed}
        record("connection.changed", connection, by=by, before={name: before[name] for name in changed}, after=after)


def check_connection(connection: Connection) -> Sequence[Right]:
    """Asks the ATS what it allows. Raises a ValidationError with its answer when it lets nobody in."""
    try:
        rights = provider_of(connection, share=Share.PEOPLE).check()
    except AtsError as error:
        raise ValidationError(error.sentence) from error
    missing = [[each.kind.value, each.without] for each in rights if not each.is_given]
    Connection.objects.filter(pk=connection.pk).update(missing=missing)
    connection.missing = missing
    return rights


@transaction.atomic
def start_connection(connection: Connection, *, by: Member, now: datetime | None = None) -> None:
    """For the first time, or after a pause: what happened meanwhile is read first."""
    from ats_sync.tasks import poll_connection  # an action queues its own follow-up task

    now = now or timezone.now()
    if connection.state == ConnectionState.ENDED:
        raise ValidationError("It was disconnected. Connect it anew.")
    Connection.objects.filter(pk=connection.pk).update(
        state=ConnectionState.ON, started_at=connection.started_at or now, next_poll_at=now, error="", error_at=None
    )
    record("connection.started", connection, by=by)
    if connection.started_at is None:
        make_views_of_applications()
    poll_connection.delay(connection.pk)


@transaction.atomic
def pause_connection(connection: Connection, *, by: Member) -> None:
    """Nothing is read or written. Webhooks are still kept, and worked on when it goes on."""
    if not Connection.objects.on().filter(pk=connection.pk).update(state=ConnectionState.PAUSED):
        raise ValidationError("It is not running.")
    stop_sweeps(connection)
    record("connection.paused", connection, by=by)


def end_connection(connection: Connection, *, by: Member, removes: bool = False) -> str:
    """What came stays in the pool as from any source, or is taken away in the background as far as it came from there
    alone; nobody counts as in process because of it any more, and the ATS is told to send nothing more.

    Returns what somebody has to take away in the ATS by hand, as a sentence, or nothing.
    """
    if connection.state == ConnectionState.ENDED:
        raise ValidationError("It was disconnected before.")
    left = _sign_off(connection)
    with transaction.atomic():
        hold_batches(connection)
        locked = Connection.objects.select_for_update(of=("self",)).get(pk=connection.pk)
        if locked.state == ConnectionState.ENDED:
            raise ValidationError("It was disconnected before.")
        _end(locked, removes=removes)
        record("connection.ended", locked, by=by, what_came="removed" if removes else "kept", left=left)
        if removes and may_be_removed(locked):
            start_removal(locked, by=by)
    return left


def make_hooks(connection: Connection, *, by: Member) -> int:
    """Has the ATS send its news here; returns how many webhooks were made. Those that are there already stay.

    ValidationError with what the ATS says; what was made before that is kept, and taken away with the connection.
    """
    provider = provider_of(connection, share=Share.PEOPLE)
    if not provider.makes_hooks or connection.state == ConnectionState.ENDED:
        raise ValidationError("Its webhooks are made by hand.")
    made = 0
    try:
        for event, external_id in provider.sign_on(webhook_url(connection), connection.webhook_secret):
            connection.hooks = {**connection.hooks, event: external_id}
            Connection.objects.filter(pk=connection.pk).update(hooks=connection.hooks)
            made += 1
    except AtsError as error:
        raise ValidationError(error.sentence) from error
    finally:
        if made:
            record("connection.webhooks_made", connection, by=by, webhooks=made)
    return made


def left_by_hand(connection: Connection) -> str:
    """What somebody has to take away in the ATS once it is disconnected, as a sentence, or nothing."""
    try:
        return provider_of(connection).left_by_hand(webhook_url(connection))
    except KeyError:
        return UNKNOWN


def _sign_off(connection: Connection) -> str:
    """Before anything is locked. An ATS that can’t be asked any more keeps nobody connected."""
    url = webhook_url(connection)
    try:
        provider = provider_of(connection, share=Share.PEOPLE)
    except KeyError:  # a provider that this version does not have any more
        return UNKNOWN
    try:
        return provider.sign_off(url)
    except AtsError as error:
        return f"What it sends us could not be stopped there: {error.sentence} {provider.how_by_hand(url)}"


def _end(connection: Connection, *, removes: bool) -> None:
    Connection.objects.filter(pk=connection.pk).update(
        state=ConnectionState.ENDED,
        credentials="{}",
        session="{}",
        hooks={},
        webhook_secret="",
        next_poll_at=None,
        lease_until=None,
    )
    connection.state = ConnectionState.ENDED
    stop_sweeps(connection)
    Push.objects.filter(connection=connection).waiting().update(state=WorkState.CANCELLED, lease_until=None)
    for drop in Drop.objects.filter(source=connection.source_id):  # they hold credentials, too
        drop.delete()
    for model in (Event, Round, Drift, Conflict, *(() if removes else (AtsRecord,))):
        model._default_manager.filter(connection=connection).delete()
    going = Application.objects.filter(source=connection.source_id, state=ApplicationState.OPEN)
    for pk in going.values_list("pk", flat=True):
        application_gone.send(sender=Application, application_id=pk)
    going.update(state=ApplicationState.WITHDRAWN)
    Source.objects.filter(pk=connection.source_id).update(stale_after=None, conflicts={}, own_fields={})


@transaction.atomic
def map_words(
    connection: Connection, mapping: Mapping[int, str], *, families: Mapping[int, int | None] | None = None, by: Member
) -> int:
    """What words of the ATS mean here, and which job family they are, by the record's id. Returns how many were
    changed. No batch is under way meanwhile, which would take its jobs over by what was said before."""
    hold_batches(connection)
    words = AtsRecord.objects.filter(connection=connection, pk__in=mapping).exclude(kind="person")
    changed = [(word, word.maps_to) for word in words.order_by("pk") if word.maps_to != mapping[word.pk]]
    for word, _ in changed:
        word.maps_to = field_for(connection, word, by=by) if mapping[word.pk] == NEW else mapping[word.pk]
    AtsRecord.objects.bulk_update([word for word, _ in changed], ["maps_to"])
    for word, before in changed:
        bring_up_to(connection, word, before)
    if any(word.kind == Kind.FIELD for word, _ in changed):
        map_fields(connection, by=by)
    number = len({word.pk for word, _ in changed} | _map_families(connection, families or {}))
    if number:
        record("connection.mapped", connection, by=by, number=number)
    return number


def _map_families(connection: Connection, families: Mapping[int, int | None]) -> set[int]:
    """Who said “none” has said so, too: nothing is proposed any more. Returns the words that are another family now."""
    words = list(AtsRecord.objects.filter(connection=connection, pk__in=families).order_by("pk"))
    changed = {word.pk for word in words if word.family_id != families[word.pk]}
    for word in words:
        word.family_id, word.family_said = families[word.pk], True
    AtsRecord.objects.bulk_update(words, ["family", "family_said"])
    if changed:
        sort_jobs(connection)
    return changed


def _free_name(name: str) -> str:
    taken = set(Source.objects.filter(name__startswith=name[:110]).values_list("name", flat=True))
    return next(
        each for each in (name[:110], *(f"{name[:110]} {n}" for n in range(2, len(taken) + 3))) if each not in taken
    )
