"""An organisation's own fields, and what people want, as templates name them and as letters write them."""

from collections.abc import Callable, Collection, Mapping

from campaigns.composing.merge_fields import OWN, MergeField
from talentpool.custom_values import CustomType
from talentpool.models import CustomField
from talentpool.queries.candidate import number_words
from talentpool.queries.custom_fields import custom_fields, custom_types
from talentpool.wishes import wish_in_words

Writers = Mapping[str, Callable[[str], str]]


def own_merge_fields(*, archived: bool = False) -> dict[str, MergeField]:
    """Those that can be named; with `archived` also those that a campaign under way may name still."""
    fields = CustomField.objects.all() if archived else custom_fields()
    return {each.name: MergeField(each.name, each.label, f"({each.label})") for each in fields}


def writers(own: Collection[str] = ()) -> Writers:
    """What turns a stored value into words, by name of the merge field, where the two differ."""
    types = custom_types() if own else {}
    return {
        "expected_pay": lambda text: wish_in_words("salary", text, number_words),
        "available": lambda text: wish_in_words("availability", text),
        **{name: _writer(types[name.removeprefix(OWN)]) for name in own},
    }


def in_words(values: Mapping[str, str], writing: Writers) -> dict[str, str | None]:
    return {name: (writing[name](text) if name in writing else text) if text else None for name, text in values.items()}


def _writer(kind: CustomType) -> Callable[[str], str]:
    return lambda kept: kind.words(kept, number_words)
