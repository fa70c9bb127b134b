from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection

from crm.models import AuditEntry, Tenant
from crm.tenancy.scope import tenant_scope
from talentpool.actions.people import (
    IncomingRecord,
    Outcome,
    Received,
    create_candidate,
    preview_profiles,
    receive_profiles,
)
from talentpool.models import Activity, Candidate, File, IdentityKey, Profile, ProfileKind, Source
from talentpool.person import PersonFields, Position

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
NEW, UPDATED, UNCHANGED = Outcome.NEW, Outcome.UPDATED, Outcome.UNCHANGED


@pytest.fixture
def source(tenant):
    return Source.objects.create(name="Job fair")


def row(source, *, external_id="", kind=ProfileKind.ROW, observed_at=NOW, **fields):
    return IncomingRecord(source, kind, PersonFields(**fields), external_id=external_id, observed_at=observed_at)


def received(*records):
    return receive_profiles(records, by=None, now=NOW)


def outcomes(answers):
    """Outcome and, as small numbers in order of appearance, whose it became."""
    people = list(dict.fromkeys(each.candidate_id for each in answers))
    return [(each.outcome, people.index(each.candidate_id)) for each in answers]


def names():
    return sorted(Candidate.objects.values_list("name", flat=True))


def test_first_record_makes_a_person_with_all_that_hangs_on_them(source, member):
    fields = {
        "name": "Ada Lovelace",
        "emails": ("Ada+x@Gmail.com",),
        "phones": ("559 555 0142",),
        "positions": (Position("Analytical Engines", "Programmer", "1842"),),
    }
    [answer] = receive_profiles([row(source, external_id="17", **fields)], by=member, now=NOW)
    profile, candidate = Profile.objects.get(), Candidate.objects.get()
    assert answer == Received(NEW, candidate.pk, profile.pk)
    refs = {"from": [f"p{profile.pk}"]}
    assert {
        name: getattr(candidate, name)
        for name in (
            *("name", "given_name", "family_name", "email", "phone", "current_title", "current_employer"),
            *("contact_points", "positions", "lineage", "created_at"),
        )
    } == {
        "name": "Ada Lovelace",
        "given_name": "Ada",
        "family_name": "Lovelace",
        "email": "ada+x@gmail.com",
        "phone": "+15595550142",
        "current_title": "Programmer",
        "current_employer": "Analytical Engines",
        "contact_points": [{"kind": "email", "value": "ada+x@gmail.com"}, {"kind": "phone", "value": "+15595550142"}],
        "positions": [{"employer": "Analytical Engines", "title": "Programmer", "start": "1842"}],
        "lineage": {"name": refs, "emails": [refs], "phones": [refs], "positions": [refs]},
        "created_at": NOW,
    }
    assert list(
        IdentityKey.objects.order_by("kind").values_list("kind", "value", "candidate", "origin", "profile")
    ) == [
        ("email", "ada@gmail.com", candidate.pk, candidate.pk, profile.pk),
        ("external", f"{source.pk}:17", candidate.pk, candidate.pk, profile.pk),
        ("phone", "+15595550142", candidate.pk, candidate.pk, profile.pk),
    ]
    assert list(Activity.objects.values("kind", "at", "by", "candidate", "origin", "data")) == [
        {
            "kind": "received",
            "at": NOW,
            "by": member.pk,
            "candidate": candidate.pk,
            "origin": candidate.pk,
            "data": {"source": "Job fair", "kind": "row", "profile": profile.pk},
        }
    ]


def test_second_record_of_a_person_adds_to_them(source):
    first = received(row(source, name="Ada Lovelace", emails=("ada@gmail.com",), skills=("Sums",)))
    second = received(row(source, name="Ada King", emails=("a.d.a+jobs@googlemail.com",), skills=("sums", "Engines")))
    candidate = Candidate.objects.get()
    assert outcomes([*first, *second]) == [(NEW, 0), (UPDATED, 0)]
    assert (candidate.name, candidate.skills) == ("Ada King", ["sums", "Engines"])


def test_same_record_again_changes_nothing(source):
    records = [row(source, name="Ada", emails=("ada@example.org",)), row(source, name="Nobody Known")]
    first, again = received(*records), received(*records)
    assert again == [
        Received(UNCHANGED, first[0].candidate_id, first[0].profile_id),
        Received(UNCHANGED, first[1].candidate_id, first[1].profile_id),
    ]
    assert [Candidate.objects.count(), Profile.objects.count(), Activity.objects.count()] == [2, 2, 2]


def test_records_of_one_call_meet_each_other(source):
    answers = received(
        row(source, name="Ada Lovelace", emails=("ada@one.example",)),
        row(source, name="Bob Smith", emails=("bob@one.example",)),
        row(source, name="Ada Lovelace", emails=("ada@two.example",)),
        row(source, name="Ada Lovelace", emails=("ada@two.example", "ada@one.example")),
        row(source, name="Bob Smith", emails=("bob@one.example",)),
    )
    assert outcomes(answers) == [(NEW, 0), (NEW, 1), (UPDATED, 0), (UPDATED, 0), (UNCHANGED, 1)]
    assert [each.same_as for each in answers] == [None, None, 0, 0, 1]
    assert names() == ["Ada Lovelace", "Bob Smith"]


def test_household_stays_as_many_people_as_it_is(source):
    home = {"emails": ("smiths@example.org",), "phones": ("559 555 0142",)}
    assert outcomes(
        received(
            row(source, name="John Smith", **home),
            row(source, name="Mary Smith", **home),
            row(source, name="Paul Smith", **home),
            row(source, name="Paula Smith", **home),
            row(source, name="Bill Smith", **home),
            row(source, name="William Smith", headline="Nurse", **home),
        )
    ) == [(NEW, 0), (NEW, 1), (NEW, 2), (NEW, 3), (NEW, 4), (UPDATED, 4)]


@pytest.mark.parametrize(
    "pair",
    [
        ({"name": "Ada Lovelace"}, {"name": "Ada Lovelace", "headline": "Countess"}),
        (
            {"name": "Ada Lovelace", "phones": ("+1 559 555 0142",)},
            {"name": "Ada King", "phones": ("+1 559 555 0142",)},
        ),
        (
            {"name": "John Smith", "phones": ("+1 559 555 0142",)},
            {"name": "John Smith Jr.", "phones": ("+1 559 555 0142",)},
        ),
        (
            {"name": "Ada", "emails": ("a@b.example",), "links": ("linkedin.com/in/ada",)},
            {"name": "Ada", "emails": ("a@b.example",), "links": ("linkedin.com/in/ada2",)},
        ),
        (
            {"name": "Ada", "emails": ("a@b.example",), "birth_date": "1815-12-10"},
            {"name": "Ada", "emails": ("a@b.example",), "birth_date": "1999-01-01"},
        ),
        (
            {"name": "Ada", "emails": ("jobs@b.example",)},
            {"name": "Ada", "emails": ("jobs@b.example",), "headline": "x"},
        ),
        ({"name": "Ada", "external_id": "1"}, {"name": "Bob", "external_id": "1"}),
    ],
)
def test_two_people_stay_two(source, pair):
    one, other = (row(source, **fields) for fields in pair)
    assert outcomes([*received(one), *received(other)]) == [(NEW, 0), (NEW, 1)]


def test_phone_brings_together_who_has_the_same_whole_name(source):
    phone = ("+1 559 555 0142",)
    one = row(source, name="Ada Lovelace", phones=phone)
    other = row(source, given_name="ADA", family_name="Lovelace", phones=phone)
    assert outcomes([*received(one), *received(other)]) == [(NEW, 0), (UPDATED, 0)]


def test_record_whose_keys_are_two_known_people_goes_by_the_strongest(source):
    received(row(source, name="Ada Lovelace", links=("github.com/ada",)))
    by_mail = received(row(source, name="Ada Lovelace", emails=("ada@example.org",)))
    both = received(row(source, name="Ada Lovelace", emails=("ada@example.org",), links=("github.com/ada",)))
    assert [both[0].candidate_id, Candidate.objects.count()] == [by_mail[0].candidate_id, 2]


def test_switchboard_brings_nobody_together(source):
    phone = ("+1 559 555 0142",)
    crowd = [row(source, name=f"{chr(65 + n)}nna Person{chr(65 + n)}", phones=phone) for n in range(25)]
    received(*crowd)
    assert outcomes(received(row(source, name="Anna PersonA", phones=phone, headline="x"))) == [(NEW, 0)]


def test_changed_record_of_a_source_replaces_its_earlier_state(source):
    def state(headline, days):
        return row(source, name="Ada", external_id="7", headline=headline, observed_at=NOW + timedelta(days=days))

    answers = [*received(state("Countess", 0)), *received(state("Programmer", 1)), *received(state("Countess", 0))]
    shown = [Candidate.objects.get().headline]
    answers += received(state("Countess", 2))
    shown.append(Candidate.objects.get().headline)
    assert outcomes(answers) == [(NEW, 0), (UPDATED, 0), (UNCHANGED, 0), (UPDATED, 0)]
    assert shown == ["Programmer", "Countess"]
    assert Profile.objects.count() == 2


def test_resume_file_becomes_the_persons_and_a_table_stays_the_organisations(source):
    resume, table = (
        File.objects.create(name=name, media_type="x/y", size=1, sha256="0" * 64) for name in ("cv.pdf", "people.csv")
    )
    [answer] = received(
        IncomingRecord(source, ProfileKind.RESUME, PersonFields(name="Ada"), file_id=resume.pk),
    )
    received(IncomingRecord(source, ProfileKind.ROW, PersonFields(name="Bob"), file_id=table.pk, row_number=2))
    assert list(File.objects.order_by("pk").values_list("candidate", "origin")) == [
        (answer.candidate_id, answer.candidate_id),
        (None, None),
    ]


def test_text_that_postgresql_cannot_hold_is_taken_in_without_it(source):
    [answer] = receive_profiles(
        [
            IncomingRecord(
                source,
                ProfileKind.ROW,
                PersonFields(name="A\x00da \ud83d", skills=("\ud800", "Engines")),
                raw={"na\x00me": ["A\x00da", {"x": "\udfff"}, 7]},
                external_id="x" * 500,
            )
        ],
        by=None,
    )
    candidate, profile = Candidate.objects.get(pk=answer.candidate_id), Profile.objects.get()
    assert [candidate.name, candidate.skills, profile.raw, len(profile.external_id)] == [
        "Ada",
        ["Engines"],
        {"name": ["Ada", {"x": ""}, 7]},
        64,
    ]


def test_very_long_cells_are_cut_in_the_view_and_kept_in_the_profile(source):
    received(row(source, name="A" * 10_000, headline="B" * 10_000, emails=("c" * 10_000,)))
    candidate = Candidate.objects.get()
    assert [len(candidate.name), len(candidate.headline), candidate.email] == [300, 500, ""]
    assert len(Profile.objects.get().fields["headline"]) == 10_000


def test_preview_foresees_what_receiving_does_and_writes_nothing(source):
    received(row(source, name="Ada Lovelace", emails=("ada@example.org",)))
    records = [
        row(source, name="Ada Lovelace", emails=("ada@example.org",)),
        row(source, name="Ada Lovelace", emails=("ada@example.org",), headline="Countess"),
        row(source, name="Bob Smith", emails=("bob@example.org",)),
        row(source, name="Bob Smith", emails=("bob@example.org",)),
        row(source, name="Bob Smith", emails=("bob@example.org",), headline="Builder"),
    ]
    before = [Candidate.objects.count(), Profile.objects.count(), Activity.objects.count()]
    foreseen = preview_profiles(records)
    after = [Candidate.objects.count(), Profile.objects.count(), Activity.objects.count()]
    done = received(*records)
    assert [(each.outcome, each.same_as) for each in foreseen] == [(each.outcome, each.same_as) for each in done]
    assert [(each.outcome, each.same_as) for each in done] == [
        (UNCHANGED, None),
        (UPDATED, 0),
        (NEW, None),
        (UNCHANGED, 2),
        (UPDATED, 2),
    ]
    assert before == after == [1, 1, 1]


def test_a_batch_needs_the_same_statements_whatever_its_size(source, django_assert_num_queries):
    received(row(source, name="Ada Lovelace", emails=("person1@example.org",)))
    for size, offset in ((3, 0), (30, 100)):
        people = [
            row(source, name=f"Ada Lovelace{n}", emails=(f"person{n + offset}@example.org",)) for n in range(size)
        ]
        people.append(row(source, name="Ada Lovelace", emails=("person1@example.org",), headline=str(size)))
        with django_assert_num_queries(30):
            received(*people)


def test_person_typed_in_is_somebody_known_when_the_keys_say_so(tenant, member):
    first = create_candidate(PersonFields(name="Ada", emails=("ada@example.org",)), by=member)
    again = create_candidate(PersonFields(name="Ada", emails=("ada@example.org",), headline="x"), by=member)
    same = create_candidate(PersonFields(name="Ada", emails=("ada@example.org",), headline="x"), by=member)
    assert outcomes([first, again, same]) == [(NEW, 0), (UPDATED, 0), (UNCHANGED, 0)]
    assert list(AuditEntry.objects.order_by("pk").values_list("verb", "subject_id")) == [
        ("candidate.created", first.candidate_id),
        ("candidate.updated", first.candidate_id),
    ]


def test_other_organisation_knows_nobody_of_ours(source, other_tenant):
    received(row(source, name="Ada", emails=("ada@example.org",)))
    with tenant_scope(other_tenant.pk):
        theirs = Source.objects.create(name="Job fair")
        answers = received(row(theirs, name="Ada", emails=("ada@example.org",)))
        assert [outcomes(answers), Candidate.objects.count()] == [[(NEW, 0)], 1]


@pytest.mark.django_db(transaction=True)
def test_two_imports_at_once_make_each_person_once():
    tenant = Tenant.objects.create(name="Acme", slug="acme")
    with tenant_scope(tenant.pk):
        source = Source.objects.create(name="Job fair")
    together = Barrier(2)

    def run(worker):
        with tenant_scope(tenant.pk):
            people = [
                row(source, name=f"Ada Lovelace{n}", emails=(f"ada{n}@example.org",), headline=f"{worker} {n}")
                for n in range(40)
            ]
            together.wait(10)
            for record in people if worker == "one" else reversed(people):
                received(record)
        connection.close()

    threads = [Thread(target=run, args=(worker,)) for worker in ("one", "other")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    with tenant_scope(tenant.pk):
        assert [Candidate.objects.count(), Profile.objects.count(), IdentityKey.objects.count()] == [40, 80, 80]
