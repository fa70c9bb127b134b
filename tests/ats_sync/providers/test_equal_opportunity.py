"""Answers on equal opportunity are known by their words, in the languages of our pages, and in whatever notation."""

import hashlib
import hmac
import json

import pytest

from ats_sync.providers import _ashby_records, _bullhorn_records, _lever_records, _odoo_records, _workable_records
from ats_sync.providers._equal_opportunity import is_on_equal_opportunity, without_eeo
from ats_sync.providers._generic_mapping import read_mapping
from ats_sync.providers._generic_records import record
from ats_sync.providers._own_fields import own_fields
from ats_sync.providers.base import Access
from ats_sync.providers.client import Client
from ats_sync.providers.greenhouse import Greenhouse
from ats_sync.vocabulary import Kind

ON_IT = {
    "en": (
        *("Race", "Race/Ethnicity", "Veteran status", "Do you have a disability?", "Gender", "Sexual orientation"),
        *(
            "Religion",
            "Pronouns",
            "LGBTQ+",
            "Hispanic or Latino",
            "EEO",
            "Voluntary self-identification",
            "Nationality",
        ),
    ),
    "de": (
        *("Geschlecht", "Schwerbehinderung", "Grad der Behinderung (GdB)", "Ethnische Herkunft", "Konfession"),
        *("Staatsangehörigkeit", "Sexuelle Orientierung", "Rasse", "Familienstand"),
    ),
    "fr": (
        *("Sexe", "Genre", "Origine ethnique", "Situation de handicap", "RQTH", "Vétéran", "Orientation sexuelle"),
        *("Identité de genre", "Nationalité", "État civil"),
    ),
    "es": ("Sexo", "Género", "Raza", "Discapacidad", "Religión", "Orientación sexual", "Etnia", "Excombatiente"),
    "it": ("Genere", "Sesso", "Razza", "Disabilità", "Orientamento sessuale", "Invalidità", "Religione"),
    "nl": ("Geslacht", "Etniciteit", "Arbeidsbeperking", "Godsdienst", "Seksuele geaardheid", "Zwanger"),
    "pt": ("Gênero", "Raça / cor", "Deficiência", "Religião", "Orientação sexual", "Veterano"),
    "keys": ("x_studio_race", "candidateRace", "veteranStatus", "protected_veteran", "DISABILITY", "eeoc_answer"),
}
NOT_ON_IT = (
    *("Shift", "Trace", "Embrace change", "Source", "Herkunft der Bewerbung", "Salary", "Start date", "Essex office"),
    *("Middlesex", "Grassroots", "Terrace", "General", "Generic", "Interface", "Visa needed", "Rasenpflege", "Latin"),
    *("T-shirt size", "Session", "Cost centre", "Kostenstelle", "Preferred location", "Erreichbar", "Team", "Genesys"),
)


@pytest.mark.parametrize("language", ON_IT)
def test_words_of_equal_opportunity_are_known(language):
    assert [each for each in ON_IT[language] if not is_on_equal_opportunity(each)] == []


def test_other_words_are_not_taken_for_it():
    assert [each for each in NOT_ON_IT if is_on_equal_opportunity(each)] == []


def test_own_fields_leave_them_out_by_key_and_by_name():
    said = [("k1", "Geschlecht", "w"), ("x_studio_race", "Box 4", "A"), ("shift", "Shift", "Nights")]
    assert own_fields(said) == ({"shift": "Nights"}, {"shift": "Shift"})
    assert set(own_fields(said, wants_eeo=True)[0]) == {"k1", "x_studio_race", "shift"}


def test_record_as_it_came_is_without_them():
    record = {
        "name": "Grace Latina",
        "tags": [{"title": "Diversity fair"}],
        "customFields": [
            {"id": "1", "title": "Gender", "value": "secret"},
            {"id": "2", "title": "Shift", "value": "Days"},
        ],
        "custom_fields": {"k1": {"name": "Veteran?", "value": "secret"}, "shift": {"name": "Shift", "value": "Days"}},
        "about": {"race": "secret", "town": "Fresno"},
    }
    kept = without_eeo(record, wants_eeo=False)
    assert kept == {
        "name": "Grace Latina",
        "tags": [{"title": "Diversity fair"}],
        "customFields": [{"id": "2", "title": "Shift", "value": "Days"}],
        "custom_fields": {"shift": {"name": "Shift", "value": "Days"}},
        "about": {"town": "Fresno"},
    }
    assert without_eeo(record, wants_eeo=True) == record
    assert "secret" in json.dumps(record)


# What each provider makes of a person with a field of the organisation's own on it, and one that is not


def ashby(wants_eeo):
    fields = [
        {"id": "f1", "title": "Raça / cor", "valueType": "String", "value": "secret"},
        {"id": "f2", "title": "Shift", "valueType": "String", "value": "Nights"},
    ]
    return _ashby_records.person({"id": "a", "name": "Ada Byron", "customFields": fields}, wants_eeo=wants_eeo)


def greenhouse(wants_eeo):
    """As a webhook tells it; lists go through the same function."""
    fields = {
        "k1": {"name": "Schwerbehinderung", "type": "yes_no", "value": "secret"},
        "f2": {"name": "Shift", "type": "short_text", "value": "Nights"},
    }
    candidate = {"id": 1, "first_name": "Ada", "last_name": "Byron", "custom_fields": fields}
    body = json.dumps({"action": "update_candidate", "payload": {"candidate": candidate}}).encode()
    signature = hmac.new(b"hush", body, hashlib.sha256).hexdigest()
    provider = Greenhouse(Access(credentials={}, client=Client(), wants_eeo=wants_eeo))
    (heard,) = provider.hear({"signature": f"sha256 {signature}"}, body, "hush").heard
    return heard.change


def bullhorn(wants_eeo):
    row = {"id": 1, "name": "Ada Byron", "customText1": "secret", "customText2": "Nights"}
    return _bullhorn_records.person(row, {"customText1": "Etnia", "customText2": "Shift"}, wants_eeo=wants_eeo)


def odoo(wants_eeo):
    row = {"id": 1, "partner_name": "Ada Byron", "x_handicap": "secret", "x_shift": "Nights"}
    return _odoo_records.person(row, {}, {"x_handicap": "Situation", "x_shift": "Shift"}, wants_eeo=wants_eeo)


def lever(wants_eeo):
    questions = [{"text": "Your religion?", "value": "secret"}, {"text": "Shift", "value": "Nights"}]
    applied = [{"id": "o", "applications": [{"customQuestions": [{"text": "More", "fields": questions}]}]}]
    chosen = ("Your religion?", "Shift")
    return _lever_records.person({"id": "c", "name": "Ada"}, applied, wants_eeo=wants_eeo, wanted=chosen)


def workable(wants_eeo):
    answers = [
        {"question": {"body": "Identité de genre"}, "answer": {"body": "secret"}},
        {"question": {"body": "Shift"}, "answer": {"body": "Nights"}},
    ]
    row = {"id": "w", "name": "Ada", "answers": answers}
    return _workable_records.person(row, wants_eeo=wants_eeo, wanted=("Identité de genre", "Shift"))


def generic(wants_eeo):
    fields = {"id": "$.id", "name": "$.name", "custom.Geslacht": "$.more.box", "custom.Shift": "$.more.shift"}
    mapping = read_mapping(json.dumps({"lists": {"person": {"path": "/people", "fields": fields}}}))
    row = {"id": "1", "name": "Ada", "more": {"box": "secret", "shift": "Nights", "veteranStatus": "secret too"}}
    return record(Kind.PERSON, mapping.lists[Kind.PERSON], row, wants_eeo=wants_eeo)


@pytest.mark.parametrize("provider", [ashby, greenhouse, bullhorn, odoo, lever, workable, generic])
def test_own_field_on_equal_opportunity_comes_in_only_when_it_is_wanted(provider):
    person = provider(wants_eeo=False)
    assert list(person.called.values()) == ["Shift"]
    assert list(person.fields.custom.values()) == ["Nights"]
    assert "secret" not in repr(person)
    wanted = provider(wants_eeo=True)
    assert sorted(wanted.fields.custom.values()) == ["Nights", "secret"]
