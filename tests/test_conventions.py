"""The rules of the code that a program can check."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.forms import ModelChoiceField
from django.forms.forms import BaseForm
from django.urls import get_resolver

ROOT = Path(__file__).resolve().parent.parent
APPS = ("crm", "talentpool", "campaigns", "ats_sync", "sourcing", "analytics")
MOST_LINES_OF_FUNCTION = 50
MOST_LINES = {".py": 400, ".html": 160, ".js": 300}
FOG = {"utils", "helpers", "common", "services", "manager", "managers", "data", "info", "misc"}
TOP_LEVEL = {
    *APPS,
    *("manage.py", "templates", "tests", "docker-compose.yml", "pyproject.toml", "README.md", "Makefile", "Dockerfile"),
    *(
        "requirements.txt",
        "requirements-dev.txt",
        "requirements-semantic.txt",
        ".ci",
        ".gitignore",
        ".dockerignore",
        "LICENSE",
        "locale",
    ),
}


def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


FILES = tracked()
CODE = [
    path
    for path in FILES
    if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in APPS and "migrations" not in path.parts
]
TEMPLATES = [path for path in FILES if path.suffix in (".html", ".mjml") and "templates" in path.parts]


def shown(path: Path) -> str:
    return str(path.relative_to(ROOT))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node


def test_top_level_holds_only_what_was_agreed():
    assert {path.relative_to(ROOT).parts[0] for path in FILES} - TOP_LEVEL == set()


def test_no_function_is_longer_than_a_screen():
    long = [
        f"{shown(path)}:{node.lineno} {node.name}"
        for path in CODE
        for node in functions(path)
        if node.end_lineno - node.lineno + 1 > MOST_LINES_OF_FUNCTION
    ]
    assert long == []


def test_no_file_holds_two_nouns():
    long = [
        f"{shown(path)}: {lines} lines"
        for path in [*CODE, *TEMPLATES, *(path for path in FILES if path.suffix == ".js")]
        if (lines := path.read_text().count("\n")) > MOST_LINES.get(path.suffix, 400)
    ]
    assert long == []


def test_no_module_is_named_after_fog():
    assert [shown(path) for path in CODE if path.stem in FOG or path.parent.name in FOG] == []


def test_no_function_is_named_after_nothing():
    # What Django, Celery and django-anymail call by these names has to have them.
    given = {
        "get_queryset",
        "get_prep_value",
        "get_db_prep_save",
        "get_internal_type",
        "get_form_kwargs",
        "get_context_data",
        "get_openapi_schema",
    }
    given |= {
        "handle_starttag",
        "handle_endtag",
        "handle_data",
        "handle_DATA",
        "handle_RCPT",
        "handle_MAIL",
        "handle_EHLO",
    }
    wrong = [
        f"{shown(path)}:{node.lineno} {node.name}"
        for path in CODE
        for node in functions(path)
        if re.match(r"(get|do|handle|process)_", node.name)
        and node.name not in given
        and path.parts[-3:-1] != ("crm", "local")
    ]
    assert wrong == []


def test_nothing_is_left_to_do():
    marks = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
    found = [
        f"{shown(path)}:{number}"
        for path in FILES
        if path.suffix in (".py", ".html", ".css", ".js", ".md", ".sh", ".toml") and path != Path(__file__)
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if marks.search(line)
    ]
    assert found == []


def test_environment_is_read_in_settings_alone():
    readers = [
        shown(path)
        for path in CODE
        if re.search(r"os\.environ(?!\.setdefault\(\"DJANGO_SETTINGS_MODULE\")|os\.getenv", path.read_text())
        and path.name != "settings.py"
        and path.parts[-2] != "local"
        and "local" not in path.parts
    ]
    assert readers == []


def test_templates_hold_no_script_and_no_style():
    inline = re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)|<style\b|\sstyle=|\son[a-z]+=\"|javascript:")
    # Mail is read by programs that know nothing but inline styles.
    pages = [path for path in TEMPLATES if "emails" not in path.parts and path.suffix == ".html"]
    assert [shown(path) for path in pages if inline.search(path.read_text())] == []


def test_raw_colours_stand_in_the_tokens_alone():
    raw = re.compile(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl|oklch)a?\(")
    sheets = [path for path in FILES if path.suffix == ".css" and path.name != "tokens.css"]
    assert [shown(path) for path in sheets if raw.search(path.read_text())] == []


def test_no_file_names_a_registry_or_a_machine():
    # Written in pieces so that this file does not name them either.
    words = [
        "files.python" + "hosted",
        "pypi" + ".org",
        "registry.npm" + "js",
        "repo.maven" + ".apache",
        "deb.debian" + ".org",
        "/work" + "/",
    ]
    found = [
        f"{shown(path)}: {word}"
        for path in FILES
        if path.suffix in (".py", ".toml", ".txt", ".md", ".yml", ".sh", ".xml", ".html", "") and path != Path(__file__)
        for word in words
        if word in path.read_text(errors="replace")
    ]
    assert found == []


@pytest.mark.parametrize("layer", ["views", "tasks", "api"])
def test_doors_leave_writing_to_actions(layer):
    """A view, task or API function that saves a row would have to remember the audit entry; actions do."""
    writes = re.compile(r"\.(save|bulk_create|bulk_update|get_or_create|update_or_create)\(|objects\.create\(")
    doors = [path for path in CODE if path.stem == layer or path.parent.name == layer]
    assert [shown(path) for path in doors if writes.search(path.read_text())] == []


def test_every_test_can_fail():
    checks = re.compile(r"Assert\(|'raises'|'check|assert_|'expect|warns|check_")
    idle = []
    for path in (path for path in FILES if path.name.startswith("test_") and path.suffix == ".py"):
        dumps = {node.name: ast.dump(node) for node in functions(path)}
        checking = {name for name, dump in dumps.items() if checks.search(dump)}
        called = re.compile("|".join(rf"Name\(id='{name}'" for name in checking) or "$^")
        tests = {name: dump for name, dump in dumps.items() if name.startswith("test_")}
        idle += [
            f"{shown(path)} {name}" for name, dump in tests.items() if name not in checking and not called.search(dump)
        ]
    assert idle == []


def _below(of):
    for each in of.__subclasses__():
        yield each
        yield from _below(each)


def test_no_form_keeps_the_rows_of_whose_scope_it_was_imported_in():
    """A manager's query names the organisation of the scope in which it is made: a form's has to be made with the form."""
    list(get_resolver().reverse_dict)  # imports every view, and with it every form
    kept = {
        f"{form.__name__}.{name}"
        for form in _below(BaseForm)
        if form.__module__.startswith(APPS)
        for name, field in getattr(form, "base_fields", {}).items()
        if isinstance(field, ModelChoiceField) and not field.queryset.query.is_empty()
    }
    assert kept == set()
