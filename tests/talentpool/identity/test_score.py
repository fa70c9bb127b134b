"""The score: each comparison's levels as PostgreSQL finds them, vetoes, gates and bands, and the way rows are kept."""

import itertools
from dataclasses import replace

import pytest
from django.db import connection

from crm.tenancy.scope import tenant_scope
from talentpool.actions.block_rows import write_blocks
from talentpool.actions.edits import edit_candidate, withdraw_edit
from talentpool.actions.erasure import erase_candidate
from talentpool.actions.people import IncomingRecord, receive_profiles
from talentpool.actions.trait_rows import add_missing_traits, retrait
from talentpool.identity import scoring
from talentpool.identity.counting import frequent_organisations
from talentpool.identity.folding import number
from talentpool.identity.score import ALL, OF_NAME
from talentpool.identity.scoring import scored_across, scored_for, scored_in
from talentpool.identity.verdicts import Gate, Thresholds
from talentpool.models import Candidate, MatchBlock, MatchingRules, MatchOutbox, PersonTraits, ProfileKind, Source
from talentpool.person import Education, PersonFields, Position
from tests.talentpool.naughty import NAUGHTY

EVERYTHING = -99
MERGE, STRONG, ASK, NONE = Gate.SURE, Gate.PHONE, Gate.NONE, None
ADA = PersonFields(
    name="Ada Marie Lovelace",
    emails=("grandcountess@post.example",),
    phones=("+15595550142",),
    links=("https://www.linkedin.com/in/ada-lovelace",),
    location="12 Main St, Fresno, CA 93701",
    birth_date="1985-12-10",
    positions=(
        Position("Mercy General Inc.", "Nurse", "2015-01", "2018-06"),
        Position("Kern Health", "Nurse", "2010", "2014"),
    ),
    education=(Education("CSU Fresno"),),
    skills=("Triage", "Intensive care", "Wound care", "Spanish"),
)


def receive(*people, source=None):
    source = source or Source.objects.get_or_create(name="Test")[0]
    records = [
        IncomingRecord(source, ProfileKind.ROW, fields, external_id=f"{place} {Candidate.objects.count()}")
        for place, fields in enumerate(people)
    ]
    received = receive_profiles(records, by=None)
    write_blocks(PersonTraits.objects.values_list("pk", flat=True))  # as when their turn to be compared has come
    return received


def levels_between(one: PersonFields, *others: PersonFields) -> list[dict[str, str]]:
    """The levels found between one record and others, each of a person of its own whatever keys they share."""
    ids = []
    for fields in (one, *others):
        person = Candidate.objects.create()
        [row] = rows_of(fields, person)
        ids.append(row.pk)
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH met AS (SELECT %(one)s::bigint AS a, unnest(%(others)s::bigint[]) AS b) "
            + scoring.SCORED.replace("WHERE v.gate IS NOT NULL", "")
            + " ORDER BY b",
            {"one": ids[0], "others": ids[1:], "tenant": Candidate.objects.first().tenant_id, "least": -99},
        )
        found = [row[-1] for row in cursor.fetchall()]
    return [
        {each.name: each.levels[found - 1].name for each, found in zip(ALL, numbers, strict=True) if found}
        for numbers in found
    ]


def rows_of(fields, person):
    """Traits without exact keys' having a say in whose they are."""
    from talentpool.actions.trait_rows import Record, add_traits
    from talentpool.identity.keys import identity_keys
    from talentpool.identity.names import comparable_name

    keys = identity_keys(fields, region="US")
    whose = {"candidate_id": person.pk, "origin_id": person.pk, "profile_id": None}
    add_traits([Record(fields, comparable_name(fields), keys, whose)])
    rows = PersonTraits.objects.filter(candidate=person)
    write_blocks(rows.values_list("pk", flat=True))
    return rows


def named(name, **more):
    return PersonFields(name=name, **more)


LEVELS = [
    ("given", "Ada Lovelace", "Ada King", "same"),
    ("given", "Ada Lovelace", "Lovelace Ada", "swapped"),
    ("given", "William Gates", "Bill Gates", "nickname"),
    ("given", "Anna Berta Klein", "Berta Klein", "nickname"),
    ("given", "Wilhelmmina Klein", "Wilhelmina Klein", "near"),
    ("given", "Catherine Klein", "Katherine Klein", "near"),
    ("given", "Paul Klein", "Paula Klein", "differs"),
    ("given", "A. Klein", "Anna Klein", "initial"),
    ("given", "Anna Klein", "Bert Klein", "differs"),
    ("given", "Юрий Иванов", "Iurii Ivanov", "near"),
    ("given", "王伟", "Wei Wang", "same"),
    ("family", "Jürgen Müller", "Jürgen Muller", "same"),
    ("family", "Ada van der Berg", "Ada Berg", "same"),
    ("family", "Ada Lovelace", "Ada Lovelase", "near"),
    ("family", "Ana García Márquez", "Ana García", "part"),
    ("family", "Ada García-Márquez", "Ada Domínguez-Márquez", "overlap"),
    ("family", "Ada Lovelace", "Ada Byron", "differs"),
    ("family", "王伟", "Wei Wang", "same"),
    ("middle", "Ada M. Lovelace", "Ada Marie Lovelace", "same"),
    ("middle", "Ada M. Lovelace", "Ada Jane Lovelace", "differs"),
]


def test_names_reach_each_level(tenant):
    found = [
        (comparison, one, other, levels_between(named(one), named(other))[0].get(comparison))
        for comparison, one, other, _ in LEVELS
    ]
    assert found == LEVELS


def with_(**changes):
    return replace(ADA, **changes)


def worked(*jobs):
    return with_(positions=tuple(Position(employer, start=start, end=end) for employer, start, end in jobs))


DETAILS = [
    ("born", with_(birth_date="1985-12-10"), "same"),
    ("born", with_(birth_date="1985-12-11"), "near"),
    ("born", with_(birth_date="1985-10-12"), "near"),
    ("born", with_(birth_date="1957-12-10"), "partly"),
    ("born", with_(birth_date="1957-03-02"), "differs"),
    ("born", with_(birth_date="1985"), None),
    ("place", with_(location="Fresno, CA 93701"), "postcode"),
    ("place", with_(location="Greater Fresno Area"), "town"),
    ("place", with_(location="Boston, MA 02108"), "differs"),
    ("place", with_(location="Remote"), None),
    ("street", with_(location="12 Mian St, Fresno"), "near"),
    ("street", with_(location="99 Oak Avenue, Fresno"), "differs"),
    ("employers", worked(("Mercy General", "2017", "2019"), ("Kern Health Ltd", "2009", "2011")), "several"),
    ("employers", worked(("Mercy General", "2017", "2019")), "dated"),
    ("employers", worked(("Mercy General", "2022", "2023")), "shared"),
    ("employers", worked(("Elsewhere", "2017", "2019")), "clash"),
    ("employers", worked(("Elsewhere", "2021", "2022")), "differs"),
    ("schools", with_(education=(Education("CSU, Fresno"),)), "shared"),
    ("schools", with_(education=(Education("MIT"),)), "differs"),
    ("email", with_(emails=("GrandCountess@post.example",)), "same"),
    ("email", with_(emails=("grand.countess@other.example",)), "own mailbox"),
    ("email", with_(emails=("somebody@other.example",)), "differs"),
    ("email", with_(emails=()), None),
    ("phone", with_(phones=("(559) 555-0142",)), "same"),
    ("phone", with_(phones=("+15595550143",)), "differs"),
    ("pages", with_(links=("linkedin.com/in/ada-lovelace/",)), "same"),
    ("pages", with_(links=("linkedin.com/in/ada-king",)), "two linkedin"),
    ("pages", with_(links=("github.com/ada",)), "differs"),
    ("email", with_(emails=("lovelace85@other.example",)), "differs"),
    ("skills", with_(skills=("triage", "intensive care", "wound care", "Excel", "Word")), "many"),
    ("skills", with_(skills=("Triage", "Excel", "Word")), "few"),
    ("skills", with_(skills=("Triage", "Excel")), None),
    ("title", with_(positions=(Position("Elsewhere", "NURSE"),)), "same"),
    ("title", with_(positions=(Position("Elsewhere", "Driver"),)), "differs"),
]


def test_details_reach_each_level(tenant):
    found = levels_between(ADA, *(fields for _, fields, _ in DETAILS))
    assert [(c, levels.get(c)) for (c, _, _), levels in zip(DETAILS, found, strict=True)] == [
        (comparison, level) for comparison, _, level in DETAILS
    ]
    reached = {(c, level) for c, _, _, level in LEVELS} | {(c, level) for c, _, level in DETAILS}
    untried = {(each.name, level.name) for each in ALL for level in each.levels} - reached
    # Swapping is one fact in two comparisons; the others stand in the tests below.
    assert untried == {
        ("family", "swapped"),
        ("street", "same"),
        ("email", "mailbox"),
        ("email", "numbered mailbox"),
        *((name, level) for name in ("workplace", "schooling") for level in ("rare", "frequent")),
    }


def test_what_many_share_says_little(tenant):
    [found] = levels_between(ADA, ADA)
    assert (found["workplace"], found["schooling"]) == ("rare", "rare")
    MatchingRules.objects.create(frequent=[number("mercy general"), number("csu fresno")])
    [found] = levels_between(ADA, ADA)
    assert (found["workplace"], found["schooling"]) == ("rare", "frequent")  # Kern Health is still of few
    MatchingRules.objects.update(frequent=[number("mercy general"), number("kern health")])
    [found] = levels_between(ADA, ADA)
    assert (found["workplace"], found["schooling"]) == ("frequent", "rare")


def test_an_employer_and_a_school_of_many_merge_nobody(tenant):
    at_work = replace(SAME_NAME, positions=(Position("Acme", start="2010", end="2012"),), education=(Education("MIT"),))
    people = [Candidate.objects.create(), Candidate.objects.create()]
    ids = [rows_of(at_work, person)[0].pk for person in people]
    assert [each.gate for each in scored_for(ids, 15)] == [Gate.SURE]
    MatchingRules.objects.create(frequent=[number("acme"), number("mit")])
    assert [each.gate for each in scored_for(ids, 15)] == [Gate.NONE]


def test_the_pool_says_what_is_frequent(tenant):
    receive(
        *(named(f"Person {chr(97 + n)}x", positions=(Position("Acme" if n < 7 else f"Firm {n}"),)) for n in range(12))
    )
    assert frequent_organisations(12) == [number("acme")]


def test_a_mailbox_made_of_names_says_little(tenant):
    one = named("Jane Smithers", emails=("jsmithers@one.example",), location="1 Elm Road, Fresno")
    [found] = levels_between(one, replace(one, emails=("jsmithers@two.example",)))
    assert (found["email"], found["street"]) == ("mailbox", "same")
    one = replace(one, emails=("jsmithers84@one.example",))
    [found] = levels_between(one, replace(one, emails=("jsmithers84@two.example",)))
    assert found["email"] == "numbered mailbox"


SAME_NAME = named("Quentin Obermaier")
VERDICTS = [
    ("the same mailbox", {"emails": ("a@x.example",)}, {}, MERGE),
    ("a mailbox, and birth dates that differ", {"emails": ("a@x.example",), "birth_date": "1980-01-01"}, {"birth_date": "1955-02-03"}, ASK),
    ("school and employer", {"education": (Education("MIT"),), "positions": (Position("Acme", start="2010", end="2012"),)}, {}, MERGE),
    ("one phone, as father and son have", {"phones": ("+15595550142",)}, {}, STRONG),
    ("one phone, two middle initials", {"name": "Quentin A. Obermaier", "phones": ("+15595550142",)}, {"name": "Quentin B. Obermaier"}, ASK),
    ("senior and junior", {"name": "Quentin Obermaier Sr.", "emails": ("a@x.example",)}, {"name": "Quentin Obermaier Jr."}, NONE),
    ("brother and sister with one mailbox", {"emails": ("a@x.example",), "phones": ("+15595550142",)}, {"name": "Paula Obermaier"}, NONE),
    ("two LinkedIn pages", {"emails": ("a@x.example",), "links": ("linkedin.com/in/qo1",)}, {"links": ("linkedin.com/in/qo2",)}, NONE),
    ("one employer, as namesakes have", {"positions": (Position("Acme", start="2010", end="2012"),)}, {}, ASK),
    ("the name alone", {}, {}, ASK),
]  # fmt: skip


@pytest.mark.parametrize(("both", "other", "verdict"), [each[1:] for each in VERDICTS], ids=[e[0] for e in VERDICTS])
def test_vetoes_gates_and_bands(tenant, both, other, verdict):
    one = replace(SAME_NAME, **both)
    people = [Candidate.objects.create(), Candidate.objects.create()]
    ids = [rows_of(fields, person)[0].pk for fields, person in zip((one, replace(one, **other)), people, strict=True)]
    found = scored_for(ids[:1], Thresholds.of(1000).ask)
    assert [(each.low, each.high, each.gate) for each in found] == (
        [] if verdict is NONE else [(people[0].pk, people[1].pk, verdict)]
    )


def test_the_threshold_grows_with_the_pool():
    assert Thresholds.of(500) == Thresholds(merge=20, ask=15)
    assert Thresholds.of(2**20, caution=1, ask_less=2, phone_gate=True) == Thresholds(
        merge=25.5, ask=22, gates=frozenset({"sure", "phone"})
    )
    assert Thresholds.of(500, ask_less=9).merge == 24  # what isn't asked about isn't merged either


def test_evidence_is_said_in_words_with_its_bits(tenant):
    people = [Candidate.objects.create(), Candidate.objects.create()]
    for person, fields in zip(
        people, (ADA, replace(ADA, name="Ada Lovelace", phones=("+15595550143",), links=())), strict=True
    ):
        rows_of(fields, person)
    [found] = scored_for(PersonTraits.objects.values_list("pk", flat=True), EVERYTHING)
    evidence = found.evidence()
    assert evidence[0] == {
        "comparison": "E-mail",
        "level": "same",
        "bits": 16.0,
        "words": "The same e-mail address",
    }
    assert sum(row["bits"] for row in evidence) == pytest.approx(found.bits, abs=0.2)
    assert {row["words"] for row in evidence} >= {"Different phone numbers", "The same first name"}
    assert all(row["level"] in {level.name for each in OF_NAME.values() for level in each.levels} for row in evidence)


def test_the_pool_in_ranges_finds_what_each_person_finds(tenant):
    receive(
        named("Ada Lovelace", location="Fresno"),
        named("Ada Lovelace", positions=(Position("Acme"),)),
        named("A. Lovelace", positions=(Position("Acme"),)),
        named("Grace Hopper"),
    )
    everyone = list(PersonTraits.objects.values_list("pk", flat=True))
    by_person = {each.traits: each for pk in everyone for each in scored_for([pk], EVERYTHING)}
    ends = (-(2**63), -(2**61), 0, 2**62, 2**63 - 1)
    in_ranges = {
        each.traits: each for first, end in itertools.pairwise(ends) for each in scored_in(first, end, EVERYTHING)
    }
    assert in_ranges == by_person
    assert len(by_person) == 2  # not the one who has but an initial, and nothing else, in common


def test_everybody_behind_one_key_is_nobody(tenant):
    people = [Candidate.objects.create() for _ in range(102)]
    for person in people:
        rows_of(named("Maria Garcia"), person)
    first = PersonTraits.objects.first().pk
    assert scored_for([first], EVERYTHING) == []
    PersonTraits.objects.filter(candidate__in=people[100:]).delete()
    assert len(scored_for([first], EVERYTHING)) == 99


def test_across_two_people_the_worst_pair_counts(tenant):
    low, high = Candidate.objects.create(), Candidate.objects.create()
    rows_of(replace(ADA, birth_date=""), low)
    rows_of(ADA, high)
    [across] = scored_across([(low.pk, high.pk)]).values()
    assert (across.pairs, across.contradicts, across.least > 40) == (1, False, True)
    third = Candidate.objects.create()
    rows_of(replace(ADA, birth_date="1950-01-01"), third)
    assert scored_across([(high.pk, third.pk)])[high.pk, third.pk].contradicts


def test_each_record_has_its_row_and_its_keys(tenant, member):
    received = receive(ADA, named("Grace Hopper"))
    assert [len(row.traits_ids) for row in MatchOutbox.objects.all()] == [PersonTraits.objects.count()] == [2]
    assert MatchBlock.objects.count() == sum(len(row.blocks) for row in PersonTraits.objects.all())
    before = list(PersonTraits.objects.order_by("pk").values())
    assert add_missing_traits(0, 100) == (received[1].profile_id, 2)
    retrait([each.candidate_id for each in received])
    assert list(PersonTraits.objects.order_by("pk").values()) == before
    MatchOutbox.objects.all().delete()
    candidate = Candidate.objects.get(pk=received[0].candidate_id)
    [edit] = edit_candidate(candidate, {"name": "Augusta King"}, by=member)
    assert PersonTraits.objects.values_list("given", "family").get(candidate=candidate) == ("augusta", "king")
    assert MatchOutbox.objects.count() == 1
    withdraw_edit(edit, by=member)
    assert PersonTraits.objects.values_list("given", "family").get(candidate=candidate) == ("ada", "lovelace")
    edit_candidate(candidate, {"phones": {"remove": ["+15595550142"], "add": ["+15595550199"]}}, by=member)
    rows = PersonTraits.objects.filter(candidate=candidate).order_by("profile")
    assert [(row.given, len(row.phones), row.profile_id) for row in rows] == [
        ("ada", 0, received[0].profile_id),
        ("ada", 1, None),
    ]
    erase_candidate(candidate, reason="asked", by=member)
    assert PersonTraits.objects.count() == 1
    assert MatchBlock.objects.count() == sum(len(row.blocks) for row in PersonTraits.objects.all())


def test_profiles_from_before_get_their_rows(tenant):
    receive(ADA, named("Grace Hopper"))
    expected = list(PersonTraits.objects.order_by("profile").values("profile", "given", "blocks"))
    PersonTraits.objects.all().delete()
    last, number = add_missing_traits(0, 1)
    assert (number, PersonTraits.objects.count()) == (1, 1)
    assert add_missing_traits(last, 10)[1] == 1
    assert list(PersonTraits.objects.order_by("profile").values("profile", "given", "blocks")) == expected


def test_nobody_is_compared_with_another_organisations_people(tenant, other_tenant):
    with tenant_scope(other_tenant.pk):
        receive(ADA)
    receive(ADA)
    mine = list(PersonTraits.objects.values_list("pk", flat=True))
    assert scored_for(mine, EVERYTHING) == []
    assert scored_in(-(2**63), 2**63 - 1, EVERYTHING) == []
    with tenant_scope(other_tenant.pk):
        assert scored_for(mine, EVERYTHING) == []


def test_hostile_names_are_compared_like_others(tenant):
    texts = [*NAUGHTY, "x" * 5000, "'; DROP TABLE crm_tenant; --", "%s {} \\", "Ⅷ" * 300, "\u202eevil"]
    receive(
        *(
            PersonFields(name=text, location=text, emails=(f"{text}@x.example",), skills=(text,), birth_date=text[:9],
                         positions=(Position(text, text, text[:4]),), education=(Education(text),), links=(text,))
            for text in texts
            for _ in range(2)
        )
    )  # fmt: skip
    ids = list(PersonTraits.objects.values_list("pk", flat=True))
    assert len(ids) >= len(texts) - 1
    scored_for(ids, EVERYTHING)


def test_row_security_leaves_the_indexes_in_use(tenant):
    receive(*(named(f"Person {chr(97 + n % 26)}{n}", location=f"Town {n}") for n in range(60)))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "EXPLAIN (COSTS OFF) " + scoring.MET_BY + scoring.SCORED,
            {"tenant": tenant.pk, "ids": [PersonTraits.objects.first().pk], "least": 0},
        )
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Seq Scan" not in plan
    assert "Index Only Scan using talentpool_matchblock_pkey" in plan
    assert "(k = k.k)" in plan
