// Mending agrees with the strict parser: what it lets pass untouched is JSON, what it mends becomes
// JSON, what it refuses the strict parser refuses too; writing a tree and reading it is stable.
#include "accounted.hpp"
#include "codec/json_repair.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using catalejo::fuzz::require;
  const std::string body = catalejo::fuzz::text_of(data, size);
  static simdjson::dom::parser strict;
  const bool accepted = strict.parse(body).error() == simdjson::SUCCESS;
  const auto repaired = catalejo::codec::repair_json(body);
  if (repaired) require(strict.parse(repaired->text).error() == simdjson::SUCCESS);
  if (repaired && repaired->notes == 0) require(accepted);
  const bool too_deep = !repaired && repaired.error().code == catalejo::Code::too_deep;
  if (!repaired && !too_deep) require(!accepted);

  std::string text = body;
  catalejo::codec::JsonDocument document;
  if (!document.parse(text)) return 0;
  std::string once, twice;
  catalejo::codec::append_json(once, catalejo::codec::root(document));
  std::string again = once;
  require(document.parse(again).ok() && document.notes() == 0);
  catalejo::codec::append_json(twice, catalejo::codec::root(document));
  require(once == twice);
  return 0;
}
