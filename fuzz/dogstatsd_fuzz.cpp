// Datagrams from a stranger: every message's texts lie within the datagram, and reading ends.
#include <cstdint>
#include <cstdlib>

#include "intake/dogstatsd/reader.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using catalejo::intake::dogstatsd::Reader;
  const std::string_view datagram(reinterpret_cast<const char*>(data), size);
  const auto inside = [&](std::string_view text) {
    if (text.empty()) return;
    if (text.data() < datagram.data() || text.data() + text.size() > datagram.data() + size)
      std::abort();
  };
  Reader reader(datagram);
  std::size_t messages = 0;
  for (auto next = reader.next(); next != Reader::Next::end; next = reader.next()) {
    if (++messages > size) std::abort();
    if (next == Reader::Next::bad && reader.problem().empty()) std::abort();
    if (next == Reader::Next::event) {
      inside(reader.event().title);
      inside(reader.event().text);
    }
    if (next == Reader::Next::service_check) inside(reader.service_check().message);
    if (next != Reader::Next::sample) continue;
    inside(reader.sample().name);
    inside(reader.sample().origin.tags);
    if (!(reader.sample().rate > 0) || reader.sample().rate > 1) std::abort();
    std::string_view values = reader.sample().values, value;
    while (catalejo::intake::dogstatsd::next_value(values, value)) {
      inside(value);
      (void)catalejo::intake::dogstatsd::number_of(value);
    }
  }
  return 0;
}
