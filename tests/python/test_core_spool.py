"""What the native core could not send and keeps on disk."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from .core_child import finish, run, start
from .intake import Intake, ids

Make = Callable[..., Intake]

SPOOL = """
_core.configure({"url": url, "spool_dir": spool, "flush_interval_ms": 10})
for at in range(20): _core.submit("span", {"span_id": str(base + at), "text": "é" * 400})
_core.submit("evaluation", {"label": str(base)})
"""


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.suffix == ".json")


def test_what_could_not_be_sent_survives_a_kill(intakes: Make, tmp_path: Path) -> None:
    dead = intakes()
    dead.close()
    spool = tmp_path / "spool"
    for base in (0, 100):
        child = start(
            SPOOL
            + """
while _core.counts()["spooled"] < 21 + 21 * (base > 0): time.sleep(0.01)
say(ok=adds_up()); time.sleep(60)
""",
            url=dead.url,
            spool=str(spool),
            base=base,
        )
        assert child.stdout is not None
        assert json.loads(child.stdout.readline()) == {"ok": True}
        child.kill()
        child.communicate()
        # The second has taken over what the first left.
        assert len(files(spool)) >= 2
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in spool.iterdir())
    live = intakes()
    (said,) = run(
        """
_core.configure({"url": url, "spool_dir": spool})
while True:
    counts = _core.counts()
    if counts["recovered"] and not counts["spooled"]: break
    time.sleep(0.01)
say(ok=adds_up(), counts=counts, ended=_core.shutdown(1000))
""",
        url=live.url,
        spool=str(spool),
    )
    assert said["ok"]
    assert said["ended"]
    assert (said["counts"]["recovered"], said["counts"]["acknowledged"]) == (42, 42)
    assert ids(live) == [*range(20), *range(100, 120)]
    assert len(live.evaluations()) == 2
    assert list(spool.iterdir()) == []


def test_what_is_left_at_the_end_goes_to_the_disk(intakes: Make, tmp_path: Path) -> None:
    server = intakes(status=503)
    (said,) = run(
        SPOOL
        + """
say(ended=_core.shutdown(2000), ok=adds_up(), counts=_core.counts())
""",
        url=server.url,
        spool=str(tmp_path),
        base=0,
    )
    assert not said["ended"]
    assert said["ok"]
    assert said["counts"]["spooled"] == 21
    assert sum(said["counts"]["lost"].values()) == 0
    server.status = 202
    (said,) = run(
        """
_core.configure({"url": url, "spool_dir": spool})
_core.submit("span", {"span_id": "50"})
time.sleep(0.05)
say(done=_core.flush(5000), ok=adds_up(), counts=_core.counts())
""",
        url=server.url,
        spool=str(tmp_path),
    )
    assert said["done"]
    assert said["counts"]["recovered"] == 21
    assert said["counts"]["acknowledged"] == 22
    assert files(tmp_path) == []


def test_a_spool_across_a_restart_in_one_process(intakes: Make, tmp_path: Path) -> None:
    dead, live = intakes(), intakes()
    dead.close()
    (said,) = run(
        SPOOL
        + """
_core.shutdown(1000)
first = _core.counts()
_core.configure({"url": live, "spool_dir": spool})
_core.submit("span", {"span_id": "99"})
time.sleep(0.1)
say(done=_core.flush(5000), ok=adds_up(), first=first, ended=_core.shutdown(1000),
    counts=_core.counts(), left=os.listdir(spool))
""",
        url=dead.url,
        live=live.url,
        spool=str(tmp_path),
        base=0,
    )
    assert (said["done"], said["ok"], said["ended"], said["left"]) == (True, True, True, [])
    assert said["first"]["spooled"] == 21
    assert said["counts"]["acknowledged"] == 22
    assert said["counts"]["recovered"] == said["counts"]["spooled"] == 0


def test_a_running_process_keeps_its_files(intakes: Make, tmp_path: Path) -> None:
    server = intakes(status=503)
    child = start(
        SPOOL
        + """
while _core.counts()["spooled"] < 21: time.sleep(0.01)
say(); sys.stdin.read(); say(done=_core.flush(5000), ok=adds_up())
""".replace("sys.stdin.read()", "time.sleep(1.5)"),
        url=server.url,
        spool=str(tmp_path),
        base=0,
    )
    assert child.stdout is not None
    child.stdout.readline()
    server.status = 202
    (said,) = run(
        """
_core.configure({"url": url, "spool_dir": spool}); _core.submit("span", {"span_id": "77"})
say(done=_core.flush(5000), counts=_core.counts())
""",
        url=server.url,
        spool=str(tmp_path),
    )
    assert said["counts"]["recovered"] == 0
    assert finish(child) == [{"done": True, "ok": True}]


def test_the_spool_is_bounded(intakes: Make, tmp_path: Path) -> None:
    server = intakes(status=503)
    running, ended = run(
        """
_core.configure({"url": url, "spool_dir": spool, "spool_bytes_max": 30000,
                 "queue_bytes_max": 30000, "flush_interval_ms": 1, "batch_bytes_max": 5000})
took = 0
for at in range(100):
    took += _core.submit("span", {"span_id": str(at), "text": "x" * 1500}); time.sleep(0.005)
say(took=took, ok=adds_up(), counts=_core.counts(),
    bytes=sum(entry.stat().st_size for entry in os.scandir(spool)))
_core.shutdown(0)
say(ok=adds_up(), counts=_core.counts())
""",
        url=server.url,
        spool=str(tmp_path),
    )
    assert running["ok"]
    assert running["bytes"] <= 30_000
    assert running["counts"]["lost"]["queue_full"] == 100 - running["took"] > 0
    assert ended["ok"]
    assert ended["counts"]["queued"] == 0
    assert ended["counts"]["lost"]["unreachable"] + ended["counts"]["lost"]["shutdown"] > 0


@pytest.mark.parametrize("folder", ["/proc/nowhere", "/dev/null"])
def test_a_spool_that_cannot_be(intake: Intake, folder: str) -> None:
    (said,) = run(
        """
_core.configure({"url": url, "spool_dir": spool})
_core.submit("span", {"span_id": "1"})
say(done=_core.flush(5000), ok=adds_up())
""",
        url=intake.url,
        spool=folder,
    )
    assert said == {"done": True, "ok": True}


def test_damaged_files_and_links_are_left_alone(intake: Intake, tmp_path: Path) -> None:
    (tmp_path / "1-1.00000001.s.3.json").write_text("")
    (tmp_path / "1-1.00000002.s.x.json").write_text("[]")
    (tmp_path / "1-1.part").write_text("half")
    (tmp_path / "mine.txt").write_text("kept")
    (tmp_path / "1-1.00000003.s.1.json").symlink_to("/etc/hostname")
    (said,) = run(
        """
_core.configure({"url": url, "spool_dir": spool})
_core.submit("span", {"span_id": "1"})
say(done=[_core.flush(5000), _core.flush(5000)], ok=adds_up(), lost=_core.counts()["lost"])
""",
        url=intake.url,
        spool=str(tmp_path),
    )
    assert said["ok"]
    assert said["lost"]["failed"] == 3
    assert len(intake.requests) == 1
    assert (tmp_path / "mine.txt").read_text() == "kept"
    assert not (tmp_path / "1-1.part").exists()
