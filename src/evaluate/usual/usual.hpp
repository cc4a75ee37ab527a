// What calls of one kind usually take and cost: of each kind (application, kind and name of the
// span, model, deployment) the newest calls that succeeded. A kind that nobody has called for
// longest gives way to a new one. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <optional>
#include <unordered_map>
#include <vector>

#include "base/hash.hpp"
#include "cost/price_book.hpp"
#include "evaluate/subject.hpp"
#include "query/span_row.hpp"

namespace catalejo::evaluate {

// The newest values of one figure.
class Window {
 public:
  static constexpr std::size_t kValuesMax = 256;
  // Fewer say nothing about what is usual.
  static constexpr std::size_t kValuesMin = 50;

  void add(double value);
  std::optional<Usual> usual() const;

 private:
  std::vector<float> values_;
  std::size_t oldest_ = 0;
};

class Usuals {
 public:
  static constexpr std::size_t kKindsMax = 2'048;

  // What calls like this one took and cost until now; from the next one on it counts among them.
  // Costs are by the price book, or what the application says; none without a book.
  void compare(const query::SpanRow& row, const cost::PriceBook* book, Subject& subject);
  void add(const query::SpanRow& row, const cost::PriceBook* book);
  void forget() { kinds_.clear(), by_use_.clear(); }

 private:
  struct Kind {
    Window durations, costs;
    std::list<Hash128>::iterator use;
  };
  struct HashOf {
    std::size_t operator()(const Hash128& key) const { return key.low; }
  };
  Kind& kind_of(const query::SpanRow& row);

  std::unordered_map<Hash128, Kind, HashOf> kinds_;
  std::list<Hash128> by_use_;  // the last one was used longest ago
};

}  // namespace catalejo::evaluate
