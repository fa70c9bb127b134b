"""Every address of the project, as the URLconf says."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import IntConverter, SlugConverter, StringConverter, UUIDConverter


@dataclass(frozen=True)
class Address:
    name: str
    view: Callable[..., Any]
    converters: tuple[tuple[str, Any], ...]
    template: str  # with {name} for each part

    def path(self, **parts: object) -> str:
        return "/" + self.template.format(**parts)

    def path_with(self, slug: str, pk: int) -> str:
        values: dict[str, object] = {}
        for name, converter in self.converters:
            if name == "organisation":
                values[name] = slug
            elif isinstance(converter, IntConverter):
                values[name] = pk
            elif isinstance(converter, UUIDConverter):
                values[name] = f"00000000-0000-4000-8000-{pk:012d}"
            elif isinstance(converter, (SlugConverter, StringConverter)):
                values[name] = str(pk)
            else:
                values[name] = str(pk)
        return self.path(**values)

    @property
    def is_of_organisation(self) -> bool:
        return self.template.startswith("o/{organisation}/")

    @property
    def is_of_portal(self) -> bool:
        """For guests of the organisation, and for no member."""
        return hasattr(self.view, "portal")

    @property
    def has_id(self) -> bool:
        return any(name != "organisation" for name, _ in self.converters)


def addresses() -> list[Address]:
    return list(_walk(get_resolver().url_patterns, "", "", ()))


def _walk(patterns: list[Any], prefix: str, namespace: str, known: tuple[tuple[str, Any], ...]) -> Iterator[Address]:
    for pattern in patterns:
        template, converters = _parts(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(pattern.url_patterns, prefix + template, inner, known + converters)
        elif isinstance(pattern, URLPattern):
            name = namespace + (pattern.name or "")
            yield Address(name, pattern.callback, known + converters, prefix + template)


def _parts(pattern: Any) -> tuple[str, tuple[tuple[str, Any], ...]]:
    """A route as a format string, and the converters of its own parts (Django adds the outer ones to `converters`)."""
    names = re.findall(r"<(?:\w+:)?(\w+)>", str(pattern))
    template = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", str(pattern))
    return template, tuple((name, pattern.converters.get(name)) for name in names)
