"""The command by itself: where no organisation is yet."""

from io import StringIO

from django.core.management import call_command


def test_load_demo_prints_who_may_sign_in(db):
    out = StringIO()
    call_command("load_demo", people=5, stdout=out)
    lines = out.getvalue().splitlines()
    assert lines[0].startswith("St. Brendan Health: ")
    assert lines[1].startswith("Sign in with the password ")
    assert [line.split()[0] for line in lines[2:]] == [
        f"{part}@demo.example"
        for part in ["mara", "ingrid", "tom", "priya", "lucia", "samuel", "hana", "joe", "iris", "omar"]
    ]
