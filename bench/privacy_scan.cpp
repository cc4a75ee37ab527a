// What is found in texts: a JSON text on each line of the input, and on each line of the output a
// list of [begin, end, rule, "pii" | "secrets"], in bytes. For bench/accuracy/privacy.py.
#include <fmt/format.h>

#include <iostream>
#include <string>

#include "codec/json_dom.hpp"
#include "detect/scanner.hpp"

int main() {
  using namespace catalejo;
  const detect::Scanner scanner;
  for (std::string line; std::getline(std::cin, line);) {
    codec::JsonDocument document;
    std::string_view text;
    if (!document.parse(line) || codec::root(document).get(text) != simdjson::SUCCESS) {
      fmt::print(stderr, "no JSON text: {}\n", line.substr(0, 80));
      return 1;
    }
    std::string out = "[";
    for (const detect::Finding& finding : scanner.find(text)) {
      if (out.size() > 1) out += ',';
      out += fmt::format("[{},{},\"{}\",\"{}\"]", finding.begin, finding.end, finding.rule,
                         finding.kind == detect::Class::secret ? "secrets" : "pii");
    }
    fmt::print("{}]\n", out);
  }
}
