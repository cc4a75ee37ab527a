#include "intake/dd_llmobs/evaluations.hpp"

#include <fmt/format.h>

#include <array>
#include <iterator>
#include <optional>

#include "base/hash.hpp"
#include "base/limits.hpp"
#include "codec/json_dom.hpp"
#include "codec/json_writer.hpp"
#include "intake/bounded_json.hpp"
#include "intake/fate.hpp"
#include "intake/llm_half.hpp"

namespace catalejo::intake::dd_llmobs {
namespace {

namespace dom = codec::dom;

constexpr std::int64_t kMillisMax = INT64_MAX / kNanosPerMilli;

// Reads one metric into one evaluation.
class MetricReader {
 public:
  explicit MetricReader(model::Arena& arena) : arena_(arena) {}

  Fate read(dom::element metric, model::Evaluation& evaluation) {
    evaluation_ = &evaluation;
    type_name_ = {};
    values_.fill(std::nullopt);
    wrong_type_ = false;
    dom::object fields;
    if (metric.get(fields) != simdjson::SUCCESS) return Fate::wrong_type;
    for (const dom::key_value_pair item : fields) {
      if (!item.value.is_null()) field(item.key, item.value);
    }
    return finish();
  }

 private:
  void field(std::string_view key, dom::element value) {
    model::Evaluation& e = *evaluation_;
    if (key == "label")
      e.label = text(value);
    else if (key == "metric_type")
      type_name_ = text(value);
    else if (key == "categorical_value")
      values_[0] = value;
    else if (key == "score_value")
      values_[1] = value;
    else if (key == "boolean_value")
      values_[2] = value;
    else if (key == "json_value")
      values_[3] = value;
    else if (key == "text_value")
      values_[4] = value;
    else if (key == "join_on")
      join(value);
    else if (key == "span_id")
      span_id(value);
    else if (key == "trace_id")
      trace_id(value);
    else if (key == "session_id")
      e.session_id = text(value);
    else if (key == "feedback_join_key")
      join_key("feedback_join_key", value);
    else if (key == "event_kind")
      e.event_kind = text(value);
    else if (key == "eval_scope")
      e.scope = text(value);
    else if (key == "ml_app")
      e.ml_app = text(value);
    else if (key == "timestamp_ms")
      timestamp(value);
    else if (key == "assessment")
      e.assessment = text(value);
    else if (key == "reasoning")
      e.reasoning = text(value);
    else if (key == "status")
      e.status = text(value);
    else if (key == "submitter")
      e.submitter = json(value);
    else if (key == "metadata")
      e.metadata_json = json(value);
    else if (key == "error")
      e.error_json = json(value);
    else if (key == "tags")
      tags(value);
  }

  std::string_view text(dom::element value) {
    wrong_type_ = wrong_type_ || !value.is_string();
    return arena_.copy(codec::text_or_empty(value));
  }

  std::string_view json(dom::element value) {
    scratch_.clear();
    append_bounded_json(scratch_, value, evaluation_->flags);
    return arena_.copy(scratch_);
  }

  void span_id(dom::element value) {
    std::uint64_t number = 0;
    const std::string_view digits = codec::text_or_empty(value);
    if (value.get(number) == simdjson::SUCCESS) {
      evaluation_->span_id = {number};
    } else if (const auto parsed = parse_span_id(digits)) {
      evaluation_->span_id = *parsed;
    } else if (!digits.empty()) {
      evaluation_->span_id = span_id_from_text(digits);
      evaluation_->flags |= model::flag_id_from_text;
    } else {
      wrong_type_ = wrong_type_ || !value.is_string();
    }
  }

  void trace_id(dom::element value) {
    std::uint64_t number = 0;
    const std::string_view digits = codec::text_or_empty(value);
    if (value.get(number) == simdjson::SUCCESS) {
      evaluation_->trace_id = {0, number};
    } else if (const auto parsed = parse_trace_id(digits)) {
      evaluation_->trace_id = *parsed;
    } else if (!digits.empty()) {
      evaluation_->trace_id = trace_id_from_text(digits);
      evaluation_->flags |= model::flag_id_from_text;
    } else {
      wrong_type_ = wrong_type_ || !value.is_string();
    }
  }

  // {"span":{"span_id","trace_id"}} or {"tag":{"key","value"}}.
  void join(dom::element value) {
    dom::element part;
    if (value["span"]["span_id"].get(part) == simdjson::SUCCESS) span_id(part);
    if (value["span"]["trace_id"].get(part) == simdjson::SUCCESS) trace_id(part);
    dom::element key;
    if (value["tag"]["key"].get(key) == simdjson::SUCCESS &&
        value["tag"]["value"].get(part) == simdjson::SUCCESS)
      join_key(codec::text_or_empty(key), part);
  }

  void join_key(std::string_view key, dom::element value) {
    evaluation_->join_key = arena_.copy(key);
    evaluation_->join_value = text(value);
  }

  void timestamp(dom::element value) {
    std::int64_t millis = 0;
    if (!read_integer(value, millis) || millis < 0 || millis > kMillisMax) {
      wrong_type_ = true;
      return;
    }
    evaluation_->timestamp = {millis * kNanosPerMilli};
  }

  void tags(dom::element value) {
    dom::array items;
    if (value.get(items) != simdjson::SUCCESS) return;
    for (const dom::element item : items)
      if (item.is_string()) evaluation_->tags.push_back(split_tag(text(item)));
  }

  Fate finish() {
    model::Evaluation& e = *evaluation_;
    if (wrong_type_) return Fate::wrong_type;
    if (e.label.empty()) return Fate::missing_label;
    if (e.label.find('.') != std::string_view::npos) return Fate::label_with_dot;
    const auto type = model::metric_type_of(type_name_);
    if (!type) return Fate::unknown_metric_type;
    e.type = *type;
    const auto& value = values_[static_cast<std::size_t>(*type) - 1];
    const bool failed = e.status == "WARN" || e.status == "ERROR";
    if (!value && !failed) return Fate::missing_value;
    if (value && !take_value(*value)) return Fate::wrong_type;
    if (e.event_kind.empty()) e.event_kind = "evaluation";
    return fill_scope() ? Fate::kept : Fate::missing_target;
  }

  bool take_value(dom::element value) {
    model::Evaluation& e = *evaluation_;
    switch (e.type) {
      case model::MetricType::categorical:
      case model::MetricType::text:
        e.text = text(value);
        return value.is_string();
      case model::MetricType::score:
        return value.get(e.score) == simdjson::SUCCESS;
      case model::MetricType::json:
        e.text = json(value);
        return true;
      case model::MetricType::boolean: {
        bool truth = false;
        if (value.get(truth) != simdjson::SUCCESS) return false;
        e.score = truth ? 1 : 0;
        e.text = truth ? "true" : "false";
        return true;
      }
    }
    return false;
  }

  // Says what the evaluation is about when the client did not; false when it is about nothing.
  bool fill_scope() {
    model::Evaluation& e = *evaluation_;
    const bool has_target =
        e.span_id.value != 0 || !e.trace_id.empty() || !e.session_id.empty() || !e.join_key.empty();
    if (!has_target) return e.scope == "external";
    if (!e.scope.empty()) return true;
    e.scope = "span";
    if (e.span_id.value == 0 && e.join_key.empty())
      e.scope = e.trace_id.empty() ? "session" : "trace";
    return true;
  }

  model::Arena& arena_;
  model::Evaluation* evaluation_ = nullptr;
  std::string_view type_name_;
  std::array<std::optional<dom::element>, 5> values_;  // in the order of MetricType
  std::string scratch_;
  bool wrong_type_ = false;
};

class EvaluationBatcher {
 public:
  EvaluationBatcher(ParsedEvaluations& out, codec::Notes notes)
      : out_(out), reader_(out.batch.arena) {
    if ((notes & codec::note_invalid_utf8) != 0) flags_ |= model::flag_invalid_utf8;
    if ((notes & codec::note_number_text) != 0) flags_ |= model::flag_number_text;
  }

  void add(dom::element metric, const std::vector<model::Tag>& common_tags) {
    const std::uint64_t index = out_.batch.evaluations_received++;
    model::Evaluation evaluation;
    evaluation.source = "dd_llmobs/eval-metric";
    evaluation.flags = flags_;
    const Fate fate = out_.batch.evaluations.size() < limits::evaluations_per_request_max
                          ? reader_.read(metric, evaluation)
                          : Fate::too_many_evaluations;
    if (fate != Fate::kept) {
      ++out_.batch.evaluations_rejected[std::string(reason(fate))];
      fmt::format_to(std::back_inserter(rejected_), R"({}{{"index":{},"reason":"{}"}})",
                     rejected_.empty() ? "" : ",", index, reason(fate));
      return;
    }
    evaluation.tags.insert(evaluation.tags.end(), common_tags.begin(), common_tags.end());
    echo(metric, evaluation);
    out_.batch.evaluations.push_back(std::move(evaluation));
  }

  void finish() {
    const Hash128 hash = hash128(taken_);
    out_.answer = fmt::format(
        R"({{"data":{{"id":"{}","type":"evaluation_metric","attributes":{{"metrics":[{}]}}}})",
        to_hex(TraceId{hash.high, hash.low}), taken_);
    if (!rejected_.empty()) out_.answer += ",\"meta\":{\"rejected\":[" + rejected_ + "]}";
    out_.answer += '}';
  }

 private:
  // A retry brings the same bytes, so their hash is the same id.
  void echo(dom::element metric, model::Evaluation& evaluation) {
    scratch_.clear();
    codec::append_json(scratch_, metric);
    const Hash128 hash = hash128(scratch_);
    evaluation.id = {hash.high, hash.low};
    if (!taken_.empty()) taken_ += ',';
    taken_ += "{\"id\":\"" + to_hex(evaluation.id) + "\",";
    taken_ += std::string_view(scratch_).substr(1);
  }

  ParsedEvaluations& out_;
  MetricReader reader_;
  std::uint32_t flags_ = 0;
  std::string scratch_, taken_, rejected_;
};

}  // namespace

Result<ParsedEvaluations> parse_evaluations(std::string body) {
  codec::JsonDocument document;
  CATALEJO_TRY(document.parse(body));
  dom::object attributes;
  dom::array metrics;
  if (codec::root(document)["data"]["attributes"].get(attributes) != simdjson::SUCCESS ||
      attributes["metrics"].get(metrics) != simdjson::SUCCESS)
    return Error{Code::missing_field, "data.attributes.metrics must be an array of metrics",
                 "body"};
  ParsedEvaluations parsed;
  std::vector<model::Tag> common_tags;
  dom::array tags;
  if (attributes["tags"].get(tags) == simdjson::SUCCESS) {
    for (const dom::element tag : tags)
      if (tag.is_string())
        common_tags.push_back(split_tag(parsed.batch.arena.copy(tag.get_string().value_unsafe())));
  }
  EvaluationBatcher batcher(parsed, document.notes());
  for (const dom::element metric : metrics) batcher.add(metric, common_tags);
  batcher.finish();
  return parsed;
}

}  // namespace catalejo::intake::dd_llmobs
