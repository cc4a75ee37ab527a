"""An assistant whose customers begin to complain: the application of the tutorial "Why did it get
slow?" (docs/en/tutorial/investigation.md).

Six customers ask at once. Each question is sorted by one deployment and answered by another; the
client of openai retries by itself, as it does everywhere. Nothing here makes it slow: the service
does, half way through (`python -m demo.azure --limit chat-prod=4 --limit-after 20`).
"""

from __future__ import annotations

import argparse
import threading
import time
from statistics import median

from catalejo.llmobs.decorators import workflow
from openai import AzureOpenAI

CUSTOMERS = 6
QUESTIONS = (
    "Where is my order?",
    "My router shows a red light since this morning.",
    "Could you send me the invoice of last month again?",
    "How long does a refund take?",
)
client = AzureOpenAI(api_version="2024-10-21", max_retries=10)


def ask(deployment: str, instructions: str, question: str) -> str:
    answer = client.chat.completions.create(
        model=deployment,
        messages=[
            {"role": "system", "content": instructions},
            {"role": "user", "content": question},
        ],
    )
    return answer.choices[0].message.content or ""


@workflow
def answer_question(question: str) -> str:
    topic = ask("chat-mini", "Name the topic of the question in one word.", question)
    return ask("chat-prod", f"You help customers. The topic is {topic}.", question)


def customer(number: int, until: float, took: list[tuple[float, float]]) -> None:
    asked = 0
    while time.time() < until:
        began = time.time()
        answer_question(
            f"{QUESTIONS[(number + asked) % len(QUESTIONS)]} (order {number}{asked:03})"
        )
        took.append((began, time.time() - began))
        asked += 1


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=20, help="length of each half")
    seconds = parser.parse_args().seconds
    half = time.time() + seconds
    took: list[tuple[float, float]] = []
    customers = [
        threading.Thread(target=customer, args=(number, half + seconds, took))
        for number in range(CUSTOMERS)
    ]
    for each in customers:
        each.start()
    for each in customers:
        each.join()
    before = median(length for began, length in took if began < half)
    now = median(length for began, length in took if began >= half)
    print(f"Half of the answers took {before:.1f} s at first, and {now:.1f} s since.")
    print(f"?from={half * 1000:.0f}&to={time.time() * 1000:.0f}")


if __name__ == "__main__":
    main()
