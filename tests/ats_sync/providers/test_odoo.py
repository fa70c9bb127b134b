"""Odoo's provider against a simulated Odoo that speaks XML-RPC: does everything arrive, once, and is nobody written to?"""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from ats_sync.providers import odoo as module
from ats_sync.providers import provider_class
from ats_sync.providers._odoo_rpc import parsed
from ats_sync.providers.base import Access, NewPerson
from ats_sync.providers.client import Client
from ats_sync.providers.errors import AtsError, Down, Forbidden, NotThere, Refused, SignInRefused, Throttled
from ats_sync.providers.odoo import Odoo
from ats_sync.vocabulary import LOOKUPS, Change, FileRecord, Gone, How, Kind, NoteRecord
from talentpool.models import ApplicationState, Phase
from talentpool.person import PersonFields
from tests.simulators.ats.chance import random_change
from tests.simulators.ats.clock import DAY
from tests.simulators.ats.dialects._odoo_models import HIRED_STAGE
from tests.simulators.ats.server import Simulator

VERSIONS = (17, 18, 19)
STATES = {
    "active": ApplicationState.OPEN,
    "hired": ApplicationState.HIRED,
    "rejected": ApplicationState.REJECTED,
    "withdrawn": ApplicationState.REJECTED,  # for a reason that somebody may map to a withdrawal, in any language
}


@pytest.fixture(scope="module")
def simulators() -> Iterator[dict[int, Simulator]]:
    started = {version: Simulator.of("odoo", people=40, seed=version, version=version).start() for version in VERSIONS}
    yield started
    for each in started.values():
        each.stop()


@pytest.fixture(params=VERSIONS)
def ats(request, simulators) -> Simulator:
    return clean(simulators[request.param])


@pytest.fixture
def newest(simulators) -> Simulator:
    return clean(simulators[19])


def clean(ats: Simulator) -> Simulator:
    ats.faults.clear()
    ats.dialect.key = "odoo-key"
    ats.dialect.forbidden_fields, ats.dialect.forbidden_models = set(), set()
    ats.dialect.mails, ats.dialect.calls = [], []
    return ats


def connected(ats: Simulator, **credentials: str) -> Odoo:
    session: dict[str, Any] = {}
    given = {**ats.credentials(), "url": ats.url, **credentials}
    return Odoo(Access(credentials=given, client=Client(), session=session, remember=session.update))


def listed(provider: Odoo, kind: Kind, since: str = "") -> tuple[list[Change], str]:
    """Everything of all pages, and where the next round begins."""
    changes: list[Change] = []
    place = ""
    while True:
        page = provider.changed(kind, since=since, place=place)
        changes += page.changes
        place = page.place
        if not place:
            return changes, page.since


def by_id(changes: list[Change]) -> dict[str, Change]:
    return {each.id: each for each in changes}


def at(moment: int) -> datetime:
    return datetime.fromtimestamp(moment // 1000, UTC)


def people_of(ats: Simulator) -> list[tuple[str, Any]]:
    """By the id under which Odoo shows them: their own in 18, else each application's."""
    world = ats.world
    if ats.dialect.version == 18:
        return [(str(each.id), each) for each in world.candidates]
    return [(str(each.id), world.candidates.get(each.candidate_id)) for each in world.applications]


def written_in(ats: Simulator) -> dict[str, str]:
    """What people wrote: neither mail, nor what the robot said, nor what nobody did."""
    return {str(each.id): each.body for each in ats.world.notes if each.kind == "note" and each.author_id}


def newest_resume(ats: Simulator, person: int) -> int:
    return max((each.id for each in ats.world.attachments.where(candidate_id=person, kind="resume")), default=0)


def test_everything_is_listed_as_the_world_has_it(ats):
    provider, world = connected(ats), ats.world
    people = by_id(listed(provider, Kind.PERSON)[0])
    assert {key: (each.fields.name, each.fields.emails, each.tags) for key, each in people.items()} == {
        key: (each.name, tuple(one["value"] for one in each.emails[:1]), tuple(each.tags))
        for key, each in people_of(ats)
    }
    applications = by_id(listed(provider, Kind.APPLICATION)[0])
    assert {key: (each.person, each.job, each.stage, each.state) for key, each in applications.items()} == {
        str(each.id): (
            str(each.candidate_id if ats.dialect.version == 18 else each.id),
            str(each.job_id or ""),
            str(HIRED_STAGE if each.status == "hired" else each.stage_id or ""),
            STATES[each.status],
        )
        for each in world.applications
    }
    jobs = by_id(listed(provider, Kind.JOB)[0])
    assert {key: (each.title, each.location, each.is_open, each.text) for key, each in jobs.items()} == {
        str(each.id): (each.title, each.location, each.status == "open", each.text) for each in world.jobs
    }
    notes = by_id(listed(provider, Kind.NOTE)[0])
    assert {key: each.text for key, each in notes.items()} == written_in(ats)
    files = by_id(listed(provider, Kind.FILE)[0])
    assert {key: (each.name, each.is_resume) for key, each in files.items()} == {
        str(each.id): (each.filename, each.id == newest_resume(ats, each.candidate_id)) for each in world.attachments
    }
    interviews = by_id(listed(provider, Kind.INTERVIEW)[0])
    assert {key: each.application for key, each in interviews.items()} == {
        str(each.id): str(each.application_id) for each in world.interviews
    }
    assert {ApplicationState.HIRED, ApplicationState.REJECTED} < {each.state for each in applications.values()}


def test_words_are_listed(newest):
    provider, world = connected(newest), newest.world
    words = {kind: {each.id: each.name for each in listed(provider, kind)[0]} for kind in LOOKUPS}
    assert words == {
        Kind.DEPARTMENT: {str(each.id): each.name for each in world.departments},
        Kind.SOURCE: {str(each.id): each.name for each in world.sources},
        Kind.REASON: {
            str(each.id): each.name if each.kind == "us" else f"Refused by applicant: {each.name}"
            for each in world.reject_reasons
        },
        Kind.USER: {str(each.id): each.name for each in world.users if not each.service},
        Kind.STAGE: {str(each.id): each.name for each in world.stages} | {str(HIRED_STAGE): "Contract Signed"},
    }
    phases = {each.id: each.phase for each in listed(provider, Kind.STAGE)[0]}
    assert {key for key, phase in phases.items() if phase} == {str(HIRED_STAGE)}


def test_changes_arrive_by_rounds_and_the_gone_by_a_sweep(ats, monkeypatch):
    """As the sync does it: what the rounds saw, less what reading it once more finds gone, is what is there."""
    monkeypatch.setattr(module, "PAGE", 9)
    provider, world, dice = connected(ats), ats.world, random.Random(3)
    kinds = (Kind.JOB, Kind.PERSON, Kind.APPLICATION, Kind.NOTE, Kind.FILE, Kind.INTERVIEW)
    held: dict[Kind, dict[str, Change]] = {}
    since: dict[Kind, str] = {}
    for kind in kinds:
        changes, since[kind] = listed(provider, kind)
        held[kind] = by_id(changes)
    for _ in range(12):
        for _ in range(6):
            random_change(world, dice)
        world.clock.advance(1200)
        for kind in kinds:
            changes, since[kind] = listed(provider, kind, since[kind])
            held[kind] |= by_id(changes)
    for kind in kinds:
        there, _ = listed(provider, kind)
        missing = sorted(set(held[kind]) - {each.id for each in there})
        gone = [each for each in provider.read(kind, missing) if isinstance(each, Gone)]
        assert [each.id for each in gone] == missing
        for each in gone:
            del held[kind][each.id]
        if kind in (Kind.NOTE, Kind.FILE):  # whose they are may change without a word: by a merge, or with the résumé
            held[kind] = {
                key: replace(each, is_resume=True) if kind == Kind.FILE else each for key, each in held[kind].items()
            }
            there = [replace(each, is_resume=True) if kind == Kind.FILE else each for each in there]
            assert set(held[kind]) == {each.id for each in there}
        else:
            assert held[kind] == by_id(there)


def test_a_decision_long_after_applying_is_seen(newest):
    provider, world = connected(newest), newest.world
    with world.past(world.clock.now() - 300 * DAY):
        old = world.apply(world.candidates.ids[0], world.jobs.ids[0])
    _, since = listed(provider, Kind.APPLICATION)
    world.clock.advance(3600)
    world.reject(old.id, world.reject_reasons.where(kind="us")[0].id)
    changes, _ = listed(provider, Kind.APPLICATION, since)
    found = by_id(changes)[str(old.id)]
    assert (found.state, found.reason) == (ApplicationState.REJECTED, world.reject_reasons.where(kind="us")[0].name)
    assert found.moved_at == at(old.rejected_at)


def test_a_reason_of_theirs_begins_as_a_withdrawal_and_a_hire_is_one(newest):
    provider, world = connected(newest), newest.world
    one, other = (world.apply(world.candidates.ids[0], world.jobs.ids[0]) for _ in range(2))
    world.withdraw(one.id)
    world.hire(other.id)
    found = by_id(provider.read(Kind.APPLICATION, [str(one.id), str(other.id)]))
    reasons = {each.id: each.phase for each in listed(provider, Kind.REASON)[0]}
    assert found[str(one.id)].state == ApplicationState.REJECTED
    assert reasons[found[str(one.id)].reason_id] == Phase.WITHDRAWN
    assert set(reasons.values()) == {"", Phase.WITHDRAWN}
    assert found[str(other.id)].state == ApplicationState.HIRED
    assert found[str(other.id)].stage_name == "Contract Signed"


def test_hundreds_of_the_same_second_are_all_read(newest, monkeypatch):
    """One act of Odoo's stamps all its rows alike; whoever asks for `>` the last stamp loses the rest of them."""
    monkeypatch.setattr(module, "PAGE", 10)
    provider, world = connected(newest), newest.world
    _, since = listed(provider, Kind.JOB)
    world.clock.advance(3600)
    moment = world.clock.now() // 1000 * 1000
    for number in range(65):
        with world.past(moment + (0, 300, 700, 1000)[number % 4]):
            world.add_job(f"Ward {number}")
    changes, following = listed(provider, Kind.JOB, since)
    mine = [each.title for each in changes if each.title.startswith("Ward ")]
    assert sorted(mine, key=lambda title: int(title.split()[1])) == [f"Ward {number}" for number in range(65)]
    seconds = {each.updated_at for each in changes if each.title.startswith("Ward ")}
    assert seconds == {at(moment), at(moment + 1000)}
    exactly = at(moment).strftime("%Y-%m-%d %H:%M:%S")
    assert {each.title for each in listed(provider, Kind.JOB, exactly)[0]} >= set(mine)
    again, _ = listed(provider, Kind.JOB, following)
    assert {each.title for each in again} >= set(mine)  # within the overlap


def test_rows_that_change_while_the_pages_are_turned_are_not_lost(newest, monkeypatch):
    monkeypatch.setattr(module, "PAGE", 3)
    provider, world = connected(newest), newest.world
    held, place, turned = {}, "", 0
    while True:
        page = provider.changed(Kind.JOB, since="", place=place)
        held |= by_id(list(page.changes))
        for job in world.jobs.ids[turned % 5 :: 7]:
            world.edit_job(job, location=f"Page {turned}") if turned < 4 else None
        turned, place = turned + 1, page.place
        if not place:
            break
    held |= by_id(listed(provider, Kind.JOB, page.since)[0])
    assert held == by_id(listed(provider, Kind.JOB)[0])
    assert turned >= 4


def test_a_field_that_may_not_be_read_is_left_out(newest):
    newest.dialect.forbidden_fields = {"hr.applicant.salary_expected"}
    provider = connected(newest)
    assert len(listed(provider, Kind.PERSON)[0]) == len(newest.world.applications)
    newest.dialect.forbidden_fields = {"hr.applicant.linkedin_profile"}  # another one, while the first is remembered
    assert len(listed(provider, Kind.PERSON)[0]) == len(newest.world.applications)
    assert all(not each.fields.links for each in listed(provider, Kind.PERSON)[0])


def test_what_is_forbidden_altogether_says_so(newest):
    newest.dialect.forbidden_models = {"calendar.event"}
    newest.dialect.forbidden_fields = {"hr.applicant.email_from"}
    provider = connected(newest)
    with pytest.raises(Forbidden, match=r"calendar\.event"):
        provider.changed(Kind.INTERVIEW, since="", place="")
    missing = {right.kind: right.without for right in provider.check() if not right.is_given}
    assert set(missing) == {Kind.INTERVIEW, Kind.PERSON}
    assert missing[Kind.PERSON] == "The user may not read email_from."


def test_with_all_rights_nothing_is_missing(ats):
    assert [right.kind for right in connected(ats).check() if right.is_given] == list(Odoo.kinds)


@pytest.mark.parametrize("wrong", [{"key": "no"}, {"login": "no@employer.example"}, {"db": "no"}])
def test_wrong_credentials_are_refused(newest, wrong):
    with pytest.raises(SignInRefused):
        connected(newest, **wrong).check()


def test_a_key_that_was_taken_back_is_refused(newest):
    provider = connected(newest)
    listed(provider, Kind.JOB)
    newest.faults.add("expire_token", times=1)
    with pytest.raises(SignInRefused):
        listed(provider, Kind.JOB)


def test_who_is_remembered_does_not_sign_in_again(newest):
    session: dict[str, Any] = {}
    given = {**newest.credentials(), "url": newest.url}
    for _ in range(2):
        provider = Odoo(Access(credentials=given, client=Client(), session=session, remember=session.update))
        provider.read(Kind.JOB, [str(newest.world.jobs.ids[0])])
    assert [method for _, method in newest.dialect.calls] == ["fields_get", "fields_get", "search_read", "search_read"]
    session["uid"] = 4321  # of another login, which the connection had before
    provider = Odoo(Access(credentials=given, client=Client(), session=session, remember=session.update))
    assert len(provider.read(Kind.JOB, [str(newest.world.jobs.ids[0])])) == 1


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"kind": "half"}, Down),
        ({"kind": "cut"}, Down),
        ({"kind": "error", "status": 502}, Down),
        ({"kind": "forbid"}, Forbidden),
        ({"kind": "too_many", "retry_after": 7}, Throttled),
    ],
)
def test_faults_have_their_names(newest, fault, error):
    provider = connected(newest)
    listed(provider, Kind.JOB)
    newest.faults.add(**fault)
    with pytest.raises(error) as caught:
        listed(provider, Kind.JOB)
    assert error is not Throttled or caught.value.seconds == 7


def test_another_address_is_no_odoo(newest):
    with pytest.raises(Refused, match="There is no Odoo at this address"):
        connected(newest, url=f"{newest.url}/somewhere").check()


ANSWER = "<?xml version='1.0'?>{}<methodResponse><params><param><value>{}</value></param></params></methodResponse>"
LAUGHS = '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    "content",
    [
        ANSWER.format(LAUGHS, "<string>&b;</string>"),
        ANSWER.format('<!DOCTYPE a SYSTEM "file:///etc/passwd">', "<string>x</string>"),
        ANSWER.format("", "<array><data><value>" * 60 + "</value></data></array>" * 60),
        ANSWER.format("", "<int>many</int>"),
        ANSWER.format("", "<int>" + "9" * 6000 + "</int>"),
        ANSWER.format("", "<struct><member><name>a</name></member></struct>"),
        ANSWER.format("", "<string>cut off</string>")[:-30],
        "<html><body>Back soon</body></html>",
        "",
        "\x00\x01",
    ],
)
def test_xml_that_is_no_answer_of_odoos_is_not_taken(content):
    with pytest.raises(Down):
        parsed(content.encode())
    assert parsed(ANSWER.format("", "<string>a &amp; b</string>").encode()) == "a & b"


def test_what_is_no_more_is_gone(newest):
    provider, world = connected(newest), newest.world
    person = world.add_candidate(first_name="Short", last_name="Stay")
    application = world.apply(person.id, world.jobs.ids[0])
    assert [each.id for each in provider.read(Kind.APPLICATION, [str(application.id)])] == [str(application.id)]
    world.delete_candidate(person.id)
    ids = [str(application.id), "99999999999", "none"]
    assert provider.read(Kind.APPLICATION, ids) == [
        Gone(what=Kind.APPLICATION, id=each, how=How.DELETED) for each in ids
    ]


def test_only_what_people_wrote_is_a_note(ats):
    provider, world = connected(ats), ats.world
    application = next(iter(world.applications))
    user = next(user.id for user in world.users if not user.service)
    world.add_note(application.candidate_id, "<p>A robot says hello</p>", kind="system")
    world.add_note(application.candidate_id, "From: somebody", kind="email", by=user)
    mine = world.add_note(application.candidate_id, "<p>Call <b>back</b></p>", by=user, application_id=application.id)
    notes = by_id(listed(provider, Kind.NOTE)[0])
    assert {key: each.text for key, each in notes.items()} == written_in(ats)
    person = str(application.candidate_id if ats.dialect.version == 18 else application.id)
    assert notes[str(mine.id)] == NoteRecord(
        id=str(mine.id),
        person=person,
        text="<p>Call <b>back</b></p>",
        author=world.users.get(user).name,
        at=at(mine.created_at),
        updated_at=at(mine.created_at),
    )


def test_what_changes_by_itself_and_eeo_answers_are_not_kept(ats):
    world = ats.world
    before = by_id(listed(connected(ats), Kind.PERSON)[0])
    application = next(each for each in world.applications if each.status == "active")
    world.add_note(application.candidate_id, "Seen", by=application.recruiter_id or world.users.ids[0])
    world.answer_eeoc(application.id, gender="Female")
    after = by_id(listed(connected(ats), Kind.PERSON)[0])
    assert {key: each.raw for key, each in before.items()} == {key: each.raw for key, each in after.items()}
    keys = {key for each in after.values() for key in each.raw}
    assert keys <= {
        *("partner_name", "email_from", "partner_phone", "partner_mobile", "linkedin_profile", "type_id", "tags"),
    }


def test_a_file_is_fetched_whole_or_not_at_all(newest):
    provider, world = connected(newest), newest.world
    application = next(iter(world.applications))
    content = bytes(range(256)) * 40
    new = world.attach(application.candidate_id, "scan.bin", content, application_id=application.id)
    (record,) = provider.read(Kind.FILE, [str(new.id)])
    assert isinstance(record, FileRecord)
    assert provider.fetch(record, most_bytes=20_000) == content
    with pytest.raises(Refused, match="larger"):
        provider.fetch(record, most_bytes=5_000)
    with pytest.raises(NotThere):
        provider.fetch(replace(record, id="77"), most_bytes=5_000)


def test_odoo_sends_no_webhooks(newest):
    with pytest.raises(Refused):
        connected(newest).hear({}, b"{}", "secret")


# Writing


def somebody(number: int) -> NewPerson:
    fields = PersonFields(
        name=f"Ada Lovelace {number}",
        emails=(f"ada.lovelace_{number}@mail.example",),
        phones=("+1 559 555 0199",),
        links=("https://www.linkedin.com/in/ada",),
    )
    return NewPerson(fields=fields, mark=f"rapport-1-{number}")


def persisting(act, attempts: int = 4) -> Any:
    """As the sync does: again, when no answer came."""
    for _ in range(attempts):
        try:
            return act()
        except Down:
            continue
    raise AssertionError("it never came through")


@pytest.mark.parametrize("lost", range(8))
def test_somebody_is_added_once_even_when_the_answer_is_lost(ats, lost):
    provider, world = connected(ats), ats.world
    number = 100 * ats.dialect.version + lost
    new = replace(somebody(number), job=str(world.jobs.ids[0]), source="Indeed")
    ats.faults.add("lost", path="/xmlrpc/2/object", times=1, after=lost)

    def add() -> str:
        if there := provider.find_person(new.fields, new.mark):
            provider.apply(there, new.job, new.source)
            return there
        return provider.add_person(new)[0].id

    person = persisting(add)
    mine = [each for each in world.candidates if each.last_name == f"Lovelace {number}"]
    assert len(mine) == 1
    applications = world.applications.where(candidate_id=mine[0].id)
    assert [each.job_id for each in applications] == [world.jobs.ids[0]]
    assert person == str(mine[0].id if ats.dialect.version == 18 else applications[0].id)
    assert ats.dialect.mails == []


def test_somebody_is_found_by_mark_and_by_address(ats):
    provider = connected(ats)
    new = replace(somebody(7000 + ats.dialect.version), job=str(ats.world.jobs.ids[0]))
    person = provider.add_person(new)[0].id
    nobody = PersonFields(name="Other", emails=("other@mail.example",))
    assert provider.find_person(nobody, new.mark) == person
    assert provider.find_person(nobody, new.mark[:-1]) == ""
    assert provider.find_person(replace(new.fields, emails=(new.fields.emails[0].upper(),)), "rapport-9-9") == person
    assert provider.find_person(replace(new.fields, emails=()), "") == person
    assert provider.find_person(nobody, "rapport-9-9") == ""


def test_a_prospect_becomes_an_applicant_and_then_one_of_two_jobs(ats):
    provider, world = connected(ats), ats.world
    one, other = (str(each) for each in world.jobs.ids[:2])
    person = provider.add_person(somebody(8000 + ats.dialect.version))[0].id
    first = provider.apply(person, one, "")
    assert [each.job for each in first if each.kind == Kind.APPLICATION] == [one]
    assert provider.apply(person, one, "") == []
    second = provider.apply(person, other, "")
    assert [each.job for each in second if each.kind == Kind.APPLICATION] == [other]
    assert provider.apply(person, other, "") == []
    assert ats.dialect.mails == []


def test_without_the_quiet_words_odoo_would_have_written(newest):
    """That the simulator mails at all, else the tests above would say nothing."""
    provider = connected(newest)
    values = {"partner_name": "Loud", "email_from": "loud@mail.example", "job_id": newest.world.jobs.ids[0]}
    provider.rpc.call("hr.applicant", "create", values)
    assert [mail["to"] for mail in newest.dialect.mails] == ["loud@mail.example"]


@pytest.mark.parametrize("lost", range(3))
def test_notes_tags_files_and_moves_are_made_once(ats, lost):
    provider, world = connected(ats), ats.world
    new = replace(somebody(9000 + 10 * ats.dialect.version + lost), job=str(world.jobs.ids[0]))
    changes = provider.add_person(new)
    person, application = changes[0].id, changes[-1].id
    row = world.applications.get(int(application))
    text, stage = "Spoke with her: 5 < 6 & “fine”\nwill call", str(world.stages.ids[2])
    reason = world.reject_reasons.ids[0]

    def disturbed(act) -> Any:
        ats.faults.add("lost", path="/xmlrpc/2/object", times=1, after=lost)
        return persisting(act)

    note = disturbed(lambda: provider.find_note(person, text) or provider.add_note(person, text))
    assert [each.id for each in world.notes.where(candidate_id=row.candidate_id)] == [int(note)]
    assert by_id(provider.read(Kind.NOTE, [note]))[note].text == (
        "<p>Spoke with her: 5 &lt; 6 &amp; “fine”<br>will call</p>"
    )
    disturbed(lambda: provider.tag(person, ["bilingual", "brand new", "bilingual"]))
    assert world.candidates.get(row.candidate_id).tags == ["bilingual", "brand new"]
    file = disturbed(lambda: provider.add_file(person, "cv.pdf", b"%PDF-1.4 her", is_resume=True))
    assert [each.id for each in world.attachments.where(candidate_id=row.candidate_id)] == [int(file)]
    assert by_id(provider.read(Kind.FILE, [file]))[file].is_resume
    disturbed(lambda: provider.move(application, stage))
    assert (row.stage_id, len(world.stage_entries.where(application_id=row.id))) == (int(stage), 2)
    disturbed(lambda: provider.reject(application, str(reason)))
    assert (row.status, row.reject_reason_id) == ("rejected", reason)
    assert len(world.rejections.where(application_id=row.id)) == 1
    assert ats.dialect.mails == []


def test_writing_to_nobody_says_so(newest):
    provider = connected(newest)
    for act in (lambda: provider.move("77", "1"), lambda: provider.tag("77", ["x"])):
        with pytest.raises(NotThere):
            act()
    with pytest.raises(Refused):
        provider.move("not-a-number", "1")
    with pytest.raises(AtsError):
        provider.add_note("77", "x")


def test_odoo_is_registered():
    assert provider_class("odoo") is Odoo
