// Rules of queues from a stranger: what is taken can be kept, and fills a queue within its bounds.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "api/dataset_request.hpp"
#include "api/queues_json.hpp"
#include "base/limits.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace catalejo;
  const auto rule = api::read_queue_rule(std::string(reinterpret_cast<const char*>(data), size));
  if (!rule) {
    if (rule.error().message.empty()) std::abort();
    return 0;
  }
  if (rule->type != "trace" && rule->type != "span" && rule->type != "session") std::abort();
  if (!(rule->sample > 0 && rule->sample <= 1)) std::abort();
  if (rule->daily_max < 1 || rule->daily_max > static_cast<std::int64_t>(limits::queue_add_max))
    std::abort();
  if (rule->filter.size() > limits::view_query_bytes_max) std::abort();
  // What fills the queue reads the filter again each time.
  if (!api::plan_of_list(rule->filter, query::Columns::line, 1)) std::abort();
  return 0;
}
