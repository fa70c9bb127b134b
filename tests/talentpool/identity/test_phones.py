import pytest

from talentpool.identity.phones import clean_phone, phone_key, shown_phone


@pytest.mark.parametrize(
    ("text", "region", "clean", "key"),
    [
        ("(559) 555-0142", "US", "+15595550142", "+15595550142"),
        ("+1 559 555 0142", "", "+15595550142", "+15595550142"),
        ("0171 1234567", "de", "+491711234567", "+491711234567"),
        ("0049 171 1234567", "DE", "+491711234567", "+491711234567"),
        ("020 7946 0018", "GB", "+442079460018", "+442079460018"),
        ("559 555 0142 ext. 7", "US", "+15595550142;ext=7", ""),
        ("1-800-555-0199", "US", "+18005550199", ""),
        ("000 000 0000", "US", "+10000000000", ""),
        ("559 555 0142", "", "", ""),
        ("12", "US", "", ""),
        ("call me", "US", "", ""),
        ("", "", "", ""),
    ],
)
def test_phone_is_read_in_its_country_and_becomes_a_key(text, region, clean, key):
    assert (clean_phone(text, region), phone_key(text, region)) == (clean, key)


def test_phone_is_shown_as_people_write_it():
    assert [shown_phone(text) for text in ("+15595550142", "+491711234567", "unknown")] == [
        "+1 559-555-0142",
        "+49 171 1234567",
        "unknown",
    ]
