import pytest
from django.core.exceptions import ValidationError

from talentpool.actions.files import add_file, content_of
from talentpool.models import Activity
from talentpool.resumes import stop_reading
from tests.factories.people import make_candidate
from tests.talentpool.resumes import files


@pytest.fixture(autouse=True, scope="module")
def _no_reader_left():
    yield
    stop_reading()


def test_file_of_a_person_is_kept_with_the_text_that_can_be_read(member):
    person = make_candidate("Siobhán O’Connor")
    kept = [
        add_file(person, "cv.pdf", files.pdf(), by=member),
        add_file(person, "locked.pdf", files.protected_pdf(), by=member),
        add_file(person, "photo.png", b"\x89PNG\r\n\x1a\n\x00\x00", by=member),
    ]
    assert [file.candidate == file.origin == person for file in kept] == [True, True, True]
    assert "Halcyon Foods Ltd" in kept[0].text
    assert [file.text for file in kept[1:]] == ["", ""]
    assert content_of(kept[2]) == b"\x89PNG\r\n\x1a\n\x00\x00"
    assert list(Activity.objects.filter(kind="file_added").order_by("pk").values_list("data__name", flat=True)) == [
        "cv.pdf",
        "locked.pdf",
        "photo.png",
    ]


def test_file_that_is_there_already_is_refused(member):
    person = make_candidate()
    add_file(person, "cv.txt", files.txt(), by=member)
    with pytest.raises(ValidationError, match="This file is here already"):
        add_file(person, "again.txt", files.txt(), by=member)
