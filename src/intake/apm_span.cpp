#include "intake/apm_span.hpp"

#include <fmt/format.h>

#include <unordered_set>
#include <utility>

#include "base/limits.hpp"
#include "codec/json_writer.hpp"
#include "codec/msgpack_json.hpp"

namespace catalejo::intake {
namespace {

// Keys of APM meta that become fields of the span instead of tags.
bool take_as_field(const model::Tag& tag, model::Span& span) {
  if (tag.key == "error.type") {
    span.error_type = tag.value;
  } else if (tag.key == "error.message" || tag.key == "error.msg") {
    span.error_message = tag.value;
  } else if (tag.key == "error.stack") {
    span.error_stack = tag.value;
  } else {
    return tag.key == "_dd.p.tid";
  }
  return true;
}

std::string_view find(const std::vector<model::Tag>& tags, std::string_view key) {
  for (const model::Tag& tag : tags)
    if (tag.key == key) return tag.value;
  return {};
}

// Appends what of `more` has a key that is not in the list yet. A few dozen on either side are
// compared one by one; only made-up bodies have so many that a set pays.
template <typename Entry>
void append_missing(std::vector<Entry>& list, const std::vector<Entry>& more) {
  const std::size_t before = list.size();
  list.reserve(before + more.size());
  if (before * more.size() <= 4'096) {
    for (const Entry& entry : more) {
      bool present = false;
      for (std::size_t i = 0; i < before && !present; ++i) present = list[i].key == entry.key;
      if (!present) list.push_back(entry);
    }
    return;
  }
  std::unordered_set<std::string_view> keys;
  for (const Entry& entry : list) keys.insert(entry.key);
  for (const Entry& entry : more)
    if (!keys.contains(entry.key)) list.push_back(entry);
}

bool is_partial_snapshot(const std::vector<model::Metric>& metrics) {
  for (const model::Metric& metric : metrics)
    if (metric.key == "_dd.partial_version") return true;
  return false;
}

}  // namespace

void ApmSpan::clear() {
  service = name = resource = type = {};
  trace_id = span_id = parent_id = 0;
  start_ns = duration_ns = 0;
  error = wrong_type = false;
  meta.clear();
  metrics.clear();
  llmobs_msgpack.reset();
  llmobs_json.reset();
  extra.clear();
  flags = 0;
}

void ApmBatcher::begin_chunk() {
  chunk_start_ = batch_.spans.size();
  chunk_low_ = chunk_high_ = 0;
}

void ApmBatcher::add(const ApmSpan& wire, codec::Notes notes) {
  if (chunk_high_ == 0) {
    if (const auto high = parse_hex64(find(wire.meta, "_dd.p.tid"))) {
      chunk_low_ = wire.trace_id;
      chunk_high_ = *high;
    }
  }
  model::Span span;
  const Fate fate = translate(wire, notes, span);
  account_span(batch_, fate, std::move(span));
}

void ApmBatcher::end_chunk() {
  for (std::size_t i = chunk_start_; i < batch_.spans.size() && chunk_high_ != 0; ++i) {
    model::Span& span = batch_.spans[i];
    if (span.apm_trace_id.low != chunk_low_ || span.apm_trace_id.high != 0) continue;
    const bool same = span.trace_id == span.apm_trace_id;
    span.apm_trace_id.high = chunk_high_;
    if (same) span.trace_id = span.apm_trace_id;
  }
}

Fate ApmBatcher::translate(const ApmSpan& wire, codec::Notes notes, model::Span& span) {
  if (batch_.spans.size() >= limits::spans_per_request_max) return Fate::too_many_spans;
  if (wire.wrong_type) return Fate::wrong_type;
  if (wire.span_id == 0) return Fate::missing_span_id;
  if (wire.trace_id == 0) return Fate::missing_trace_id;
  if (is_partial_snapshot(wire.metrics)) return Fate::partial_snapshot;
  span.halves = model::Halves::apm;
  span.source = source_;
  span.span_id = {wire.span_id};
  span.parent_id = span.apm_parent_id = {wire.parent_id};
  const std::uint64_t high = parse_hex64(find(wire.meta, "_dd.p.tid")).value_or(0);
  span.apm_trace_id = {high, wire.trace_id};
  span.start = {wire.start_ns};
  span.duration_ns = wire.duration_ns;
  span.error = wire.error;
  span.name = span.apm_name = wire.name;
  span.resource = wire.resource;
  span.apm_type = wire.type;
  span.service = wire.service;
  span.flags = wire.flags;
  Fate fate = Fate::kept;
  if (wire.llmobs_msgpack || wire.llmobs_json) fate = read_llm_half(wire, notes, span);
  if (!model::has_llm(span.halves)) {
    span.trace_id = span.apm_trace_id;
    if (!wire.extra.empty() && span.extra_json.empty())
      span.extra_json = batch_.arena.copy("{" + wire.extra + "}");
  }
  read_meta(wire, span);
  return fate;
}

void ApmBatcher::read_meta(const ApmSpan& wire, model::Span& span) {
  std::vector<model::Tag> meta;
  meta.reserve(wire.meta.size());
  for (const model::Tag& tag : wire.meta)
    if (!take_as_field(tag, span)) meta.push_back(tag);
  // On Azure the model of the request is the name of the deployment. ddtrace 2 says "client".
  if (find(meta, "openai.request.provider") == "AzureOpenAI" ||
      find(meta, "openai.request.client") == "AzureOpenAI")
    span.deployment = find(meta, "openai.request.model");
  append_missing(span.tags, meta);
  append_missing(span.metrics, wire.metrics);
}

Fate ApmBatcher::read_llm_half(const ApmSpan& wire, codec::Notes notes, model::Span& span) {
  std::optional<codec::dom::element> event = wire.llmobs_json;
  if (!event) {
    codec::MsgpackReader reader(*wire.llmobs_msgpack);
    llmobs_text_.clear();
    const Result<codec::Notes> transcoded = codec::append_msgpack_as_json(llmobs_text_, reader);
    if (!transcoded) {
      keep_without_llm_half(wire, transcoded.error(), span);
      return Fate::kept;
    }
    notes |= *transcoded;
    if (Result<void> parsed = llmobs_document_.parse(llmobs_text_); !parsed) {
      keep_without_llm_half(wire, parsed.error(), span);
      return Fate::kept;
    }
    event = codec::root(llmobs_document_);
  }
  if (!event->is_object()) {
    keep_without_llm_half(wire, {Code::wrong_type, "_llmobs is no map", {}}, span);
    return Fate::kept;
  }
  span.halves = model::Halves::both;
  span.parent_id = {};
  return llm_.read(*event, notes, wire.extra, span);
}

// The APM half is good and stays; that its LLM half is lost is said in its place and counted as
// cut.
void ApmBatcher::keep_without_llm_half(const ApmSpan& wire, const Error& error, model::Span& span) {
  span.flags |= model::flag_text_cut;
  std::string extra = "{\"_llmobs_unreadable\":";
  codec::append_json_string(extra, to_string(error));
  if (!wire.extra.empty()) extra += ',';
  span.extra_json = batch_.arena.copy(extra + wire.extra + "}");
}

}  // namespace catalejo::intake
