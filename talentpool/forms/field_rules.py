"""The rules as a form: of each group of fields who is believed, who goes first, and what is shown of lists."""

from collections.abc import Iterator
from typing import Any

from django import forms

from talentpool.field_words import GROUP_WORDS
from talentpool.identity.rules import OF_LISTS, Lists, Order, Rule, Rules
from talentpool.models import SourceKind

ORDERS = [
    (Order.BALANCED.value, "The freshest; a point of trust counts as much as a week"),
    (Order.FRESHEST.value, "The freshest; of two as fresh the more trusted"),
    (Order.TRUSTED.value, "The most trusted; of two as trusted the fresher"),
]
PREFERRED = [("", "No kind goes first"), *SourceKind.choices]
LISTS = [
    (Lists.UNITED.value, "What all of them say, together"),
    (Lists.BEST.value, "Only the list of the one that is believed"),
]


class RulesForm(forms.Form):
    def __init__(self, *args: Any, rules: Rules, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for group, words in GROUP_WORDS.items():
            rule = rules.by_group.get(group, Rule())
            self._add(group, "order", ORDERS, rule.order.value, f"{words}: which source is believed")
            self._add(group, "preferred", PREFERRED, rule.preferred, f"{words}: kind of source that goes first")
            if group in OF_LISTS:
                self._add(group, "lists", LISTS, rule.lists.value, f"{words}: what is shown of lists")

    def _add(self, group: str, part: str, choices: list[tuple[str, Any]], initial: str, label: str) -> None:
        self.fields[f"{group}_{part}"] = forms.ChoiceField(
            choices=choices, required=False, initial=initial, label=label
        )

    def rows(self) -> Iterator[tuple[str, list[forms.BoundField]]]:
        """For each group its words and its choices."""
        for group, words in GROUP_WORDS.items():
            yield words, [self[f"{group}_{part}"] for part in ("order", "preferred", "lists") if self._has(group, part)]

    def _has(self, group: str, part: str) -> bool:
        return f"{group}_{part}" in self.fields

    @property
    def rules(self) -> Rules:
        """As chosen; what isn't said is as usual."""
        said = self.cleaned_data
        return Rules(
            {
                group: Rule(
                    Order(said[f"{group}_order"] or Order.BALANCED),
                    said[f"{group}_preferred"],
                    Lists(said.get(f"{group}_lists") or Lists.UNITED),
                )
                for group in GROUP_WORDS
            }
        )
