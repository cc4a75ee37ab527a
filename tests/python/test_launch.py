"""`catalejo run`: what it starts, what it leaves alone, and its exit codes."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.python.harness import ROOT, Receiver, agent, environment, launcher, receiver, run, traced

PYTHON = sys.executable


@pytest.fixture
def server() -> Iterator[Receiver]:
    with receiver() as started:
        yield started


def test_a_program_is_traced_and_its_words_reach_it(server: Receiver) -> None:
    code = f"import sys; print(sys.argv[1:]); {traced()}"
    done = run(PYTHON, "-c", code, "--debug", "a b", env=agent(server))
    assert done.stdout == "['--debug', 'a b']\n", done.stderr
    assert done.stderr == ""
    [event] = server.events
    assert event["name"] == "work" and event["ml_app"] == "tests"


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ((), 2, "no command given"),
        (("--nonsense",), 2, 'unknown flag "--nonsense"'),
        (("--help",), 0, "usage: catalejo run"),
        (("no-such-program",), 127, "no-such-program: command not found"),
        (("README.md",), 127, "command not found"),
        (("./README.md",), 126, "Permission denied"),
        (("app.py",), 127, "catalejo run python app.py"),
        ((PYTHON, "-c", "raise SystemExit(7)"), 7, ""),
        (("--", PYTHON, "-c", "raise SystemExit(8)"), 8, ""),
        (("sh", "-c", "exit 9"), 9, ""),
    ],
    ids=str,
)
def test_exit_codes(words: tuple[str, ...], code: int, said: str) -> None:
    done = run(*words, env=environment())
    assert done.returncode == code, done.stderr
    assert said in done.stdout + done.stderr


def test_a_signal_ends_the_command_as_it_would_have(server: Receiver) -> None:
    code = "import os, signal; os.kill(os.getpid(), signal.SIGTERM)"
    assert run(PYTHON, "-c", code, env=agent(server)).returncode == -signal.SIGTERM


@pytest.mark.parametrize("how", ["script", "module", "package", "stdin", "child", "zip"])
def test_every_way_to_start_python_is_traced(server: Receiver, tmp_path: Path, how: str) -> None:
    (tmp_path / "app.py").write_text(traced(how))
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack/__main__.py").write_text(traced(how))
    child = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {traced(how)!r}])"
    subprocess.run([PYTHON, "-m", "zipapp", "pack"], cwd=tmp_path, check=True)
    words = {
        "script": [PYTHON, "app.py"],
        "module": [PYTHON, "-m", "app"],
        "package": [PYTHON, "-m", "pack"],
        "stdin": ["sh", "-c", f"{PYTHON} - < app.py"],
        "child": [PYTHON, "-c", child],
        "zip": [PYTHON, "pack.pyz"],
    }[how]
    done = run(*words, env=agent(server), cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert server.names() == [how]


@pytest.mark.parametrize("flag", ["-S", "-I", "-E"])
def test_python_that_ignores_its_environment_is_left_alone(server: Receiver, flag: str) -> None:
    code = "import sys; print('catalejo' in sys.modules)"
    done = run(PYTHON, flag, "-c", code, env=agent(server))
    assert (done.returncode, done.stdout, done.stderr) == (0, "False\n", "")


def test_switched_off_it_does_nothing(server: Receiver) -> None:
    done = run(PYTHON, "-c", traced(), env=agent(server, DD_LLMOBS_ENABLED="0"))
    assert (done.returncode, done.stderr) == (0, "")
    assert server.requests == []


def test_the_hidden_sitecustomize_still_runs(server: Receiver, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text("import builtins; builtins.theirs = 17\n")
    code = f"import sitecustomize; print(theirs, sitecustomize.__file__); {traced()}"
    env = agent(server, PYTHONPATH=str(tmp_path))
    done = run(PYTHON, "-c", code, env=env)
    assert done.stdout.split() == ["17", str(tmp_path / "sitecustomize.py")], done.stderr
    assert server.names() == ["work"]


def test_a_broken_sitecustomize_is_reported_as_python_does(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text("import no_such_module_at_all\n")
    plain = environment(PYTHONPATH=str(tmp_path))
    with_us = run(PYTHON, "-c", "print(1)", env=plain)
    command = [PYTHON, "-c", "print(1)"]
    without = subprocess.run(command, env=plain, capture_output=True, text=True, check=False)
    assert with_us.stdout == without.stdout == "1\n"
    # Once by the launcher's own Python, once by the program's.
    assert with_us.stderr == 2 * without.stderr


def test_the_path_of_the_program_is_its_own(tmp_path: Path) -> None:
    code = "import sys; print(sys.path)"
    plain = environment(PYTHONPATH=str(tmp_path))
    without = subprocess.run([PYTHON, "-c", code], env=plain, capture_output=True, text=True)
    assert run(PYTHON, "-c", code, env=plain).stdout == without.stdout


def test_an_interpreter_without_the_package_uses_the_launchers(
    server: Receiver, tmp_path: Path
) -> None:
    subprocess.run([PYTHON, "-m", "venv", "--without-pip", tmp_path / "bare"], check=True)
    bare = str(tmp_path / "bare/bin/python")
    code = f"import sys; {traced('bare')}; print([p for p in sys.path if 'catalejo' in p])"
    done = run(bare, "-c", code, env=agent(server))
    assert (done.returncode, done.stderr) == (0, "")
    assert server.names() == ["bare"]


@pytest.mark.parametrize("version", ["2.7", "3.6", "3.8"])
def test_a_python_that_is_too_old_runs_untraced(version: str) -> None:
    found = sorted((Path.home() / ".pyenv/versions").glob(f"{version}.*/bin/python"))
    if not found:
        pytest.skip(f"no Python {version} on this machine")
    done = run(str(found[0]), "-c", "print(1)", env=environment())
    assert (done.returncode, done.stdout) == (0, "1\n")
    assert done.stderr.count("\n") == 1 and f"Python {version} is too old" in done.stderr


def test_without_its_native_core_it_says_so_and_the_program_runs(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text("import sys; sys.modules['catalejo._core'] = None\n")
    code = f"from catalejo import LLMObs; {traced()}; print(1)"
    done = run(PYTHON, "-c", code, env=environment(PYTHONPATH=str(tmp_path)))
    assert (done.returncode, done.stdout) == (0, "1\n")
    assert done.stderr.count("\n") == 1 and "the application runs untraced" in done.stderr


def test_openai_is_left_alone_by_a_wheel_without_its_native_core(tmp_path: Path) -> None:
    import catalejo

    package = Path(catalejo.__file__).parent
    shutil.copytree(package, tmp_path / "catalejo", ignore=shutil.ignore_patterns("*.so"))
    code = """if True:
        import openai, catalejo
        from demo.azure.server import KEY, start
        from openai.resources.chat.completions import AsyncCompletions, Completions
        for method in (Completions.create, AsyncCompletions.create):
            assert not hasattr(method, "_catalejo_original")
        azure = start()
        client = openai.AzureOpenAI(
            azure_endpoint=azure.url(), api_key=KEY, api_version="2024-10-21"
        )
        asked = dict(model="gpt-4o", messages=[{"role": "user", "content": "hi"}])
        assert client.chat.completions.create(**asked).choices[0].message.content
        usages = [chunk.usage for chunk in client.chat.completions.create(**asked, stream=True)]
        assert usages and not any(usages)
        with catalejo.LLMObs.workflow("work"):
            pass
        print(catalejo.__file__)
    """
    env = environment(PYTHONPATH=f"{tmp_path}:{ROOT}")
    done = subprocess.run(
        [PYTHON, "-m", "catalejo", "run", PYTHON, "-c", code],
        env={**env, "PYTHONPATH": f"{tmp_path}:{ROOT}"}, cwd=tmp_path,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    where = tmp_path / "catalejo/__init__.py"
    assert (done.returncode, done.stdout) == (0, f"{where}\n"), done.stderr
    (said,) = done.stderr.splitlines()
    assert "no native core for" in said and "install catalejo with this Python" in said


def test_nothing_heavy_is_imported_before_it_is_used() -> None:
    code = "import sys; print(*sys.modules)"
    env = environment()
    with_us = set(run(PYTHON, "-c", code, env=env).stdout.split())
    plain = subprocess.run([PYTHON, "-c", code], env=env, capture_output=True, text=True)
    added = {name for name in with_us - set(plain.stdout.split()) if "catalejo" not in name}
    assert added <= {"__future__", "atexit", "sitecustomize"}, added


def command(*words: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*launcher(), *words], env=env, capture_output=True, text=True, cwd=ROOT, check=False
    )


def test_the_server_program_gets_the_other_commands(tmp_path: Path) -> None:
    program = tmp_path / "catalejo"
    program.write_bytes(Path("/bin/echo").read_bytes())
    program.chmod(0o755)
    for env in (
        environment(CATALEJO_SERVER=str(program)),
        environment(PATH=f"{Path(PYTHON).parent}:{tmp_path}:{os.environ['PATH']}"),
    ):
        done = command("up", "--http-port", "1", env=env)
        assert done.stdout == "up --http-port 1\n", done.stderr
    nowhere = environment(PATH="/nowhere")
    done = command("up", env=nowhere)
    assert done.returncode == 2 and "./dev build" in done.stderr
