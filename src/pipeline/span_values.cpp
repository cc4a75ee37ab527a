#include "pipeline/span_values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>

#include "model/span_counts.hpp"
#include "pipeline/metric_names.hpp"

namespace catalejo::pipeline {
namespace {

constexpr double kNanosInSecond = 1e9;

struct Label {
  std::string_view key, value;
};

std::string_view tag_of(const model::Span& span, std::string_view key) {
  for (const model::Tag& tag : span.tags)
    if (tag.key == key) return tag.value;
  return {};
}

double metric_of(const model::Span& span, std::string_view key) {
  for (const model::Metric& metric : span.metrics)
    if (metric.key == key) return metric.value;
  return 0;
}

// Values that share their tags. What a name and these tags mean is worked out once per interval;
// after that a value costs a look into a table.
class Labelled {
 public:
  // `labels` outlive it; those without a value are left out.
  Labelled(SpanSink sink, std::span<const Label> labels) : sink_(sink), labels_(labels) {
    std::uint64_t seed = 0;
    for (const Label& label : labels) {
      key_ = hash128(label.value, seed + label.key.size());
      seed = key_.low ^ (key_.high >> 1);
    }
  }

  void count(std::string_view name, double number) {
    put(name, Measure::count, {.number = number});
  }
  void distribution(std::string_view name, double number) {
    put(name, Measure::distribution, {.number = number});
  }
  void distribution(std::string_view name, const model::DDSketch& sketch) {
    put(name, Measure::distribution, {.sketch = &sketch});
  }
  // Unless it is not known.
  void tokens(std::string_view name, std::int64_t count) {
    if (count != model::kCountUnknown) distribution(name, static_cast<double>(count));
  }

 private:
  void put(std::string_view name, Measure measure, const MetricValue& value) {
    const Hash128 alike = hash128(name, key_.low ^ key_.high);
    if (sink_.aggregator.add_alike(alike, value, sink_.time)) return;
    if (tags_.empty()) make_tags();
    const std::string normal = normal_metric_name(name);
    const MetricLabels series{.name = normal, .measure = measure, .host = {}, .tags = tags_};
    if (!sink_.aggregator.add(alike, series, value, sink_.time)) ++sink_.refused;
  }

  void make_tags() {
    for (const Label& label : labels_)
      if (!label.value.empty())
        tags_.push_back(normal_metric_tag(fmt::format("{}:{}", label.key, label.value)));
    put_in_order(tags_);
  }

  SpanSink sink_;
  std::span<const Label> labels_;
  Hash128 key_;
  std::vector<std::string> tags_;
};

std::string_view resource_of(const model::Span& span) {
  if (const std::string_view named = tag_of(span, "azure.resource"); !named.empty()) return named;
  std::string_view url = tag_of(span, "http.url");
  if (const std::size_t host = url.find("://"); host != std::string_view::npos)
    url.remove_prefix(host + 3);
  return url.substr(0, url.find_first_of("/:?#"));
}

void put_tokens(const model::Span& span, Labelled& out) {
  const std::int64_t input = model::input_tokens(span), output = model::output_tokens(span);
  for (const std::string_view name :
       {"ml_obs.span.llm.input.tokens", "ml_obs.span.llm.prompt.tokens"})
    out.tokens(name, input);
  for (const std::string_view name :
       {"ml_obs.span.llm.output.tokens", "ml_obs.span.llm.completion.tokens"})
    out.tokens(name, output);
  out.tokens("ml_obs.span.llm.total.tokens", model::total_tokens(span));
  out.tokens("ml_obs.span.llm.output.reasoning.tokens", model::reasoning_tokens(span));
  const std::int64_t read = model::cache_read_tokens(span), write = model::cache_write_tokens(span);
  out.tokens("ml_obs.span.llm.input.cache_read.tokens", read);
  out.tokens("ml_obs.span.llm.input.cache_write.tokens", write);
  std::int64_t fresh = model::count_of(span, {"non_cached_input_tokens"});
  const bool cached = read != model::kCountUnknown || write != model::kCountUnknown;
  if (fresh == model::kCountUnknown && input != model::kCountUnknown && cached)
    fresh = std::max<std::int64_t>(
        input - std::max<std::int64_t>(read, 0) - std::max<std::int64_t>(write, 0), 0);
  out.tokens("ml_obs.span.llm.input.non_cached.tokens", fresh);
}

// Each part is rounded by itself; the sum of rounded parts may differ from the rounded sum by some
// billionths of a dollar.
struct Costs {
  double input = 0, output = 0, total = 0, reasoning = 0, read = 0, write = 0, fresh = 0;
};

Costs costs_of(const cost::TokenSplit& split, const cost::Quote& quote, const cost::Cost& cost,
               const std::vector<cost::CostPart>& parts) {
  Costs costs{.total = static_cast<double>(cost.amount.value)};
  for (const cost::CostPart& part : parts) {
    const auto amount = static_cast<double>(part.cost.value);
    (part.what.ends_with("output") ? costs.output : costs.input) += amount;
    if (part.what == "cached_input") costs.read += amount;
    if (part.what == "cache_write") costs.write += amount;
    if (part.what == "input" || part.what == "audio_input") costs.fresh += amount;
  }
  if (split.reasoning > 0 && quote.rates.output >= 0)
    costs.reasoning = static_cast<double>(div_round_half_even(
        static_cast<Int128>(split.reasoning) * quote.rates.output, kTokensPerPrice));
  return costs;
}

void put_costs(const Costs& costs, const cost::TokenSplit& split, bool embedding, Labelled& out) {
  if (embedding) return out.distribution("ml_obs.span.embedding.input.cost", costs.input);
  out.distribution("ml_obs.span.llm.input.cost", costs.input);
  out.distribution("ml_obs.span.llm.output.cost", costs.output);
  out.distribution("ml_obs.span.llm.total.cost", costs.total);
  if (split.reasoning > 0)
    out.distribution("ml_obs.span.llm.output.reasoning.cost", costs.reasoning);
  if (split.cached == 0 && split.cache_write == 0) return;
  out.distribution("ml_obs.span.llm.input.cache_read.cost", costs.read);
  out.distribution("ml_obs.span.llm.input.cache_write.cost", costs.write);
  out.distribution("ml_obs.span.llm.input.non_cached.cost", costs.fresh);
}

// What the application says that it cost.
bool put_own_costs(const model::Span& span, bool embedding, Labelled& out) {
  const std::int64_t total = model::cost_nano_usd(span);
  if (total == model::kCountUnknown) return false;
  const std::int64_t input =
      model::count_of(span, {"input_cost", "estimated_input_cost"}, kNanosInSecond);
  if (embedding) {
    out.tokens("ml_obs.span.embedding.input.cost", input >= 0 ? input : total);
    return true;
  }
  out.tokens("ml_obs.span.llm.input.cost", input);
  out.tokens("ml_obs.span.llm.output.cost",
             model::count_of(span, {"output_cost", "estimated_output_cost"}, kNanosInSecond));
  out.tokens("ml_obs.span.llm.total.cost", total);
  return true;
}

}  // namespace

Quotes::Quotes(std::shared_ptr<const cost::PriceBook> book, UnixNanos from, UnixNanos to)
    : book_(std::move(book)), changes_(book_->changes(from, to)) {}

const cost::Quote& Quotes::of(const model::Span& span, std::int64_t input_tokens) {
  const std::int64_t above = book_->long_context_above();
  const bool long_context = above > 0 && input_tokens > above;
  const auto era =
      static_cast<std::size_t>(std::ranges::upper_bound(changes_, span.start) - changes_.begin());
  const std::string_view resource = resource_of(span);
  const Key key{span.model_name, span.deployment, resource, long_context, era};
  const auto [at, made] = known_.try_emplace(key);
  if (made)
    at->second = book_->quote({.model = span.model_name,
                               .deployment = span.deployment,
                               .resource = resource,
                               .time = span.start,
                               .long_context = long_context});
  return at->second;
}

namespace {

using LlmLabels = std::array<Label, 7>;

LlmLabels labels_of(const model::Span& span) {
  return {Label{"env", span.env},
          Label{"error", span.error ? "1" : "0"},
          Label{"ml_app", span.ml_app},
          Label{"model_name", span.model_name},
          Label{"model_provider", span.model_provider},
          Label{"service", span.service},
          Label{"version", span.version}};
}

// A ratio of errors is 0, not missing, where nothing failed: 0 errors are a value, too.
void put_span_itself(const model::Span& span, const LlmLabels& labels, SpanSink sink) {
  const double seconds = static_cast<double>(span.duration_ns) / kNanosInSecond;
  const double errors = span.error ? 1 : 0;
  std::array<Label, 8> base;
  std::ranges::copy(labels, base.begin());
  base.back() = {"span_kind", span.kind};
  Labelled each(sink, base);
  each.count("ml_obs.span", 1);
  each.count("ml_obs.span.error", errors);
  each.distribution("ml_obs.span.duration", seconds);
  if (span.parent_id.value != 0) return;
  const std::array root{labels[0], labels[1], labels[2], labels[5], labels[6], base.back()};
  Labelled trace(sink, root);
  trace.count("ml_obs.trace", 1);
  trace.count("ml_obs.trace.error", errors);
  trace.distribution("ml_obs.trace.duration", seconds);
}

cost::TokenCounts token_counts(const model::Span& span) {
  return {.input = model::input_tokens(span),
          .cached = model::cache_read_tokens(span),
          .cache_write = model::cache_write_tokens(span),
          .audio_input = model::count_of(span, {"audio_input_tokens"}),
          .output = model::output_tokens(span),
          .reasoning = model::reasoning_tokens(span),
          .audio_output = model::count_of(span, {"audio_output_tokens"})};
}

// Labels of a call: those of its span, the model that it was priced as, where the price is from.
using CallLabels = std::array<Label, 10>;

void put_prices(const model::Span& span, const cost::Quote* quote, CallLabels labels,
                SpanSink sink) {
  const bool embedding = span.kind == "embedding";
  labels.back().value = cost::kind_name(cost::Kind::application);
  Labelled own(sink, labels);
  // A share of what a provisioned deployment costs a day is known when the day is over.
  if (put_own_costs(span, embedding, own) || quote == nullptr ||
      quote->kind == cost::Kind::unknown || quote->kind == cost::Kind::ptu_estimate)
    return;
  const auto split = cost::split_tokens(token_counts(span), embedding);
  if (!split) return;
  std::vector<cost::CostPart> parts;
  const cost::Cost cost = cost::token_cost(*split, *quote, &parts);
  if (!cost.known()) return;
  labels.back().value = cost::kind_name(cost.kind);
  Labelled paid(sink, labels);
  put_costs(costs_of(*split, *quote, cost, parts), *split, embedding, paid);
}

void put_call(const model::Span& span, const LlmLabels& labels, Quotes* quotes, SpanSink sink) {
  const std::int64_t input = model::input_tokens(span);
  const cost::Quote* quote = quotes != nullptr ? &quotes->of(span, input) : nullptr;
  const bool matched = quote != nullptr && quote->kind != cost::Kind::unknown;
  CallLabels call;
  std::ranges::copy(labels, call.begin());
  call[7] = {"matched_model_name", matched ? std::string_view(quote->model) : ""};
  call[8] = {"matched_model_provider", matched ? span.model_provider : ""};
  call[9] = {"source", ""};
  Labelled out(sink, std::span(call).first(9));
  if (span.kind == "embedding") {
    out.tokens("ml_obs.span.embedding.input.tokens", input);
  } else {
    put_tokens(span, out);
    out.distribution("ml_obs.span.llm.input.characters",
                     static_cast<double>(said_characters(span.input_json)));
    out.distribution("ml_obs.span.llm.output.characters",
                     static_cast<double>(said_characters(span.output_json)));
  }
  put_prices(span, quote, call, sink);
}

// What a judge of ours read and said (evaluate/judge/record.hpp): no client names that source. The
// application is the one whose answer was judged.
void put_evaluation_usage(const model::Span& span, SpanSink sink) {
  const std::array labels{
      Label{"evaluation_name", tag_of(span, "judge")}, Label{"ml_app", tag_of(span, "judged_app")},
      Label{"model_name", span.model_name}, Label{"model_provider", span.model_provider},
      Label{"model_server", resource_of(span)}};
  Labelled out(sink, labels);
  out.tokens("ml_obs.estimated_usage.llm.input.tokens", model::input_tokens(span));
  out.tokens("ml_obs.estimated_usage.llm.output.tokens", model::output_tokens(span));
  out.tokens("ml_obs.estimated_usage.llm.total.tokens", model::total_tokens(span));
}

}  // namespace

void put_llm_half(const model::Span& span, Quotes* quotes, SpanSink sink) {
  if (span.source == "judge") put_evaluation_usage(span, sink);
  const LlmLabels labels = labels_of(span);
  put_span_itself(span, labels, sink);
  if (span.kind == "llm" || span.kind == "embedding") put_call(span, labels, quotes, sink);
}

bool is_counted(const model::Span& span) {
  if (span.apm_parent_id.value == 0 || metric_of(span, "_dd.top_level") > 0 ||
      metric_of(span, "_dd.measured") > 0)
    return true;
  const std::string_view kind = tag_of(span, "span.kind");
  return kind == "server" || kind == "client" || kind == "producer" || kind == "consumer";
}

namespace {

// hits and errors are counts, duration is all of it together, the name alone is how it is spread.
struct TraceNames {
  std::string spread, hits, errors, duration;
  explicit TraceNames(std::string_view name)
      : spread(fmt::format("trace.{}", name)),
        hits(spread + ".hits"),
        errors(spread + ".errors"),
        duration(spread + ".duration") {}
};

}  // namespace

void put_apm_half(const model::Span& span, SpanSink sink) {
  const std::string_view name = span.apm_name.empty() ? span.name : span.apm_name;
  if (name.empty()) return;
  const std::array labels{Label{"env", span.env},
                          Label{"service", span.service},
                          Label{"version", span.version},
                          Label{"resource_name", span.resource},
                          Label{"http.status_code", tag_of(span, "http.status_code")},
                          Label{"span.kind", tag_of(span, "span.kind")}};
  const double seconds = static_cast<double>(span.duration_ns) / kNanosInSecond;
  const TraceNames names(name);
  Labelled out(sink, labels);
  out.count(names.hits, 1);
  out.count(names.errors, span.error ? 1 : 0);
  out.count(names.duration, seconds);
  out.distribution(names.spread, seconds);
}

void put_stats(const model::TraceStatsGroup& group, SpanSink sink) {
  if (group.name.empty()) return;
  const std::string status = group.http_status > 0 ? fmt::format("{}", group.http_status) : "";
  const std::array labels{Label{"env", group.env},           Label{"service", group.service},
                          Label{"version", group.version},   Label{"resource_name", group.resource},
                          Label{"http.status_code", status}, Label{"span.kind", group.span_kind}};
  const TraceNames names(group.name);
  Labelled out(sink, labels);
  out.count(names.hits, static_cast<double>(group.hits));
  out.count(names.errors, static_cast<double>(group.errors));
  out.count(names.duration, group.duration_s);
  if (group.durations_s.count() > 0) out.distribution(names.spread, group.durations_s);
}

namespace {

// The characters of a string of JSON as it stands between its quotes.
std::size_t characters_of(std::string_view raw) {
  std::size_t continued = 0;
  for (const char c : raw) continued += (c & 0xC0) == 0x80 ? 1 : 0;
  std::size_t characters = raw.size() - continued;
  for (std::size_t at = raw.find('\\'); at != std::string_view::npos; at = raw.find('\\', at)) {
    const bool coded = at + 1 < raw.size() && raw[at + 1] == 'u';
    const std::size_t length = std::min<std::size_t>(coded ? 6 : 2, raw.size() - at);
    characters -= length - 1;
    at += length;
  }
  return characters;
}

// Behind the quote that ends the string that begins at `at`.
std::size_t end_of_string(std::string_view json, std::size_t at) {
  while (true) {
    const std::size_t quote = json.find('"', at);
    if (quote == std::string_view::npos) return json.size() + 1;
    std::size_t slashes = 0;
    while (quote > slashes && json[quote - 1 - slashes] == '\\') ++slashes;
    if (slashes % 2 == 0) return quote + 1;
    at = quote + 1;
  }
}

}  // namespace

std::size_t said_characters(std::string_view json) {
  std::size_t characters = 0;
  bool said = false;
  for (std::size_t at = json.find('"'); at != std::string_view::npos; at = json.find('"', at)) {
    const std::size_t end = end_of_string(json, at + 1);
    if (end > json.size()) break;
    const std::string_view raw = json.substr(at + 1, end - at - 2);
    at = end;
    if (at < json.size() && json[at] == ':') {
      said = raw == "content" || raw == "text" || raw == "value";
    } else if (said) {
      characters += characters_of(raw);
    }
  }
  return characters;
}

}  // namespace catalejo::pipeline
