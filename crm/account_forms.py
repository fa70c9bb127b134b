"""allauth's forms in our words: "E-mail address" as everywhere else, and no placeholder that repeats its label."""

from typing import Any

from allauth.account import forms as allauth


def _say(fields: dict[str, Any], **labels: str) -> None:
    for name, label in labels.items():
        if name in fields:
            fields[name].label = label
    for field in fields.values():
        field.widget.attrs.pop("placeholder", None)


class LoginForm(allauth.LoginForm):  # type: ignore[misc]  # allauth carries no types
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self.fields, login="E-mail address", remember="Stay signed in on this device")
        self.fields["password"].help_text = ""  # its link stands beneath the form


class ResetPasswordForm(allauth.ResetPasswordForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self.fields, email="E-mail address")


class ResetPasswordKeyForm(allauth.ResetPasswordKeyForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self.fields, password1="New password", password2="New password, once more")
        self.fields["password1"].help_text = ""  # the page says it


class ChangePasswordForm(allauth.ChangePasswordForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(
            self.fields,
            oldpassword="Your password now",
            password1="New password",
            password2="New password, once more",
        )
        self.fields["password1"].help_text = ""
