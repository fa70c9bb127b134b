import socket

import pytest
from django.test import override_settings

from crm import outgoing
from crm.outgoing import OutgoingError, check_address, fetch, is_public, request
from tests.simulators.web import ENDLESS, Page, WebServer

HERE = override_settings(OUTGOING_ALLOWED_NETWORKS=["127.0.0.0/8"])


@pytest.fixture
def web():
    with WebServer() as server:
        yield server


def ask(url, **options):
    return fetch(url, most_bytes=options.pop("most_bytes", 1000), seconds=options.pop("seconds", 5), **options)


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0"),
        *("224.0.0.1", "255.255.255.255", "240.0.0.1", "198.18.0.1", "192.0.0.192"),
        *("::1", "::", "fe80::1", "fc00::1", "fd00:ec2::254", "ff02::1", "::ffff:127.0.0.1", "::ffff:169.254.169.254"),
        *("64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:0:0:0:0:80ff:fffe"),
    ],
)
def test_addresses_of_private_networks_are_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
def test_addresses_of_the_internet_are_public(address):
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        *(
            "http://127.0.0.1/",
            "http://localhost/",
            "http://2130706433/",
            "http://0x7f.1/",
            "http://[::1]/",
            "http://0/",
        ),
        *("http://[::ffff:127.0.0.1]/", "http://169.254.169.254/latest/meta-data/", "file:///etc/passwd", "ftp://x/"),
        *("gopher://127.0.0.1/", "http:///x", "http://user:pw@example.org/", "http://exa mple.org/", "//example.org/"),
        *("http://127.0.0.1:99999/", "http://[::1", ""),
    ],
)
def test_addresses_that_lead_inside_are_refused(url):
    with pytest.raises(OutgoingError):
        check_address(url)


def test_name_with_one_private_address_is_refused_and_nobody_is_connected(monkeypatch):
    answers = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 80)) for address in ("93.184.215.14", "10.0.0.7")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: answers)
    monkeypatch.setattr(socket, "create_connection", lambda *args, **kwargs: pytest.fail("connected"))
    with pytest.raises(OutgoingError, match="private network"):
        ask("http://rebinding.example/")


@HERE
def test_connection_goes_to_the_address_that_was_checked(web, monkeypatch):
    """A name that answers differently the second time is asked only once."""
    asked = []

    def resolve(host, port, **kwargs):
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1" if len(asked) == 1 else "10.0.0.7", port))]

    monkeypatch.setattr(outgoing.socket, "getaddrinfo", resolve)
    monkeypatch.setattr(outgoing.socket, "create_connection", _real_connection(web.port))
    web.pages["/x"] = Page(b"yes")
    assert ask(f"http://rebinding.example:{web.port}/x").content == b"yes"
    assert asked == ["rebinding.example"]
    assert web.asked[0][1]["Host"] == f"rebinding.example:{web.port}"


def _real_connection(port):
    def connect(address, timeout):
        assert address == ("127.0.0.1", port)
        sock = socket.socket()
        sock.settimeout(timeout)
        sock.connect(address)
        return sock

    return connect


@HERE
def test_redirects_are_checked_like_the_first_address(web):
    web.pages["/out"] = Page(status=302, headers={"Location": "http://169.254.169.254/latest/meta-data/"})
    web.pages["/file"] = Page(status=302, headers={"Location": "file:///etc/passwd"})
    web.pages["/round"] = Page(status=301, headers={"Location": "/round"})
    web.pages["/on"] = Page(status=307, headers={"Location": f"http://localhost:{web.port}/there"})
    web.pages["/there"] = Page(b"here")
    for path in ("/out", "/file", "/round"):
        with pytest.raises(OutgoingError):
            ask(web.url(path))
    answer = ask(web.url("/on"), headers={"Authorization": "Bearer x", "X-Api-Key": "y", "accept": "text/csv"})
    assert answer.content == b"here"
    there = {name.lower(): value for name, value in web.asked[-1][1].items()}
    assert there == {
        "host": f"localhost:{web.port}",
        "accept-encoding": "identity",
        "user-agent": "Rapport",
        "accept": "text/csv",
    }


@HERE
def test_body_is_limited_in_size_and_time(web):
    web.pages["/endless"] = Page(ENDLESS)
    web.pages["/large"] = Page(b"x" * 2000)
    for path in ("/endless", "/large"):
        with pytest.raises(OutgoingError, match="larger"):
            ask(web.url(path))
    with pytest.raises(OutgoingError, match="too long"):
        ask(web.url("/endless"), most_bytes=2**40, seconds=0.2)


@override_settings(OUTGOING_ALLOWED_NETWORKS=[])
def test_this_machine_is_refused_where_nobody_allowed_it(web):
    with pytest.raises(OutgoingError, match="private network"):
        ask(web.url("/"))
    assert web.asked == []


@HERE
@pytest.mark.parametrize("method", ["POST", "PATCH", "PUT", "DELETE"])
def test_what_changes_something_is_sent_once_and_never_elsewhere(web, method):
    web.pages["/x"] = Page(b"made", 201)
    web.pages["/on"] = Page(status=307, headers={"Location": web.url("/x")})
    web.pages["/wrong"] = Page(b"no such field", 422)
    answers = [
        request(
            method, web.url(path), content=b'{"a": 1}', headers={"Content-Type": "application/json"}, most_bytes=100
        )
        for path in ("/x", "/on", "/wrong")
    ]
    assert [(each.status, each.content) for each in answers] == [(201, b"made"), (307, b""), (422, b"no such field")]
    assert web.sent == [(method, b'{"a": 1}')] * 3
    assert {headers["Content-Type"] for _, headers in web.asked} == {"application/json"}


@HERE
def test_head_is_told_sizes_without_being_refused_for_them(web):
    web.pages["/large"] = Page(b"x" * 2000)
    answer = request("HEAD", web.url("/large"), most_bytes=10)
    assert (answer.status, answer.headers["content-length"], answer.content) == (200, "2000", b"")


@HERE
@pytest.mark.parametrize("key", ["a\r\nX-Evil: 1", "“quoted”"])
def test_key_that_no_header_can_hold_is_refused_with_a_sentence(web, key):
    with pytest.raises(OutgoingError, match="can’t be sent"):
        request("POST", web.url("/x"), headers={"Authorization": key}, most_bytes=10)
    assert web.asked == []
    with pytest.raises(OutgoingError, match="can’t be sent"):
        request("GET /x HTTP/1.1\r\n", web.url("/x"), most_bytes=10)


@override_settings(OUTGOING_ALLOWED_NETWORKS=[])
def test_nothing_is_sent_into_this_machine(web):
    with pytest.raises(OutgoingError, match="private network"):
        request("POST", web.url("/"), content=b"x", most_bytes=10)
    assert web.asked == []
