#include "insight/economics/economics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "base/ascii.hpp"
#include "base/quoted.hpp"
#include "cost/price_book.hpp"
#include "insight/economics/statements.hpp"
#include "query/saturate.hpp"

namespace catalejo::insight::economics {
namespace {

using query::add_saturated;

// Names that a search for a deployment lists; more would make it unreadable.
constexpr std::size_t kCalledMax = 8;

void add(std::int64_t& to, std::int64_t value) {
  to = add_saturated(to, value);
}

struct Sums {
  double prompt = 0, completion = 0, requests = 0, succeeded = 0, throttled = 0, spilled = 0;

  void add(const AzureCount& count) {
    if (count.counter == Counter::prompt_tokens) prompt += count.sum;
    if (count.counter == Counter::completion_tokens) completion += count.sum;
    if (count.counter != Counter::requests) return;
    requests += count.sum;
    if (count.status.starts_with('2')) succeeded += count.sum;
    if (count.status.starts_with('2') && count.spilled) spilled += count.sum;
    if (count.status == "429") throttled += count.sum;
  }
  Billed billed() const {
    return {.prompt = whole_of(prompt),
            .completion = whole_of(completion),
            .requests = whole_of(requests),
            .succeeded = whole_of(succeeded),
            .throttled = whole_of(throttled),
            .spilled = whole_of(spilled)};
  }
};

void add_count(Traced& to, const TracedCount& count, bool by_name) {
  add(to.prompt, count.prompt);
  add(to.cached, count.cached);
  add(to.completion, count.completion);
  add(to.calls, count.calls);
  add(to.failed, count.failed);
  // A call that failed is counted, or told no tokens because there were none.
  add(to.uncounted, std::max<std::int64_t>(count.calls - count.failed - count.counted, 0));
  if (by_name) add(to.by_name, count.calls);
}

void add_all(Traced& to, const Traced& from) {
  add(to.prompt, from.prompt);
  add(to.cached, from.cached);
  add(to.completion, from.completion);
  add(to.calls, from.calls);
  add(to.failed, from.failed);
  add(to.uncounted, from.uncounted);
  add(to.by_name, from.by_name);
}

void add_all(Billed& to, const Billed& from) {
  add(to.prompt, from.prompt);
  add(to.completion, from.completion);
  add(to.requests, from.requests);
  add(to.succeeded, from.succeeded);
  add(to.throttled, from.throttled);
  add(to.spilled, from.spilled);
}

void finish(Economics& all) {
  for (const Row& row : all.rows) {
    add_all(row.billed ? all.traced : all.elsewhere, row.traced);
    if (row.billed) add_all(all.billed, *row.billed);
    all.unknown += row.billed ? 0 : 1;
  }
  const auto weight = [](const Row& row) {
    return std::max(row.billed ? row.billed->total() : 0, row.traced.total());
  };
  std::ranges::stable_sort(all.rows, [&](const Row& a, const Row& b) {
    return std::tuple(weight(b), a.place.account, a.place.deployment) <
           std::tuple(weight(a), b.place.account, b.place.deployment);
  });
}

std::string term(std::string_view attribute, std::string_view value) {
  if (value.empty()) return fmt::format("_missing_:{}", attribute);
  return fmt::format("{}:{}", attribute, quoted(value));
}

}  // namespace

std::int64_t Billed::total() const {
  return add_saturated(prompt, completion);
}

std::int64_t Traced::total() const {
  return add_saturated(prompt, completion);
}

Difference difference(std::int64_t billed, std::int64_t traced) {
  billed = std::max<std::int64_t>(billed, 0);
  traced = std::max<std::int64_t>(traced, 0);
  Difference made;
  (billed >= traced ? made.untraced : made.beyond) =
      billed >= traced ? billed - traced : traced - billed;
  if (billed > 0) made.share = static_cast<double>(made.untraced) / static_cast<double>(billed);
  return made;
}

namespace {

// Rows in the order of the directory's places, which grow while answers are added.
class Rows {
 public:
  explicit Rows(Directory& directory) : directory_(directory) {}

  void add(const AzureCount& count) {
    const std::size_t i = place_of(count.place);
    if (directory_.inside(i, count.era)) sums_[i].add(count);
  }
  void add(const TracedCount& count) {
    const Directory::Found found = call_of(count.resource, count.deployment, count.model);
    if (!directory_.inside(found.place, count.era)) return;
    Row& row = rows_[found.place];
    add_count(row.traced, count, found.by_name);
    if (row.called.size() < kCalledMax)
      row.called.insert({count.resource, count.deployment, count.model});
  }
  void add(const AzurePeak& one) { peaks_[place_of(one.place)] = one.peak; }
  void add(const TracedThrottling& one) {
    rows_[call_of(one.resource, one.deployment, one.model).place].throttled.add(one);
  }
  void add(const AzureUtilisation& one) {
    std::optional<AzureUtilisation>& known = used_[place_of(one.place)];
    if (!known || one.newer) known = one;
  }
  void add(const AzureVolume& one) { rows_[place_of(one.place)].filter.add(one); }
  void add(const TracedVolume& one) {
    rows_[call_of(one.resource, one.deployment, one.model).place].filter.add(one);
  }

  std::vector<Row> take(const std::shared_ptr<const cost::PriceBook>& book) {
    grow();
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      Row& row = rows_[i];
      row.place = directory_.places()[i];
      row.limits = limits_of(row.place);
      if (row.place.unknown == Unknown::none) {
        row.billed = sums_[i].billed();
        row.peak = peaks_[i];
      }
      if (is_provisioned(row.place.sku)) row.provisioned = provisioned_of(row, used_[i], book);
    }
    return std::move(rows_);
  }

 private:
  void grow() {
    rows_.resize(directory_.places().size());
    sums_.resize(rows_.size());
    peaks_.resize(rows_.size());
    used_.resize(rows_.size());
  }
  static Provisioned provisioned_of(const Row& row, const std::optional<AzureUtilisation>& used,
                                    const std::shared_ptr<const cost::PriceBook>& book) {
    ProvisionedUseOf use{.place = &row.place};
    if (used) use.utilisation = used->of;
    if (row.billed)
      use.served =
          served(row.billed->prompt, row.billed->completion, row.traced.prompt, row.traced.cached);
    return provisioned(use, book);
  }
  std::size_t place_of(const MetricPlace& at) {
    const std::size_t place =
        directory_.of_metric(at.subscription, at.group, at.account, at.deployment);
    grow();
    return place;
  }
  Directory::Found call_of(std::string_view resource, const std::string& deployment,
                           const std::string& model) {
    const Directory::Found found = directory_.of_call(
        cost::resource_name(resource), lower_ascii(deployment.empty() ? model : deployment));
    grow();
    return found;
  }

  Directory& directory_;
  std::vector<Row> rows_;
  std::vector<Sums> sums_;
  std::vector<Peak> peaks_;
  std::vector<std::optional<AzureUtilisation>> used_;
};

}  // namespace

Economics economics_of(Directory& directory, Window asked, Answers answers,
                       const std::shared_ptr<const cost::PriceBook>& book) {
  Economics all{.asked = asked};
  all.cut = answers.traced.size() > kTracedRowsMax;
  if (all.cut) answers.traced.resize(kTracedRowsMax);
  Rows rows(directory);
  for (const AzureCount& count : answers.azure) rows.add(count);
  for (const TracedCount& count : answers.traced) rows.add(count);
  for (const AzurePeak& peak : answers.peaks) rows.add(peak);
  for (const TracedThrottling& one : answers.throttling) rows.add(one);
  for (const AzureUtilisation& one : answers.utilisation) rows.add(one);
  for (const AzureVolume& one : answers.azure_volumes) rows.add(one);
  for (const TracedVolume& one : answers.traced_volumes) rows.add(one);
  all.rows = rows.take(book);
  finish(all);
  return all;
}

std::string search_for(const std::set<Called>& called) {
  std::string all;
  for (const Called& one : called) {
    std::string terms = term("@azure_resource", one.resource);
    terms += ' ' + (one.deployment.empty()
                        ? term("@deployment", "") + ' ' + term("@meta.model_name", one.model)
                        : term("@deployment", one.deployment));
    all += fmt::format("{}({})", all.empty() ? "" : " OR ", terms);
  }
  if (all.empty()) return all;
  return fmt::format("@meta.span.kind:(llm OR embedding) {}",
                     called.size() > 1 ? fmt::format("({})", all) : all);
}

}  // namespace catalejo::insight::economics
