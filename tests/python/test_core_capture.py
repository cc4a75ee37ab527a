"""A Tape says what json.dumps said of the value at the moment of the capture."""

from __future__ import annotations

import enum
import gc
import json
import math
import random
import sys
import threading
from collections import OrderedDict, defaultdict
from typing import Any, NamedTuple

import pytest
from catalejo import _core
from hypothesis import given, settings
from hypothesis import strategies as st

LONG = 300  # more characters than are copied at once
texts = st.one_of(
    st.text(),
    st.text(alphabet=st.characters(max_codepoint=0x7F), min_size=LONG),
    st.text(alphabet=st.characters(max_codepoint=0xFF), min_size=LONG),
    st.text(alphabet=st.characters(max_codepoint=0xFFFF, exclude_categories=["Cs"]), min_size=LONG),
    st.text(min_size=LONG),
)
leaves = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), texts
)
values = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner), st.tuples(inner, inner), st.dictionaries(texts, inner)
    ),
    max_leaves=25,
)


def captured(value: object) -> Any:
    return json.loads(_core.capture(value).text())


def expected(value: object) -> Any:
    return json.loads(json.dumps(value))


@settings(max_examples=100, deadline=None)
@given(values)
def test_a_tape_is_what_json_dumps_says(value: object) -> None:
    assert captured(value) == expected(value)


@pytest.mark.parametrize("text", [
    "", "a", "\0", "a\0b" * 200, "\x7f\x80", "é", "é" * 300, "ÿ" * 5000, "ж" * 300, "漢字" * 300,
    "😀", "😀" * 300, "a" * 299 + "😀", '"\\/\b\f\n\r\t', '"\\\n' * 300,
    "".join(map(chr, range(256))), "".join(map(chr, range(32))) * 20, "\ue000\uffff" * 200,
    "\U0010ffff" * 300, "x" * 255, "x" * 256, "x" * 257, "é" * 511 + "\n" * 3, "漢" * 512 + '"',
])  # fmt: skip
def test_every_kind_of_text(text: str) -> None:
    assert captured(text) == text
    assert captured({text: text}) == {text: text}


def test_a_lone_surrogate_becomes_the_replacement_character() -> None:
    for start in ("", "x" * 400, "漢" * 400, "😀" * 400):
        assert captured(start + "\ud800") == start + "\ufffd"
        assert captured("\udfff" + start) == "\ufffd" + start
        assert captured(start + "\udc80a\ud800") == start + "\ufffda\ufffd"


def test_two_halves_of_a_pair_become_the_character_they_mean() -> None:
    halves = "\ud83d\ude00"
    assert captured(halves) == "😀"
    assert captured("x" * 511 + halves * 300) == "x" * 511 + "😀" * 300
    assert captured(halves[::-1]) == "\ufffd\ufffd"


@pytest.mark.parametrize("letter", ["x", "é", "漢", "😀", "\n"])
def test_five_million_characters(letter: str) -> None:
    text = letter * 5_000_000
    assert captured([text]) == [text]


def test_the_text_is_utf8_not_escapes() -> None:
    assert _core.capture({"ñ": "漢"}).text() == '{"ñ":"漢"}'


class Colour(str, enum.Enum):
    RED = "red"


class Size(enum.IntEnum):
    LARGE = 3


class Pair(NamedTuple):
    left: int
    right: str


class Text(str):
    """A str of a class of its own."""


def test_subclasses_are_what_they_derive_from() -> None:
    value = [Colour.RED, Size.LARGE, Pair(1, "x"), Text("x" * 300)]
    assert captured(value) == ["red", 3, [1, "x"], "x" * 300]
    ordered: OrderedDict[str, int] = OrderedDict(a=1, b=2)
    assert captured(ordered) == {"a": 1, "b": 2}
    assert captured(defaultdict(int, a=1)) == {"a": 1}


def test_keys_become_text_as_in_json() -> None:
    value = {7: "a", 2.5: "b", None: "c", True: "d", 10**30: "e"}
    assert captured(value) == expected(value)
    assert captured({(1, 2): 3}) == {"(1, 2)": 3}


def test_numbers() -> None:
    numbers = [0, -1, 2**63 - 1, -(2**63), 2**64, 10**40, 0.1, 1e300, 5e-324, -0.0, 1.0, 1e16]
    assert captured(numbers) == numbers
    assert _core.capture(1.0).text() == "1.0"
    assert captured([math.nan, math.inf, -math.inf]) == [None, None, None]
    assert captured(10**5000) is None or captured(10**5000) == 10**5000


class Broken:
    def __str__(self) -> str:
        raise RuntimeError("no")


class NotText:
    def __str__(self) -> str:
        return 3  # type: ignore[return-value]  # noqa: PLE0307


def test_anything_else_is_its_str() -> None:
    assert captured(b"x") == "b'x'"
    assert captured({1}) == "{1}"
    assert captured(range(3)) == "range(0, 3)"
    assert captured(Broken()) == "[unprintable Broken]"
    assert captured([NotText(), 1]) == ["[unprintable NotText]", 1]


def test_depth_and_circles_end() -> None:
    deep: Any = "bottom"
    for _ in range(100):
        deep = [deep]
    text = _core.capture(deep).text()
    assert text.startswith("[" * 32 + '"[[')
    circle: list[Any] = [1]
    circle.append(circle)
    assert captured(circle) == [1, "[1, [...]]"]
    names: dict[str, Any] = {}
    names["self"] = names
    assert captured(names) == {"self": "{'self': {...}}"}
    # Not a circle: the same list twice.
    twice = [1]
    assert captured([twice, twice]) == [[1], [1]]


def test_a_structure_that_explodes_is_cut() -> None:
    level: Any = ["x"]
    for _ in range(28):
        level = [level, level]
    assert _core.capture(level).text().count("null") > 0


def test_code_that_runs_during_the_walk_cannot_break_it() -> None:
    victim: dict[str, Any] = {}
    items: list[Any] = []

    class Vandal:
        def __str__(self) -> str:
            victim.clear()
            victim.update({str(at): at for at in range(1000)})
            items.clear()
            return _core.capture(["again", "y" * 300]).text()

    victim.update({"a": Vandal(), "b": "x" * 300, "c": Vandal()})
    assert json.loads(captured(victim)["a"]) == ["again", "y" * 300]
    items.extend([Vandal(), "x" * 400, 2])
    assert len(captured(items)) == 1


def test_what_changes_later_does_not_change_a_tape() -> None:
    value: dict[str, Any] = {"messages": [{"content": "x" * 1000}], "n": 1}
    tape = _core.capture(value)
    value["messages"][0]["content"] = "y"
    value["messages"].append(3)
    value["n"] = 2
    assert json.loads(tape.text()) == {"messages": [{"content": "x" * 1000}], "n": 1}


def test_a_tape_inside_a_value() -> None:
    inner = _core.capture({"text": "é" * 400})
    outer = _core.capture([inner, {"again": inner}, inner])
    assert json.loads(outer.text()) == [
        {"text": "é" * 400},
        {"again": {"text": "é" * 400}},
        {"text": "é" * 400},
    ]
    assert json.loads(outer.text()) == json.loads(outer.text())


def test_tapes_nest_without_end() -> None:
    tape = _core.capture("é" * 300)
    for _ in range(1000):
        tape = _core.capture([tape])
    assert tape.text().startswith("[" * 1000 + '"')


def random_text(source: random.Random) -> str:
    top = source.choice([0x7F, 0xFF, 0xD7FF, 0x10FFFF])
    letters = (source.randint(0, top) for _ in range(source.choice([3, 255, 256, 700])))
    return "".join(chr(c) for c in letters if not 0xD800 <= c < 0xE000)


def test_references_return_when_the_tape_goes() -> None:
    texts = [random_text(random.Random(seed)) + "x" * 300 for seed in range(20)]
    before = [sys.getrefcount(text) for text in texts]
    tapes = [_core.capture({"all": texts}) for _ in range(10)]
    assert [sys.getrefcount(text) for text in texts] == [count + 10 for count in before]
    nested = _core.capture(tapes)
    tapes.clear()
    gc.collect()
    assert [sys.getrefcount(text) for text in texts] == [count + 10 for count in before]
    del nested
    assert [sys.getrefcount(text) for text in texts] == before


def test_capture_from_many_threads() -> None:
    problems: list[BaseException] = []

    def work(seed: int) -> None:
        source = random.Random(seed)
        try:
            for _ in range(200):
                value = {random_text(source): [random_text(source), source.random()]}
                assert captured(value) == value
        except BaseException as problem:
            problems.append(problem)

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
