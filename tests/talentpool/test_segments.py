from datetime import UTC, date, datetime, timedelta
from threading import Thread

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from crm.models import Role, Tenant
from crm.tenancy.scope import tenant_scope
from talentpool.actions.custom_fields import archive_field, create_field
from talentpool.actions.erasure import erase_candidate
from talentpool.actions.job_families import create_family, delete_family, rename_family
from talentpool.actions.merges import merge_candidates, unmerge
from talentpool.actions.people import IncomingRecord, receive_profiles
from talentpool.actions.ready_made import keep_ready_made
from talentpool.actions.segment_counts import count_anew, count_everything, segments_to_count
from talentpool.actions.segments import change_query, change_segment, delete_segment, save_search, show_segment
from talentpool.custom_values import CustomKind
from talentpool.forms.segments import SegmentForm
from talentpool.models import (
    Application,
    Candidate,
    Job,
    Merge,
    ProfileKind,
    SearchOutbox,
    Segment,
    SegmentDay,
    SegmentMember,
    Sharing,
    Source,
    SourceKind,
)
from talentpool.person import PersonFields, Position
from talentpool.search.index.outbox import drain
from talentpool.signals import segment_changed
from tests.conftest import make_member
from tests.talentpool.search.people import person
from tests.workers import until

TODAY = datetime(2026, 11, 3, 12, tzinfo=UTC)


def members(segment):
    return [
        row.candidate.name
        for row in SegmentMember.objects.filter(segment=segment).select_related("candidate").order_by("candidate__name")
    ]


def days(segment):
    return [
        (str(each.day), each.size, each.joined, each.left, each.is_new_query)
        for each in SegmentDay.objects.filter(segment=segment)
    ]


@pytest.fixture
def nurses(tenant, member):
    """A segment of one, counted once."""
    person("Ana", title="Nurse")
    person("Ben", title="Pilot")
    drain()
    nurses = save_search("Nurses", text="title:nurse", facets={}, by=member)
    count_anew(nurses.pk, now=TODAY - timedelta(days=1))
    nurses.refresh_from_db()
    return nurses


def test_a_segment_begins_with_whom_its_search_finds(nurses):
    assert (members(nurses), nurses.size, nurses.counted_at) == (["Ana"], 1, TODAY - timedelta(days=1))
    assert days(nurses) == [("2026-11-02", 1, 0, 0, True)]
    assert segments_to_count() == []


def test_who_changes_joins_and_leaves_with_the_next_drain(nurses, time_machine, django_capture_on_commit_callbacks):
    time_machine.move_to(TODAY, tick=False)
    heard = []
    receiver = lambda sender, **news: heard.append(news)  # noqa: E731
    segment_changed.connect(receiver, weak=False)
    ben = Candidate.objects.get(name="Ben")
    with django_capture_on_commit_callbacks(execute=True):
        Candidate.objects.filter(name="Ben").update(current_title="Head nurse")
        Candidate.objects.filter(name="Ana").update(current_title="Pilot")
        person("Cyd", title="Nurse")
        drain()
    segment_changed.disconnect(receiver)
    assert members(nurses) == ["Ben", "Cyd"]
    assert days(nurses)[1:] == [("2026-11-03", 2, 2, 1, False)]
    assert {row.joined_at for row in SegmentMember.objects.all()} == {TODAY}
    ana, cyd = Candidate.objects.get(name="Ana").pk, Candidate.objects.get(name="Cyd").pk
    assert heard == [{"signal": segment_changed, "segment_id": nurses.pk, "joined": [ben.pk, cyd], "left": [ana]}]
    Candidate.objects.filter(name="Ben").update(headline="Still a nurse")
    drain()
    assert (members(nurses), len(days(nurses))) == (["Ben", "Cyd"], 2)


def test_merged_and_erased_people_leave_and_come_back(nurses, member):
    source = Source.objects.create(name="Job fair")
    position = Position(title="Nurse", employer="Valley Oaks", current=True)
    both = [
        IncomingRecord(source, ProfileKind.ROW, PersonFields(name=name, emails=(email,), positions=(position,)))
        for name, email in (("Eva", "eva@mail.example"), ("Eve", "eve@mail.example"))
    ]
    eva, eve = (Candidate.objects.get(pk=each.candidate_id) for each in receive_profiles(both, by=None))
    drain()
    assert members(nurses) == ["Ana", "Eva", "Eve"]
    merge_candidates(eva, eve, by=member)
    drain()
    assert {row.candidate_id for row in SegmentMember.objects.all()} == {eva.pk, Candidate.objects.get(name="Ana").pk}
    assert Segment.objects.get().size == 2
    unmerge(Merge.objects.get(), by=member)
    drain()
    assert members(nurses) == ["Ana", "Eva", "Eve"]
    erase_candidate(eva, reason="asked", by=member)
    drain()
    assert (members(nurses), Segment.objects.get().size) == (["Ana", "Eve"], 2)


def test_a_new_query_is_counted_and_marks_its_day(nurses, member, time_machine):
    time_machine.move_to(TODAY, tick=False)
    change_query(nurses, text="title:pilot OR title:nurse", facets={}, by=member)
    assert segments_to_count() == [nurses.pk]
    person("Cyd", title="Pilot")
    drain()  # whoever changes meanwhile is judged by the new query
    count_anew(nurses.pk, now=TODAY)
    assert members(nurses) == ["Ana", "Ben", "Cyd"]
    assert days(nurses)[-1] == ("2026-11-03", 3, 0, 0, True)


def test_the_nightly_count_finds_what_ages(tenant, member, time_machine):
    time_machine.move_to(TODAY, tick=False)
    person("Ana", wants={"availability": "2026-12-01"})
    drain()
    soon = save_search("Soon", text="available:<2026-12-15", facets={}, by=member)
    fresh = save_search("Fresh", text="updated:<30d", facets={}, by=member)
    Candidate.objects.update(updated_at=TODAY - timedelta(days=20))
    drain()
    count_everything()
    assert (members(soon), members(fresh)) == (["Ana"], ["Ana"])
    time_machine.move_to(TODAY + timedelta(days=12), tick=False)
    assert (members(fresh), count_everything()) == (["Ana"], 2)
    assert (members(soon), members(fresh)) == (["Ana"], [])
    assert days(fresh)[-1] == ("2026-11-15", 0, 0, 1, False)


def test_a_search_that_cannot_be_read_any_more_keeps_its_members(nurses, member):
    field = create_field("Shirt size", CustomKind.TEXT, by=member)
    shirts = save_search("Shirts", text="custom.shirt_size:XL", facets={}, by=member)
    Candidate.objects.filter(name="Ana").update(custom={"shirt_size": "XL"})
    drain()
    assert members(shirts) == ["Ana"]
    archive_field(field, by=member)
    Candidate.objects.filter(name="Ana").update(current_title="Nurse and pilot")
    drain()
    assert (count_anew(shirts.pk), members(shirts), count_anew(nurses.pk)) == (False, ["Ana"], True)


def test_history_is_told_in_the_days_of_the_organisation(nurses, tenant, time_machine):
    Tenant.objects.filter(pk=tenant.pk).update(time_zone="Pacific/Auckland")
    time_machine.move_to(TODAY, tick=False)
    person("Cyd", title="Nurse")
    drain()
    assert SegmentDay.objects.latest("day").day == date(2026, 11, 4)


@pytest.mark.django_db(transaction=True)
def test_a_count_never_undoes_what_the_indexer_knew_better(nurses, tenant):
    """Ben is a nurse when the count looks, and none any more when it writes."""
    Candidate.objects.filter(name="Ben").update(current_title="Nurse")
    drain()
    SegmentMember.objects.filter(candidate__name="Ben").delete()
    other = connection.copy()

    def count():
        with tenant_scope(tenant.pk):
            count_anew(nurses.pk)
        connection.close()

    with other.cursor() as cursor:
        cursor.execute("SELECT set_config('crm.tenant_id', %s, false)", [str(tenant.pk)])
        cursor.execute("BEGIN")
        cursor.execute("SELECT id FROM talentpool_segment FOR UPDATE")
        counting = Thread(target=count)
        counting.start()
        _until_one_waits()
        Candidate.objects.filter(name="Ben").update(current_title="Pilot")
        drain()
        cursor.execute("ROLLBACK")
        counting.join()
    other.close()
    assert members(nurses) == ["Ana", "Ben"]
    assert SearchOutbox.objects.get().candidate_ids == [Candidate.objects.get(name="Ben").pk]
    drain()
    assert members(nurses) == ["Ana"]


def _until_one_waits():

    def waits():
        with connection.cursor() as cursor:
            # Of this database alone: other workers' tests wait for locks of theirs on the same server.
            cursor.execute(
                "SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid) "
                "WHERE NOT granted AND datname = current_database()"
            )
            return cursor.fetchone()[0]

    until(waits)


def test_organisations_have_segments_ready_made(tenant, member):
    assert (keep_ready_made(), Segment.objects.count()) == (0, 0)
    fair = Source.objects.create(name="Referrals", kind=SourceKind.REFERRAL)
    family = create_family("Nursing", by=member)
    for number in range(5):
        who = person(f"Nurse {number}", location="Fresno, CA", source="Referrals" if number else "")
    Application.objects.create(
        candidate=who, origin=who, job=Job.objects.create(title="Nurse", family=family), state="hired"
    )
    drain()
    mine = save_search("Hired", text="", facets={"process": ["hired"]}, by=member)
    save_search("In Fresno, CA", text="fresno", facets={}, by=member)
    assert keep_ready_made() == 7
    for pk in segments_to_count():
        count_anew(pk)
    assert {each.ready_made: (each.name, each.size) for each in Segment.objects.exclude(ready_made="")} == {
        f"family:{family.pk}": ("Nursing (job family)", 1),
        "process:in_process": ("In process", 0),
        "process:hired": ("Hired", 1),
        "process:applied": ("Applied in the last two years", 0),
        "process:silver": ("Silver medalists", 0),
        "kind:referral": ("Referred by employees", 4),
        "place:fresno, ca": ("In Fresno, CA (ready-made)", 5),
    }
    assert Segment.objects.get(ready_made="process:hired").pk == mine.pk
    assert keep_ready_made() == 0
    rename_family(family, "Care", by=member)
    more = Source.objects.create(name="More referrals", kind=SourceKind.REFERRAL)
    assert keep_ready_made() == 1
    assert Segment.objects.get(ready_made="kind:referral").facets == {"source": [str(fair.pk), str(more.pk)]}
    assert Segment.objects.get(ready_made=f"family:{family.pk}").name == "Care (job family)"


def test_a_ready_made_segment_is_hidden_and_never_comes_to_mean_everybody(tenant, member):
    family = create_family("Nursing", by=member)
    person("Ana")
    drain()
    keep_ready_made()
    segment = Segment.objects.get(ready_made=f"family:{family.pk}")
    with pytest.raises(ValidationError):
        change_segment(segment, name="Mine", sharing="private", by=member)
    with pytest.raises(ValidationError):
        change_query(segment, text="x", facets={}, by=member)
    delete_segment(segment, by=member)
    assert [Segment.objects.live().filter(pk=segment.pk).exists(), keep_ready_made()] == [False, 0]
    segment.refresh_from_db()
    show_segment(segment, by=member)
    assert Segment.objects.live().filter(pk=segment.pk).exists()
    asked = {"family": [str(family.pk)]}
    delete_family(family, by=member)
    segment.refresh_from_db()
    assert (segment.facets, segment.hidden_at is None) == (asked, False)


def test_private_segment_bears_its_name_unseen(tenant, member):
    colleague = make_member(tenant, Role.RECRUITER, "colleague@acme.example")
    save_search("Mine", text="nurse", facets={}, by=colleague, sharing=Sharing.PRIVATE)
    told = {"name": "Mine", "sharing": "team"}
    assert SegmentForm(told, by=member).errors == {}
    assert SegmentForm(told, by=colleague).errors == {"name": ["A segment of that name is there already."]}
    save_search("Mine", text="nurse", facets={}, by=member)
    assert SegmentForm(told, by=member).errors == {"name": ["A segment of that name is there already."]}
    with pytest.raises(IntegrityError), transaction.atomic():
        save_search("Mine", text="nurse", facets={}, by=member)
