#include "evaluate/judge/row.hpp"

#include "base/time.hpp"
#include "codec/json_dom.hpp"
#include "codec/json_writer.hpp"

namespace catalejo::evaluate::judge {
namespace {

namespace dom = codec::dom;

std::string as_value(const std::string& json) {
  return json.empty() ? "" : R"({"value":)" + json + "}";
}

std::string metadata_of(const RowTexts& texts) {
  std::string json, text = texts.metadata;
  codec::JsonObjectWriter fields(json);
  codec::JsonDocument document;
  dom::object given;
  if (!text.empty() && document.parse(text) &&
      codec::root(document).get(given) == simdjson::SUCCESS)
    for (const dom::key_value_pair field : given)
      codec::append_json(fields.key(field.key), field.value);
  if (!texts.expected.empty()) fields.key("expected_output") += texts.expected;
  fields.close();
  return json;
}

}  // namespace

JudgedRow::JudgedRow(const RowTexts& texts)
    : input_(as_value(texts.input)),
      output_(as_value(texts.output)),
      metadata_(metadata_of(texts)) {
  row_.start = now();
  row_.kind = "experiment";
  row_.input = input_;
  row_.output = output_;
  row_.metadata = metadata_;
}

}  // namespace catalejo::evaluate::judge
