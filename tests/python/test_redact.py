"""CATALEJO_REDACT: what a rule finds leaves the process by no way, and is counted."""

from __future__ import annotations

import hmac
import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import catalejo
import pytest

from .core_child import finish, start
from .harness import KEY, ROOT, Receiver, agent, environment, receiver, run
from .intake import Intake

LIBRARY = Path(catalejo.__file__).parent / "libcatalejo_redact.so"
CARD, MAIL = "4929 1234 5678 9015", "ana@example.org"
BARE = CARD.replace(" ", "")
TOKEN = "ghp_A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8"
HASH_KEY = "ab" * 32
# Every place that a text has; the last of the messages is long, and so held by reference.
SPAN = f"""
from catalejo import span
one = span.start("llm", "pay with {CARD}")
one.session_id = "{MAIL}"
one.input = {{"messages": [{{"role": "user", "content": "card {CARD}"}},
                           {{"role": "user", "content": "ñ" * 300 + "{BARE}" + "€" * 300}}]}}
one.output = {{"value": "written to {MAIL}\\n{TOKEN}"}}
one.metadata = {{"number": int("{BARE}"), "deep": [{{"{CARD}": "{BARE}"}}], "temperature": 0.5}}
one.tags["who"] = "{MAIL}"
one.error = {{"type": "Declined", "message": "{CARD}", "stack": "pay({BARE})"}}
one.finish()
"""
NEEDLES = (CARD, BARE, MAIL, TOKEN)


@pytest.fixture
def server() -> Iterator[Receiver]:
    with receiver() as started:
        yield started


def traced(env: dict[str, str], code: str = SPAN) -> str:
    """What it printed, at the end of a debug run."""
    done = run("--debug", sys.executable, "-c", code, env=env)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def clean(text: str) -> bool:
    return not any(needle in text for needle in NEEDLES)


def test_a_value_is_in_nothing_that_is_sent(server: Receiver) -> None:
    said = traced(agent(server, CATALEJO_REDACT="pii,secrets"))
    (span,) = server.events
    assert clean(json.dumps(span, ensure_ascii=False)) and clean(said)
    assert span["name"] == "pay with [card number]"
    assert span["session_id"] == "[email]"
    first, second = span["meta"]["input"]["messages"]
    assert first == {"role": "user", "content": "card [card number]"}
    assert second["content"] == "ñ" * 300 + "[card number]" + "€" * 300
    assert span["meta"]["output"]["value"] == "written to [email]\n[github pat]"
    assert span["meta"]["metadata"] == {
        "number": "[card number]",
        "deep": [{"[card number]": "[card number]"}],
        "temperature": 0.5,
    }
    assert "who:[email]" in span["tags"]
    # Counted on the span and at the end, and what is no text is as it was.
    assert "redacted.email:4" in span["tags"]
    assert "redacted card_number 8, email 4, github_pat 1;" in said
    assert int(span["span_id"]) and span["duration"] > 0 and span["ml_app"] == "tests"


@pytest.mark.parametrize(
    ("rules", "name", "session"),
    [
        ("card_number:drop", "[card number]", MAIL),
        ("all , email:keep", "pay with [card number]", MAIL),
        ("secrets:hash,email", f"pay with {CARD}", "[email]"),
        ("pii:hash", "pay with [card number:TOKEN]", "[email:TOKEN]"),
    ],
)
def test_each_rule_has_its_action(server: Receiver, rules: str, name: str, session: str) -> None:
    traced(agent(server, CATALEJO_REDACT=rules, CATALEJO_REDACT_KEY=HASH_KEY))
    (span,) = server.events

    def hashed(text: str) -> str:
        token = hmac.new(bytes.fromhex(HASH_KEY), text.encode(), "sha256").hexdigest()
        return token[:16]

    assert span["name"] == name.replace("TOKEN", hashed(BARE))
    assert span["session_id"] == session.replace("TOKEN", hashed(MAIL.replace(".", "")))


def test_own_patterns_are_rules_like_others(server: Receiver) -> None:
    env = agent(
        server,
        CATALEJO_REDACT="email, order:hash",
        CATALEJO_REDACT_KEY=HASH_KEY,
        CATALEJO_REDACT_PATTERN_ORDER=r"order (A-\d{4})",
        CATALEJO_REDACT_PATTERN_STREET="(?i)calle [a-zñ]+,\n\\d+",
    )
    code = f"""
from catalejo import span
one = span.start("task", "order A-0042")
one.input = {{"value": "{MAIL}: order A-0042 for\\nCalle Muñoz,\\n7"}}
one.finish()
"""
    said = traced(env, code)
    (span,) = server.events
    token = hmac.new(bytes.fromhex(HASH_KEY), b"a0042", "sha256").hexdigest()[:16]
    assert span["name"] == f"order [order:{token}]"
    assert span["meta"]["input"]["value"] == f"[email]: order [order:{token}] for\n[street]"
    assert "redacted email 1, order 2, street 1;" in said


@pytest.mark.parametrize(
    ("name", "pattern", "why"),
    [
        ("ORDER", "(", "CATALEJO_REDACT_PATTERN_order: missing"),
        ("ORDER", "x*", "fits an empty text"),
        ("ORDER", "(a)(b)", "at most one group"),
        ("EMAIL", "x", "there is a rule of this name already"),
        ("A-B", "x", "a name has 1 to 40 letters, digits and _"),
        ("", "x", "a name has 1 to 40 letters, digits and _"),
    ],
)
def test_a_pattern_that_makes_no_sense_lets_no_text_out(
    server: Receiver, name: str, pattern: str, why: str
) -> None:
    env = agent(server, CATALEJO_REDACT="pii") | {f"CATALEJO_REDACT_PATTERN_{name}": pattern}
    said = traced(env)
    (span,) = server.events
    assert span["name"] == "[redacted]" and clean(json.dumps(span)) and why in said


@pytest.mark.parametrize(
    ("rules", "key", "why"),
    [
        ("pii,card_numbers", "", '"card_numbers" is no rule'),
        ("pii:hide", "", '"hide" is no action'),
        (",", "", "it names no rule"),
        ("pii:keep", "", "it names no rule"),
        ("email:hash", "", "CATALEJO_REDACT_KEY must have 64 hex digits"),
        ("email:hash", HASH_KEY[1:] + "x", "CATALEJO_REDACT_KEY must have 64 hex digits"),
    ],
)
def test_a_setting_that_cannot_be_meant_lets_no_text_out(
    server: Receiver, rules: str, key: str, why: str
) -> None:
    env = agent(server, CATALEJO_REDACT=rules, CATALEJO_REDACT_KEY=key)
    said = traced(env)
    (span,) = server.events
    texts = json.dumps(span, ensure_ascii=False)
    assert clean(texts) and clean(said)
    assert not any(word in texts for word in ("written", "pay", "Declined", "temperature", "who"))
    assert span["name"] == "[redacted]" and span["tags"] == ["redacted.everything:1"]
    assert span["meta"]["span"] == {"kind": "llm"} and span["status"] == "error"
    assert f"catalejo: CATALEJO_REDACT: {why}" in said
    assert "redacted everything 1;" in said
    shown = run("--info", env=env).stdout
    assert "Redaction: all texts are replaced" in shown and why in shown
    assert not key or key not in shown


def test_without_its_library_no_text_leaves(intake: Intake, tmp_path: Path) -> None:
    broken = tmp_path / "broken.so"
    broken.write_text("no library")
    for path, why in ((tmp_path / "none.so", "is not in this installation"),
                      (broken, "cannot be loaded")):  # fmt: skip
        said = _core_child(
            """
_core.configure({"url": url, "redact": "pii", "redact_library": path})
_core.submit("span", {"span_id": "7", "meta": {"input": {"value": text}}})
say(done=_core.flush(5000), counts=_core.counts())
""",
            url=intake.url,
            path=str(path),
            text=CARD,
        )
        assert why in said
        span = intake.spans()[-1]
        assert span == {"span_id": "7", "meta": {"input": {"value": "[redacted]"}}}


def _core_child(code: str, **variables: object) -> str:
    """All that it printed."""
    out, err = start(code, **variables).communicate(timeout=30)
    return out + err


@pytest.mark.parametrize("way", ["agentless", "serverless"])
def test_the_other_ways_out(server: Receiver, way: str) -> None:
    variables = {"DD_LLMOBS_OVERRIDE_ORIGIN": server.url, "DD_API_KEY": KEY,
                 "DD_LLMOBS_AGENTLESS_ENABLED": "1"}  # fmt: skip
    if way == "serverless":
        variables |= {"FUNCTIONS_WORKER_RUNTIME": "python", "FUNCTIONS_EXTENSION_VERSION": "~4"}
    traced(environment(**variables, CATALEJO_REDACT="all"))
    (span,) = server.events
    assert clean(json.dumps(span, ensure_ascii=False)) and "[card number]" in span["name"]


def test_who_does_not_ask_for_it_does_not_load_it(server: Receiver) -> None:
    code = (
        SPAN
        + """
from catalejo.sdk.llmobs import LLMObs
LLMObs.flush()
with open("/proc/self/maps") as maps: print("mapped:", "libcatalejo_redact" in maps.read())
"""
    )
    assert "mapped: False" in traced(agent(server), code)
    # What the other tests look for is there, then.
    assert all(needle in json.dumps(server.events) for needle in NEEDLES)
    assert "mapped: True" in traced(agent(server, CATALEJO_REDACT="pii"), code)


def test_an_exception_of_a_processor_is_told_without_its_words(server: Receiver) -> None:
    code = f"""
from catalejo.span import runtime
def refuse(span): raise ValueError("{CARD}")
runtime.processors.append(refuse)
""" + SPAN  # fmt: skip
    assert f"a span processor failed: ValueError: {CARD}" in traced(agent(server), code)
    said = traced(agent(server, CATALEJO_REDACT="pii"), code)
    assert "a span processor failed: ValueError\n" in said and clean(said)


def test_a_number_that_is_streamed_in_pieces_is_one_number(server: Receiver) -> None:
    pytest.importorskip("openai")
    code = f"""
import openai
from demo.azure.server import KEY, start
client = openai.AzureOpenAI(azure_endpoint=start().url(), api_key=KEY, api_version="2024-10-21")
asked = [{{"role": "user", "content": "say exactly: it is {CARD}."}}]
stream = client.chat.completions.create(model="gpt-4o", messages=asked, stream=True)
parts = [chunk.choices[0].delta.content or "" for chunk in stream if chunk.choices]
assert "".join(parts) == "it is {CARD}." and not any("{CARD}" in part for part in parts)
"""
    traced(agent(server, CATALEJO_REDACT="pii", PYTHONPATH=str(ROOT)), code)
    (span,) = server.events
    assert clean(json.dumps(span))
    assert span["meta"]["output"]["messages"][0]["content"] == "it is [card number]."


def test_evaluations_are_redacted_too(server: Receiver) -> None:
    code = f"""
from catalejo.sdk.llmobs import LLMObs
LLMObs.enable()
where = {{"span_id": "4929123456789015", "trace_id": "4929123456789015"}}
LLMObs.submit_evaluation(label="tone", metric_type="categorical", value="to {MAIL}", span=where,
                         tags={{"who": "{MAIL}"}}, reasoning="it says {CARD}")
"""
    traced(agent(server, CATALEJO_REDACT="all"), code)
    (metric,) = server.metrics
    assert metric["categorical_value"] == "to [email]"
    assert metric["reasoning"] == "it says [card number]"
    assert "who:[email]" in metric["tags"] and "redacted.email:2" in metric["tags"]
    # An id that looks like a card is an id.
    assert metric["join_on"]["span"]["span_id"] == BARE


def test_nothing_of_it_is_on_the_disk(intake: Intake, tmp_path: Path) -> None:
    """Neither of what this process could not send, nor, in the end, of what one before it left."""
    intake.status = 503
    spool = tmp_path / "spool"
    code = """
_core.configure({"url": url, "spool_dir": spool, "flush_interval_ms": 10, **redact})
for at in range(3): _core.submit("span", {"span_id": str(at), "name": text, "tags": []})
_core.submit("evaluation", {"label": "a", "reasoning": text})
say(ended=_core.shutdown(2000), ok=adds_up(), spooled=_core.counts()["spooled"])
"""
    redact = {"redact": "pii", "redact_library": str(LIBRARY)}
    given: dict[str, Any] = {"url": intake.url, "spool": str(spool), "text": f"card {CARD}"}

    def kept() -> bytes:
        return b"".join(path.read_bytes() for path in spool.iterdir())

    def sent(status: int) -> str:
        return "".join(r.body.decode() for r in intake.requests if r.answer == status)

    (said,) = finish(start(code, redact=redact, **given))
    assert said == {"ended": False, "ok": True, "spooled": 4}
    assert kept().count(b"card [card number]") == 4 and CARD not in kept().decode()
    assert CARD not in sent(503)
    shutil.rmtree(spool)
    # Without redaction, which shows that the search would find it; then one with it takes over.
    finish(start(code, redact={}, **given))
    assert kept().count(CARD.encode()) == 4
    intake.requests.clear()
    intake.status = 202
    (said,) = finish(start(
        """
_core.configure({"url": url, "spool_dir": spool, **redact})
while _core.counts()["recovered"] + _core.counts()["spooled"] != 4: time.sleep(0.01)
say(ok=adds_up(), counts=_core.counts(), ended=_core.shutdown(1000))
""",
        redact=redact, **given,
    ))  # fmt: skip
    assert said["counts"]["acknowledged"] == 4
    assert said["counts"]["redacted"] == {"card_number": 4}
    assert CARD not in sent(202) and sent(202).count("card [card number]") == 4
    assert list(spool.iterdir()) == []


def test_forks_while_it_is_redacted(intake: Intake) -> None:
    """Children that begin in the middle of it send what they have, redacted as well."""
    code = f"""
_core.configure({{"url": url, "flush_interval_ms": 1, "redact": "all",
                  "redact_library": {str(LIBRARY)!r}}})
long = ("{CARD} {TOKEN} and words between them. " * 400)
children = []
for child in range(8):
    for at in range(20): _core.submit("span", {{"span_id": "1", "name": long}})
    pid = os.fork()
    if pid == 0:
        _core.after_fork_in_child()
        _core.submit("span", {{"span_id": "2", "name": "{CARD}"}})
        os._exit(0 if _core.flush(20000) else 1)
    children.append(pid)
codes = [os.waitpid(pid, 0)[1] for pid in children]
say(codes=codes, done=_core.flush(20000), ok=adds_up(), redacted=_core.counts()["redacted"])
"""
    (said,) = finish(start(code, url=intake.url), 60)
    assert said["codes"] == [0] * 8 and said["done"] and said["ok"]
    assert said["redacted"] == {"card_number": 400 * 160, "github_pat": 400 * 160}
    spans = intake.spans()
    assert sorted(span["span_id"] for span in spans) == ["1"] * 160 + ["2"] * 8
    assert all(clean(span["name"]) for span in spans)
