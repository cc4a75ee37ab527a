"""One trace by LLMObs' own SDK: every span kind, annotations, a session, ratings, feedback."""

from __future__ import annotations

from typing import Any

from tests.e2e.scenarios.heard import Clients, user
from tests.e2e.scenarios.tracer import LLMObs

SESSION = "session-42"
DOCUMENTS = [
    {"text": "Un catalejo acerca lo lejano.", "name": "óptica.md", "id": "d1", "score": 0.91},
    {"text": "It has two lenses.", "name": "lenses.md", "id": "d2", "score": 0.72},
]


def answer(clients: Clients, prompt: str) -> str:
    reply = clients.azure.chat.completions.create(model="chat-prod", messages=user(prompt))
    return str(reply.choices[0].message.content)


def below_agent(clients: Clients, prompt: str) -> str:
    with LLMObs.tool(name="look_up") as span:
        LLMObs.annotate(span=span, input_data={"word": "catalejo"}, output_data="spyglass")
    with LLMObs.retrieval(name="search") as span:
        LLMObs.annotate(span=span, input_data=prompt, output_data=DOCUMENTS)
    with LLMObs.embedding(name="embed", model_name="own-embedder", model_provider="own") as span:
        LLMObs.annotate(span=span, input_data=[{"text": prompt}], output_data="[3 floats]")
    with LLMObs.llm(name="own_model", model_name="llama-own", model_provider="own") as span:
        LLMObs.annotate(
            span=span,
            input_data=[{"role": "user", "content": prompt}],
            output_data=[{"role": "assistant", "content": "vale"}],
            metadata={"temperature": 0.5},
            metrics={"input_tokens": 11, "output_tokens": 2, "total_tokens": 13},
        )
    return answer(clients, prompt)


def failing_task() -> None:
    try:
        with LLMObs.task(name="check"):
            raise ValueError("no cuadra: 2 ≠ 3")
    except ValueError:
        return


def rate(span: Any, generation: int) -> None:
    if generation < 3:
        return  # its ratings go to api.SITE:443, whatever is configured
    ratings: list[tuple[str, str, Any]] = [
        ("helpful", "score", 0.75),
        ("tone", "categorical", "amable"),
    ]
    for label, metric_type, value in ratings:
        LLMObs.submit_evaluation(
            span=span, label=label, metric_type=metric_type, value=value, tags={"rater": "tests"}
        )
    if generation < 4:
        return
    LLMObs.submit_evaluation(
        span=span, label="correct", metric_type="boolean", value=True, assessment="pass",
        reasoning="It is what it says.",
    )  # fmt: skip
    LLMObs.submit_feedback(
        label="thumbs", metric_type="boolean", value=False, submitter={"id": "user-17"}, span=span
    )


def run(clients: Clients, prompt: str, generation: int) -> dict[str, str]:
    with LLMObs.workflow(name="serve", session_id=SESSION) as workflow:
        with LLMObs.agent(name="assistant") as agent:
            text = below_agent(clients, prompt)
            LLMObs.annotate(span=agent, input_data=prompt, output_data=text)
        failing_task()
        LLMObs.annotate(
            span=workflow,
            input_data=prompt,
            output_data=text,
            metadata={"channel": "web", "attempt": 1},
            tags={"team": "soporte", "user_id": "user-17"},
        )
        exported: dict[str, str] = LLMObs.export_span(workflow)
    rate(exported, generation)
    return {**exported, "text": text, "apm_trace_id": f"{workflow.trace_id:032x}"}
