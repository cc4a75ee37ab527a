"""What evaluators say, of ddtrace.llmobs or of catalejo.llmobs: the module that is named. Prints it
as JSON."""

from __future__ import annotations

import importlib
import json
import sys
from functools import partial
from typing import Any, Callable

llmobs = importlib.import_module(sys.argv[1])
ready = importlib.import_module(sys.argv[1] + ".evaluators")


def said(make: Callable[[], Any]) -> Any:
    """What it comes to; of what is raised the type alone."""
    try:
        result = make()
    except Exception as error:
        return type(error).__name__
    if isinstance(result, llmobs.EvaluatorResult):
        return [result.value, result.reasoning, result.assessment, result.metadata]
    return result


def context(output: Any, expected: Any = None, **metadata: Any) -> Any:
    return llmobs.EvaluatorContext(
        input_data={"q": "¿2+2?"}, output_data=output, expected_output=expected, metadata=metadata
    )


def embedding(text: str) -> list[float]:
    return [float(len(text)), float(text.count("a")), 1.0]


def field(value: Any) -> Any:
    return value.get("f") if isinstance(value, dict) else None


CHECKS: list[tuple[str, dict[str, Any]]] = [
    *(("StringCheckEvaluator", {"operation": operation, **more})
      for operation in ("eq", "ne", "contains", "icontains")
      for more in ({}, {"case_sensitive": False}, {"strip_whitespace": True},
                   {"output_extractor": field}, {"output_extractor": 7})),
    ("StringCheckEvaluator", {"operation": "like"}),
    *(("RegexMatchEvaluator", {"pattern": pattern, "match_mode": mode})
      for pattern in (r"\d+", r"^Y", "(") for mode in ("search", "match", "fullmatch", "find")),
    *(("LengthEvaluator", {"min_length": least, "max_length": most, "count_type": count})
      for least, most in ((None, None), (2, None), (None, 3), (2, 3), (3, 2), (-1, 2))
      for count in ("characters", "words", "lines", "bytes")),
    ("JSONEvaluator", {}), ("JSONEvaluator", {"required_keys": ["f"]}),
    ("JSONEvaluator", {"output_extractor": field}),
    ("SemanticSimilarityEvaluator", {"embedding_fn": embedding}),
    ("SemanticSimilarityEvaluator", {"embedding_fn": embedding, "threshold": 0.999}),
    ("SemanticSimilarityEvaluator", {"embedding_fn": embedding, "threshold": 2}),
    ("SemanticSimilarityEvaluator", {"embedding_fn": "no"}),
]  # fmt: skip
OUTPUTS: list[tuple[Any, Any]] = [
    ("Yes", "Yes"), ("yes ", "Yes"), ("oh yes", "yes"), (None, None), (None, "x"), ("x", None),
    (12, "12"), ({"f": "Yes"}, "Yes"), ([1], [1]), ("", ""), ("a b\nc", "a"), ('{"f": 1}', ""),
    ("{", ""), ("12 a", "ñ🔭"),
]  # fmt: skip


def ready_made() -> list[Any]:
    found = []
    for name, given in CHECKS:
        for output, expected in OUTPUTS:

            def made(
                name: str = name, given: Any = given, output: Any = output, expected: Any = expected
            ) -> Any:
                return getattr(ready, name)(**given).evaluate(context(output, expected))

            shown = {key: str(value)[:20] for key, value in given.items()}
            found.append([name, shown, str(output), str(expected), said(made)])
    return found


YES = llmobs.BooleanStructuredOutput("d", True, "why", pass_when=True)
SCORE = llmobs.ScoreStructuredOutput
FORMS = {
    "yes": YES,
    "open": llmobs.BooleanStructuredOutput("d"),
    "from": SCORE("d", 0, 10, min_threshold=5),
    "to": SCORE("d", 0, 10, max_threshold=5, reasoning=True, reasoning_description="why"),
    "within": SCORE("d", 0, 10, min_threshold=3, max_threshold=5),
    "outside": SCORE("d", 0, 10, min_threshold=5, max_threshold=3),
    "kind": llmobs.CategoricalStructuredOutput({"good": "g", "bad": "b"}, pass_values=["good"]),
    "own": {"type": "object"},
    "none": None,
}
ANSWERS = [
    '{"boolean_eval": true, "reasoning": "so"}', '{"boolean_eval": false}', '{"boolean_eval": 1}',
    *(f'{{"score_eval": {n}, "reasoning": "so"}}' for n in (2, 3, 4.5, 5, 6)),
    '{"score_eval": "5"}', '{"categorical_eval": "good"}', '{"categorical_eval": "bad"}',
    '{"categorical_eval": 7}', "{}", "[1]", "no JSON", "",
]  # fmt: skip
PROMPT = (
    "{{ input_data.q }} {{output_data}} {{expected_output}} {{metadata.a.b}} {{metadata.c}} {{x}}"
)


def judges() -> list[Any]:
    found: list[Any] = []
    for name, form in FORMS.items():
        for answer in ANSWERS:
            asked: list[Any] = []

            def client(*given: Any, asked: Any = asked, answer: str = answer) -> str:
                asked.append(given)
                return answer

            judge = llmobs.LLMJudge(
                PROMPT, system_prompt="{{input_data}}", structured_output=form, model="m",
                model_params={"temperature": 0}, client=client, name="own",
            )  # fmt: skip
            given = context("an {{answer}}", {"k": [1]}, a={"b": "deep"}, c=True)
            result = said(partial(judge.evaluate, given))
            found.append([name, answer, result, asked])
    return found


def mistakes() -> list[Any]:
    result, several = llmobs.EvaluatorResult, llmobs.MultiEvaluatorResult

    class Nothing(llmobs.BaseEvaluator):  # type: ignore[misc,name-defined,unused-ignore]
        pass

    class Named(llmobs.BaseEvaluator):  # type: ignore[misc,name-defined,unused-ignore]
        def evaluate(self, context: Any) -> Any:
            return 1

    return [
        said(Nothing), said(lambda: Named().name), said(lambda: Named(name=" a-b_c ").name),
        said(lambda: Named(name="a b")), said(lambda: Named(name="")),
        said(lambda: several({})), said(lambda: several([1])), said(lambda: several({"a b": 1})),
        said(lambda: list(several({"a": result(1)}).values)),
        said(lambda: llmobs.LLMJudge("x")), said(lambda: llmobs.LLMJudge("x", provider="openai")),
        said(lambda: llmobs.LLMJudge("x", client=lambda *_: "").evaluate(context(1))),
        said(lambda: llmobs.RemoteEvaluator(" ")), said(lambda: llmobs.RemoteEvaluator("a", 7)),
        said(lambda: llmobs.RemoteEvaluator(" a b ").name),
    ]  # fmt: skip


if __name__ == "__main__":
    print(json.dumps([ready_made(), judges(), mistakes()]))
