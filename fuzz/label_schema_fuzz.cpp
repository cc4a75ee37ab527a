// Labels and answers from a stranger: what is accepted reads back the same from what is kept.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "api/label_schema.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace catalejo;
  std::string text(reinterpret_cast<const char*>(data), size);
  codec::JsonDocument document;
  if (!document.parse(text)) return 0;
  auto labels = api::read_labels(codec::root(document), {});
  if (!labels) return 0;
  std::string written, again;
  api::append_labels(written, *labels);
  const api::Labels kept = api::parse_labels(written);
  api::append_labels(again, kept);
  if (written != again || !api::ask_the_same(*labels, kept)) std::abort();
  codec::dom::element given;
  if (codec::root(document)["label_values"].get(given) != simdjson::SUCCESS) return 0;
  auto values = api::read_values(given, *labels);
  if (!values) return 0;
  std::string said, said_again;
  api::append_values(said, *values);
  api::append_values(said_again, api::parse_values(said));
  if (said != said_again) std::abort();
  return 0;
}
