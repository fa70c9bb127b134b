import random

import pytest

from talentpool.vocabulary import geography
from talentpool.vocabulary.cells import cell_of, kilometres, middle_of
from talentpool.vocabulary.geography import cells_within, names_like, town_of, towns_beginning, towns_meant

MEANT = {
    "Austin, TX": "Austin, TX",
    "austin texas": "Austin, TX",
    "Austin": "Austin, TX",
    "Austin, MN": "Austin, MN",
    "Paris": "Paris, France",
    "Paris, Texas, USA": "Paris, TX",
    "Springfield, IL": "Springfield, IL",
    "Springfield, MO": "Springfield, MO",
    "Cambridge, UK": "Cambridge, United Kingdom",
    "Cambridge, MA": "Cambridge, MA",
    "London, Ontario": "London, ON",
    "München, Bayern": "Munich, Germany",
    "Frankfurt am Main, Hesse, Germany": "Frankfurt am Main, Germany",
    "Lodz, Polska": "Łódź, Poland",
    "St. Louis, MO": "St. Louis, MO",
    "Milano, Lombardia": "Milan, Italy",
    "Austin, Ohio": None,
    "Xyzzy": None,
    "": None,
}
LIVED_IN = {
    "Greater Austin Area": "Austin, TX",
    "Downtown, Austin, TX": "Austin, TX",
    "10115 Berlin": "Berlin, Germany",
    "3511 AB Utrecht, Nederland": "Utrecht, Netherlands",
    "Springfield, IL 62701": "Springfield, IL",
    "Hamburg / Berlin": "Hamburg, Germany",
    "San Francisco Bay Area": "San Francisco, CA",
    "NYC": "New York City, NY",
    "Utrecht": "Utrecht, Netherlands",
    "Texas": None,
    "Georgia": None,
    "California": None,  # a town in Maryland, too
    "Germany": None,
    "Remote": None,
    "": None,
}


def test_a_text_means_the_largest_town_of_its_name_and_region():
    found = {text: next((town.label for town in towns_meant(text)), None) for text in MEANT}
    assert found == MEANT


def test_a_location_says_in_which_town_somebody_lives():
    found = {text: (town.label if (town := town_of(text)) else None) for text in LIVED_IN}
    assert found == LIVED_IN
    assert [town_of("Paris", country).label for country in ("US", "CA", "")] == [
        "Paris, TX",
        "Paris, ON",
        "Paris, France",
    ]
    assert town_of("Paris", "DE") is None


def test_names_like_a_wrong_one_are_proposed():
    assert names_like("Austin, OH") == ["Austin, TX", "Austin, MN"]
    assert names_like("Utrect")[0] == "Utrecht, Netherlands"
    assert names_like("Q") == names_like("") == []


def test_a_place_lies_in_its_cell():
    chance = random.Random(1)
    for _ in range(300):
        place = chance.uniform(-90, 90), chance.uniform(-180, 180)
        assert kilometres(place, middle_of(cell_of(*place))) < 0.05
    assert kilometres((30.27, -97.74), (29.76, -95.37)) == pytest.approx(235, abs=1)
    assert kilometres((0, 179.5), (0, -179.5)) == pytest.approx(111.2, abs=0.1)


@pytest.mark.parametrize(("name", "km"), [("London", 20), ("Austin, TX", 80), ("Suva", 400), ("Reykjavik", 300)])
def test_the_cells_of_a_radius_hold_its_towns_and_no_others(name, km):
    town = towns_meant(name)[0]
    beginnings = cells_within(town.cell, km * 1000)
    near = {cell: kilometres(town.place, middle_of(cell)) <= km for cell in geography._towns().cells}
    assert {cell: f"{cell:012d}".startswith(beginnings) for cell in near} == near
    assert len(beginnings) < 100


def test_towns_are_offered_by_their_beginning_the_largest_first():
    assert towns_beginning("fresn", 2) == ["Fresno, CA", "Fresnillo, Mexico"]
    assert towns_beginning("münche", 1) == towns_beginning("Munche", 1) == ["Munich, Germany"]
    assert towns_beginning("a", 3) == towns_beginning("", 3) == towns_beginning("zzzzzz", 3) == []
