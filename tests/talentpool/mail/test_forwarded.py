"""Reading what mail programs forward, in every language and layout that they have; and what strangers break."""

import time

import pytest

from talentpool.intake.mail.authentication import fails_authentication
from talentpool.intake.mail.correspondents import bare_subject, of_member
from talentpool.intake.mail.forwarded import parted
from talentpool.intake.mail.letters import header_text, read_head, read_letter
from talentpool.intake.mail.machines import machine_reason
from talentpool.intake.mail.recipients import Target, Way, address_with, new_token, target_of
from talentpool.intake.mail.signatures import suggestions_in
from talentpool.intake.mail.winmail import NoParcel, unpacked
from tests.talentpool.mail.mails import FORWARDED, MEMBER, mail, winmail


def is_ours(email):
    return email.endswith("@acme-recruiting.test")


@pytest.mark.parametrize("name", FORWARDED)
def test_author_of_a_forwarded_mail_is_found(name):
    make, called, address, first_words = FORWARDED[name]
    found = of_member(read_letter(make("add-1-x@in.test")), Way.ADD, is_ours=is_ours)
    (person,) = found.people
    (letter,) = found.letters
    assert (person.name, person.email) == (called, address)
    assert letter.text.startswith(first_words)
    assert (letter.sent_at.strftime("%Y-%m-%d"), letter.sent_at.minute) == ("2026-03-03", 5)
    assert letter.subject and bare_subject(letter.subject) == letter.subject.casefold()
    assert "forwarded" not in found.note.lower() and address not in found.note


def test_notes_above_are_the_member_s_and_signatures_suggest():
    found = of_member(read_letter(FORWARDED["gmail-en"][0]("x@in.test")), Way.ADD, is_ours=is_ours)
    assert found.note == "Please have a look at her."
    assert [(each["field"], each["value"]) for each in suggestions_in(found.letters[0].text, region="US")] == [
        ("phones", "+4930901820"),
        ("links", "https://www.linkedin.com/in/zoe-mueller"),
    ]


def test_thread_gives_each_letter_with_the_person_and_skips_colleagues():
    text = """Worth a call.

From: Mara Lopez <mara@acme-recruiting.test>
Sent: Tuesday, March 3, 2026 3:00 PM
To: Tom Recruiter <tom@acme-recruiting.test>
Subject: FW: Nights

See below.

From: Jane Doe <jane@example.org>
Sent: Tuesday, March 3, 2026 2:05 PM
To: Mara Lopez <mara@acme-recruiting.test>
Subject: RE: Nights

Nights are fine.

From: Mara Lopez <mara@acme-recruiting.test>
Sent: Monday, March 2, 2026 9:00 AM
To: Jane Doe <jane@example.org>
Subject: Nights

Would you work nights?
"""
    found = of_member(
        read_letter(mail(text, subject="FW: Nights", to="add-1-x@acme-recruiting.test")), Way.ADD, is_ours=is_ours
    )
    assert [each.email for each in found.people] == ["jane@example.org"]
    assert [each.text for each in found.letters_with(found.people[0])] == ["Nights are fine.", "Would you work nights?"]
    assert len({each.key for each in found.letters}) == 3


def test_copy_is_about_its_recipients_and_has_no_quotes():
    raw = mail(
        "Dear Jane,\n\nhow about Monday?\n\nOn Tue, 3 Mar 2026 at 10:12, Jane Doe <jane@example.org> wrote:\n> When?\n",
        to="Jane Doe <jane@example.org>, mara@acme-recruiting.test, jobs@elsewhere.test, Bo <bo@example.org>",
    )
    found = of_member(read_letter(raw), Way.BCC, is_ours=is_ours)
    assert [each.email for each in found.people] == ["jane@example.org", "bo@example.org"]
    assert found.letters[0].text == "Dear Jane,\n\nhow about Monday?"
    assert found.is_to


@pytest.mark.parametrize(
    "line",
    [
        "On Tue, Mar 3, 2026 at 2:05 PM Jane Doe <jane@example.org> wrote:",
        "Am Di., 3. März 2026 um 14:05 Uhr schrieb Jane Doe <jane@example.org>:",
        "Le mar. 3 mars 2026 à 14:05, Jane Doe <jane@example.org> a écrit :",
        "El mar, 3 mar 2026 a las 14:05, Jane Doe (<jane@example.org>) escribió:",
        "Em ter., 3 de mar. de 2026 às 14:05, Jane Doe\n<jane@example.org> escreveu:",
        "Il giorno mar 3 mar 2026 alle ore 14:05 Jane Doe <\njane@example.org> ha scritto:",
        "Op di 3 mrt 2026 om 14:05 schreef Jane Doe <jane@example.org>:",
    ],
)
def test_attribution_names_the_author_and_ends_one_s_own_words(line):
    found = parted(f"My words.\n\n{line}\n\n> Her words.\n> More.\n")
    assert (found.own, found.inner[0].sender.name, found.inner[0].sender.email, found.inner[0].text) == (
        "My words.", "Jane Doe", "jane@example.org", "Her words.\nMore.",
    )  # fmt: skip


@pytest.mark.parametrize(
    "text",
    ["To: do\nFrom: scratch\nThanks.", "From: 9 to 5\nSubject: to change", "Date: 3 March\nSubject: Lunch?", ""],
)
def test_words_that_look_like_a_head_are_text(text):
    assert parted(text) == parted(text) and parted(text).inner == () and parted(text).own == text.strip()


@pytest.mark.parametrize(
    ("headers", "words"),
    [
        ({"Auto_Submitted": "auto-replied"}, "automatic"),
        ({"X_Autoreply": "yes"}, "automatic"),
        ({"Precedence": "bulk"}, "list"),
        ({"List_Id": "<news.example.org>"}, "list"),
        ({"sender": "MAILER-DAEMON@mx.example.org"}, "mail server"),
        ({"Return_Path": "<>"}, "mail server"),
        ({"X_Rapport_Answer": "7"}, "answer of Rapport"),
        ({"sender": "add-1-x@acme-recruiting.test"}, "Rapport’s own"),
        ({"Auto_Submitted": "auto-forwarded"}, ""),
        ({"Auto_Submitted": "no"}, ""),
        ({"X_Auto_Response_Suppress": "OOF"}, ""),
        ({}, ""),
    ],
)
def test_machines_are_told_from_people(headers, words):
    letter = read_letter(mail(**headers))
    reason = machine_reason(letter, is_from_nobody=False, is_ours=lambda email: email.startswith("add-"))
    assert bool(reason) == bool(words) and words.lower() in reason.lower()


def test_circle_and_empty_envelope_are_machines():
    round_trip = b"Received: from a by b; Tue, 3 Mar 2026\r\n" * 51 + mail()
    assert "circle" in machine_reason(read_letter(round_trip), is_from_nobody=False, is_ours=lambda email: False)
    assert "notice" in machine_reason(read_letter(mail()), is_from_nobody=True, is_ours=lambda email: False)


@pytest.mark.parametrize(
    ("said", "fails"),
    [
        (None, False),
        ("mx.test; dmarc=pass header.from=acme-recruiting.test; spf=fail", False),
        ("mx.test; spf=pass smtp.mailfrom=x@evil.test; dkim=pass header.d=evil.test; dmarc=fail", True),
        ("mx.test; spf=softfail smtp.mailfrom=acme-recruiting.test; dkim=none", True),
        ("mx.test; spf=fail; dkim=pass header.d=mail.acme-recruiting.test", False),
        ("mx.test; spf=fail; dkim=pass header.d=evil.test", True),
        ("mx.test; none", False),
    ],
)
def test_domain_that_does_not_stand_behind_its_mail(said, fails):
    assert fails_authentication(read_letter(mail(Authentication_Results=said))) is fails


def test_only_the_receiving_server_s_word_counts():
    forged = b"Authentication-Results: mx.test; dmarc=fail\r\n" + mail(Authentication_Results="liar; dmarc=pass")
    assert fails_authentication(read_letter(forged))


def test_addresses_carry_their_organisation_and_survive_capitals_and_mailboxes():
    target = Target(Way.BCC, 42, new_token())
    plain, boxed = address_with(target, "in.test"), address_with(target, "rapport@acme.test")
    assert boxed == f"rapport+bcc-42-{target.token}@acme.test"
    assert {target_of(plain), target_of(plain.upper()), target_of(boxed), target_of(f"<{plain}>")} == {target}
    assert [target_of(each) for each in ("jo@in.test", "add-0-" + target.token + "@x", "add-1-short@x", "")] == [
        None
    ] * 4


def test_parcel_of_outlook_is_unpacked_and_a_broken_one_is_said():
    assert [(each.name, each.content) for each in unpacked(winmail(("cv.pdf", b"%PDF-1"), ("a.txt", b"x")))] == [
        ("cv.pdf", b"%PDF-1"),
        ("a.txt", b"x"),
    ]
    for broken in (b"", b"no parcel", winmail(("cv.pdf", b"%PDF-1" * 100))[:-200]):
        with pytest.raises(NoParcel):
            unpacked(broken)


HOSTILE = {
    "nothing": b"",
    "no headers": b"just words",
    "binary": bytes(range(256)) * 40,
    "no end": mail(files=[("cv.pdf", b"x" * 1000)])[:-400],
    "unknown charset": b"From: a@b.test\r\nContent-Type: text/plain; charset=x-klingon\r\n\r\nnuqneH \xe9",
    "wrong transfer": b"From: a@b.test\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n%%%not base64%%%",
    "subject of 10 MB": b"Subject: " + b"=?utf-8?q?A=C3=A9?= " * 600_000 + b"\r\nFrom: a@b.test\r\n\r\nx",
    "deep": b"Content-Type: multipart/mixed; boundary=b0\r\n\r\n"
    + b"".join(b"--b%d\r\nContent-Type: multipart/mixed; boundary=b%d\r\n\r\n" % (n, n + 1) for n in range(1500)),
    "deep html": b"Content-Type: text/html\r\n\r\n" + b"<div>" * 200_000 + b"x",
    "addresses": b"From: " + b"a@b.test, " * 100_000 + b"\r\nTo: " + b"(" * 50_000 + b"\r\n\r\nx",
    "attributions": b"From: a@b.test\r\n\r\n" + b"On Tue, " * 60_000,
    "heads": b"From: a@b.test\r\n\r\n" + b"From: x\nTo: y\n" * 30_000,
    "quotes": b"From: a@b.test\r\n\r\n" + b"> " * 200_000 + b"\n" * 50_000,
    "surrogates": b"From: \xed\xa0\x80 <a@b.test>\r\nSubject: \xff\x00\xfe\r\n\r\n\x00\xed\xa0\x80",
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_what_strangers_send_is_read_as_far_as_it_goes(name):
    began = time.process_time()
    letter = read_letter(HOSTILE[name])
    found = of_member(letter, Way.ADD, is_ours=is_ours)
    said = "".join([letter.subject, letter.text, letter.sender.name, *(each.text for each in found.letters)])
    said.encode()
    assert "\x00" not in said and len(letter.subject) <= 300
    assert time.process_time() - began < 5  # minutes where something is quadratic


def test_head_of_what_is_too_large_is_still_read():
    letter = read_head(mail(subject="Größe") + b"x" * 100)
    assert (letter.subject, letter.sender.email) == ("Größe", MEMBER)
    assert header_text("=?iso-8859-1?q?J=FCrgen?= =?utf-8?b?R3Jvw58=?=") == "JürgenGroß"
