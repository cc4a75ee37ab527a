"""LLMJudge: an evaluator that asks a model, the user's own deployment or any other client."""

from __future__ import annotations

import json
import os
import re
from typing import Any, Callable, Optional

from catalejo.experiments import outputs
from catalejo.experiments.evaluators import BaseEvaluator
from catalejo.experiments.outputs import (
    BooleanStructuredOutput,
    CategoricalStructuredOutput,
    ScoreStructuredOutput,
)
from catalejo.experiments.results import Answer, EvaluatorContext
from catalejo.sdk.values import plain

__all__ = [
    "BooleanStructuredOutput", "CategoricalStructuredOutput", "LLMJudge", "ScoreStructuredOutput",
]  # fmt: skip

API_VERSION = "2024-10-21"  # the first of Azure's that has structured output
PROVIDERS = ("azure_openai", "openai")
_VARIABLE = re.compile(r"\{\{(.+?)\}\}")

# (provider, messages, JSON schema or None, model, parameters) -> what the model said
Client = Callable[..., str]


def _option(options: dict[str, Any], name: str, variable: str) -> Any:
    """Taken out of `options`, else from the environment."""
    return options.pop(name, None) or os.environ.get(variable)


def _needed(value: Any, name: str, variable: str) -> Any:
    if not value:
        raise ValueError(f"a judge needs client_options={{{name!r}: ...}} or {variable}")
    return value


def _connect(provider: Optional[str], given: Optional[dict[str, Any]]) -> tuple[Any, Any]:
    """A client of the openai package, and the deployment that stands for the model."""
    if provider not in PROVIDERS:
        raise ValueError(
            f"provider must be one of {', '.join(PROVIDERS)}; for any other model give client=..., "
            "a function of (provider, messages, json_schema, model, model_params)"
        )
    try:
        import openai
    except ImportError as error:
        raise ImportError("a judge needs the openai package: pip install openai") from error
    options = dict(given or {})
    if provider == "openai":
        key = _needed(_option(options, "api_key", "OPENAI_API_KEY"), "api_key", "OPENAI_API_KEY")
        return openai.OpenAI(api_key=key, **options), None
    key = _option(options, "api_key", "AZURE_OPENAI_API_KEY")
    endpoint = _option(options, "azure_endpoint", "AZURE_OPENAI_ENDPOINT")
    deployment = _option(options, "azure_deployment", "AZURE_OPENAI_DEPLOYMENT")
    made = openai.AzureOpenAI(
        api_key=_needed(key, "api_key", "AZURE_OPENAI_API_KEY"),
        azure_endpoint=_needed(endpoint, "azure_endpoint", "AZURE_OPENAI_ENDPOINT"),
        api_version=_option(options, "api_version", "AZURE_OPENAI_API_VERSION") or API_VERSION,
        **options,
    )
    return made, deployment


def _openai(provider: Optional[str], options: Optional[dict[str, Any]]) -> Client:
    connected, deployment = _connect(provider, options)

    def call(provider: Any, messages: Any, json_schema: Any, model: str, model_params: Any) -> str:
        asked = {"model": deployment or model, "messages": messages, **(model_params or {})}
        if json_schema:
            schema = {"name": "evaluation", "strict": True, "schema": json_schema}
            asked["response_format"] = {"type": "json_schema", "json_schema": schema}
        choices = connected.chat.completions.create(**asked).choices
        return str(choices[0].message.content or "") if choices else ""

    return call


def _filled(template: str, context: EvaluatorContext) -> str:
    """{{output_data}} or {{metadata.a.b}} by what it names; by nothing when there is none. What is
    put in is not looked at again."""

    def value(match: re.Match[str]) -> str:
        first, *path = match.group(1).strip().split(".")
        found: Any = getattr(context, first, None)
        for key in path:
            found = found.get(key) if isinstance(found, dict) else None
        if found is None or isinstance(found, str):
            return found or ""
        if isinstance(found, (dict, list)):
            return json.dumps(plain(found), ensure_ascii=False, indent=2)
        return str(found)

    return _VARIABLE.sub(value, template)


class LLMJudge(BaseEvaluator):
    """`user_prompt` has {{input_data}}, {{output_data}}, {{expected_output}} and
    {{metadata.key}}; `system_prompt` is sent as it is. `structured_output` says what the model has
    to answer with; without it the score is its text."""

    def __init__(
        self,
        user_prompt: str,
        system_prompt: Optional[str] = None,
        structured_output: Any = None,
        provider: Optional[str] = None,
        model: Optional[str] = None,
        model_params: Optional[dict[str, Any]] = None,
        client: Optional[Client] = None,
        name: Optional[str] = None,
        client_options: Optional[dict[str, Any]] = None,
    ) -> None:
        super().__init__(name)
        self._user_prompt, self._system_prompt = user_prompt, system_prompt
        self._output = structured_output
        self._provider, self._model, self._params = provider, model, model_params
        self._client = client or _openai(provider, client_options)

    def evaluate(self, context: EvaluatorContext) -> Answer:
        if self._model is None:
            raise ValueError("a judge needs model=..., the model or the deployment")
        messages = [{"role": "user", "content": _filled(self._user_prompt, context)}]
        if self._system_prompt:
            messages.insert(0, {"role": "system", "content": self._system_prompt})
        schema = self._output
        if isinstance(schema, outputs.BaseStructuredOutput):
            schema = schema.to_json_schema()
        said = self._client(self._provider, messages, schema, self._model, self._params)
        return outputs.read(self._output, said) if self._output else said
