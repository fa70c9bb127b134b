"""allauth's forms in our words: "E-mail address" as everywhere else, and no placeholder that repeats its label."""

from typing import Any

from allauth.account import forms as allauth
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

EMAIL = gettext_lazy("E-mail address")
NEW, ONCE_MORE = gettext_lazy("New password"), gettext_lazy("New password, once more")


def _say(fields: dict[str, Any], **labels: str | Promise) -> None:
    for name, label in labels.items():
        if name in fields:
            fields[name].label = label
    for field in fields.values():
        field.widget.attrs.pop("placeholder", None)


class LoginForm(allauth.LoginForm):  # type: ignore[misc]  # allauth carries no types
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stay = gettext_lazy("Stay signed in on this device")
        _say(self.fields, login=EMAIL, password=gettext_lazy("Password"), remember=stay)
        self.fields["password"].help_text = ""  # its link stands beneath the form


class ResetPasswordForm(allauth.ResetPasswordForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self.fields, email=EMAIL)


class ResetPasswordKeyForm(allauth.ResetPasswordKeyForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self.fields, password1=NEW, password2=ONCE_MORE)
        self.fields["password1"].help_text = ""  # the page says it

    def clean(self) -> dict[str, Any]:
        """Its own word for two that differ is not there in all languages of ours."""
        cleaned: dict[str, Any] = super().clean()
        if "password2" in self.errors and self.data.get("password1") != self.data.get("password2"):
            del self.errors["password2"]
            self.add_error("password2", gettext_lazy("The two passwords are not the same."))
        return cleaned


class ChangePasswordForm(allauth.ChangePasswordForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(
            self.fields,
            oldpassword="Your password now",
            password1=NEW,
            password2=ONCE_MORE,
        )
        self.fields["password1"].help_text = ""
