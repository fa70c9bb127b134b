"""The demo's ATS: made once, found again, and left out where it can't be."""

import socket

from crm.local.demo_ats import demo_ats
from crm.local.home import Home


def home_at(path):
    home = Home(path / "var")
    home._make()
    return home


def test_it_is_made_before_the_demo_and_found_again_after(tmp_path):
    home = home_at(tmp_path)
    made = demo_ats(home)
    assert made.options == [f"--ats={made.url}", f"--ats-address={made.address}", f"--ats-secret={made.secret}"]
    home.folder("postgres")
    home.remember_demo("loaded")
    assert demo_ats(home) == made


def test_a_demo_that_was_loaded_without_one_has_none(tmp_path):
    home = home_at(tmp_path)
    home.folder("postgres")
    home.remember_demo("loaded")
    assert demo_ats(home) is None


def test_what_another_program_has_taken_is_left_to_it(tmp_path):
    home = home_at(tmp_path)
    made = demo_ats(home)
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", made.port))
        other.listen()
        assert demo_ats(home) is None


def test_its_webhook_leads_to_where_rapport_is(tmp_path):
    made = demo_ats(home_at(tmp_path))
    command = made.program("http://127.0.0.1:8001").command
    assert f"--webhook=http://127.0.0.1:8001/webhooks/ats/{made.address}/" in command
