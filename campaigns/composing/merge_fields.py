"""What a campaign may say about its recipient, and how those places are written and checked.

A place is written in Liquid: `{{ first_name }}`, `{{ first_name | default: "there" }}`, `{% if city %}…{% endif %}`.
Only flat text values exist, so a template can reach nothing but what is listed here; loops, includes and assignments
are not part of the language, so no template can run long or grow large.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from liquid import Environment
from liquid.ast import Node
from liquid.builtin.content import Literal
from liquid.builtin.expressions import FilteredExpression, Path
from liquid.builtin.expressions.primitive import StringLiteral
from liquid.builtin.filters import misc, string
from liquid.builtin.illegal import Illegal
from liquid.builtin.output import Output, OutputNode
from liquid.builtin.tags.case_tag import CaseTag
from liquid.builtin.tags.comment_tag import CommentTag
from liquid.builtin.tags.if_tag import IfTag
from liquid.builtin.tags.inline_comment_tag import InlineCommentTag
from liquid.builtin.tags.unless_tag import UnlessTag
from liquid.exceptions import LiquidError
from liquid.expression import Expression
from markupsafe import escape


@dataclass(frozen=True)
class MergeField:
    name: str
    label: str
    example: str
    of_candidate: bool = True


MERGE_FIELDS: Mapping[str, MergeField] = {
    field.name: field
    for field in (
        MergeField("first_name", "First name", "Lucía"),
        MergeField("last_name", "Last name", "Méndez"),
        MergeField("full_name", "Full name", "Lucía Méndez"),
        MergeField("job_title", "Job title", "Registered Nurse"),
        MergeField("employer", "Employer", "Mercy General"),
        MergeField("city", "City", "Clovis"),
        MergeField("work_wanted", "Work they want", "Night shifts"),
        MergeField("places_wanted", "Places they want", "Fresno"),
        MergeField("expected_pay", "Pay they expect", "USD 48 an hour"),
        MergeField("available", "Available", "From Jan 2027"),
        MergeField("organisation", "Organisation", "St. Brendan Health", of_candidate=False),
        MergeField("sender_name", "Sender’s name", "Mara Okafor", of_candidate=False),
    )
}
# Of messages about an application only.
STATUS_FIELDS: Mapping[str, MergeField] = {
    "applied_job": MergeField("applied_job", "The job they applied for", "Staff Nurse, ICU", of_candidate=False)
}
OWN = "custom."  # before the key of a field of the organisation's own, as in {{ custom.shirt_size }}
CANDIDATE_FIELDS = tuple(name for name, field in MERGE_FIELDS.items() if field.of_candidate)


class MergeLanguage(Environment):
    """Liquid with conditions and text filters, and nothing that loops, loads or stores."""

    block_nesting_limit: ClassVar[int] = 8
    context_depth_limit: ClassVar[int] = 12
    loop_iteration_limit: ClassVar[int | None] = 0
    local_namespace_limit: ClassVar[int | None] = 0
    output_stream_limit: ClassVar[int | None] = 200_000

    def setup_tags_and_filters(self, *, extra: bool = False) -> None:
        for tag in (Literal, Output, Illegal, IfTag, UnlessTag, CaseTag, CommentTag, InlineCommentTag):
            self.add_tag(tag)
        for name in ("capitalize", "downcase", "upcase", "strip", "truncate", "truncatewords", "squish"):
            self.add_filter(name, getattr(string, name))
        self.add_filter("default", misc.default)


PLAIN = MergeLanguage(autoescape=False)
HTML = MergeLanguage(autoescape=True)


@dataclass(frozen=True)
class Usage:
    """What a template says of its recipient; `needed` are the fields that must have a value, or the message is held."""

    used: frozenset[str]
    needed: frozenset[str]


def usage(*sources: str, known: Mapping[str, MergeField] = MERGE_FIELDS) -> Usage:
    """Check templates and list their fields; ValidationError with a sentence and position for what can't be sent."""
    used: set[str] = set()
    needed: set[str] = set()
    for source in sources:
        template = parse(source)
        analysis = template.analyze()
        for variable in (each for variables in analysis.variables.values() for each in variables):
            name = ".".join(map(str, variable.segments))
            if name not in known:
                raise ValidationError(_unknown_field(str(variable), source, variable.span.index, known))
            used.add(name)
        for name, spans in analysis.filters.items():
            if name not in PLAIN.filters:
                raise ValidationError(_unknown_filter(name, source, spans[0].index))
        needed |= set(_outputs_without_fallback(template.nodes, frozenset()))
    of_candidate = frozenset(name for name in needed if name in known and known[name].of_candidate)
    return Usage(frozenset(used), of_candidate)


def context_of(values: Mapping[str, str | None]) -> dict[str, Any]:
    """Values by name as Liquid reaches them: custom.shirt_size is the shirt_size of custom."""
    own = {name.removeprefix(OWN): value for name, value in values.items() if name.startswith(OWN)}
    return {**{name: value for name, value in values.items() if not name.startswith(OWN)}, OWN.rstrip("."): own}


def name_of(path: Path) -> str:
    """The name of the field that a path leads to."""
    return ".".join(map(str, path.path))


def parse(source: str) -> Any:
    """The template of `source`, or a ValidationError that says in a sentence what is wrong and where."""
    try:
        return PLAIN.from_string(source)
    except LiquidError as error:
        raise ValidationError(f"A merge field can’t be read{_at(error, source)}: {_reason(error)}.") from error


def html_template(source: str) -> Any:
    """For the HTML part. Liquid holds quoted words in a template for safe; an author's are words like others."""
    template = HTML.from_string(source)
    _escape_literals(template.nodes)
    return template


def _escape_literals(nodes: Iterable[Node]) -> None:
    for node in nodes:
        if isinstance(node, OutputNode):
            for literal in _literals(node.expression):
                literal.value = str(escape(literal.value))
        else:
            _escape_literals(node.children(None))  # type: ignore[arg-type]


def _literals(expression: Expression) -> Iterator[StringLiteral]:
    if isinstance(expression, StringLiteral):
        yield expression
    for child in expression.children():
        yield from _literals(child)


def _outputs_without_fallback(nodes: Iterable[Node], guarded: frozenset[str]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, OutputNode):
            yield from (name for name in _names_needing_value(node.expression) if name not in guarded)
            continue
        inside = guarded | {name for expression in node.expressions() for name in _names(expression)}
        yield from _outputs_without_fallback(node.children(None), inside)  # type: ignore[arg-type]


def _names_needing_value(expression: Expression) -> Iterator[str]:
    if isinstance(expression, FilteredExpression) and any(f.name == "default" for f in expression.filters or ()):
        return
    yield from _names(expression)


def _names(expression: Expression) -> Iterator[str]:
    if isinstance(expression, Path):
        yield name_of(expression)
    for child in expression.children():
        yield from _names(child)


def _unknown_field(name: str, source: str, index: int, known: Mapping[str, MergeField]) -> str:
    listed = ", ".join(known)
    return f"There is no merge field “{name}” (line {_line(source, index)}). You can use: {listed}."


def _unknown_filter(name: str, source: str, index: int) -> str:
    listed = ", ".join(sorted(PLAIN.filters))
    return f"There is no filter “{name}” (line {_line(source, index)}). You can use: {listed}."


def _at(error: LiquidError, source: str) -> str:
    if error.token is None or error.token.start_index < 0:
        return ""
    return f" (line {_line(source, error.token.start_index)})"


def _line(source: str, index: int) -> str:
    before = source[:index]
    return f"{before.count(chr(10)) + 1}, character {index - (before.rfind(chr(10)) + 1) + 1}"


def _reason(error: LiquidError) -> str:
    message = str(error.message or "it is not complete")
    return re.sub(r"'([^']*)'", r"“\1”", message).rstrip(".")
