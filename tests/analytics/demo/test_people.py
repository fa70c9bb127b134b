from collections import Counter
from datetime import date
from itertools import islice, pairwise

import phonenumbers
import pytest
from email_validator import validate_email

from analytics.demo.careers import CAREERS
from analytics.demo.names import cultures
from analytics.demo.people import DemoPerson, people
from analytics.demo.records import Record, records

TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def crowd() -> list[DemoPerson]:
    return list(islice(people(7, TODAY), 600))


@pytest.fixture(scope="module")
def sheaves() -> list[list[Record]]:
    return list(islice(records(7, TODAY), 600))


def test_the_same_seed_gives_the_same_people(crowd):
    assert list(islice(people(7, TODAY), 40)) == crowd[:40]
    assert list(islice(people(8, TODAY), 40)) != crowd[:40]


def test_nobody_shares_an_address(crowd):
    addresses = Counter(address for person in crowd for address in (person.email, person.work_email))
    assert [address for address, number in addresses.items() if number > 1] == []


def test_a_telephone_is_shared_in_households_only(crowd):
    by_phone: dict[str, list[DemoPerson]] = {}
    for person in crowd:
        by_phone.setdefault(person.phone, []).append(person)
    households = [shared for shared in by_phone.values() if len(shared) > 1]
    assert households
    assert [shared for shared in households if len({person.family for person in shared}) > 1] == []
    assert [shared for shared in households if len({person.name for person in shared}) == 1] == []


def test_telephones_and_addresses_are_valid(crowd):
    for person in crowd:
        assert phonenumbers.is_valid_number(phonenumbers.parse(person.phone))
        assert validate_email(person.email, check_deliverability=False).ascii_email == person.email
        assert person.email.partition("@")[2].endswith(("example.com", "example.org", "example.net"))


def test_telephones_stay_apart_among_very_many():
    from analytics.demo.people import _phone

    lines: Counter[int] = Counter()
    given = [_phone(559, lines) for _ in range(25_000)]
    assert len(set(given)) == 25_000


def test_careers_are_in_order(crowd):
    for person in crowd:
        starts = [position.start for position in person.positions]
        assert starts == sorted(starts, reverse=True)
        for newer, older in pairwise(person.positions):
            assert older.end
            assert older.end <= newer.start
        assert [position.current for position in person.positions[1:]] == [False] * (len(person.positions) - 1)


def test_every_career_and_every_script_comes(crowd):
    assert {person.job_family for person in crowd} == {career.family for career in CAREERS}
    letters = "".join(person.native_name for person in crowd)
    for first, last in ("一鿿", "가힣", "؀ۿ", "Ѐӿ", "ऀॿ"):
        assert any(first <= letter <= last for letter in letters)


def test_every_culture_has_names():
    assert [culture.name for culture in cultures() if len(culture.given) < 5 or len(culture.family) < 5] == []


def test_records_are_told_oldest_first_and_never_from_the_future(sheaves):
    for sheaf in sheaves:
        first = [record.observed_at for record in sheaf]
        assert first[0] == min(first)
        assert max(record.observed_at.date() for record in sheaf) <= TODAY


def test_a_record_knows_nothing_of_later_jobs(sheaves):
    for sheaf in sheaves:
        for record in sheaf:
            month = f"{record.observed_at:%Y-%m}"
            assert [job.start for job in record.fields.positions if job.start > month] == []


def test_people_come_from_several_sources_spelled_differently(sheaves):
    several = [sheaf for sheaf in sheaves if len({record.source for record in sheaf}) > 1]
    respelled = [sheaf for sheaf in several if len({record.fields.name for record in sheaf}) > 1]
    assert len(several) > len(sheaves) / 2
    assert len(respelled) > len(several) / 4
    assert len({record.source for sheaf in sheaves for record in sheaf}) == 6


def test_some_agreed_and_some_cannot_be_reached(sheaves):
    firsts = [sheaf[0] for sheaf in sheaves]
    assert 0.4 < sum(record.agreed for record in firsts) / len(firsts) < 0.8
    assert any(not record.fields.emails for record in firsts)


def test_a_resume_says_what_its_fields_say(sheaves):
    resumes = [record for sheaf in sheaves for record in sheaf if record.resume]
    assert len(resumes) > len(sheaves) / 3
    for record in resumes:
        assert record.fields.name in record.resume
        for position in record.fields.positions:
            assert position.employer in record.resume
            assert position.title in record.resume
