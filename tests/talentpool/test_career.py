from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from talentpool.career import Span, length_in_words, month_of, period_in_words, picture, years_of_work

TODAY = date(2026, 11, 22)
NURSE = [
    Span("study", "BSc Nursing, CSU Fresno", "2011", "2015"),
    Span("work", "Staff Nurse", "2015-06", "2018-01"),
    Span("work", "Registered Nurse, ICU", "2018-09", "2022-02"),
    Span("work", "Charge Nurse, ICU", "2022-03", "", current=True),
]


def bars(spans, **kwargs):
    drawn = picture(spans, today=TODAY, **kwargs)
    return [(b.kind, b.text, b.y) for b in drawn.bars]


def test_picture_shows_study_above_work_and_the_gap_between_posts():
    drawn = picture(NURSE, today=TODAY)
    assert [(b.kind, b.text, b.y, b.title) for b in drawn.bars] == [
        ("study", "BSc Nursing, CSU Fresno", 2, "BSc Nursing, CSU Fresno, 2011 – 2015"),
        ("work", "Staff Nurse", 26, "Staff Nurse, Jun 2015 – Jan 2018"),
        ("work", "Registered Nurse, ICU", 26, "Registered Nurse, ICU, Sep 2018 – Feb 2022"),
        ("work", "Charge Nurse, ICU", 26, "Charge Nurse, ICU, Mar 2022 – today"),
        ("gap", "", 26, "Nothing known, 2018"),
    ]
    assert drawn.label == "Career from 2011 to today: 1 course of study, 3 posts, a gap in 2018"
    assert [t.label for t in drawn.ticks] == ["2011", "2013", "2015", "2017", "2019", "2021", "2023", "2025"]
    assert (drawn.width, drawn.height, drawn.left_out) == (720, 72, 0)


def test_picture_follows_time_from_left_to_right():
    drawn = picture(NURSE, today=TODAY)
    *known, gap = drawn.bars
    assert [b.x for b in known] == sorted(b.x for b in known)
    assert known[0].x == 20
    assert known[-1].x + known[-1].width == pytest.approx(698, abs=3)
    assert known[1].x + known[1].width < gap.x < gap.x + gap.width < known[2].x


@pytest.mark.parametrize(
    "span",
    [
        Span("work", "No dates"),
        Span("work", "Now, since nobody knows when", current=True),
        Span("work", "Nonsense", "soon", "Q3 2019"),
        Span("work", "No month 13", "2019-13", "2019-00"),
        Span("work", "Before all", "1850", "1900"),
        Span("work", "Far off", "2099", "2100"),
    ],
)
def test_picture_draws_nothing_of_what_has_no_believable_date(span):
    assert picture([span], today=TODAY) is None
    assert picture([], today=TODAY) is None


def test_picture_keeps_posts_that_share_a_month_in_one_row():
    changed = [Span("work", "A", "2018-01", "2020-06"), Span("work", "B", "2020-06", "2024-06")]
    drawn = picture(changed, today=TODAY)
    assert [b.y for b in drawn.bars] == [2, 2]
    assert drawn.bars[0].x + drawn.bars[0].width <= drawn.bars[1].x


def test_picture_draws_one_known_date_as_a_short_bar():
    assert bars([Span("work", "Since", "2019"), Span("work", "Until", "", "2024-05")]) == [
        ("work", "", 2),
        ("work", "Until", 2),
        ("gap", "", 2),
    ]


def test_picture_turns_swapped_dates_round():
    assert picture([Span("work", "Swapped", "2022", "2018")], today=TODAY).label == "Career from 2018 to 2021: 1 post"


def test_picture_shows_an_expected_degree_but_not_the_year_2099():
    expected = picture([Span("study", "MSc", "2025", "2028")], today=TODAY)
    endless = picture([Span("study", "MSc", "2025", "2099")], today=TODAY)
    assert expected.label == "Career from 2025 to 2027: 1 course of study"
    assert endless.label == "Career from 2025 to 2031: 1 course of study"
    assert all(b.x + b.width <= 700 for b in (*expected.bars, *endless.bars))


def test_picture_puts_posts_side_by_side_in_rows_and_counts_what_finds_no_room():
    side_by_side = [Span("work", f"Board seat {n}", "2010", "2020") for n in range(40)]
    drawn = picture(side_by_side, today=TODAY)
    assert [b.y for b in drawn.bars] == [2, 26, 50]
    assert drawn.left_out == 37


def test_picture_of_forty_posts_in_a_row_stays_one_row_and_drops_words_that_do_not_fit():
    one_a_season = [
        Span(
            "work",
            f"Deckhand on trawler {n}",
            f"{1990 + n // 2}-{1 + n % 2 * 6:02}",
            f"{1990 + n // 2}-{6 + n % 2 * 6:02}",
        )
        for n in range(40)
    ]
    drawn = picture(one_a_season, today=TODAY)
    assert {b.y for b in drawn.bars} == {2}
    assert [b.text for b in drawn.bars] == [""] * 40
    assert drawn.bars[39].title == "Deckhand on trawler 39, Jul 2009 – Dec 2009"


def test_picture_shortens_long_words_to_their_bar():
    (bar,) = picture([Span("work", "Clinical Nurse III with a very long title " * 9, "2020", "2024")], today=TODAY).bars
    assert bar.text.endswith("…")
    assert len(bar.text) * 6 < bar.width


@given(
    st.lists(
        st.builds(
            Span,
            st.sampled_from(["work", "study"]),
            st.text(max_size=60),
            st.sampled_from(["", "2001", "2020-02", "1999-12-31", "9999", "0000", "20x1", "2031-01"]),
            st.sampled_from(["", "2001", "2020-02", "1999-12-31", "9999", "0000", "-", "2031-01"]),
            st.booleans(),
        ),
        max_size=50,
    ),
    st.sampled_from([340, 720]),
)
def test_picture_keeps_every_bar_inside_its_frame(spans, width):
    drawn = picture(spans, today=TODAY, width=width)
    if drawn is not None:
        assert all(b.x >= 20 and b.x + b.width <= width - 15 and b.y + 20 <= drawn.axis_y for b in drawn.bars)
        assert 1 <= len(drawn.ticks) <= 10


@pytest.mark.parametrize(
    ("start", "end", "current", "words"),
    [
        ("2022-03", "", True, "Mar 2022 – today"),
        ("2018-09", "2022-02-28", False, "Sep 2018 – Feb 2022"),
        ("2011", "2015", False, "2011 – 2015"),
        ("2011", "2011", False, "2011"),
        ("2011", "", False, "from 2011"),
        ("", "2015", False, "until 2015"),
        ("", "", False, "dates unknown"),
        ("", "", True, "today"),
        ("summer 2012", "autumn", False, "summer 2012 – autumn"),
    ],
)
def test_period_in_words_says_what_is_known(start, end, current, words):
    assert period_in_words(start, end, current=current) == words


@pytest.mark.parametrize(
    ("start", "end", "current", "words"),
    [
        ("2022-03", "", True, "4 yr 9 mo"),
        ("2018-09", "2022-02", False, "3 yr 6 mo"),
        ("2020-01", "2020-12", False, "1 yr"),
        ("2020-05", "2020-05", False, "1 mo"),
        ("2011", "2015", False, "4 yr"),
        ("2011", "2011", False, ""),
        ("2015", "2011", False, ""),
        ("", "2011", False, ""),
        ("soon", "later", False, ""),
    ],
)
def test_length_in_words_is_as_exact_as_the_dates(start, end, current, words):
    assert length_in_words(start, end, current=current, today=TODAY) == words


def test_years_of_work_counts_side_by_side_posts_once_and_no_future():
    assert years_of_work(NURSE, TODAY) == 10
    assert years_of_work([*NURSE, *NURSE, Span("work", "Next", "2028", "2030")], TODAY) == 10


def test_month_of_reads_only_dates():
    assert [month_of(t) for t in ("2020", "2020-02", "2020-02-31", "", "20", "²020", "2020-1x", "0000")] == [
        24240,
        24241,
        24241,
        None,
        None,
        None,
        None,
        None,
    ]
