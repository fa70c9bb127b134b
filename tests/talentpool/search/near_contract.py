"""People around a town. Each engine's own test file makes a class of it, and the judge must say the same."""

from talentpool.models import Candidate
from talentpool.search.find import SearchRequest
from talentpool.search.index.outbox import drain
from tests.talentpool.search.engine_contract import names
from tests.talentpool.search.facts_contract import reasons_of
from tests.talentpool.search.judge_contract import judged, subjects
from tests.talentpool.search.people import person

LIVE = {
    "Ann": ("Round Rock, TX", ""),
    "Ben": ("Austin, Texas, United States", "US"),
    "Cyd": ("Houston TX 77002", ""),
    "Dee": ("Austin, MN", ""),
    "Eva": ("Paris", "FR"),
    "Fay": ("Paris", "US"),
    "Gil": ("Springfield, IL 62701", ""),
    "Hal": ("Springfield, MO", ""),
    "Ida": ("3511 AB Utrecht, Nederland", "NL"),
    "Jan": ("Amersfoort", "NL"),
    "Kim": ("Hilversum / Berlin", ""),
    "Lou": ("Remote", ""),
    "Mia": ("", "US"),
    "Nat": ("München, Bayern", ""),
    "Ole": ("Suva", "FJ"),
}
AROUND = {
    'near:"Austin, TX" 50mi': ["Ann", "Ben"],
    "near:Austin, TX 50mi": ["Ann", "Ben"],
    "near:austin 10 miles": ["Ben"],
    'near:"Austin, TX" 450km': ["Ann", "Ben", "Cyd", "Fay"],
    "near:Austin Minnesota": ["Dee"],
    "near:Paris 20km": ["Eva"],
    'near:"Paris, TX"': ["Fay"],
    'near:"Springfield, IL" 50mi': ["Gil"],
    'near:"Springfield, MO" 50mi': ["Hal"],
    "near:Utrecht 30km": ["Ida", "Jan", "Kim"],
    "near:Utrecht 10km": ["Ida"],
    "near:Springfield 20mi": ["Hal"],
    "near:Utrecht": ["Ida", "Jan", "Kim"],
    "near:Munich, Germany 5km": ["Nat"],
    'near:"München" 5km OR near:Utrecht 10km': ["Ida", "Nat"],
    "near:Utrecht 30km -near:Utrecht 10km": ["Jan", "Kim"],
    'near:"Nadi, Fiji" 200km': ["Ole"],
    "near:Berlin 100km": [],
}


class NearContract:
    def test_people_around_a_town_are_found(self, tenant):
        for name, (location, country) in LIVE.items():
            person(name, location=location, country=country)
        drain()
        assert {text: sorted(names(text)) for text in AROUND} == AROUND
        people, by_id = subjects(), dict(Candidate.objects.values_list("pk", "name"))
        assert {text: sorted(by_id[pk] for pk in judged(SearchRequest(text), people)) for text in AROUND} == AROUND
        assert reasons_of('near:"Austin, TX" 50mi') == [
            [("Location", "Austin, Texas, United States")],
            [("Location", "Round Rock, TX, 17 mi from Austin, TX")],
        ]
        assert reasons_of("near:Utrecht 30km -near:Utrecht 18km") == [
            [("Location", "Amersfoort, 19 km from Utrecht, Netherlands")]
        ]
        Candidate.objects.filter(name="Ann").update(location="Austin, MN")
        drain()
        assert sorted(names("near:austin,mn 5km")) == ["Ann", "Dee"]
