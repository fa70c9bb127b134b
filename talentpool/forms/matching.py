"""How careful people are brought together: the two thresholds and what opens the gates."""

from typing import Any

from django import forms

from talentpool.actions.matching_rules import SETTINGS
from talentpool.models import MatchingRules

CAUTION = [
    (-3, "Merge more: one in a hundred is wrong"),
    (0, "As measured: one in 200 is wrong"),
    (4, "More careful"),
    (8, "Very careful: several proofs"),
]
ASK_LESS = [
    (-3, "Ask about all that looks alike"),
    (0, "Ask where it may well be"),
    (3, "Ask less"),
    (6, "Ask only about the likeliest"),
]


class MatchingForm(forms.Form):
    automatic = forms.BooleanField(
        label="Merge by itself what is beyond doubt",
        required=False,
        help_text="Each such merge is written down with its reasons and can be taken back. Otherwise you are asked.",
    )
    caution = forms.TypedChoiceField(label="How sure it has to be", choices=CAUTION, coerce=float)
    ask_less = forms.TypedChoiceField(label="How much you are asked", choices=ASK_LESS, coerce=float)
    career_gate = forms.BooleanField(
        label="One employer at the same time, one town and a very rare name are enough",
        required=False,
        help_text="Namesakes who work together in one town become one person.",
    )
    phone_gate = forms.BooleanField(
        label="One phone and one name are enough when nothing differs",
        required=False,
        help_text="Father and son of one name, who have one telephone, become one person.",
    )

    def __init__(self, *args: Any, rules: MatchingRules, **kwargs: Any) -> None:
        kwargs["initial"] = {name: _choice(getattr(rules, name)) for name in SETTINGS}
        super().__init__(*args, **kwargs)


def _choice(value: Any) -> Any:
    """0 and not 0.0, as the choices are written."""
    return int(value) if isinstance(value, float) and value == int(value) else value
