import random

import pytest

from talentpool.search.language import QueryError, parse, to_text
from talentpool.search.language.ranges import Scale
from talentpool.search.marks import SHORTEST, beginnings, mark, words_of

OWN = {"years": Scale.NUMBER, "shirt_size": None, "start_2": Scale.DAY, "title": None}
SAME = {
    "pay:<60k": "salary:<60k",
    "salary:< 60,000, nurse": "salary:<60,000 nurse",
    "years:>5": "custom.years:>5",
    "CUSTOM.Years:-3": "custom.years:-3",
    "shirt_size:(XL OR L)": "custom.shirt_size:(XL OR L)",
    "start_2:>2026": "custom.start_2:>2026",
    "salary:(<5 OR 7..9) 5": "salary:(<5 OR 7..9) 5",
    "available:2027-01..2027-06": "available:2027-01..2027-06",
    "b2b_x:sales c3:foo": "b2b_x:sales c3:foo",
    "title:x": "title:x",
    "-salary:<5": "-salary:<5",
    "salary:5.. nurse": "salary:5.. nurse",
    "salary:..60k": "salary:..60k",
    "salary:50k+, nurse": "salary:50k+ nurse",
    "changed:<90D": "updated:<90D",
    "contacted:(never OR >2weeks)": "contacted:(never OR >2weeks)",
    "experience: 5..10": "experience:5..10",
}
REFUSED = {
    "salary:<abc": "At character 8: “abc” is no number. Write it such as salary:<60000 or salary:5..9.",
    "available:>2027-13": "At character 11: “2027-13” is no date. "
    "Write it such as available:<2027-01 or available:2027-01..2027-06.",
    "custom.nope:x": "At character 1: there is no field “custom.nope:”.",
    "yeers:5": "At character 1: there is no field “yeers:”. Did you mean years:?",
}


def test_ranges_and_own_fields_are_read_and_printed():
    assert {text: to_text(parse(text, OWN)) for text in SAME} == SAME
    assert all(parse(to_text(parse(text, OWN)), OWN) == parse(text, OWN) for text in SAME)


def test_what_is_no_range_is_refused_with_a_sentence():
    for text, sentence in REFUSED.items():
        with pytest.raises(QueryError) as refused:
            parse(text, OWN)
        assert refused.value.message.startswith(sentence)


def test_marks_of_a_range_begin_as_no_others_do():
    chance = random.Random(3)
    for _ in range(200):
        low, high = sorted(chance.sample(range(-(10**12), 10**12), 2))
        starts = tuple(beginnings(low, high))
        assert len(starts) < 240
        inside = (low, high, (low + high) // 2)
        assert all(mark(each).startswith(starts) for each in inside)
        assert not any(mark(each).startswith(starts) for each in (low - 1, high + 1))
    assert all(mark(each).startswith(tuple(beginnings(None, None))) for each in (-(10**13), 0, 10**13))
    assert list(beginnings(5, 4)) == []


def test_number_is_in_a_range_by_a_word_of_its_own_or_as_it_begins():
    chance = random.Random(5)
    for _ in range(300):
        low, high = sorted(chance.sample(range(-2_000_000, 12_000_000), 2))
        starts = list(beginnings(low, high))
        for number in (low - 1, low, chance.randint(low, high), high, high + 1):
            kept = set(words_of(number))
            found = any(start in kept if len(start) >= SHORTEST else mark(number).startswith(start) for start in starts)
            assert (number, found) == (number, low <= number <= high)
