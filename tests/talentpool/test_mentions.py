from talentpool.mentions import Mentionable, marked, mentioned

TEAM = [
    Mentionable(1, "Ann", "ann@acme.example"),
    Mentionable(2, "Ann Lee", "lee@acme.example"),
    Mentionable(3, "Zoë O’Hara", "zoe@acme.example"),
    Mentionable(4, "李 小龍", "li@acme.example"),
    Mentionable(5, "Ann", "ann2@acme.example"),
    Mentionable(6, "", "noname@acme.example"),
]


def test_longest_name_wins_and_addresses_are_names_too():
    text = "@ann lee, ask @ANN and @zoë  o’hara; @li@acme.example knows. cc @李 小龍 @ann2@acme.example"
    assert mentioned(text, TEAM) == {
        2: "@ann lee",
        1: "@ANN",
        3: "@zoë  o’hara",
        4: "@li@acme.example",
        5: "@ann2@acme.example",
    }


def test_addresses_and_longer_words_name_nobody():
    assert mentioned("mail ann@acme.example, @Annabel, x@Ann, @@Ann, @ Ann, @", TEAM) == {}
    assert mentioned("@Ann", []) == {}


def test_marked_text_is_escaped():
    text = '<script>alert(1)</script> @Ann & "@Ann Lee"'
    assert marked(text, ["@Ann", "@Ann Lee", ""]) == (
        '&lt;script&gt;alert(1)&lt;/script&gt; <b class="mention">@Ann</b> &amp; &quot;<b class="mention">@Ann Lee</b>&quot;'
    )
    assert marked("a < b", []) == "a &lt; b"
