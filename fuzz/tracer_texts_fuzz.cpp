// Events as the Python tracer's redaction takes them apart: what it calls texts are whole values,
// in order; an event without them is still JSON, and nothing of a text is left.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "../python/native/event_texts.hpp"
#include "codec/json_dom.hpp"

using catalejo::codec::JsonDocument;
using catalejo::tracer::blank;
using catalejo::tracer::EventText;
using catalejo::tracer::Kind;

namespace {

bool is_json(std::string text) {
  JsonDocument document;
  return document.parse(text).ok();
}

void check(Kind kind, std::string_view event) {
  const auto texts = catalejo::tracer::texts_of(kind, event);
  if (!texts) return;
  std::string out;
  std::size_t at = 0;
  for (const EventText& text : *texts) {
    if (text.begin < at || text.end <= text.begin || text.end > event.size()) std::abort();
    out.append(event, at, text.begin - at);
    out += blank(event.substr(text.begin, text.end - text.begin), text.name);
    at = text.end;
  }
  out.append(event, at);
  if (is_json(std::string(event)) && !is_json(out)) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  for (const Kind kind : {Kind::span, Kind::evaluation}) {
    check(kind, bytes);
    const auto events = catalejo::tracer::events_of(kind, bytes);
    if (!events) continue;
    for (const std::string_view event : *events) {
      if (event.data() < bytes.data() || event.end() > bytes.end() || event.empty()) std::abort();
      check(kind, event);
    }
  }
  return 0;
}
