"""What becomes of mail that members forward, copy and send, of what strangers send, and of what wants to do harm."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.core import mail as django_mail
from django.utils import timezone

from crm.actions.members import remove_member
from crm.models import AuditEntry, Role
from crm.models.leased import WorkState
from crm.tenancy.scope import tenant_scope
from talentpool.actions import mail_intake
from talentpool.actions.erasure import erase_candidate
from talentpool.actions.incoming_mail import deliver, keep_mail
from talentpool.actions.mail_addresses import address_of, renew_address
from talentpool.actions.mail_answers import send_answer
from talentpool.actions.mail_intake import take_in_mail
from talentpool.actions.mail_review import accept_mail, block_sender, discard_mail, forget_old_mail, unblock_sender
from talentpool.intake.mail.recipients import Way
from talentpool.models import (
    Activity,
    BlockedSender,
    Candidate,
    File,
    IncomingMail,
    MailContent,
    MailDoor,
    MailLetter,
    Profile,
)
from talentpool.queries.messages import letters_to
from tests.talentpool.mail.conftest import colleague
from tests.talentpool.mail.mails import FORWARDED, MEMBER, mail, winmail
from tests.talentpool.resumes.files import LINES, pdf

FORWARD = """Please call her.

---------- Forwarded message ---------
From: {name} <{email}>
Date: Tue, Mar 3, 2026 at 2:05 PM
Subject: Application
To: Tom <tom@acme-recruiting.test>

I apply.
"""


def forward(to, *, name="Siobhan O'Connor", email="siobhan@example.org", **more):
    return mail(FORWARD.format(name=name, email=email), to=to, subject="Fwd: Application", **more)


def people():
    return list(Candidate.objects.order_by("pk").values_list("name", "email"))


def outcomes():
    return list(IncomingMail.objects.order_by("pk").values_list("outcome", "reason"))


def test_forwarded_mail_with_a_resume_is_one_person_with_letter_and_files(to, tom, arrive):
    raw = forward(
        to(),
        files=[
            ("cv.pdf", pdf()),
            ("letter.txt", b"Dear Sir or Madam, I like your hospital."),
            ("photo.jpg", b"\xff\xd8\xff\xe0x"),
        ],
    )
    kept = arrive(raw, to())
    [person] = Candidate.objects.all()
    assert (kept.outcome, kept.member, kept.problems) == ("taken", tom, [])
    assert (person.name, {each["value"] for each in person.contact_points if each["kind"] == "email"}) == (
        "Siobhán O’Connor",
        {"siobhan.oconnor@example.org", "siobhan@example.org"},
    )
    assert person.current_employer == "Halcyon Foods Ltd"
    assert list(Profile.objects.order_by("pk").values_list("kind", "source__name", "source__kind")) == [
        ("mail", "E-mail", "email"),
        ("resume", "E-mail", "email"),
    ]
    [letter] = MailLetter.objects.all()
    files = File.objects.filter(candidate=person).order_by("pk")
    assert [file.name for file in files] == ["cv.pdf", "letter.txt", "photo.jpg"]
    assert (letter.text, letter.note, letter.is_from_person, sorted(letter.files)) == (
        "I apply.",
        "Please call her.",
        True,
        [file.pk for file in files],
    )
    assert sorted(Activity.objects.values_list("kind", flat=True)) == [
        "file_added",
        "file_added",
        "mail_received",
        "received",
        "received",
    ]
    assert [(each.subject, each.by) for each in letters_to(person.pk)] == [("Application", tom.name)]
    assert AuditEntry.objects.get(verb="mail.taken").detail == {"people": [person.pk]}


def test_known_person_is_updated_and_later_letters_join_the_thread(to, tom, arrive):
    arrive(forward(to()), to())
    again = mail("Dear Siobhan,\n\nMonday?\n", to="siobhan@example.org", subject="RE: Application", Message_ID="<m2@x>")
    arrive(again, to(Way.BCC))
    answer = FORWARD.replace("I apply.", "Monday is fine.").format(name="Siobhan O'Connor", email="siobhan@example.org")
    arrive(mail(answer, to=to(), subject="Fwd: Re: Application", Message_ID="<m3@x>"), to())
    [person] = Candidate.objects.all()
    letters = MailLetter.objects.order_by("pk")
    assert [(each.text, each.is_from_person) for each in letters] == [
        ("I apply.", True),
        ("Dear Siobhan,\n\nMonday?", False),
        ("Monday is fine.", True),
    ]
    assert len({each.thread for each in letters}) == 1
    assert person.last_contact_at is not None


def test_same_mail_by_two_doors_and_two_members_is_kept_once(to, tom, tenant, arrive):
    mara = colleague(tenant, Role.SOURCER, "mara@acme-recruiting.test")
    raw = forward(to())
    first = arrive(raw, to())
    by_mailbox = b"Received: from mx by box\r\nDelivered-To: rapport@acme.test\r\n" + raw
    assert deliver(by_mailbox, [to()], door=MailDoor.MAILBOX) == [first.pk]
    take_in_mail(first.pk, worker="other")
    arrive(raw.replace(MEMBER.encode(), b"mara@acme-recruiting.test").replace(b"<m1@", b"<m7@"), to(member=mara))
    assert people() == [("Siobhan O'Connor", "siobhan@example.org")]
    assert (
        IncomingMail.objects.count(),
        MailLetter.objects.count(),
        Activity.objects.filter(kind="mail_received").count(),
    ) == (2, 1, 1)


@pytest.mark.parametrize("name", FORWARDED)
def test_every_program_s_forward_makes_its_person(name, to, arrive):
    make, _, address, _ = FORWARDED[name]
    assert arrive(make(to()), to()).outcome == "taken"
    [(shown, email)] = people()
    assert (email, "," in shown, shown == "") == (address, False, False)


def test_copy_makes_people_of_all_recipients_and_leaves_files_unfiled(to, arrive):
    raw = mail(
        "Hello both.", to="Ann Lee <ann@example.org>, Bo Ek <bo@example.org>", files=[("job.pdf", b"%PDF-1.4 x")]
    )
    kept = arrive(raw, to(Way.BCC))
    assert people() == [("Ann Lee", "ann@example.org"), ("Bo Ek", "bo@example.org")]
    assert (kept.problems, File.objects.count()) == (
        ["1 attachment was not filed, because the mail is about 2 people."],
        0,
    )
    assert [each.is_from_person for each in MailLetter.objects.all()] == [False, False]


def test_resume_of_somebody_else_comes_in_and_the_go_between_does_not(to, arrive):
    kept = arrive(forward(to(), name="Padraig Murphy", email="padraig@agency.test", files=[("cv.pdf", pdf())]), to())
    assert (kept.outcome, people()) == ("taken", [("Siobhán O’Connor", "siobhan.oconnor@example.org")])
    assert MailLetter.objects.get().sender == {"name": "Padraig Murphy", "email": "padraig@agency.test"}


def test_resume_sent_alone_and_several_in_a_zip(to, arrive):
    other = [
        (kind, line.replace("Siobhán O’Connor", "Aoife Byrne").replace("siobhan.oconnor", "aoife"))
        for kind, line in LINES
        if "+353" not in line and "linkedin" not in line
    ]
    other.insert(1, ("", "Cork, Ireland | aoife@example.org"))
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("a/one.pdf", pdf())
        packed.writestr("two.pdf", pdf(other))
    arrive(mail("Two more.", to=to(), files=[("cvs.zip", archive.getvalue())]), to())
    assert [name for name, _ in people()] == ["Siobhán O’Connor", "Aoife Byrne"]
    assert MailLetter.objects.count() == 2


def test_parcel_of_outlook_gives_its_resume(to, arrive):
    arrive(mail("See attached.", to=to(), files=[("winmail.dat", winmail(("cv.pdf", pdf())))]), to())
    assert [name for name, _ in people()] == ["Siobhán O’Connor"]


def test_two_hundred_attachments_are_limited_and_nothing_is_lost(to, tom, arrive, settings):
    settings.INBOUND_MAX_FILES = 5
    raw = forward(to(), files=[(f"{number}.dat", f"\x01{number}".encode()) for number in range(200)])
    kept = arrive(raw, to())
    assert (kept.outcome, kept.problems) == ("taken", ["It has 200 attachments; the first 5 were filed."])
    assert File.objects.count() == 5
    assert bytes(MailContent.objects.get().content) == raw
    assert kept.answered_at is not None
    send_answer(kept)
    [answer] = django_mail.outbox
    assert (answer.to, answer.extra_headers["Auto-Submitted"]) == ([MEMBER], "auto-replied")
    assert "200 attachments" in answer.body and f"/o/acme/mail/{kept.pk}/" in answer.body


def test_mail_that_is_too_large_is_refused_with_a_sentence(to, tom, arrive, settings):
    settings.INBOUND_MAX_BYTES = 2000
    kept = arrive(forward(to(), files=[("cv.pdf", b"x" * 3000)]), to())
    assert (kept.outcome, kept.member, kept.answered_at is not None) == ("refused", tom, True)
    assert "a mail may have 2 kB" in kept.reason
    assert people() == []


def test_bomb_in_a_zip_stays_closed(to, arrive):
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("cv.txt", b"0" * 30_000_000)
    kept = arrive(forward(to(), files=[("cvs.zip", archive.getvalue()), ("empty.pdf", b"")]), to())
    assert kept.outcome == "taken"
    assert [problem.partition(":")[0] for problem in kept.problems] == ["cvs.zip", "empty.pdf"]
    assert "packed more than" in kept.problems[0]


def test_member_hears_when_nobody_is_found_and_not_without_end(to, tom, arrive, settings):
    settings.INBOUND_ANSWERS_PER_HOUR = 2
    kept = [arrive(mail(f"Note {number}", to=to(), Message_ID=f"<n{number}@x>"), to()) for number in range(3)]
    assert [(each.outcome, each.reason) for each in kept] == [("review", mail_intake.NOBODY_FOUND)] * 3
    assert [each.answered_at is not None for each in kept] == [True, True, False]


@pytest.mark.parametrize(
    ("change", "outcome", "words"),
    [
        ({"sender": "Eve <eve@evil.test>"}, "review", "eve@evil.test, who is no member here"),
        ({"sender": f"{MEMBER}, eve@evil.test"}, "review", "nobody"),
        ({"Authentication_Results": "mx; dmarc=fail header.from=acme-recruiting.test"}, "review", "could not confirm"),
        ({"Auto_Submitted": "auto-replied"}, "ignored", "automatic answer"),
        ({"List_Id": "<x.test>"}, "ignored", "list"),
        ({"X_Rapport_Answer": "1"}, "ignored", "came back"),
    ],
)
def test_stranger_waits_and_machine_is_left_alone(change, outcome, words, to, tom, arrive):
    kept = arrive(forward(to(), **change), to())
    assert (kept.outcome, words in kept.reason, kept.answered_at, people()) == (outcome, True, None, [])
    assert MailContent.objects.count() == (outcome == "review")


def test_answer_that_comes_back_is_never_answered(to, tom, arrive):
    kept = arrive(mail("Note", to=to()), to())
    send_answer(kept)
    answer = django_mail.outbox[0].message()
    answer.replace_header("From", f"Tom <{MEMBER}>")
    assert arrive(answer.as_bytes(), to()).outcome == "ignored"
    assert len(django_mail.outbox) == 1


def test_removed_member_old_address_and_weak_role_wait(to, tom, tenant, owner, arrive):
    viewer = colleague(tenant, Role.VIEWER, "vi@acme-recruiting.test")
    weak = arrive(forward(to(), sender="vi@acme-recruiting.test", Message_ID="<a@x>"), to())
    old = to()
    renew_address(tom, by=tom)
    late = arrive(forward(old, Message_ID="<b@x>"), old)
    remove_member(tom, by=owner)
    gone = arrive(forward(to(), Message_ID="<c@x>"), to())
    theirs = arrive(forward(to(), sender="olga@acme-recruiting.test", Message_ID="<d@x>"), to())
    assert [each.outcome for each in (weak, late, gone, theirs)] == ["review"] * 4
    assert [
        viewer.name in weak.reason,
        "renewed" in late.reason,
        "no member any more" in gone.reason,
        "no member any more" in theirs.reason,
    ] == [True] * 4
    assert people() == []


def test_secret_of_nobody_leaves_nothing_and_another_organisation_s_stays_there(
    to, tom, other_tenant, other_member, arrive
):
    stranger = colleague(other_tenant, Role.OWNER, "ruth@rival.test")
    with tenant_scope(other_tenant.pk):
        theirs = to(member=stranger)
    assert (
        deliver(
            forward("x"),
            ["add-1-" + "a" * 18 + "@in.rapport.test", "jo@in.rapport.test", "add-999-" + "b" * 18 + "@x"],
            door=MailDoor.WEBHOOK,
        )
        == []
    )
    [pk] = deliver(forward(theirs), [theirs], door=MailDoor.WEBHOOK)
    assert IncomingMail.objects.count() == 0
    with tenant_scope(other_tenant.pk):
        take_in_mail(pk, worker="test")
        assert outcomes() == [("review", f"It comes from {MEMBER}, who is no member here.")]


def test_reviewed_mail_comes_in_as_its_reader_says(to, tom, owner, arrive):
    mails = [
        arrive(mail("I apply.", sender="Jane Doe <jane@example.org>", Message_ID=f"<{n}@x>", subject=f"S{n}"), to())
        for n in range(2)
    ] + [arrive(forward(to(), sender="Eve <eve@evil.test>", Message_ID="<9@x>"), to())]
    accept_mail(mails[0], "sender", by=owner)
    accept_mail(mails[1], "other", name="Bo Ek", email="bo@example.org", by=owner)
    accept_mail(mails[2], "inside", by=owner)
    for each in mails:
        take_in_mail(each.pk, worker="test")
    assert people() == [
        ("Jane Doe", "jane@example.org"),
        ("Bo Ek", "bo@example.org"),
        ("Siobhan O'Connor", "siobhan@example.org"),
    ]
    assert {(outcome, reason) for outcome, reason in outcomes()} == {("taken", "")}
    with pytest.raises(Exception, match="decided"):
        discard_mail(mails[0], by=owner)


def test_discarded_blocked_and_forgotten_mail_is_gone(to, tom, owner, arrive, settings):
    first, second, _ = [
        arrive(mail("Buy.", sender=f"spam{n // 2}@evil.test", Message_ID=f"<{n}@x>"), to()) for n in (0, 2, 3)
    ]
    discard_mail(first, by=owner)
    assert block_sender(second, by=owner) == 2
    later = arrive(mail("Buy!", sender="spam1@evil.test", Message_ID="<5@x>"), to())
    assert [outcome for outcome, _ in outcomes()] == ["discarded", "discarded", "discarded", "ignored"]
    assert (MailContent.objects.count(), later.reason) == (0, "Its sender is blocked.")
    unblock_sender(BlockedSender.objects.get(), by=owner)
    assert arrive(mail("Buy?", sender="spam1@evil.test", Message_ID="<6@x>"), to()).outcome == "review"
    taken = arrive(forward(to(), Message_ID="<7@x>"), to())
    forget_old_mail(now=timezone.now() + timedelta(days=31))
    assert list(IncomingMail.objects.values_list("pk", flat=True)) == [taken.pk]


def test_review_page_can_not_be_flooded(to, tom, arrive, settings):
    settings.INBOUND_REVIEW_MOST = 2
    for number in range(4):
        arrive(mail("Buy.", sender="s@evil.test", Message_ID=f"<{number}@x>"), to())
    assert [outcome for outcome, _ in outcomes()] == ["review", "review", "ignored", "ignored"]
    assert MailContent.objects.count() == 2


def test_erasing_a_person_takes_letters_originals_and_the_lines_of_the_log(to, tom, owner, arrive):
    arrive(forward(to(), files=[("cv.pdf", pdf())]), to())
    arrive(mail("Hello both.", to="siobhan@example.org, bo@example.org", Message_ID="<2@x>"), to(Way.BCC))
    waiting = arrive(mail("Me again", sender="siobhan@example.org", Message_ID="<3@x>"), to())
    person = Candidate.objects.get(email__contains="siobhan")
    erase_candidate(person, reason="asked", by=owner)
    assert [(each.candidate.email, each.recipients) for each in MailLetter.objects.all()] == [
        ("bo@example.org", [{"name": "", "email": "bo@example.org"}])
    ]
    assert MailContent.objects.count() == 0
    left = str(list(IncomingMail.objects.values())) + str(list(Activity.objects.values()))
    assert "siobhan" not in left.lower()
    again = arrive(forward(to(), Message_ID="<4@x>"), to())
    assert (again.outcome, again.sender, MailContent.objects.count()) == ("refused", "", 0)
    assert again.reason == "Somebody in it asked to be erased and was kept out."
    assert waiting.pk


def test_worker_that_died_is_taken_over_and_a_mail_that_kills_waits(to, tom, monkeypatch):
    [pk] = deliver(forward(to()), [to()], door=MailDoor.WEBHOOK)

    def die(*args, **kwargs):
        raise MemoryError

    with monkeypatch.context() as broken:
        broken.setattr(mail_intake, "take_people_in", die)
        for attempt in range(3):
            with pytest.raises(MemoryError):
                take_in_mail(pk, worker=f"w{attempt}")
            assert people() == []
            take_in_mail(pk, worker="too early")
            IncomingMail.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    take_in_mail(pk, worker="last")
    kept = IncomingMail.objects.get()
    assert (kept.outcome, kept.reason, kept.state) == ("review", mail_intake.BROKE_OFF, WorkState.DONE)


def test_mail_handed_in_by_a_program_is_whoever_wrote_it(tom, owner):
    kept, is_new = keep_mail(mail("I apply.", sender="Jane Doe <jane@example.org>"), door=MailDoor.API, member=owner)
    assert is_new
    take_in_mail(kept.pk, worker="test")
    assert people() == [("Jane Doe", "jane@example.org")]
    assert (
        keep_mail(mail("I apply.", sender="Jane Doe <jane@example.org>"), door=MailDoor.API, member=owner)[1] is False
    )


def test_address_is_made_once_and_renewed(tom):
    first = address_of(tom)
    assert address_of(tom) == first
    assert renew_address(tom, by=tom).token != first.token
    assert AuditEntry.objects.get(verb="mail_address.renewed").member == tom
