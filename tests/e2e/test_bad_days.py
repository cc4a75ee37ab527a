"""What must not cost an acknowledged span: power cuts, a dying database, a full disk, a restart."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import time
from functools import partial
from pathlib import Path
from typing import Self

import pytest

from tests.e2e.harness.load import Load, assert_stored_once, body_of, event, post
from tests.e2e.harness.page_api import Answer
from tests.e2e.harness.program import Catalejo, binary, until

ROUNDS = int(os.environ.get("CATALEJO_E2E_ROUNDS", "8"))
EXIT_IN_USE = 5


@pytest.mark.timeout(120 + 20 * ROUNDS)
def test_kill_9_at_any_moment_loses_and_doubles_nothing(fresh: Catalejo) -> None:
    chance = random.Random(20_260)
    with Load(fresh) as load:
        for number in range(ROUNDS):
            fresh.start(wait_ready=False)
            # Every fourth time while it still starts and replays; else while it takes spans.
            if number % 4 != 3:
                load.wait_for_more()
            time.sleep(chance.uniform(0.0, 1.2))  # the random moment itself, not a wait
            fresh.kill()
        fresh.start()
    assert_stored_once(fresh, load)
    assert len(load.acknowledged) >= ROUNDS * 10
    assert fresh.stop() == 0


@pytest.mark.timeout(300)
def test_a_store_child_that_keeps_dying_costs_nothing(fresh: Catalejo) -> None:
    kills = 4
    fresh.start()
    with Load(fresh) as load:
        for _ in range(kills):
            [pid] = until(fresh.store_pids, "a store child runs", 30)
            os.kill(pid, signal.SIGKILL)
            load.wait_for_more(200)  # intake goes on without the database
            until(partial(new_child, fresh, pid), "a new store child runs", 60)
            until(lambda: fresh.api.ledger()["store"]["ready"], "the store is ready again", 60)
    assert_stored_once(fresh, load)
    assert fresh.api.ledger()["store"]["child_restarts"] == kills
    assert load.refused.total() == 0
    assert fresh.stop() == 0


def new_child(server: Catalejo, old: int) -> bool:
    pids = server.store_pids()
    return len(pids) == 1 and pids != [old]


def test_a_stop_under_load_ends_in_order_and_loses_nothing(fresh: Catalejo) -> None:
    with Load(fresh) as load:
        for _ in range(2):
            fresh.start()
            load.wait_for_more(100)
            assert fresh.stop() == 0
        fresh.start()
    assert_stored_once(fresh, load)
    assert fresh.store_pids() != []
    assert fresh.stop() == 0


def test_the_store_child_does_not_outlive_the_program(fresh: Catalejo) -> None:
    fresh.start()
    [pid] = fresh.store_pids()
    assert fresh.process is not None
    fresh.process.kill()  # the program alone
    fresh.process.wait()
    until(lambda: not running(pid), "the orphaned store child ends by itself")


def running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_second_program_on_the_same_data_is_refused(fresh: Catalejo, tmp_path: Path) -> None:
    with fresh:
        second = Catalejo(fresh.data)
        done = second.command("up")
        assert done.returncode == EXIT_IN_USE, done.stderr
        assert str(fresh.data) in done.stderr
        assert post(fresh, body_of(event(1, "still here"))).status == 202


class OnSmallDisk(Catalejo):
    """Its data folder is a small memory disk, mounted where only this process sees it."""

    megabytes = 700

    def start(self, *, wait_ready: bool = True) -> Self:
        self.data.mkdir(parents=True, exist_ok=True)
        script = 'mount -t tmpfs -o size="$1"m tmpfs "$2" && exec "$3" up'
        unshare = ["unshare", "-m"] if os.geteuid() == 0 else ["unshare", "-rm"]
        arguments = [str(self.megabytes), str(self.data), str(binary())]
        with self.log_path.open("ab") as log:
            self.process = subprocess.Popen(
                [*unshare, "sh", "-c", script, "sh", *arguments], env=self.environment(),
                stdout=log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                start_new_session=True,
            )  # fmt: skip
        if wait_ready:
            self.wait_ready()
        return self

    def inside(self) -> Path:
        """The mounted folder, as seen from here."""
        assert self.process is not None
        return Path(f"/proc/{self.process.pid}/root{self.data}")

    def fill(self) -> Path:
        filler = self.inside() / "filler"
        # Without a buffer, whose rest would fail again when the file is closed.
        with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
            while True:
                file.write(bytes(1 << 20))
        return filler


@pytest.mark.timeout(240)
def test_a_full_disk_is_answered_503_and_recovered_from(tmp_path: Path) -> None:
    server = OnSmallDisk(tmp_path / "data")
    with server:
        assert post(server, body_of(event(1, "before", ml_app="disk"))).status == 202
        filler = server.fill()
        answer = until(lambda: refused(server), "intake answers 503", 60)
        assert answer is not None
        assert answer.json()["errors"][0]["code"] == "disk_full"
        assert int(answer.headers["retry-after"]) >= 1
        ledger = server.api.ledger()
        assert ledger["spans"]["rejected"]["disk_full"] >= 1
        assert "disk" in ledger["store"]["problem"].lower()

        filler.unlink()
        until(
            lambda: post(server, body_of(event(3, "after", ml_app="disk"))).status == 202,
            "intake takes spans again",
            60,
        )
        until(
            lambda: {"1", "3"} <= {row["span_id"] for row in disk_rows(server)},
            "both acknowledged spans can be queried",
            60,
        )
        stored = disk_rows(server)
        assert len({row["span_id"] for row in stored}) == len(stored)
        assert server.stop() == 0


def refused(server: Catalejo) -> Answer | None:
    answer: Answer = post(server, body_of(event(2, "x" * 100_000, ml_app="disk")))
    return answer if answer.status == 503 else None


def disk_rows(server: Catalejo) -> list[dict[str, object]]:
    return server.api.spans(view="spans", ml_app="disk")
