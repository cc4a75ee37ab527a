#!/usr/bin/env python3
"""How right the evaluators of texts are on labelled cases.

    python -m bench.accuracy.texts [EVALUATOR…] [--program CATALEJO] [--half tuned|test] [--wrong]
                                   [--attacks FILE] [--harmless FILE…] [--openlit FOLDER]

`--wrong` prints the cases that are judged wrongly. `--attacks` and `--harmless` are JSON lists of
prompts of others (texts, or objects with "prompt"), of which the share that raises an alarm is
told, with `--openlit` (the folder that holds the package `openlit`) also of its rules. The data is
described in bench/accuracy/data/README.md.
"""

from __future__ import annotations

import argparse
import ast
import itertools
import json
import subprocess
import sys
import types
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from bench.accuracy import (
    facts_phrases,
    harmless,
    make_facts,
    make_quality,
    make_security,
    quality_phrases,
)
from bench.accuracy.figures import Figures, Rate

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(__file__).resolve().parent / "data"
HARMLESS = {"no", "answered", "complete", "unclear"}
EVALUATORS = (
    "prompt_injection", "system_prompt_leak", "exfiltration", "code_injection",
    "failure_to_answer", "language_mismatch", "goal_completeness", "toxicity_input",
    "toxicity_output", "sentiment_input", "sentiment_output", "repetition", "groundedness_lexical",
    "topic_relevance",
)  # fmt: skip
# Their verdicts are facts: figures tell whether the program reads what it is given.
OF_FACTS = (
    "invalid_json", "wrong_tool", "invalid_tool_arguments", "canary", "truncation",
    "azure_content_filter", "redacted", "tool_loop",
)  # fmt: skip
# Made of the harmless texts, which are not stored again.
MADE: dict[str, Callable[[str], Iterator[dict[str, Any]]]] = {
    "repetition": make_quality.repetition,
    "groundedness_lexical": make_quality.groundedness,
    "topic_relevance": make_quality.topic_relevance,
    "invalid_json": make_facts.invalid_json,
    "wrong_tool": partial(make_facts.called_wrongly, "tool"),
    "invalid_tool_arguments": partial(make_facts.called_wrongly, "arguments"),
    "canary": make_facts.canary,
    "truncation": make_facts.truncation,
    "azure_content_filter": make_facts.azure_content_filter,
    "redacted": make_facts.redacted,
    "tool_loop": make_facts.tool_loop,
}
# What a user would set.
OPTIONS: dict[str, Callable[[str], Any]] = {
    "canary": lambda half: {"tokens": facts_phrases.CANARIES[half]},
    "topic_relevance": lambda half: {"topics": quality_phrases.TOPICS[half]},
}
# Those that judge the same texts, of whom asks and of whom answers: their one set, who speaks.
OF_BOTH = {
    "toxicity_input": ("toxicity", "user"),
    "toxicity_output": ("toxicity", "assistant"),
    "sentiment_input": ("sentiment", "user"),
    "sentiment_output": ("sentiment", "assistant"),
}
Case = dict[str, Any]


def load(evaluator: str, half: str = "test") -> list[Case]:
    if evaluator in MADE:
        return [*MADE[evaluator](half), *shared(evaluator, half)]
    folder, voice = OF_BOTH.get(evaluator, (evaluator, ""))
    lines = (DATA / folder / f"{half}.jsonl").read_text().splitlines()
    cases = [json.loads(line) for line in lines]
    for case in cases:
        if voice:
            case[voice] = case.pop("text")
    return [*cases, *shared(evaluator, half)]


def shared(evaluator: str, half: str) -> list[Case]:
    """The harmless texts that sets share, where this evaluator reads."""
    texts = harmless.texts(half)
    cases: list[Case]
    if evaluator == "system_prompt_leak":
        # A system prompt as an answer would be a leak, be it of another one.
        texts = [(kind, text) for kind, text in texts if kind != "system prompt"]
        prompts = itertools.cycle(make_security.prompted(half))
        cases = [{"system": next(prompts).system, "assistant": text} for _, text in texts]
    elif evaluator in OF_BOTH:
        cases = [{OF_BOTH[evaluator][1]: text} for _, text in texts]
    elif evaluator in ("prompt_injection", "failure_to_answer"):
        # What their own sets have few of.
        texts = [(kind, text) for kind, text in texts if kind in ("mail", "log")]
        voice = "document" if evaluator == "prompt_injection" else "assistant"
        cases = [{"user": "Summarise this", voice: text} for _, text in texts]
    elif evaluator in ("exfiltration", "repetition", "invalid_json"):
        cases = [{"assistant": text} for _, text in texts]
    elif evaluator == "code_injection":
        cases = [
            {"tool_call": {"name": "save_page", "arguments": {"text": text}}}
            if number % 2
            else {"assistant": text}
            for number, (_, text) in enumerate(texts)
        ]
    else:
        return []
    return [
        {"user": "Go on", **case, "expect": "no", "kind": kind, "shared": True}
        for (kind, _), case in zip(texts, cases, strict=True)
    ]


def span_of(case: Case) -> dict[str, Any]:
    """A case as a span, or as a session, that `catalejo evaluate` reads."""
    if "turns" in case or "steps" in case:
        return {key: case[key] for key in ("turns", "steps") if key in case}
    messages = [
        {"role": role, "content": case[key]}
        for key, role in (("system", "system"), ("tool_result", "tool"), ("user", "user"))
        if key in case
    ]
    span: dict[str, Any] = {"kind": "llm", "input": {"messages": messages}, **case.get("span", {})}
    if "document" in case:
        span["input"]["documents"] = [{"text": case["document"]}]
    answer: dict[str, Any] = {"role": "assistant"}
    if "assistant" in case:
        answer["content"] = case["assistant"]
    if "tool_call" in case:
        answer["tool_calls"] = [case["tool_call"]]
    if len(answer) > 1:
        span["output"] = {"messages": [answer]}
    return span


def ours(program: Path, evaluator: str, cases: list[Case], half: str = "test") -> list[bool]:
    lines = "\n".join(json.dumps(span_of(case)) for case in cases) + "\n"
    command = [str(program), "evaluate", "-", "--evaluator", evaluator]
    if evaluator in OPTIONS:
        command += ["--options", json.dumps(OPTIONS[evaluator](half))]
    answer = subprocess.run(
        command,
        input=lines,
        check=True,
        capture_output=True,
        text=True,
    )
    # A silent evaluator raises no alarm.
    return [
        any(verdict.get("assessment") == "fail" for verdict in json.loads(line)["verdicts"])
        for line in answer.stdout.splitlines()
    ]


def text_of(case: Case) -> str:
    if "turns" in case:
        return str(case["turns"][-1]["user"])
    if "steps" in case:
        return str(case["steps"])
    return "\n".join(str(case[key]) for key in ("tool_result", "document", "user") if key in case)


def openlit(folder: Path, cases: list[Case]) -> list[bool]:
    # The package as such starts a tracer; the guard alone is wanted.
    package = types.ModuleType("openlit")
    package.__path__ = [str(folder / "openlit")]
    guards = types.ModuleType("openlit.guard")
    guards.__path__ = [str(folder / "openlit" / "guard")]
    sys.modules |= {"openlit": package, "openlit.guard": guards}
    from importlib import import_module

    guard = import_module("openlit.guard.prompt_injection").PromptInjection()
    return [guard.evaluate(text_of(case)).classification not in (None, "") for case in cases]


def llm_guard(folder: Path, cases: list[Case]) -> list[bool]:
    """NoRefusalLight: a list of substrings, which is read out of its source."""
    source = (folder / "llm_guard" / "output_scanners" / "no_refusal.py").read_text()
    lists = [
        ast.literal_eval(node.value)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.keyword) and node.arg == "substrings"
    ]
    phrases = [phrase.lower() for phrase in lists[0]]
    return [any(phrase in case["assistant"].lower() for phrase in phrases) for case in cases]


def figures_of(cases: list[Case], alarms: list[bool]) -> Figures:
    counts = {(True, True): 0, (True, False): 0, (False, True): 0, (False, False): 0}
    for case, alarm in zip(cases, alarms, strict=True):
        counts[case["expect"] not in HARMLESS, alarm] += 1
    return Figures(counts[True, True], counts[False, True], counts[True, False],
                   counts[False, False])  # fmt: skip


def by_kind(cases: list[Case], alarms: list[bool]) -> list[tuple[str, str, Rate]]:
    rows = []
    for kind in dict.fromkeys(case["kind"] for case in cases):
        for harmful in (True, False):
            raised = [
                alarm
                for case, alarm in zip(cases, alarms, strict=True)
                if case["kind"] == kind and (case["expect"] not in HARMLESS) == harmful
            ]
            if raised:
                what = "found" if harmful else "false alarms"
                rows.append((kind, what, Rate(sum(raised), len(raised))))
    return rows


Judged = tuple[list[Case], list[bool]]


def parted(cases: list[Case], alarms: list[bool]) -> tuple[Judged, Judged]:
    """The evaluator's own cases, and the texts that sets share."""
    parts: tuple[Judged, Judged] = ([], []), ([], [])
    for case, alarm in zip(cases, alarms, strict=True):
        part = parts["shared" in case]
        part[0].append(case)
        part[1].append(alarm)
    return parts


def wrong(cases: list[Case], alarms: list[bool]) -> None:
    for case, alarm in zip(cases, alarms, strict=True):
        if (case["expect"] not in HARMLESS) != alarm:
            text = str(case.get("tool_call") or case.get("assistant", text_of(case)))
            print(f"<!-- {case['expect']} {case['kind']}: {text[-160:]!r} -->")


def prompts(path: Path) -> list[Case]:
    return [
        {"user": one if isinstance(one, str) else one["prompt"]}
        for one in json.loads(path.read_text())
    ]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("evaluators", nargs="*", default=EVALUATORS + OF_FACTS)
    arguments.add_argument("--program", type=Path, default=ROOT / "build" / "release" / "catalejo")
    arguments.add_argument("--half", choices=("tuned", "test"), default="test")
    arguments.add_argument("--openlit", type=Path)
    arguments.add_argument("--attacks", type=Path)
    arguments.add_argument("--harmless", type=Path, nargs="*", default=[])
    arguments.add_argument("--wrong", action="store_true")
    given = arguments.parse_args()
    for evaluator in given.evaluators:
        cases = load(evaluator, given.half)
        alarms = ours(given.program, evaluator, cases, given.half)
        print(figures_of(cases, alarms).row(f"Catalejo, `{evaluator}`"))
        for kind, what, rate in by_kind(cases, alarms):
            print(f"| {kind} | {rate.of} | {what} | {rate} |")
        if given.wrong:
            wrong(cases, alarms)
    for path in [given.attacks, *given.harmless]:
        if path:
            cases = prompts(path)
            raised = ours(given.program, "prompt_injection", cases)
            print(f"| {path.stem} | {len(cases)} | alarms | {Rate(sum(raised), len(raised))} |")
            if given.openlit:
                raised = openlit(given.openlit, cases)
                print(f"| {path.stem}, OpenLIT | {len(cases)} | alarms | "
                      f"{Rate(sum(raised), len(raised))} |")  # fmt: skip


if __name__ == "__main__":
    main()
