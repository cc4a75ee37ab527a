#include "evaluate/experiments/spent.hpp"

#include <algorithm>
#include <utility>

#include "codec/json_dom.hpp"
#include "codec/json_writer.hpp"

namespace catalejo::evaluate::experiments {
namespace {

namespace dom = codec::dom;

bool is_same(const Spent& one, const Spent& other) {
  return one.judge == other.judge && one.deployment == other.deployment &&
         one.resource == other.resource && one.model == other.model;
}

}  // namespace

std::vector<Spent> read_spent(std::string_view json) {
  std::vector<Spent> all;
  codec::JsonDocument document;
  std::string text(json);
  dom::array items;
  if (!document.parse(text) || codec::root(document).get(items) != simdjson::SUCCESS) return all;
  for (const dom::element item : items) {
    Spent spent;
    std::string_view found;
    for (const auto& [name, to] : {std::pair{"judge", &spent.judge},
                                   {"deployment", &spent.deployment},
                                   {"resource", &spent.resource},
                                   {"model", &spent.model}})
      if (item[name].get(found) == simdjson::SUCCESS) *to = found;
    for (const auto& [name, to] : {std::pair{"calls", &spent.calls},
                                   {"input_tokens", &spent.input_tokens},
                                   {"output_tokens", &spent.output_tokens}})
      if (item[name].get(*to) != simdjson::SUCCESS) *to = 0;
    all.push_back(std::move(spent));
  }
  return all;
}

std::string spent_json(const std::vector<Spent>& spent) {
  std::string json = "[";
  for (const Spent& one : spent) {
    if (json.back() != '[') json += ',';
    codec::JsonObjectWriter fields(json);
    for (const auto& [name, text] : {std::pair{"judge", &one.judge},
                                     {"deployment", &one.deployment},
                                     {"resource", &one.resource},
                                     {"model", &one.model}})
      fields.text(name, *text);
    for (const auto& [name, number] : {std::pair{"calls", one.calls},
                                       {"input_tokens", one.input_tokens},
                                       {"output_tokens", one.output_tokens}})
      codec::append_json_number(fields.key(name), number);
    fields.close();
  }
  return json + ']';
}

void add_spent(std::vector<Spent>& spent, const Spent& more) {
  const auto same =
      std::ranges::find_if(spent, [&](const Spent& one) { return is_same(one, more); });
  if (same == spent.end()) {
    spent.push_back(more);
    return;
  }
  same->calls += more.calls;
  same->input_tokens += more.input_tokens;
  same->output_tokens += more.output_tokens;
}

}  // namespace catalejo::evaluate::experiments
