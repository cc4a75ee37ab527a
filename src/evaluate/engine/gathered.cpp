#include "evaluate/engine/gathered.hpp"

#include <algorithm>
#include <tuple>

#include "base/limits.hpp"
#include "codec/utf8.hpp"
#include "evaluate/judge/record.hpp"

namespace catalejo::evaluate {
namespace {

bool has_texts(const Step& step) {
  return step.input_bytes > 0 && step.output_bytes > 0;
}

// A root of another kind may be a turn of an application that names no kinds of its own.
bool only_helps(const Step& step) {
  return step.kind == "tool" || step.kind == "retrieval" || step.kind == "embedding";
}

bool may_answer(const Step& step) {
  return step.kind == "llm" || step.kind == "agent" || step.kind == "workflow";
}

// Who asked and answered in a trace: its root, else the last model that did, else whoever failed.
const Step* speaker_of(const std::vector<const Step*>& trace) {
  const Step *last = nullptr, *failed = nullptr;
  for (const Step* step : trace) {
    if (step->parent_id.value == 0 && has_texts(*step) && !only_helps(*step)) return step;
    if (may_answer(*step) && has_texts(*step)) last = step;
    if (may_answer(*step) && step->error && step->input_bytes > 0) failed = step;
  }
  return last != nullptr ? last : failed;
}

bool ends_on_failed_tool(const std::vector<const Step*>& trace) {
  const auto last = std::find_if(trace.rbegin(), trace.rend(),
                                 [](const Step* step) { return step->kind == "tool"; });
  return last != trace.rend() && (*last)->error;
}

void append_part(std::string& text, std::string_view part) {
  if (text.size() >= limits::whole_text_bytes_max) return;
  if (!text.empty()) text += '\n';
  text += codec::utf8_prefix(part, limits::whole_text_bytes_max - text.size());
}

}  // namespace

Gathered::Gathered(Scope scope, std::vector<query::WholeStep> rows) : scope_(scope) {
  std::ranges::sort(rows, {}, [](const query::WholeStep& row) {
    return std::tuple(row.start, row.span_id.value, row.trace_id);
  });
  for (const query::WholeStep& row : rows) {
    if (!row.session_id.empty()) session_id_ = row.session_id;
    if (!row.ml_app.empty()) ml_app_ = row.ml_app;
    steps_.push_back({.trace_id = row.trace_id,
                      .span_id = row.span_id,
                      .parent_id = row.parent_id,
                      .start = row.start,
                      .kind = row.kind,
                      .name = row.name,
                      .error = row.error,
                      .input_hash = row.input_hash,
                      .output_hash = row.output_hash,
                      .input_bytes = row.input_bytes,
                      .output_bytes = row.output_bytes});
  }
  choose_speakers();
}

void Gathered::choose_speakers() {
  std::map<TraceId, std::vector<const Step*>> traces;
  for (const Step& step : steps_) traces[step.trace_id].push_back(&step);
  std::vector<std::pair<Step, bool>> found;
  for (const auto& [id, trace] : traces) {
    const Step* speaker = speaker_of(trace);
    if (speaker == nullptr) continue;
    if (speaker->input_bytes + speaker->output_bytes > limits::whole_turn_bytes_max) {
      ++too_long_;
    } else {
      found.emplace_back(*speaker, ends_on_failed_tool(trace));
    }
  }
  std::ranges::sort(found, {}, [](const std::pair<Step, bool>& each) {
    return std::pair(each.first.start, each.first.span_id.value);
  });
  const std::size_t over = found.size() - std::min(found.size(), limits::whole_turns_max);
  for (std::size_t i = over; i < found.size(); ++i) {
    speakers_.push_back(found[i].first);
    tool_failed_.push_back(found[i].second);
  }
}

std::size_t Gathered::text_bytes() const {
  std::size_t bytes = 0;
  for (const Step& step : speakers_) bytes += step.input_bytes + step.output_bytes;
  return bytes;
}

void Gathered::add_turn(std::string_view user, std::string_view assistant) {
  OwnTurn& turn = own_turns_.emplace_back();
  append_part(turn.user, user);
  append_part(turn.assistant, assistant);
  if (own_turns_.size() > limits::whole_turns_max) own_turns_.pop_front();
}

// What was said before stands in the input of a call too: the first one tells how it began.
void Gathered::read_turn(SubjectReader& reader, std::size_t speaker, const query::SpanRow* row) {
  if (row == nullptr) return;
  const Subject& subject = reader.read(*row);
  OwnTurn turn;
  std::uint32_t message = 0;
  for (const Text& text : subject.texts) {
    if (text.side == Side::input && text.voice == Voice::user) {
      if (!turn.assistant.empty() && own_turns_.size() < limits::whole_turns_max && speaker == 0)
        add_turn(turn.user, turn.assistant);
      if (!turn.assistant.empty() || text.message != message) turn = {};
      message = text.message;
      append_part(turn.user, text.text);
    } else if (text.voice == Voice::assistant) {
      append_part(turn.assistant, text.text);
    }
  }
  if (turn.user.empty()) return;
  add_turn(turn.user, turn.assistant);
  own_turns_.back().error = speakers_[speaker].error;
  own_turns_.back().tool_failed = tool_failed_[speaker];
}

Whole Gathered::whole() {
  turns_.clear();
  for (const OwnTurn& own : own_turns_)
    turns_.push_back({.user = own.user,
                      .assistant = own.assistant,
                      .error = own.error,
                      .tool_failed = own.tool_failed});
  Whole whole{.scope = scope_, .ml_app = ml_app_, .steps = steps_, .turns = turns_};
  if (scope_ == Scope::session) {
    whole.session_id = session_id_;
  } else if (!steps_.empty()) {
    whole.trace_id = steps_.front().trace_id;
  }
  return whole;
}

std::map<std::string, Gathered, std::less<>> gather(Scope scope,
                                                    const std::vector<query::WholeStep>& rows) {
  std::map<std::string, std::vector<query::WholeStep>, std::less<>> parts;
  for (const query::WholeStep& row : rows) {
    if (row.ml_app == judge::kOwnApp) continue;
    parts[scope == Scope::session ? std::string(row.session_id) : to_hex(row.trace_id)].push_back(
        row);
  }
  std::map<std::string, Gathered, std::less<>> wholes;
  for (auto& [name, part] : parts) wholes.emplace(name, Gathered(scope, std::move(part)));
  return wholes;
}

}  // namespace catalejo::evaluate
