"""The command `catalejo` of the Python package: `run`, and the way to the server program.

Light on purpose: this process is replaced by the application's at once.
"""

from __future__ import annotations

import os
import sys

from catalejo.path import traced_environment

TYPE_CHECKING = False  # `typing` is not needed to run this
if TYPE_CHECKING:
    from typing import NoReturn, Sequence

EXIT_FAILED, EXIT_USAGE, EXIT_NOT_RUNNABLE, EXIT_NOT_FOUND = 1, 2, 126, 127

USAGE = """\
usage: catalejo run [--debug] COMMAND [ARGUMENT…]
       catalejo run --info

Runs COMMAND with every call to Azure OpenAI and OpenAI traced; nothing in it changes.

  catalejo run python app.py
  catalejo run gunicorn shop.wsgi
  catalejo run pytest

  --debug    each error of the tracer in one line, and a summary at the end
  --info     the settings in force, and whether what they name can be reached
  --help     this text

Exit codes: that of COMMAND; 2 wrong command line, 126 COMMAND cannot be run, 127 it is not found.
With --info: 0 all is well, 1 it is not.
"""
NO_SERVER = """\
catalejo: "{command}" is a command of Catalejo's server program, which is not found on the PATH.
Build it with `./dev build` in Catalejo's repository, then put build/release on the PATH or set
CATALEJO_SERVER to the program. This package, the tracer, has `catalejo run`.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words and words[0] == "run":
        return run(words[1:])
    if words == ["--version"]:
        from catalejo import __version__

        print("catalejo", __version__)
        return 0
    if not words or words[0] in ("-h", "--help"):
        server = server_program()
        if server and words:
            return become(server, [server, *words], os.environ)
        print(USAGE, end="", file=sys.stdout if words else sys.stderr)
        return 0 if words else EXIT_USAGE
    return hand_over(words)


def run(words: list[str]) -> int:
    debug = False
    while words and words[0].startswith("-"):
        flag = words.pop(0)
        if flag == "--":
            break
        if flag in ("-h", "--help"):
            print(USAGE, end="")
            return 0
        if flag in ("-i", "--info"):
            from catalejo import info

            return info.main(words)
        if flag not in ("-d", "--debug"):
            print(f'catalejo run: unknown flag "{flag}"\n\n{USAGE}', end="", file=sys.stderr)
            return EXIT_USAGE
        debug = True
    if not words:
        print(f"catalejo run: no command given\n\n{USAGE}", end="", file=sys.stderr)
        return EXIT_USAGE
    environment = traced_environment(os.environ)
    if debug:
        environment["CATALEJO_DEBUG"] = "1"
    return become(words[0], words, environment)


def become(
    program: str, words: Sequence[str], environment: os._Environ[str] | dict[str, str]
) -> int:
    """Replaces this process; returns an exit code only when that fails."""
    sys.stdout.flush()
    try:
        _exec(program, words, environment)
    except FileNotFoundError:
        if program in ("python", "python3") and sys.executable:
            return become(sys.executable, [sys.executable, *words[1:]], environment)
        hint = _script_hint(program, words)
        print(f"catalejo run: {program}: command not found{hint}", file=sys.stderr)
        return EXIT_NOT_FOUND
    except OSError as error:
        hint = _script_hint(program, words)
        print(f"catalejo run: {program}: {error.strerror}{hint}", file=sys.stderr)
        return EXIT_NOT_RUNNABLE


def _exec(
    program: str, words: Sequence[str], environment: os._Environ[str] | dict[str, str]
) -> NoReturn:
    os.execvpe(program, list(words), environment)


def _script_hint(program: str, words: Sequence[str]) -> str:
    if program.endswith(".py"):
        return f"\nTo run a script: catalejo run python {' '.join(words)}"
    return ""


def server_program() -> str:
    """CATALEJO_SERVER, else the first `catalejo` on the PATH that is no script (this one is)."""
    given = os.environ.get("CATALEJO_SERVER", "")
    if given:
        return given
    for folder in os.get_exec_path():
        path = os.path.join(folder, "catalejo")
        try:
            with open(path, "rb") as file:
                head = file.read(2)
        except OSError:
            continue
        if head != b"#!" and os.access(path, os.X_OK):
            return path
    return ""


def hand_over(words: Sequence[str]) -> int:
    server = server_program()
    if not server:
        print(NO_SERVER.format(command=words[0]), end="", file=sys.stderr)
        return EXIT_USAGE
    return become(server, [server, *words], os.environ)
