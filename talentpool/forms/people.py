"""Searching, choosing among what was found, and saving the search."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict

from talentpool.models import Tag
from talentpool.search.concepts import Addition
from talentpool.search.engines.base import Sort
from talentpool.search.facets import FACETS
from talentpool.search.find import Facet, SearchRequest
from talentpool.search.language.lexer import LONGEST_QUERY

SORTS: Mapping[Sort, str] = {"relevance": "Best match", "recent": "Most recent", "warmth": "Warmest first"}
MOST_QUERY = LONGEST_QUERY
CARDS = "cards"
MOST_VALUES = 50
MOST_SELECTED = 500


class Values(forms.Field):
    """All values of one name in the address, as they are; what no facet has simply finds nobody."""

    widget = forms.MultipleHiddenInput

    def clean(self, value: Any) -> tuple[str, ...]:
        return tuple(dict.fromkeys(text[:200] for text in value or () if text and "\0" not in text))[:MOST_VALUES]


class Ids(Values):
    """Row ids; what is none is left out."""

    def clean(self, value: Any) -> list[int]:  # type: ignore[override]
        texts = list(value or ())[:MOST_SELECTED]
        return [int(text) for text in texts if text.isascii() and text.isdecimal() and len(text) < 19]


class SearchForm(forms.Form):
    """A search as an address says it. `request` is always a search that can be run, or that says where it can't."""

    q = forms.CharField(max_length=MOST_QUERY, required=False)
    sort = forms.ChoiceField(choices=[*SORTS.items()], required=False)
    after = forms.CharField(max_length=500, required=False)
    exactly = forms.BooleanField(required=False)
    less = Values(required=False)  # other names to do without
    build = forms.BooleanField(required=False)  # the search as conditions, for who does not write Boolean
    # A table with the columns of this set; 0 is a list and “cards” are cards, whatever one begins with.
    columns = forms.RegexField(rf"^(?:\d{{1,18}}|{CARDS})$", required=False)
    begin = forms.CharField(max_length=60, required=False)  # the field of a condition that is begun

    def __init__(self, *args: Any, sees_restricted: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sees_restricted = sees_restricted
        for name in FACETS:
            self.fields[name] = Values(required=False)
        self.full_clean()

    @property
    def text(self) -> str:
        return str(self.cleaned_data.get("q", ""))

    @property
    def facets(self) -> Mapping[str, tuple[str, ...]]:
        return {name: values for name in FACETS if (values := self.cleaned_data.get(name))}

    @property
    def as_typed(self) -> bool:
        return bool(self.cleaned_data.get("exactly"))

    @property
    def left_out(self) -> tuple[str, ...]:
        return tuple(self.cleaned_data.get("less") or ())

    @property
    def sort_by(self) -> Sort:
        """By relevance where words were searched for and nothing else was asked."""
        asked: Sort | None = self.cleaned_data.get("sort") or None
        if asked in ("recent", "warmth"):
            return asked
        return "relevance" if self.text else "recent"

    @property
    def sorts(self) -> list[tuple[str, str]]:
        """What can be chosen; the first one holds when nothing is, so that new words are sorted by relevance."""
        first, *others = SORTS.items() if self.text else [*SORTS.items()][1:]
        return [("", first[1]), *others]

    @property
    def cursor(self) -> str:
        return str(self.cleaned_data.get("after", ""))

    @property
    def is_narrowed(self) -> bool:
        return bool(self.text or self.facets)

    @property
    def request(self) -> SearchRequest:
        return SearchRequest(
            sees_restricted=self.sees_restricted,
            text=self.text,
            facets=self.facets,
            exactly=self.as_typed,
            less=self.left_out,
            sort=self.sort_by,
            cursor=self.cursor or None,
        )

    @property
    def query(self) -> str:
        """The search as the end of an address, without the place in its pages."""
        query = QueryDict(mutable=True)
        if self.text:
            query["q"] = self.text
        for name, values in (*self.facets.items(), *self.names.items()):
            query.setlist(name, list(values))
        if self.cleaned_data.get("sort"):
            query["sort"] = self.cleaned_data["sort"]
        if self.builds:
            query["build"] = "on"
        if self.columns_asked:
            query["columns"] = self.columns_asked
        return query.urlencode()

    @property
    def as_cards(self) -> bool:
        return self.columns_asked == CARDS

    @property
    def columns_asked(self) -> str:
        return str(self.cleaned_data.get("columns", ""))

    @property
    def builds(self) -> bool:
        return bool(self.cleaned_data.get("build"))

    @property
    def begun(self) -> str | None:
        """Empty for words anywhere; None when nothing is begun."""
        return str(self.cleaned_data.get("begin", "")) if "begin" in self.data else None

    @property
    def in_words(self) -> str:
        query = QueryDict(self.query, mutable=True)
        query.pop("build", None)
        return query.urlencode()

    @property
    def as_conditions(self) -> str:
        query = QueryDict(self.query, mutable=True)
        query["build"] = "on"
        return query.urlencode()

    def query_with(self, text: str) -> str:
        """The search with another text."""
        query = QueryDict(self.query, mutable=True)
        query["q"] = text
        return query.urlencode()

    def kept_without(self, name: str) -> list[tuple[str, str]]:
        """All of the search but one facet, as fields of a form that asks for that one."""
        lists = QueryDict(self.query).lists()
        return [(key, value) for key, values in lists if key != name for value in values]

    @property
    def names(self) -> dict[str, tuple[str, ...]]:
        """What an address says of other names."""
        said = {"exactly": ("on",) if self.as_typed else (), "less": self.left_out}
        return {name: values for name, values in said.items() if values}

    @property
    def kept(self) -> list[tuple[str, str]]:
        """The same as hidden fields, so that new facets or words keep it."""
        return [(name, value) for name, values in self.names.items() for value in values]

    def without(self, name: str, value: str) -> str:
        """The search without one value of a facet, or with another name again."""
        query = QueryDict(self.query, mutable=True)
        query.setlist(name, [each for each in query.getlist(name) if each != value])
        return query.urlencode()

    def terms(self, facets: Sequence[Facet]) -> list[dict[str, str]]:
        """The chosen values of facets in words, each with the search that lacks it."""
        return [
            {"words": f"{facet.label}: {value.label}", "without": self.without(facet.name, value.value)}
            for facet in facets
            for value in facet.values
            if value.selected
        ]

    def other_names(self, names: Sequence[Addition]) -> dict[str, Any]:
        """Names that were searched for too, each with the search that lacks it, and the ways back."""

        def changed(**switches: list[str]) -> str:
            query = QueryDict(self.query, mutable=True)
            for name, values in switches.items():
                query.setlist(name, values)
            return query.urlencode()

        return {
            "added": [{"addition": each, "without": changed(less=[*self.left_out, each.name])} for each in names],
            "left_out": [{"name": name, "again": self.without("less", name)} for name in self.left_out],
            "exactly": changed(exactly=["on"]),
            "also": changed(exactly=[]),
        }

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """The facets as hidden fields, so that a new query keeps them."""
        return [(name, value) for name, values in self.facets.items() for value in values]

    @property
    def stored(self) -> dict[str, Any]:
        return {
            "text": self.text,
            "facets": {name: list(values) for name, values in self.facets.items()},
            "exactly": self.as_typed,
            "less": list(self.left_out),
        }


class WhyNotForm(SearchForm):
    """A search, and whom somebody misses in its result: by name, and then by number."""

    q = forms.CharField(label="The search", max_length=MOST_QUERY, required=False)
    name = forms.CharField(label="Who is missing?", max_length=200, required=False)
    person = forms.IntegerField(min_value=1, max_value=2**63 - 1, required=False)

    @property
    def who(self) -> str:
        return str(self.cleaned_data.get("name", "")).strip()

    @property
    def person_id(self) -> int | None:
        return self.cleaned_data.get("person")


class SuggestForm(forms.Form):
    """A query that is being typed, and where the caret stands."""

    q = forms.CharField(max_length=MOST_QUERY, required=False, strip=False)
    caret = forms.IntegerField(min_value=0, max_value=MOST_QUERY, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.full_clean()

    @property
    def text(self) -> str:
        return str(self.cleaned_data.get("q", ""))

    @property
    def place(self) -> int:
        caret = self.cleaned_data.get("caret")
        return len(self.text) if caret is None else int(caret)


class FindForm(forms.Form):
    """A word to look for among the values of a facet; `facet` is empty for one that isn't there."""

    of = forms.ChoiceField(choices=[(name, name) for name in FACETS])
    find = forms.CharField(max_length=100, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.full_clean()

    @property
    def facet(self) -> str:
        return str(self.cleaned_data.get("of", ""))

    @property
    def text(self) -> str:
        return str(self.cleaned_data.get("find", ""))


class SelectionForm(forms.Form):
    """People ticked in a result, or all of it, and what is to be done with them."""

    THEN = (
        ("pipeline", "Add to pipeline"),
        ("tag", "Tag"),
        ("untag", "Take a tag away"),
        ("owner", "Assign"),
        ("erase", "Erase"),
        ("remind", "Remind me"),
        ("export", "Export"),
        ("write", "Write to them"),
        ("merge", "Merge"),
        ("ats", "Add to a job in the ATS"),
    )

    selected = Ids(required=False)
    everyone = forms.BooleanField(required=False)
    query = forms.CharField(max_length=10_000, required=False)
    then = forms.ChoiceField(choices=THEN)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("everyone") and not cleaned.get("selected"):
            raise forms.ValidationError("Nobody is chosen yet.")
        return cleaned

    @property
    def search(self) -> SearchForm:
        return SearchForm(QueryDict(self.cleaned_data.get("query", "")))


class SelectedForm(forms.Form):
    """People ticked in a list; nobody is an answer, too."""

    selected = Ids(required=False)


class TagForm(forms.Form):
    name = forms.CharField(label="Tag", max_length=60, help_text="A word or two that colleagues would look for.")


class UntagForm(forms.Form):
    tag = forms.ModelChoiceField(Tag.objects.none(), label="Tag", empty_label=None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tag"].queryset = Tag.objects.all()  # type: ignore[attr-defined]


class EraseManyForm(forms.Form):
    """Why, and the number of people, typed: what can't be undone is not done by a slip."""

    reason = forms.CharField(
        label="Why",
        max_length=300,
        help_text="Such as “applications of 2019, kept for as long as we may”; it is kept in the audit log.",
    )
    number = forms.CharField(label="How many people", max_length=20, widget=forms.TextInput({"inputmode": "numeric"}))

    def __init__(self, *args: Any, size: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.size = size
        self.fields["number"].help_text = f"Type {size} to say that you mean them all."

    def clean_number(self) -> int:
        typed = re.sub(r"\D", "", self.cleaned_data["number"])
        if typed != str(self.size):
            raise forms.ValidationError(f"It is {self.size:,} now. Type {self.size} to erase them.")
        return self.size
