#include "api/queue_agreement.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "api/queues_json.hpp"
#include "api/spans_json.hpp"
#include "base/limits.hpp"
#include "insight/agreement.hpp"

namespace catalejo::api {
namespace {

// Numbers for texts, in the order in which they are first said.
class Categories {
 public:
  std::uint32_t of(const std::string& text) {
    return known_.emplace(text, static_cast<std::uint32_t>(known_.size())).first->second;
  }

 private:
  std::map<std::string, std::uint32_t> known_;
};

void append_two(Fields& fields, const insight::PairAgreement& two) {
  fields.integer("items", static_cast<std::int64_t>(two.things));
  fields.integer("same", static_cast<std::int64_t>(two.same));
  fields.number("kappa", two.kappa);
}

bool is_automatic(const query::EvaluationRow& row) {
  return row.submitter.empty() && row.event_kind != "feedback" && row.status != "ERROR" &&
         row.status != model::kWithdrawn;
}

}  // namespace

QueueAgreement::QueueAgreement(Labels labels) : labels_(std::move(labels)) {}

void QueueAgreement::add(const store::AnsweredItem& answered) {
  Thing thing;
  thing.item = answered.item;
  thing.by_label.resize(labels_.size());
  thing.automatic.resize(labels_.size());
  thing.automatic_rank.resize(labels_.size(), -1);
  bool any = false;
  for (const store::QueueAnswer& answer : answered.answers) {
    if (answer.skipped) continue;
    for (const LabelValue& value : parse_values(answer.values)) {
      const auto label = std::ranges::find(labels_, value.label_id, &Label::id);
      if (label == labels_.end()) continue;
      Said said{.reviewer = answer.reviewer, .text = value_text(value)};
      if (const double* number = std::get_if<double>(&value.value)) said.number = *number;
      thing.by_label[static_cast<std::size_t>(label - labels_.begin())].push_back(std::move(said));
      any = true;
    }
  }
  if (!any) return;
  const Target target = target_of(thing.item);
  by_target_.emplace(target.session_id.empty() ? to_hex(target.trace_id) : target.session_id,
                     things_.size());
  things_.push_back(std::move(thing));
}

void QueueAgreement::add_evaluations(const std::vector<query::EvaluationRow>& rows) {
  for (const query::EvaluationRow& row : rows) {
    if (!is_automatic(row)) continue;
    const std::string key =
        row.trace_id.empty() ? std::string(row.session_id) : to_hex(row.trace_id);
    const auto [begin, end] = by_target_.equal_range(key);
    for (auto found = begin; found != end; ++found) {
      Thing& thing = things_[found->second];
      const Target target = target_of(thing.item);
      if (target.span_id.value != 0 && target.span_id != row.span_id) continue;
      // Of a whole trace what is about the trace, before what is about a step of it; then the
      // newest.
      const std::int64_t rank =
          row.timestamp_ms + (row.span_id == target.span_id ? INT64_MAX / 4 : 0);
      for (std::size_t i = 0; i < labels_.size(); ++i) {
        const std::string& name =
            labels_[i].evaluation.empty() ? labels_[i].name : labels_[i].evaluation;
        if (row.label != name || rank < thing.automatic_rank[i]) continue;
        thing.automatic_rank[i] = rank;
        thing.automatic[i] = labels_[i].type == LabelType::score ? fmt::format("{}", row.score)
                                                                 : std::string(row.text);
      }
    }
  }
}

void QueueAgreement::append(std::string& out) const {
  out += '[';
  for (std::size_t i = 0; i < labels_.size(); ++i) {
    if (i > 0) out += ',';
    append_label(out, i);
  }
  out += ']';
}

void QueueAgreement::append_label(std::string& out, std::size_t at) const {
  const Label& label = labels_[at];
  const bool is_score = label.type == LabelType::score;
  std::vector<std::vector<double>> values;
  Categories categories;
  std::int64_t answered = 0, several = 0;
  for (const Thing& thing : things_) {
    std::vector<double> here;
    for (const Said& said : thing.by_label[at])
      here.push_back(is_score ? said.number : categories.of(said.text));
    answered += here.empty() ? 0 : 1;
    several += here.size() > 1 ? 1 : 0;
    values.push_back(std::move(here));
  }
  Fields fields(out);
  fields.text("label_schema_id", label.id);
  fields.text("name", label.name);
  fields.text("type", label_type_name(label.type));
  fields.integer("answered", answered);
  fields.integer("items", several);
  // What is written freely is hardly ever the same.
  const bool compared = label.type != LabelType::text;
  fields.number("agreement", compared ? insight::share_of_same(values) : std::nullopt);
  fields.number("alpha", compared ? insight::alpha_of(values, is_score ? insight::Distance::interval
                                                                       : insight::Distance::nominal)
                                  : std::nullopt);
  std::size_t count = 0;
  if (compared) {
    append_pairs(fields.key("pairs"), at);
    append_automatic(fields.key("automatic"), at);
    append_disagreements(fields.key("disagreements"), at, count);
  } else {
    fields.key("pairs") += "[]";
    fields.key("automatic") += "null";
    fields.key("disagreements") += "[]";
  }
  fields.integer("disagreements_total", static_cast<std::int64_t>(count));
  fields.close();
}

void QueueAgreement::append_pairs(std::string& out, std::size_t at) const {
  std::map<std::pair<std::string, std::string>, std::vector<insight::CategoryPair>> pairs;
  Categories categories;
  for (const Thing& thing : things_) {
    const std::vector<Said>& said = thing.by_label[at];
    for (std::size_t i = 0; i < said.size(); ++i) {
      for (std::size_t j = i + 1; j < said.size(); ++j) {
        const bool ordered = said[i].reviewer < said[j].reviewer;
        const Said& one = ordered ? said[i] : said[j];
        const Said& other = ordered ? said[j] : said[i];
        pairs[{one.reviewer, other.reviewer}].emplace_back(categories.of(one.text),
                                                           categories.of(other.text));
      }
    }
  }
  append_array(out, pairs, [](std::string& to, const auto& pair) {
    Fields fields(to);
    fields.text("one", pair.first.first);
    fields.text("other", pair.first.second);
    append_two(fields, insight::agreement_of_two(pair.second));
    fields.close();
  });
}

void QueueAgreement::append_automatic(std::string& out, std::size_t at) const {
  std::vector<insight::CategoryPair> pairs;
  Categories categories;
  for (const Thing& thing : things_) {
    if (thing.automatic_rank[at] < 0) continue;
    // Every person's answer is compared, so that people who differ do not cancel each other out.
    for (const Said& said : thing.by_label[at])
      pairs.emplace_back(categories.of(said.text), categories.of(thing.automatic[at]));
  }
  if (pairs.empty()) {
    out += "null";
    return;
  }
  const Label& label = labels_[at];
  Fields fields(out);
  fields.text("evaluation", label.evaluation.empty() ? label.name : label.evaluation);
  append_two(fields, insight::agreement_of_two(pairs));
  fields.close();
}

void QueueAgreement::append_disagreements(std::string& out, std::size_t at,
                                          std::size_t& count) const {
  out += '[';
  for (const Thing& thing : things_) {
    std::set<std::string> different;
    for (const Said& said : thing.by_label[at]) different.insert(said.text);
    const bool evaluated = thing.automatic_rank[at] >= 0;
    if (evaluated && !different.empty()) different.insert(thing.automatic[at]);
    if (different.size() < 2) continue;
    if (++count > limits::queue_disagreements_max) continue;
    if (out.back() != '[') out += ',';
    Fields fields(out);
    append_item_fields(fields, thing.item);
    append_array(fields.key("answers"), thing.by_label[at], [](std::string& to, const Said& said) {
      Fields one(to);
      one.text("reviewer", said.reviewer);
      one.text("value", said.text);
      one.close();
    });
    fields.text_or_null("automatic", evaluated ? thing.automatic[at] : "");
    fields.close();
  }
  out += ']';
}

}  // namespace catalejo::api
