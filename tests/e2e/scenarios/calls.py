"""Calls that succeed: chats, completions, embeddings, responses; whole and streamed."""

from __future__ import annotations

from typing import Any

from tests.e2e.scenarios.heard import (
    Clients,
    Heard,
    Parts,
    fault,
    heard_chat,
    scenario,
    usage_of,
    user,
)

PIXEL = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwAD"
    "hgGAWjR9awAAAABJRU5ErkJggg=="
)
WEATHER: dict[str, Any] = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "Weather of a city",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}},
    },
}


@scenario
def chat(clients: Clients, prompt: str) -> Heard:
    messages = [{"role": "system", "content": "Answer briefly."}, *user(prompt)]
    return heard_chat(
        clients.azure.chat.completions.create(
            model="chat-prod", messages=messages, temperature=0.2, max_tokens=300, user="user-17"
        )
    )


@scenario
def chat_emoji(clients: Clients, prompt: str) -> Heard:
    text = f"{prompt} say exactly: ¡Olé! 👩‍🚀\r\n\tñandú «été» 漢字 \\n"
    return heard_chat(clients.azure.chat.completions.create(model="chat-prod", messages=user(text)))


@scenario
def chat_several_choices(clients: Clients, prompt: str) -> Heard:
    return heard_chat(
        clients.azure.chat.completions.create(model="chat-mini", messages=user(prompt), n=2)
    )


@scenario
def chat_tool_call(clients: Clients, prompt: str) -> Heard:
    return heard_chat(
        clients.azure.chat.completions.create(
            model="gpt-4.1", messages=user(prompt), tools=[WEATHER], tool_choice="auto"
        )
    )


@scenario
def chat_tool_result(clients: Clients, prompt: str) -> Heard:
    call = {"name": "get_weather", "arguments": '{"city": "Málaga"}'}
    messages = [
        *user(prompt),
        {
            "role": "assistant",
            "content": None,
            "tool_calls": [{"id": "call_1", "type": "function", "function": call}],
        },
        {"role": "tool", "tool_call_id": "call_1", "content": '{"°C": 21}'},
    ]
    return heard_chat(clients.azure.chat.completions.create(model="gpt-4.1", messages=messages))


@scenario
def chat_image(clients: Clients, prompt: str) -> Heard:
    parts = [
        {"type": "text", "text": prompt},
        {"type": "image_url", "image_url": {"url": PIXEL}},
    ]
    return heard_chat(
        clients.azure.chat.completions.create(model="chat-prod", messages=user(parts))
    )


@scenario
def chat_filtered_answer(clients: Clients, prompt: str) -> Heard:
    return heard_chat(
        clients.azure.chat.completions.create(
            model="chat-prod", messages=user(f"{prompt} [filter the answer]")
        )
    )


@scenario
def chat_cut_by_length(clients: Clients, prompt: str) -> Heard:
    return heard_chat(
        clients.azure.chat.completions.create(
            model="chat-prod", messages=user(prompt), max_tokens=3
        )
    )


@scenario
def chat_throttled_then_answered(clients: Clients, prompt: str) -> Heard:
    return heard_chat(
        clients.azure.chat.completions.create(
            model="chat-mini",
            messages=user(prompt),
            extra_headers=fault("throttled", "429;times=1"),
        )
    )


@scenario
def chat_stream(clients: Clients, prompt: str) -> Heard:
    parts = Parts()
    for chunk in clients.azure.chat.completions.create(
        model="chat-mini", messages=user(prompt), stream=True
    ):
        parts.add(chunk)
    return parts.result()


@scenario
def chat_stream_with_usage(clients: Clients, prompt: str) -> Heard:
    parts = Parts()
    for chunk in clients.azure.chat.completions.create(
        model="chat-mini",
        messages=user(prompt),
        stream=True,
        stream_options={"include_usage": True},
    ):
        parts.add(chunk)
    return parts.result()


@scenario
def chat_stream_abandoned(clients: Clients, prompt: str) -> Heard:
    parts = Parts()
    stream = clients.azure.chat.completions.create(
        model="chat-mini", messages=user(prompt), stream=True
    )
    for number, chunk in enumerate(stream):
        parts.add(chunk)
        if number == 4:
            break
    stream.close()
    return parts.result()


@scenario
def completion(clients: Clients, prompt: str) -> Heard:
    reply = clients.azure.completions.create(model="instruct", prompt=prompt)
    return Heard(
        texts=[choice.text for choice in reply.choices],
        model=reply.model,
        usage=usage_of(reply.usage),
    )


@scenario
def completion_stream(clients: Clients, prompt: str) -> Heard:
    heard = Heard(texts=[""])
    for chunk in clients.azure.completions.create(model="instruct", prompt=prompt, stream=True):
        heard.model = chunk.model
        heard.texts[0] += "".join(choice.text for choice in chunk.choices)
    return heard


@scenario
def embedding(clients: Clients, prompt: str) -> Heard:
    reply = clients.azure.embeddings.create(model="embed", input=prompt)
    return Heard("embedding", model=reply.model, usage=usage_of(reply.usage))


@scenario
def embedding_of_several(clients: Clients, prompt: str) -> Heard:
    reply = clients.azure.embeddings.create(model="embed", input=[prompt, "dos", "🔭"])
    return Heard("embedding", model=reply.model, usage=usage_of(reply.usage))


@scenario
def response(clients: Clients, prompt: str) -> Heard:
    reply = clients.azure.responses.create(model="gpt-4.1", input=prompt, temperature=0.3)
    return Heard(texts=[reply.output_text], model=reply.model, usage=usage_of(reply.usage))


@scenario
def response_of_version_one(clients: Clients, prompt: str) -> Heard:
    reply = clients.version_one.responses.create(model="gpt-4.1", input=prompt)
    return Heard(texts=[reply.output_text], model=reply.model, usage=usage_of(reply.usage))


@scenario
def response_stream(clients: Clients, prompt: str) -> Heard:
    heard = Heard(texts=[""])
    for event in clients.azure.responses.create(model="gpt-4.1", input=prompt, stream=True):
        if event.type == "response.output_text.delta":
            heard.texts[0] += event.delta
        if event.type == "response.completed":
            heard.model, heard.usage = event.response.model, usage_of(event.response.usage)
    return heard


@scenario
def response_tool_call(clients: Clients, prompt: str) -> Heard:
    tool = {"type": "function", **WEATHER["function"], "strict": False}
    reply = clients.azure.responses.create(model="gpt-4.1", input=prompt, tools=[tool])
    call = reply.output[0]
    asked = {"name": call.name, "arguments": call.arguments, "tool_id": call.call_id}
    return Heard(tools=[asked], model=reply.model, usage=usage_of(reply.usage))
