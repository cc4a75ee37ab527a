"""Calls of the prompt registry, as an application makes them, of Datadog's client or of ours: the
module that is named. Run under a client's environment; prints what the client itself was told, as
JSON."""

from __future__ import annotations

import importlib
import json
import os
import sys
from typing import Any

LLMObs = importlib.import_module(sys.argv[1]).LLMObs

CHAT = [
    {"role": "system", "content": "Answer in {{language}}."},
    {"role": "user", "content": "¿{{question}}? 🔭"},
]


def of(prompt: Any) -> list[Any]:
    return [prompt.version, prompt.source, prompt.template, prompt.config]


def failure(call: Any, *given: Any, **named: Any) -> str:
    try:
        call(*given, **named)
    except Exception as error:
        return type(error).__name__
    return "none"


def main() -> dict[str, Any]:
    told: dict[str, Any] = {}
    made = LLMObs.create_prompt(
        "greeting", CHAT, title="Hello", labels=["production"], config={"temperature": 0.2}
    )
    told["made"] = [made["prompt_id"], made["num_versions"], made["in_registry"]]
    told["twice"] = failure(LLMObs.create_prompt, "greeting", CHAT)
    second = LLMObs.create_prompt_version(
        "greeting", [{"role": "user", "content": "Two: {{question}}"}], user_version="v2-beta",
        env_ids=[os.environ["DD_ENV"]],
    )  # fmt: skip
    told["second"] = [second["version"], second["labels"]]
    told["production"] = of(LLMObs.get_prompt("greeting", label="production"))
    told["cached"] = LLMObs.get_prompt("greeting", label="production").source
    told["deployed"] = of(LLMObs.get_prompt("greeting"))
    told["exact"] = of(LLMObs.get_prompt("greeting", version=1))
    filled = LLMObs.get_prompt("greeting", version=1).format(language="Spanish", question="qué")
    told["filled"] = [dict(message) for message in filled]
    moved = LLMObs.update_prompt_version("greeting", 2, labels=["production"])
    told["moved"] = moved["labels"]
    told["after"] = of(LLMObs.get_prompt("greeting", label="production"))
    told["undeployed"] = LLMObs.get_prompt("greeting", fallback="Hi {{name}}").format(name="Ana")
    told["missing"] = failure(LLMObs.get_prompt, "nothing")
    told["versions"] = [
        [one["version"], one["labels"]] for one in LLMObs.list_prompt_versions("greeting")
    ]
    told["titled"] = LLMObs.update_prompt("greeting", title="Hola")["title"]
    told["listed"] = [one["prompt_id"] for one in LLMObs.list_prompts()]
    told["deleted"] = LLMObs.delete_prompt("greeting")["prompt_id"]
    told["gone"] = [one["prompt_id"] for one in LLMObs.list_prompts()]
    return told


if __name__ == "__main__":
    LLMObs.enable(ml_app="prompts", app_key="any")
    print(json.dumps(main()))
    LLMObs.disable()
