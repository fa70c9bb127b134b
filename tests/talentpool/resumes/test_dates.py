import pytest

from talentpool.resumes.dates import ranges


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("March 2019 – Present", [((2019, 3), None, True)]),
        ("03/2019 - 11/2021", [((2019, 3), (2021, 11), False)]),
        ("2016-03 to 2019-07", [((2016, 3), (2019, 7), False)]),
        ("seit 04.2020", [((2020, 4), None, True)]),
        ("janv. 2018 à déc. 2019", [((2018, 1), (2019, 12), False)]),
        ("enero de 2017 - actualidad", [((2017, 1), None, True)]),
        ("Jan - Mar 2019", [((2019, 1), (2019, 3), False)]),
        ("2015–2018", [((2015, None), (2018, None), False)]),
        ("Sep '18 – Feb '20", [((2018, 9), (2020, 2), False)]),
        ("August 2020 –", [((2020, 8), None, True)]),
        ("2019", []),
        ("We have worked with Germany since 2019.", []),
        ("2021 – 2018", []),
        ("ada2015-2018@example.org", []),
    ],
)
def test_ranges_read_what_people_write(text, meant):
    assert [(found.start, found.end, found.current) for found in ranges(text)] == meant
