from talentpool.person import Education, PersonFields, Position

ADA = PersonFields(
    name="Ada Lovelace",
    emails=("ada@example.org",),
    positions=(Position("Analytical Engines", "Programmer", "1842", "", current=True),),
    education=(Education("Home", area="Mathematics"),),
    skills=("Bernoulli numbers",),
    custom={"shoe size": "38"},
)


def test_person_fields_store_only_what_is_filled():
    assert ADA.to_json() == {
        "name": "Ada Lovelace",
        "emails": ["ada@example.org"],
        "positions": [{"employer": "Analytical Engines", "title": "Programmer", "start": "1842", "current": True}],
        "education": [{"school": "Home", "area": "Mathematics"}],
        "skills": ["Bernoulli numbers"],
        "custom": {"shoe size": "38"},
    }


def test_person_fields_come_back_as_they_went():
    assert PersonFields.from_json(ADA.to_json()) == ADA


def test_person_fields_leave_out_names_of_a_later_version():
    assert PersonFields.from_json(
        {"name": "Ada", "aura": "violet", "positions": [{"title": "Poet", "mood": "blue"}]}
    ) == PersonFields(name="Ada", positions=(Position(title="Poet"),))
