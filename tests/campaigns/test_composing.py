"""From Markdown and merge fields to the bytes of a message: what leaves is what was meant, whatever values hold."""

import email
import email.policy
import re

import pytest
from django.core.exceptions import ValidationError
from hypothesis import example, given, settings
from hypothesis import strategies as st

from campaigns.composing.encoding import header_text, quoted_slot
from campaigns.composing.letter import Content, Organisation, compose
from campaigns.composing.merge_fields import usage
from campaigns.composing.skeleton import Headers, Recipient, Skeleton

ACME = Organisation(
    "Acme “Health” & {{ Co }}", "410 Oak Street\nFresno, CA", "Mara Okafor", "en", "https://crm.example.test/"
)
HEADERS = Headers(
    "Mára Okafor",
    "mara@jobs.example",
    "reply@jobs.example",
    "Acme “Health”",
    "campaigns.acme.example",
    "c1:t1",
    "mail.example",
    ACME.address,
)
NASTY = [
    "Anna", "Jürgen", "小明", "O'Brien", "Bob & <b>", ".", "..", ".dot", "a\r\nBcc: x@y.z", "x" * 300, "é" * 90, "=3D", "", " ", "tab\there",
    "\u2028ls", "a=?utf-8?q?x?=", "小" * 40, "😀" * 30, "{{ city }}", "a\n.\nb", "\u202eright to left", "\x00", "{% if %}", "--=_rapport--",
]  # fmt: skip
WHOLE = Content(
    subject='{{ first_name | default: "Hello" }}, a post near {{ city }}{% if employer %} ({{ employer | upcase }}){% endif %}',
    preheader="Night shifts & more, {{ city }}",
    body="""# Hi {{ first_name | default: "you & <me>" }}

Two *years* ago_x_ you, **{{ job_title }}**, came second & <b>raw</b> {% if employer %}at {{ employer | upcase }}{% endif %}.

{% if city == "Berlin" %}

Only for Berlin.

{% endif %}

- one {{ city }}
- two [x](https://a.example/c?d=e&f=g_h_i)
  - nested

> quote
> .dot

**[See the post](https://a.example/c?d=e&f=g_h_i)**

`code "{{ city }}"` <https://auto.example/x> mail <mailto:a@b.example>

.leading dot {{ "{{" }} and {% raw %}{{ not a field }}{% endraw %}

--=_rapport--
""",
)


def composed(body, subject="Hello", preheader=""):
    return compose(Content(subject, body, preheader), ACME)


def test_message_parses_without_defects_and_equals_a_full_liquid_render():
    letter = compose(WHOLE, ACME)
    skeleton = Skeleton(letter, HEADERS)
    for i in range(400):
        values = {
            name: NASTY[(i * step + step) % len(NASTY)]
            for name, step in (
                ("first_name", 1),
                ("city", 7),
                ("job_title", 5),
                ("employer", 11),
                ("last_name", 3),
                ("full_name", 2),
            )
        }
        raw = skeleton.build(Recipient(f"p{i}@x.example", f"token{i}", values))
        check_equals_render(raw, letter, values, f"token{i}", f"p{i}@x.example")


@settings(max_examples=150)
@given(
    values=st.fixed_dictionaries(
        {name: st.one_of(st.none(), st.text(max_size=120)) for name in ("first_name", "city", "job_title", "employer")}
    )
)
def test_message_equals_a_full_liquid_render_for_any_values(values):
    values = {name: value and value.encode("utf-8", "ignore").decode() for name, value in values.items()}
    letter = compose(WHOLE, ACME)
    raw = Skeleton(letter, HEADERS).build(Recipient("p@x.example", "token", values))
    check_equals_render(raw, letter, values, "token", "p@x.example")


def check_equals_render(raw, letter, values, token, address):
    assert raw.isascii()
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert b"\r" not in raw.replace(b"\r\n", b"")
    lines = raw.split(b"\r\n")
    assert [line for line in lines if len(line) > 78 or line.startswith(b".")] == []
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert message.defects == []
    assert [name.lower() for name in message] == [
        "from", "reply-to", "list-id", "feedback-id", "mime-version", "content-type", "list-unsubscribe-post", "date", "message-id", "to", "subject",
        "list-unsubscribe",
    ]  # fmt: skip
    text, html = message.get_payload()
    rendered = letter.rendered(values, token=token)
    assert text.get_payload(decode=True) == crlf(rendered.text)
    assert html.get_payload(decode=True) == crlf(rendered.html)
    assert (text.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert " ".join(message["subject"].split()) == " ".join(rendered.subject.split())
    assert message["to"] == address
    assert message["from"] == "Mára Okafor <mara@jobs.example>"
    assert message["list-id"] == "Acme “Health” <campaigns.acme.example>"
    assert message["list-unsubscribe"] == f"<https://crm.example.test/t/{token}/unsubscribe>"
    assert message["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"
    assert message["message-id"] == f"<{token}@mail.example>"


def crlf(text):
    return re.sub(r"\r\n|\r|\n", "\r\n", text).encode()


def test_letter_carries_what_the_law_asks_for():
    letter = composed("Hello")
    rendered = letter.rendered({}, token="T")
    for part in (rendered.text, rendered.html):
        assert "410 Oak Street, Fresno, CA" in part
        assert "https://crm.example.test/t/T/unsubscribe" in part
    assert rendered.text == (
        "Hello\n\n-- \nAcme “Health” & {{ Co }}\n410 Oak Street, Fresno, CA\n"
        "You get this because we keep your details for jobs that may suit you.\n"
        "Unsubscribe: https://crm.example.test/t/T/unsubscribe\n"
    )
    assert "Acme “Health” &amp; {{ Co }}" in rendered.html
    assert 'src="https://crm.example.test/t/T/open.gif"' in rendered.html
    assert 'href="https://crm.example.test/t/T/0"' in rendered.html
    assert "fonts.googleapis.com" not in rendered.html


def test_letter_numbers_its_links_and_counts_the_same_address_once():
    letter = composed(
        "[a](https://a.example/?x={y}) [b](https://b.example) [c](https://a.example/?x={y}) [d](mailto:x@y.example)"
    )
    assert letter.links == ("https://a.example/?x=%7By%7D", "https://b.example")
    assert re.findall(r"/t/T/[1-9]", letter.rendered({}, token="T").html) == ["/t/T/1", "/t/T/2", "/t/T/1"]


def test_letter_shows_raw_html_and_never_obeys_it():
    html = (
        composed('<script>alert(1)</script> <img src=x onerror=y> [x](javascript:alert(1)) {{ "<b>" }}')
        .rendered({}, token="T")
        .html
    )
    assert "<script" not in html
    assert "<img src=x" not in html
    assert "javascript:alert(1)" in html  # as words, not as a link
    assert 'href="javascript' not in html
    assert "&lt;b&gt;" in html


def test_condition_between_paragraphs_leaves_none_empty():
    rendered = composed("{% if city %}\n\nIn {{ city }}\n\n{% endif %}\n\nEnd")
    assert re.findall(r"<p[^>]*>([^<]*)</p>", rendered.rendered({"city": None}, token="T").html) == ["End"]
    assert re.findall(r"<p[^>]*>([^<]*)</p>", rendered.rendered({"city": "Wien"}, token="T").html) == ["In Wien", "End"]


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("Hi\n{{ name }}", "There is no merge field “name” (line 2, character 4). You can use: first_name, last_name, full_name, job_title, employer, city, work_wanted, places_wanted, expected_pay, available, organisation, sender_name."),
        ("{{ first_name.real }}", "There is no merge field “first_name.real” (line 1, character 4). You can use: first_name, last_name, full_name, job_title, employer, city, work_wanted, places_wanted, expected_pay, available, organisation, sender_name."),
        ("{{ city | dance }}", "There is no filter “dance” (line 1, character 11). You can use: capitalize, default, downcase, squish, strip, truncate, truncatewords, upcase."),
        ("{% for x in (1..9) %}{% endfor %}", "A merge field can’t be read (line 1, character 4): unexpected tag “for”."),
        ("{{ first_name", "A merge field can’t be read (line 1, character 1): expected “}}”, found end of file."),
        ("{% if city %}", "A merge field can’t be read: expected tag endif, found end of expression."),
        ("[x](/jobs)", "The link “/jobs” needs its whole address, such as https://example.com/jobs."),
        ("[x](https://a.example/{{ city }})", "A link’s address can’t contain a merge field. Put the field into the link’s words."),
        ("![x](http://a.example/p.png)", "The picture “http://a.example/p.png” needs an address that begins with https://."),
    ],
)  # fmt: skip
def test_letter_that_can_not_be_sent_says_why_and_where(body, sentence):
    with pytest.raises(ValidationError) as refusal:
        composed(body)
    assert refusal.value.message_dict == {"body": [sentence]}


def test_usage_needs_what_has_no_fallback_and_no_condition():
    used = usage(
        '{{ first_name | default: "you" }} {{ city }} {% if employer %}{{ employer }}{% endif %} {{ organisation }}'
        "{% case job_title %}{% when 'RN' %}{{ last_name | upcase }}{% endcase %}"
    )
    assert used.used == {"first_name", "city", "employer", "organisation", "job_title", "last_name"}
    assert used.needed == {"city", "last_name"}


@given(st.text(max_size=300))
def test_header_text_survives_any_words(words):
    words = words.encode("utf-8", "ignore").decode()
    raw = b"Subject: " + header_text(words, name_length=9) + b"\r\n\r\n"
    assert all(len(line) <= 78 for line in raw.split(b"\r\n"))
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert list(message.keys()) == ["Subject"]


@given(st.text(max_size=400))
@example("x" * 76)
def test_slot_comes_back_as_it_was(value):
    value = value.encode("utf-8", "ignore").decode()
    import quopri

    encoded = quoted_slot(value)
    assert quopri.decodestring(encoded.replace(b"\r\n", b"\n")) == value.encode()
    assert all(len(line) <= 75 for line in encoded.split(b"\r\n"))
