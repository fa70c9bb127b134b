"""Résumés: file → text → sections → fields, without a network and in a process of its own.

`parse_resume(data, filename)` is all that the rest of the product calls; what it gives, `ParsedResume`, stays as it is
when the parser grows deeper.
"""

from talentpool.resumes.containment import parse_resume, stop_reading
from talentpool.resumes.outcome import CONFIDENT, ParsedResume, ResumeError, Suggestion, Unreadable

__all__ = ["CONFIDENT", "ParsedResume", "ResumeError", "Suggestion", "Unreadable", "parse_resume", "stop_reading"]
