#include "intake/dd_apm/stats.hpp"

#include "codec/msgpack.hpp"

namespace catalejo::intake::dd_apm {
namespace {

using Type = codec::MsgpackReader::Type;

class StatsReader {
 public:
  explicit StatsReader(std::string_view body) : reader_(body) {}

  // A map with "Stats": an array of maps with "Stats": …, `levels` deep.
  void map(int levels) {
    const std::uint32_t fields = reader_.read_map();
    for (std::uint32_t i = 0; i < fields && !reader_.failed(); ++i) {
      if (reader_.read_text() == "Stats" && reader_.peek() == Type::array && levels > 0) {
        const std::uint32_t items = reader_.read_array();
        if (levels == 2) count_.buckets += items;
        if (levels == 1) count_.groups += items;
        for (std::uint32_t k = 0; k < items && !reader_.failed(); ++k) map(levels - 1);
      } else {
        reader_.skip();
      }
    }
  }

  Result<StatsCount> result() const {
    if (reader_.failed() || !reader_.at_end()) return reader_.error();
    return count_;
  }

 private:
  codec::MsgpackReader reader_;
  StatsCount count_;
};

}  // namespace

Result<StatsCount> count_stats(std::string_view body, bool wrapped) {
  StatsReader reader(body);
  reader.map(wrapped ? 3 : 2);
  return reader.result();
}

}  // namespace catalejo::intake::dd_apm
