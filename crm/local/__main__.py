"""The services of `make up` and `make test`, from the command line."""

import argparse
import os
import shutil
import sys
from pathlib import Path

from crm.local.environment import as_owner, forget_foreign_servers
from crm.local.ephemeral import AS_INSTALLED, FOR_TESTS, run_with_services
from crm.local.home import PROJECT, Home
from crm.local.postgres import DATABASE, PORT, SUPERUSER, Postgres, binary
from crm.local.problem import LocalProblem
from crm.local.program import socket_folder
from crm.local.up import Up
from crm.local.verification import equip_tests, verify


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        code: int = options.run(options)
    except LocalProblem as problem:
        print(f"rapport: {problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m crm.local", description=__doc__)
    parser.add_argument("--var", type=Path, default=Home.var, help="where the data lives (default: var/)")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    up = commands.add_parser("up", help="start everything, until Ctrl-C")
    up.add_argument("--port", type=int, default=8000)
    up.add_argument("--opensearch", action="store_true", help="search with OpenSearch")
    up.add_argument("--no-demo", action="store_true", help="without the demo organisation")
    up.set_defaults(run=_up)

    reset = commands.add_parser("reset", help="remove all data, after asking")
    reset.add_argument("--yes", action="store_true", help="don't ask")
    reset.set_defaults(run=_reset)

    psql = commands.add_parser("psql", help="a console on the running database, as its superuser")
    psql.add_argument("arguments", nargs="*", metavar="ARG", help="for psql, after --")
    psql.set_defaults(run=_psql)

    manage = commands.add_parser("manage", help="manage.py with the running services")
    manage.add_argument("arguments", nargs=argparse.REMAINDER)
    manage.set_defaults(run=_manage)

    for name, tests, words in (
        ("test", True, "everything that must hold"),
        ("check", False, "all of that but the tests"),
    ):
        verifying = commands.add_parser(name, help=words)
        verifying.add_argument("pytest", nargs="*", metavar="ARG", help="for pytest")
        verifying.set_defaults(run=_verify, tests=tests)

    verified = commands.add_parser("verify")  # What those two run once the services are there.
    verified.add_argument("--tests", action="store_true")
    verified.add_argument("pytest", nargs="*")
    verified.set_defaults(run=lambda options: verify(options.pytest, with_tests=options.tests))

    passing = commands.add_parser("with-services", help="run a command with services that leave nothing behind")
    passing.add_argument("--opensearch", action="store_true", help="OpenSearch too")
    passing.add_argument("--as-installed", action="store_true", help="with the memory that `up` gives them")
    passing.add_argument("command", nargs="+", metavar="CMD")
    passing.set_defaults(run=_with_services)
    return parser


def _up(options: argparse.Namespace) -> int:
    home = Home(options.var.resolve())
    return Up(home, port=options.port, opensearch=options.opensearch, demo=not options.no_demo).run()


def _reset(options: argparse.Namespace) -> int:
    home = Home(options.var.resolve())
    with home.held():
        if not options.yes:
            print(f"This removes everything in {home.var}: the database, the files and the mail in it.")
            try:
                said = input("Type yes to go on: ")
            except EOFError:
                said = ""
            if said.strip().lower() != "yes":
                print("Nothing was removed.")
                return 1
        Postgres(home.var / "postgres", socket_folder(home.var / "run")).clear_leftovers()
        for found in home.var.iterdir():
            if found.is_dir() and not found.is_symlink():
                shutil.rmtree(found)
            else:
                found.unlink()
    print("Removed. The next `make up` starts anew.")
    return 0


def _verify(options: argparse.Namespace) -> int:
    command = [
        sys.executable,
        "-m",
        "crm.local",
        "verify",
        *(["--tests"] if options.tests else []),
        "--",
        *options.pytest,
    ]
    return run_with_services(command, opensearch=options.tests and equip_tests(), at_once=True)


def _with_services(options: argparse.Namespace) -> int:
    memory = AS_INSTALLED if options.as_installed else FOR_TESTS
    return run_with_services(options.command, opensearch=options.opensearch, memory=memory)


def _psql(options: argparse.Namespace) -> int:
    home = Home(options.var.resolve())
    home.environment()
    forget_foreign_servers()
    sockets = socket_folder(home.var / "run")
    command = [binary("psql"), "-h", str(sockets), "-p", str(PORT), "-U", SUPERUSER, "-d", DATABASE]
    os.execv(command[0], [*command, *options.arguments])


def _manage(options: argparse.Namespace) -> int:
    environment = Home(options.var.resolve()).environment()
    forget_foreign_servers()
    if options.arguments[:1] in (["migrate"], ["makemigrations"], ["sqlmigrate"]):
        environment = as_owner(environment)
    command = [sys.executable, str(PROJECT / "manage.py"), *options.arguments]
    os.execve(command[0], command, {**os.environ, **environment})


if __name__ == "__main__":
    sys.exit(main())
