"""How an ATS may fail, so that the sync knows what to do about it."""


class AtsError(Exception):
    """The sentence is for a person. `permanent`: asking the same again would not help."""

    permanent = False

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Down(AtsError):
    """No answer, a broken one, or a fault of the ATS's own (5xx)."""


class Throttled(AtsError):
    """Too many requests for now; `seconds` until it is worth asking again."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"The ATS takes no more requests for {seconds:.0f} seconds.")
        self.seconds = seconds


class SignInRefused(AtsError):
    """The credentials don't hold, or no longer."""

    permanent = True


class Forbidden(AtsError):
    """The credentials hold, and this is not among their rights."""

    permanent = True


class NotThere(AtsError):
    """No such record, or no longer."""

    permanent = True


class Refused(AtsError):
    """The ATS understood and says no; its reason is in the sentence. `status` is that of HTTP, where there was one."""

    permanent = True

    def __init__(self, sentence: str, status: int = 0) -> None:
        super().__init__(sentence)
        self.status = status


class PlaceLost(AtsError):
    """The place in a list is no longer known to the ATS; the round has to begin anew."""
