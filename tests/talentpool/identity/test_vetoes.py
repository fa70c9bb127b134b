import pytest

from talentpool.identity.keys import Key, KeyKind, identity_keys
from talentpool.identity.vetoes import Traits, Veto, veto_among, veto_between
from talentpool.person import PersonFields


def traits(name="", birth_date="", link=""):
    return Traits.of(PersonFields(name=name, birth_date=birth_date, links=(link,) if link else ()))


@pytest.mark.parametrize(
    ("one", "other", "veto"),
    [
        (traits("Ada Lovelace"), traits("Ada King"), None),
        (traits("Ada Lovelace"), traits(), None),
        (traits("Ada Lovelace"), traits("George Lovelace"), Veto.GIVEN_NAME),
        (traits("John Smith Jr."), traits("John Smith Sr."), Veto.GENERATION),
        (traits("John Smith Jr."), traits("John Smith"), None),
        (traits("Ada", "1815-12-10"), traits("Ada", "1815-10-12"), None),
        (traits("Ada", "1815-12-10"), traits("Ada", "1815-12-16"), None),
        (traits("Ada", "1815-12-10"), traits("Ada", "1816-11-10"), Veto.BIRTH_DATE),
        (traits("Ada", "1815"), traits("Ada", "1815-12-10"), None),
        (traits("Ada", "1816"), traits("Ada", "1815-12-10"), Veto.BIRTH_DATE),
        (traits("Ada", link="linkedin.com/in/a"), traits("Ada", link="linkedin.com/in/b"), Veto.LINKEDIN),
        (traits("Ada", link="linkedin.com/in/a"), traits("Ada", link="linkedin.com/in/ACoAA1"), None),
    ],
)
def test_mail_key_passes_unless_something_contradicts(one, other, veto):
    assert [veto_between(one, other, KeyKind.EMAIL), veto_between(other, one, KeyKind.EMAIL)] == [veto, veto]


@pytest.mark.parametrize(
    ("one", "other", "veto"),
    [
        ("Ada Lovelace", "ada LOVELACE", None),
        ("Ada Byron Lovelace", "Ada Lovelace", None),
        ("Ada Lovelace", "Ada King", Veto.PHONE_ONLY),
        ("Bill Smith", "William Smith", Veto.PHONE_ONLY),
        ("A. Lovelace", "A. Lovelace", Veto.PHONE_ONLY),
        ("Ada Lovelace", "", Veto.PHONE_ONLY),
        ("", "", Veto.PHONE_ONLY),
        ("John Smith", "John Smith Jr.", Veto.PHONE_ONLY),
        ("John A. Smith", "John B. Smith", Veto.PHONE_ONLY),
    ],
)
def test_phone_key_needs_the_same_whole_name(one, other, veto):
    assert veto_between(traits(one), traits(other), KeyKind.PHONE) == veto


@pytest.mark.parametrize(
    ("one", "other", "veto"),
    [
        (traits("Robert Smith"), traits("Roberta Smith"), None),
        (traits("Ada Byron", "1815-12-10"), traits("Ada Lovelace", "1999-01-01"), None),
        (traits("Ada Lovelace"), traits(), None),
        (traits("Ada Lovelace"), traits("Bob Smith"), Veto.GIVEN_NAME),
        (traits("Ada"), traits("Bob"), Veto.GIVEN_NAME),
    ],
)
def test_a_sources_own_id_gives_way_only_to_a_wholly_other_name(one, other, veto):
    assert veto_between(one, other, KeyKind.EXTERNAL) == veto


def test_one_contradicting_pair_forbids_two_groups():
    family = [traits("Ada Lovelace"), traits()]
    assert [
        veto_among(family, [traits("Ada"), traits("George")], KeyKind.EMAIL),
        veto_among(family, [traits("Ada"), traits()], KeyKind.EMAIL),
    ] == [Veto.GIVEN_NAME, None]


def test_identity_keys_are_the_strongest_first_and_each_once():
    fields = PersonFields(
        emails=("Ada@gmail.com", "a.da+x@googlemail.com", "info@acme.example", "none"),
        phones=("0171 1234567", "+49 171 1234567", "?"),
        links=("linkedin.com/in/ada", "https://ada.example"),
        country="DE",
    )
    assert identity_keys(fields, external_id="17", source=3) == [
        Key(KeyKind.EXTERNAL, "3:17"),
        Key(KeyKind.EMAIL, "ada@gmail.com"),
        Key(KeyKind.URL, "linkedin:ada"),
        Key(KeyKind.PHONE, "+491711234567"),
    ]


def test_region_of_the_organisation_reads_numbers_of_records_without_a_country():
    assert identity_keys(PersonFields(phones=("559 555 0142",)), region="US") == [Key(KeyKind.PHONE, "+15595550142")]
