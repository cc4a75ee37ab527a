#include "intake/dogstatsd/reader.hpp"

#include <charconv>
#include <cmath>

namespace catalejo::intake::dogstatsd {
namespace {

// What stands before the next `separator`, which is taken off `text` too.
std::string_view take(std::string_view& text, char separator) {
  const std::size_t end = text.find(separator);
  const std::string_view part = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return part;
}

template <typename Number>
std::optional<Number> whole(std::string_view text) {
  Number number{};
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<Type> type_of(std::string_view text) {
  if (text == "c") return Type::count;
  if (text == "g") return Type::gauge;
  if (text == "ms") return Type::timing;
  if (text == "h") return Type::histogram;
  if (text == "s") return Type::set;
  if (text == "d") return Type::distribution;
  return std::nullopt;
}

// True when `field` is one of those that all messages share.
bool read_origin(std::string_view field, Origin& origin) {
  if (field.starts_with('#')) {
    origin.tags = field.substr(1);
  } else if (field.starts_with("c:")) {
    origin.container = field.substr(2);
  } else if (field.starts_with("e:")) {
    origin.external = field.substr(2);
  } else if (field.starts_with("card:")) {
    origin.cardinality = field.substr(5);
  } else {
    return false;
  }
  return true;
}

// UTF-16 units of the character that begins with `lead`; 0 inside a character.
std::size_t units_of(char lead) {
  const auto byte = static_cast<unsigned char>(lead);
  if ((byte & 0xC0) == 0x80) return 0;
  return byte >= 0xF0 ? 2 : 1;
}

// Bytes of the first `units` UTF-16 units of `text`; none when it has fewer.
std::optional<std::size_t> bytes_of_units(std::string_view text, std::size_t units) {
  std::size_t at = 0, seen = 0;
  while (at < text.size()) {
    const std::size_t more = units_of(text[at]);
    if (more > 0 && seen + more > units) break;
    seen += more;
    ++at;
  }
  if (seen != units) return std::nullopt;
  return at;
}

struct Lengths {
  std::size_t title = 0, text = 0;
};

// "{title,text}:" off the front of `line`.
std::optional<Lengths> take_lengths(std::string_view& line) {
  if (!line.starts_with('{')) return std::nullopt;
  line.remove_prefix(1);
  const std::optional<std::size_t> title = whole<std::size_t>(take(line, ','));
  const std::optional<std::size_t> text = whole<std::size_t>(take(line, '}'));
  if (!title || !text || !line.starts_with(':')) return std::nullopt;
  line.remove_prefix(1);
  return Lengths{.title = *title, .text = *text};
}

bool ends_at(std::string_view line, std::size_t at) {
  return at == line.size() || (at < line.size() && line[at] == '|');
}

// Cuts title and text off `line` by lengths in bytes; nothing when they do not fit what stands
// there.
bool take_title_and_text(std::string_view& line, const Lengths& lengths, Event& event) {
  if (lengths.title >= line.size() || line[lengths.title] != '|') return false;
  const std::string_view behind = line.substr(lengths.title + 1);
  if (lengths.text > behind.size() || !ends_at(behind, lengths.text)) return false;
  event.title = line.substr(0, lengths.title);
  event.text = behind.substr(0, lengths.text);
  line = behind.substr(lengths.text);
  if (!line.empty()) line.remove_prefix(1);
  return true;
}

// The same for lengths in UTF-16 units, as clients in JavaScript count.
bool take_by_units(std::string_view& line, const Lengths& units, Event& event) {
  const std::optional<std::size_t> title = bytes_of_units(line, units.title);
  if (!title || *title >= line.size()) return false;
  const std::optional<std::size_t> text = bytes_of_units(line.substr(*title + 1), units.text);
  return text && take_title_and_text(line, {.title = *title, .text = *text}, event);
}

void read_event_field(std::string_view field, Event& event) {
  if (read_origin(field, event.origin)) return;
  if (field.starts_with("d:")) event.timestamp_s = whole<std::int64_t>(field.substr(2));
  if (field.starts_with("h:")) event.host = field.substr(2);
  if (field.starts_with("k:")) event.aggregation_key = field.substr(2);
  if (field.starts_with("p:")) event.priority = field.substr(2);
  if (field.starts_with("s:")) event.source = field.substr(2);
  if (field.starts_with("t:")) event.alert_type = field.substr(2);
}

}  // namespace

bool next_value(std::string_view& values, std::string_view& value) {
  if (values.data() == nullptr) return false;
  const std::size_t end = values.find(':');
  value = values.substr(0, end);
  values = end == std::string_view::npos ? std::string_view{} : values.substr(end + 1);
  return true;
}

std::optional<double> number_of(std::string_view value) {
  if (value.starts_with('+')) value.remove_prefix(1);
  const std::optional<double> number = whole<double>(value);
  return number && std::isfinite(*number) ? number : std::nullopt;
}

Reader::Next Reader::bad(std::string_view problem) {
  problem_ = problem;
  return Next::bad;
}

Reader::Next Reader::next() {
  while (!rest_.empty()) {
    std::string_view line = take(rest_, '\n');
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) continue;
    const bool event = line.starts_with("_e{");
    bad_event_ = event || line.starts_with("_sc|");
    if (event) return read_event(line.substr(2));
    if (bad_event_) return read_check(line.substr(4));
    return read_sample(line);
  }
  return Next::end;
}

// name:values|type|@rate|#tags|c:…|T…|e:…|card:…
Reader::Next Reader::read_sample(std::string_view line) {
  sample_ = {};
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return bad("no_value");
  sample_.name = line.substr(0, colon);
  if (sample_.name.empty()) return bad("no_name");
  line.remove_prefix(colon + 1);
  sample_.values = take(line, '|');
  if (sample_.values.empty()) return bad("no_value");
  const std::optional<Type> type = type_of(take(line, '|'));
  if (!type) return bad("unknown_type");
  sample_.type = *type;
  while (!line.empty()) {
    const std::string_view field = take(line, '|');
    if (field.starts_with('@')) {
      const std::optional<double> rate = number_of(field.substr(1));
      if (!rate || *rate <= 0 || *rate > 1) return bad("bad_rate");
      sample_.rate = *rate;
    } else if (field.starts_with('T')) {
      sample_.timestamp_s = whole<std::int64_t>(field.substr(1));
      if (!sample_.timestamp_s || *sample_.timestamp_s <= 0) return bad("bad_timestamp");
      if (*type != Type::count && *type != Type::gauge) return bad("timestamp_of_type");
    } else {
      read_origin(field, sample_.origin);  // fields of a later version are no error
    }
  }
  return Next::sample;
}

// {title,text}:title|text|d:…|h:…|k:…|p:…|s:…|t:…|#tags
Reader::Next Reader::read_event(std::string_view line) {
  event_ = {};
  const std::optional<Lengths> lengths = take_lengths(line);
  if (!lengths) return bad("event_lengths");
  if (!take_title_and_text(line, *lengths, event_) && !take_by_units(line, *lengths, event_))
    return bad("event_lengths");
  if (event_.title.empty()) return bad("event_without_title");
  while (!line.empty()) read_event_field(take(line, '|'), event_);
  return Next::event;
}

// name|status|d:…|h:…|#tags|m:message
Reader::Next Reader::read_check(std::string_view line) {
  check_ = {};
  check_.name = take(line, '|');
  if (check_.name.empty()) return bad("no_name");
  const std::optional<int> status = whole<int>(take(line, '|'));
  if (!status || *status < 0 || *status > 3) return bad("check_status");
  check_.status = static_cast<CheckStatus>(*status);
  while (!line.empty()) {
    if (line.starts_with("m:")) {  // the last field: whatever stands in it
      check_.message = line.substr(2);
      break;
    }
    const std::string_view field = take(line, '|');
    if (read_origin(field, check_.origin)) continue;
    if (field.starts_with("d:")) check_.timestamp_s = whole<std::int64_t>(field.substr(2));
    if (field.starts_with("h:")) check_.host = field.substr(2);
  }
  return Next::service_check;
}

}  // namespace catalejo::intake::dogstatsd
