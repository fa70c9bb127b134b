"""`python -m crm.local`: the one-machine services from the command line."""

import argparse
import sys

from crm.local.ephemeral import run_with_services
from crm.local.problem import LocalProblem


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
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    passing = commands.add_parser(
        "with-services", help="run a command with services of its own that leave nothing behind"
    )
    passing.add_argument("--opensearch", action="store_true", help="OpenSearch too")
    passing.add_argument("command", nargs="+", metavar="CMD")
    passing.set_defaults(run=lambda options: run_with_services(options.command, opensearch=options.opensearch))
    return parser


if __name__ == "__main__":
    sys.exit(main())
