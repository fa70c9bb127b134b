"""The rule itself, as the head of a SQL statement: `verdicts` follows from a relation of recipients.

It is SQL because it is asked of whole audiences, and because the answer must hold in the same transaction that sends.
Each fact is an index lookup a person: 25 to 35 µs for all of them together.

A status message is about the person's own application, which is why it may be written (Art. 6(1)(b) GDPR): it needs no
consent, is not held for being in process or hired, and is never one mail too many. An address that wants no mail from
here gets none of these either.
"""

from collections.abc import Collection
from typing import Any

from campaigns.composing.merge_fields import CANDIDATE_FIELDS, MERGE_FIELDS, OWN
from campaigns.contact_gate.verdicts import Verdict
from campaigns.models.message import ADDRESS, MessageState
from crm.tenancy.scope import current_tenant_id
from talentpool.custom_values import KEY
from talentpool.models.addresses import ADDRESSES
from talentpool.queries.conversations import CONVERSATIONS, LATELY

_JOINED = "(SELECT coalesce(string_agg(e, ', '), '') FROM jsonb_array_elements_text(c.wants -> '{}') AS e)"
# What a merge field holds, of candidate c; the empty text is no value.
VALUES: dict[str, str] = {
    "first_name": "btrim(c.given_name)",
    "last_name": "btrim(c.family_name)",
    "full_name": "btrim(c.name)",
    "job_title": "btrim(c.current_title)",
    "employer": "btrim(c.current_employer)",
    "city": "btrim(split_part(c.location, ',', 1))",
    "work_wanted": _JOINED.format("interests"),
    "places_wanted": _JOINED.format("wanted_places"),
    "expected_pay": "coalesce(c.wants ->> 'salary', '')",
    "available": "coalesce(c.wants ->> 'availability', '')",
}
assert set(VALUES) == set(CANDIDATE_FIELDS), "every merge field needs its SQL"

_TALKED = "({})".format(", ".join(f"'{kind.value}'" for kind in CONVERSATIONS))
# A message in one of these may be in a mailbox, or on its way to one.
_REACHED = f"({MessageState.SENDING}, {MessageState.SENT}, {MessageState.UNKNOWN})"

_HEAD = """
WITH recipients AS ({recipients}),
stale AS MATERIALIZED (
    SELECT id, synced_at FROM talentpool_source
    WHERE tenant_id = %(tenant)s AND stale_after IS NOT NULL AND synced_at < now() - make_interval(mins => stale_after)
),
facts AS (
    SELECT r.message_id, r.twin, c.id AS candidate_id, c.erased_at, c.merged_into_id,
        lower(btrim(c.email)) AS address, {values},
        t.consent_required, t.contact_gap_days, t.time_zone,
        s.unsubscribed, s.complained, s.bounced, s.quiet_until, s.is_quiet,
        a.title AS applied_for, a.state AS standing, z.synced_at, o.found AS consent,
        k.name AS talking, k.at AS talked_at,
        greatest(p.at, c.last_contact_at) AS written_at, coalesce(p.same, false) AS written_by_this,
        concat_ws(', ', {missing}) AS missing,
        (SELECT status_rule_id IS NOT NULL FROM campaigns_campaign WHERE id = %(campaign)s) IS TRUE AS is_status
    FROM recipients r
    JOIN talentpool_candidate c ON c.id = r.candidate_id
    JOIN crm_tenant t ON t.id = c.tenant_id
    LEFT JOIN LATERAL (
        SELECT max(at) FILTER (WHERE reason IN ('unsubscribed', 'erased')) AS unsubscribed,
            max(at) FILTER (WHERE reason = 'complained') AS complained,
            max(at) FILTER (WHERE reason = 'bounced') AS bounced,
            max(until) FILTER (WHERE reason = 'quiet') AS quiet_until,
            bool_or(reason = 'quiet') AS is_quiet
        FROM talentpool_suppression
        WHERE tenant_id = c.tenant_id AND address = ANY ({addresses})
            AND (reason <> 'bounced' OR address = lower(btrim(c.email))) AND (until IS NULL OR until > now())
    ) s ON true
    LEFT JOIN LATERAL (
        SELECT a.state, j.title FROM talentpool_application a JOIN talentpool_job j ON j.id = a.job_id
        WHERE a.tenant_id = c.tenant_id AND a.candidate_id = c.id AND a.state IN ('open', 'hired')
        ORDER BY a.state = 'open' DESC, a.id DESC LIMIT 1
    ) a ON true
    LEFT JOIN LATERAL (
        SELECT x.synced_at FROM stale x JOIN talentpool_profile f ON f.source_id = x.id
        WHERE f.tenant_id = c.tenant_id AND f.candidate_id = c.id LIMIT 1
    ) z ON true
    LEFT JOIN LATERAL (
        SELECT w.name, y.at FROM talentpool_activity y JOIN crm_member w ON w.id = y.by_id
        WHERE t.hold_conversations AND y.tenant_id = c.tenant_id AND y.candidate_id = c.id AND y.kind IN {talked}
            AND y.at > now() - interval '{lately} days' AND w.removed_at IS NULL
            AND y.by_id <> (SELECT by_id FROM campaigns_campaign WHERE id = %(campaign)s)
        ORDER BY y.at DESC, y.id DESC LIMIT 1
    ) k ON true
    LEFT JOIN LATERAL (
        SELECT true AS found FROM talentpool_consent o
        WHERE o.tenant_id = c.tenant_id AND o.candidate_id = c.id AND o.withdrawn_at IS NULL
            AND (o.expires_at IS NULL OR o.expires_at > now()) LIMIT 1
    ) o ON true
    LEFT JOIN LATERAL (
        SELECT max(coalesce(p.sent_at, p.claimed_at)) AS at, bool_or(p.campaign_id = %(campaign)s) AS same
        FROM campaigns_message p
        WHERE p.candidate_id = c.id AND p.state IN {reached} AND p.id IS DISTINCT FROM r.message_id
    ) p ON true
),
verdicts AS (
    SELECT f.*, CASE
        WHEN twin OR written_by_this THEN {v.SAME_ADDRESS}
        WHEN erased_at IS NOT NULL OR merged_into_id IS NOT NULL THEN {v.ERASED}
        WHEN address = '' THEN {v.NO_ADDRESS}
        WHEN address !~ %(address_pattern)s THEN {v.INVALID_ADDRESS}
        WHEN unsubscribed IS NOT NULL THEN {v.UNSUBSCRIBED}
        WHEN complained IS NOT NULL THEN {v.COMPLAINED}
        WHEN bounced IS NOT NULL THEN {v.BOUNCED}
        WHEN is_quiet THEN {v.QUIET}
        WHEN NOT is_status AND standing = 'open' THEN {v.IN_PROCESS}
        WHEN NOT is_status AND standing = 'hired' THEN {v.HIRED}
        WHEN synced_at IS NOT NULL THEN {v.STALE}
        WHEN NOT is_status AND talking IS NOT NULL THEN {v.IN_CONVERSATION}
        WHEN NOT is_status AND consent_required AND consent IS NULL THEN {v.NO_CONSENT}
        WHEN NOT is_status AND written_at > now() - make_interval(days => contact_gap_days) THEN {v.CONTACTED}
        WHEN missing <> '' THEN {v.MISSING_VALUE}
        ELSE {v.ALLOWED} END AS verdict
    FROM facts f
),
answers AS (
    SELECT v.*, CASE verdict
        WHEN {v.ERASED} THEN 'Erased, or merged into another person'
        WHEN {v.NO_ADDRESS} THEN 'No e-mail address'
        WHEN {v.INVALID_ADDRESS} THEN 'The address can’t be written to'
        WHEN {v.SAME_ADDRESS} THEN 'Gets it under another name with the same address'
        WHEN {v.UNSUBSCRIBED} THEN 'Unsubscribed on ' || {unsubscribed}
        WHEN {v.COMPLAINED} THEN 'Reported us as spam on ' || {complained}
        WHEN {v.BOUNCED} THEN 'A message bounced on ' || {bounced}
        WHEN {v.QUIET} THEN 'Asked for a pause' || coalesce(' until ' || {quiet_until}, '')
        WHEN {v.IN_PROCESS} THEN 'In process: ' || left(applied_for, 200)
        WHEN {v.HIRED} THEN 'Hired: ' || left(applied_for, 200)
        WHEN {v.STALE} THEN 'Waits until the ATS is read again: its state is known as of ' || {synced_at}
        WHEN {v.IN_CONVERSATION} THEN left(talking, 200) || ' is talking with them, last on ' || {talked_at}
        WHEN {v.NO_CONSENT} THEN 'No consent yet, or it has run out'
        WHEN {v.CONTACTED} THEN 'Written to on ' || {written_at} || ', less than ' || contact_gap_days || ' days ago'
        WHEN {v.MISSING_VALUE} THEN 'Lacks: ' || missing
        ELSE '' END AS reason
    FROM verdicts v
)
"""


def rule(recipients: str, needed: Collection[str], own: Collection[str] = ()) -> str:
    """`WITH … answers AS (…)`, to be followed by what is done with the answers.

    `recipients` is a SELECT of message_id (or NULL), candidate_id and twin: whether somebody else of this campaign
    gets mail at the same address. The caller binds `parameters`. answers has message_id, candidate_id, address, the
    merge fields' values, verdict and reason; and the values of the organisation's `own` fields under their names.
    """
    missing = [f"CASE WHEN {_value(name)} = '' THEN '{_label(name)}' END" for name in sorted(needed)]
    values = {**VALUES, **{f'"{name}"': _value(name) for name in own}}
    clock = "to_char(synced_at AT TIME ZONE time_zone, 'HH24:MI, FMDD FMMonth')"
    days = ("unsubscribed", "complained", "bounced", "quiet_until", "written_at", "talked_at")
    return _HEAD.format(
        recipients=recipients,
        values=", ".join(f"{sql} AS {name}" for name, sql in values.items()),
        missing=", ".join(missing) or "NULL",
        reached=_REACHED,
        talked=_TALKED,
        lately=LATELY.days,
        addresses=ADDRESSES.format(email="c.email", points="c.contact_points"),
        v=_Numbers(),
        synced_at=clock,
        **{day: f"to_char({day} AT TIME ZONE time_zone, 'FMDD FMMonth YYYY')" for day in days},
    )


def parameters(campaign_id: int) -> dict[str, Any]:
    return {"campaign": campaign_id, "address_pattern": ADDRESS, "tenant": current_tenant_id()}


class _Numbers:
    def __getattr__(self, name: str) -> int:
        return int(Verdict[name].value)


def _value(name: str) -> str:
    """The SQL of a field. A key is checked once more, for it becomes part of a statement."""
    if name in VALUES:
        return VALUES[name]
    key = name.removeprefix(OWN)
    if not KEY.fullmatch(key):
        raise ValueError(f"{name} is no field")
    return f"coalesce(c.custom ->> '{key}', '')"


def _label(name: str) -> str:
    return MERGE_FIELDS[name].label.replace("'", "’") if name in MERGE_FIELDS else name
