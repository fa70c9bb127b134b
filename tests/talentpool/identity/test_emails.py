import pytest

from talentpool.identity.emails import clean_email, email_key


@pytest.mark.parametrize(
    ("text", "clean", "key"),
    [
        ("Ada.Lovelace+jobs@GoogleMail.com", "ada.lovelace+jobs@googlemail.com", "adalovelace@gmail.com"),
        (" <a.d.a@gmail.com> ", "a.d.a@gmail.com", "ada@gmail.com"),
        ("mailto:Ada@Example.org", "ada@example.org", "ada@example.org"),
        ("ada.l+x@outlook.com", "ada.l+x@outlook.com", "ada.l@outlook.com"),
        ("ada-list@yahoo.com", "ada-list@yahoo.com", "ada@yahoo.com"),
        ("ada-list@example.org", "ada-list@example.org", "ada-list@example.org"),
        ("ada+list@example.org", "ada+list@example.org", "ada+list@example.org"),
        ("ada+x@me.com", "ada+x@me.com", "ada@icloud.com"),
        ("ada_love-lace@pm.me", "ada_love-lace@pm.me", "adalovelace@proton.me"),
        ("ada@bücher.example", "ada@xn--bcher-kva.example", "ada@xn--bcher-kva.example"),
        ("ADA@EXAMPLE.ORG.", "ada@example.org", "ada@example.org"),
        ("josé@example.org", "josé@example.org", "josé@example.org"),
        ("info@example.org", "info@example.org", ""),
        ("Jobs2@example.org", "jobs2@example.org", ""),
        ("no-reply+17@example.org", "no-reply+17@example.org", ""),
        ("ada", "", ""),
        ("ada@localhost", "", ""),
        ("a..b@example.org", "", ""),
        (".ada@example.org", "", ""),
        ("ada@-example.org", "", ""),
        ("ada lovelace@example.org", "", ""),
        ("ada@exa\u0000mple.org", "", ""),
        ("ada@" + "ü" * 80 + ".org", "", ""),
        ("", "", ""),
    ],
)
def test_email_is_cleaned_and_becomes_the_key_of_its_mailbox(text, clean, key):
    assert (clean_email(text), email_key(text)) == (clean, key)
