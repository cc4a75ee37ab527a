"""A Celery application with a broker in a folder, whose task asks a model. `python -m …tasks` puts
one task in it."""

from __future__ import annotations

import os
import uuid
from pathlib import Path

from celery import Celery

from .model import ask

folder = Path(os.environ["CATALEJO_TESTS_FOLDER"])
for name in ("queue", "control"):
    (folder / name).mkdir(exist_ok=True)
app = Celery("tasks", broker="filesystem://")
app.conf.broker_transport_options = {
    "data_folder_in": str(folder / "queue"),
    "data_folder_out": str(folder / "queue"),
    "control_folder": str(folder / "control"),
}


@app.task(name="work")
def work() -> None:
    ask()
    (folder / f"done-{uuid.uuid4().hex}").touch()


if __name__ == "__main__":
    work.apply_async()
