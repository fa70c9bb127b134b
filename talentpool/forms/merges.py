"""Whether two people are one, and undoing that they are."""

from typing import Any

from django import forms

from talentpool.models import Candidate, PairState

MOST_ID = 2**63 - 1


class AnswerForm(forms.Form):
    """One of three answers; `survivor` is one of the two, where somebody chose."""

    ANSWERS = (
        (PairState.MERGED, "Merge"),
        (PairState.APART, "Not the same"),
        (PairState.LATER, "Later"),
    )

    answer = forms.ChoiceField(choices=ANSWERS)
    survivor = forms.ModelChoiceField(Candidate.objects.none(), required=False)

    def __init__(self, *args: Any, people: tuple[int, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = Candidate.objects.present().filter(pk__in=people)
        self.fields["survivor"].queryset = chosen  # type: ignore[attr-defined]


class FindOtherForm(forms.Form):
    q = forms.CharField(label="Who else is this person?", max_length=200, required=False)
    other = forms.IntegerField(min_value=1, max_value=MOST_ID, required=False)


class MergeForm(forms.Form):
    """The two are in the page's address; who is kept is said here."""

    survivor = forms.ModelChoiceField(Candidate.objects.none())
    despite = forms.BooleanField(required=False, label="They are the same after all; forget what was said before")

    def __init__(self, *args: Any, people: tuple[int, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = Candidate.objects.present().filter(pk__in=people)
        self.fields["survivor"].queryset = chosen  # type: ignore[attr-defined]


class UnmergeForm(forms.Form):
    apart = forms.BooleanField(
        required=False,
        label="They are not the same person",
        help_text="Remembered, so that nothing merges them again by itself and nobody is asked about them.",
    )
