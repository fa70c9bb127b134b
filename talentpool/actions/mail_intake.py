"""Taking a kept mail in: judged, read, its people received, and what became of it written down.

A worker claims the row; one that dies in mid-work has written nothing, and another takes over when its lease ends.
"""

from datetime import datetime

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from crm.audit import record
from crm.models import Member
from crm.models.leased import WorkState
from crm.tenancy.scope import tenant_scope
from talentpool.actions.derivation import home_region
from talentpool.actions.mail_answers import answer_if_needed
from talentpool.actions.mail_judgement import Judgement, judge
from talentpool.actions.mail_people import TakenIn, take_people_in
from talentpool.identity.emails import email_key
from talentpool.intake.mail.correspondents import Correspondence, about, of_member, of_sender
from talentpool.intake.mail.letters import Address, Letter, read_head, read_letter
from talentpool.intake.mail.parcels import Parcel, Part, read_parcel
from talentpool.intake.mail.persons import MailPerson, persons_of
from talentpool.intake.mail.recipients import Way
from talentpool.intake.mail.signatures import suggestions_in
from talentpool.models import IdentityKey, IncomingMail, KeyKind, MailContent, MailOutcome
from talentpool.queries.mail import own_addresses

MOST_ATTEMPTS = 3
NOBODY_FOUND = "Nobody could be found in it: no forwarded mail, and no résumé that can be read."
BROKE_OFF = "Reading it failed several times. Look at the original."

log = structlog.get_logger(__name__)


def take_in_mail(mail_id: int, *, worker: str, now: datetime | None = None) -> None:
    """Does nothing when another worker has it or it is done."""
    mail = IncomingMail.objects.select_related("address__member", "member").filter(pk=mail_id).first()
    if mail is None or not mail.claim(worker):
        return None
    now = now or timezone.now()
    if mail.attempts > MOST_ATTEMPTS:
        return settle(mail, Judgement(MailOutcome.REVIEW, BROKE_OFF), worker=worker, now=now)
    raw = bytes(MailContent.objects.values_list("content", flat=True).filter(mail=mail).first() or b"")
    letter = read_letter(raw) if mail.size <= settings.INBOUND_MAX_BYTES else read_head(raw)
    judgement = judge(mail, letter)
    if judgement.outcome is not MailOutcome.TAKEN:
        return settle(mail, judgement, worker=worker, now=now)
    assert judgement.member is not None
    return _bring_in(mail, letter, judgement.member, worker=worker, now=now)


def queue_stuck_mail() -> None:
    """Kept mail whose task was lost, and mail whose worker died."""
    from talentpool.tasks import take_in_mail as task  # an action queues its own follow-up task

    with connection.cursor() as cursor:
        cursor.execute("SELECT tenants_with_open_mail()")
        tenant_ids = [row[0] for row in cursor.fetchall()]
    for tenant_id in tenant_ids:
        with tenant_scope(tenant_id):
            for pk in IncomingMail.objects.claimable().order_by("pk").values_list("pk", flat=True)[:500]:
                task.delay(pk)


@transaction.atomic
def settle(mail: IncomingMail, judgement: Judgement, *, worker: str, now: datetime) -> None:
    """Written down; of what is left alone the content goes at once."""
    outcome, reason = judgement.outcome, judgement.reason
    if outcome is MailOutcome.REVIEW and IncomingMail.objects.to_review().count() >= settings.INBOUND_REVIEW_MOST:
        outcome, reason = MailOutcome.IGNORED, "Too much mail waits for review already."
    if outcome is MailOutcome.IGNORED:
        MailContent.objects.filter(mail=mail).delete()
    member = judgement.member or mail.member
    if mail.close(worker, WorkState.DONE, outcome=outcome, reason=reason, member=member):
        mail.refresh_from_db()
        answer_if_needed(mail, judgement.member, now=now)


def _bring_in(mail: IncomingMail, letter: Letter, member: Member, *, worker: str, now: datetime) -> None:
    correspondence = _correspondence(mail, letter)
    parcel = read_parcel(letter)
    persons, others = _persons(correspondence, parcel)
    if not persons:
        named = next((each.name for each in correspondence.people if not each.email), "")
        reason = f"It names {named} without an e-mail address, and holds no résumé." if named else NOBODY_FOUND
        return settle(mail, Judgement(MailOutcome.REVIEW, reason, member), worker=worker, now=now)
    _suggest(persons, correspondence)
    with transaction.atomic():
        taken = take_people_in(mail, persons, correspondence, others, by=member, now=now)
        _write_down(mail, taken, _problems(correspondence, parcel, taken), by=member, worker=worker, now=now)
    return None


def _correspondence(mail: IncomingMail, letter: Letter) -> Correspondence:
    is_ours = own_addresses()
    match mail.decision.get("as"):
        case "other":
            person = Address(mail.decision.get("name", ""), mail.decision.get("email", ""))
            return about(letter, person, is_ours=is_ours)
        case "sender":
            return of_sender(letter, is_ours=is_ours)
        case "found" if not is_ours(letter.sender.email):
            return of_sender(letter, is_ours=is_ours)
    return of_member(letter, Way(mail.way or Way.ADD), is_ours=is_ours)


def _persons(correspondence: Correspondence, parcel: Parcel) -> tuple[list[MailPerson], list[Part]]:
    """A résumé of somebody else makes the one who sent it a go-between, who comes in only if known already."""
    found = persons_of(correspondence.people, parcel.parts)
    with_resume = [each for each in found if each.resumes]
    if correspondence.is_to:
        found = [each for each in found if each.address.email]
    elif any(not each.address.email for each in with_resume):
        found = [each for each in found if each.resumes or _is_known(each.address.email)]
    found = [each for each in found if each.address.email or each.resumes]
    used = {id(resume) for each in found for resume in each.resumes}
    return found, [part for part in parcel.parts if id(part) not in used]


def _is_known(email: str) -> bool:
    return bool(email) and IdentityKey.objects.filter(kind=KeyKind.EMAIL, value=email_key(email)).exists()


def _suggest(persons: list[MailPerson], correspondence: Correspondence) -> None:
    region = home_region()
    for person in persons:
        theirs = [each.text for each in correspondence.letters if each.sender.email == person.address.email]
        if person.address.email and theirs:
            person.suggestions = suggestions_in(theirs[0], region=region)


def _problems(correspondence: Correspondence, parcel: Parcel, taken: TakenIn) -> list[str]:
    problems = [*parcel.problems, *taken.problems]
    if correspondence.too_many:
        first = len(correspondence.people)
        problems.append(f"It was written to {correspondence.too_many} people; the first {first} were taken.")
    if taken.kept_out:
        problems.append("Somebody in it asked to be erased and was kept out.")
    return problems


def _write_down(
    mail: IncomingMail, taken: TakenIn, problems: list[str], *, by: Member, worker: str, now: datetime
) -> None:
    outcome = MailOutcome.TAKEN if taken.candidates else MailOutcome.REFUSED
    if taken.kept_out:  # nothing of an erased person stays here, the original neither
        MailContent.objects.filter(mail=mail).delete()
    blank = {} if taken.candidates else {"sender": "", "sender_name": "", "subject": "", "message_id": ""}
    reason = "" if taken.candidates else problems[-1]
    held = mail.close(worker, WorkState.DONE, outcome=outcome, reason=reason, problems=problems, member=by, **blank)
    if not held:
        raise _LostLease
    mail.refresh_from_db()
    record("mail.taken" if taken.candidates else "mail.refused", mail, by=by, people=taken.candidates)
    answer_if_needed(mail, by, now=now)


class _LostLease(RuntimeError):
    """Another worker took the mail over; what this one did is undone."""
