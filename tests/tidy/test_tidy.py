"""tidy itself must be able to fail: each rule is shown a text that breaks it."""

from __future__ import annotations

import tidy


def test_an_upward_include_is_found() -> None:
    assert list(tidy.judge_includes("src/base/x.hpp", '#include "net/http.hpp"\n'))
    assert list(tidy.judge_includes("src/store/wal/x.cpp", '#include "net/client.hpp"\n'))
    allowed = tidy.judge_includes("src/store/clickhouse/x.cpp", '#include "net/client.hpp"\n')
    assert not list(allowed)
    assert not list(tidy.judge_includes("src/app/x.cpp", '#include "api/api.hpp"\n'))


def test_a_circle_of_imports_is_found() -> None:
    circle = {"call": "from a.b import end", "end": "if TYPES:\n    from a.b.call import Call"}
    assert list(tidy.judge_circles("a.b", circle))
    assert not list(tidy.judge_circles("a.b", {**circle, "end": "from a import core"}))


def test_a_circle_of_the_page_is_found() -> None:
    circle = {
        "ui/src/api/a.ts": "import {\n  one,\n  two,\n} from './b';\n",
        "ui/src/api/b.ts": "import type { A } from '../api/a';\n",
    }
    assert list(tidy.judge_page_circles(circle))
    waits = {**circle, "ui/src/api/b.ts": "const a = lazy(() => import('./a'));\n"}
    assert not list(tidy.judge_page_circles(waits))


def test_a_library_outside_its_home_is_found() -> None:
    assert list(tidy.judge_includes("src/intake/x.hpp", "#include <boost/asio.hpp>\n"))
    assert not list(tidy.judge_includes("src/net/x.cpp", "#include <boost/asio.hpp>\n"))


def test_a_long_function_is_found() -> None:
    body = "  call();\n"
    assert not list(tidy.judge_functions("x.cpp", "int f() {\n" + body * 58 + "}\n"))
    assert list(tidy.judge_functions("x.cpp", "int f() {\n" + body * 59 + "}\n"))


def test_leftovers_are_found() -> None:
    leftovers = (
        "// TO" + "DO later", "<" * 7 + " ours", "x = '/wo" + "rk/main'", "console.lo" + "g(1)",
    )  # fmt: skip
    for line in leftovers:
        assert list(tidy.judge_text("x.ts", line + "\n")), line
    assert not list(tidy.judge_text("x.ts", "const path = '/api/v1/work/';\n"))


def test_size_and_width_are_found() -> None:
    assert list(tidy.judge_text("x.cpp", "// a\n" * 501))
    assert list(tidy.judge_text("x.cpp", "//" + "a" * 100 + "\n"))
    assert list(tidy.judge_text("x.cpp", "// no newline"))
