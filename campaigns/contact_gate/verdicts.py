"""What the contact gate can answer, in words. Stored with every message as a small number: there are millions."""

from django.db import models


class Verdict(models.IntegerChoices):
    """In the order of asking: the first that holds is the answer."""

    NOT_ASKED = 0, "Not asked yet"
    ALLOWED = 1, "May be written to"
    SAME_ADDRESS = 2, "Gets it under another name"
    ERASED = 3, "Erased"
    NO_ADDRESS = 4, "No e-mail address"
    INVALID_ADDRESS = 5, "Address can’t be written to"
    UNSUBSCRIBED = 6, "Unsubscribed"
    COMPLAINED = 7, "Reported as spam"
    BOUNCED = 8, "Bounced before"
    QUIET = 9, "Asked for a pause"
    IN_PROCESS = 10, "In process"
    HIRED = 16, "Hired"
    STALE = 15, "ATS state too old"
    IN_CONVERSATION = 14, "A colleague is talking with them"
    NO_CONSENT = 11, "No consent yet"
    CONTACTED = 12, "Written to lately"
    MISSING_VALUE = 13, "A value is missing"


HOLDING = tuple(verdict for verdict in Verdict if verdict > Verdict.ALLOWED)
