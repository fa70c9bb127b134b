import pytest

from talentpool.identity.links import clean_link, comparable_linkedin, link_key, same_page


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("https://www.linkedin.com/in/Ada-Lovelace/", "linkedin:ada-lovelace"),
        ("de.linkedin.com/in/ada-lovelace/en?trk=public", "linkedin:ada-lovelace"),
        ("http://pt-br.linkedin.com/mwlite/in/ada-lovelace", "linkedin:ada-lovelace"),
        ("https://linkedin.com/in/j%C3%B6rg-m#about", "linkedin:jörg-m"),
        ("https://linkedin.com/company/acme", ""),
        ("github.com/Ada", "github:ada"),
        ("https://github.com/ada?tab=repositories", "github:ada"),
        ("https://ada.github.io/", "github:ada"),
        ("https://github.com/ada/engine", ""),
        ("https://github.com/features", ""),
        ("https://www.xing.com/profile/Ada_Lovelace/cv", "xing:ada_lovelace"),
        ("https://stackoverflow.com/users/22656/jon-skeet", "stackoverflow:22656"),
        ("https://mobile.twitter.com/ada", "x:ada"),
        ("https://x.com/Ada/", "x:ada"),
        ("https://x.com/ada/status/12", ""),
        ("https://m.facebook.com/profile.php?id=42", "facebook:42"),
        ("https://www.facebook.com/profile.php", ""),
        ("https://orcid.org/0000-0002-1825-0097", "orcid:0000-0002-1825-0097"),
        ("https://ada.example", ""),
        ("not a link", ""),
        ("javascript:alert(1)", ""),
        ("http://[::1", ""),
        ("https://linkedin.com:x/in/ada", ""),
        ("", ""),
    ],
)
def test_link_becomes_a_key_where_it_names_one_account(text, key):
    assert link_key(text) == key


def test_link_is_cleaned_of_what_a_browser_should_not_follow():
    assert [clean_link(text) for text in ("Ada.Example/Work/#top", "ftp://ada.example", "data:text/html,x", "ada")] == [
        "https://ada.example/Work",
        "",
        "",
        "",
    ]


def test_two_spellings_of_a_page_are_one_page():
    spellings = ("http://www.ada.example/", "ada.example", "https://ada.example#me")
    assert {same_page(text) for text in spellings} == {"ada.example"}


def test_linkedin_numbers_are_not_compared_with_names():
    assert [comparable_linkedin(f"linkedin.com/in/{name}") for name in ("ada", "ACoAAB1x")] == ["ada", ""]
