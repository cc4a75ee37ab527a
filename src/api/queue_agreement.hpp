// How far those who answered a queue agree, with each other and with an evaluator of the same name.
// Pure; for this folder only.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "api/label_schema.hpp"
#include "query/span_row.hpp"
#include "store/queues.hpp"

namespace catalejo::api {

class QueueAgreement {
 public:
  explicit QueueAgreement(Labels labels);

  void add(const store::AnsweredItem& answered);
  // What evaluators said of the items that were added; other judgements are left out.
  void add_evaluations(const std::vector<query::EvaluationRow>& rows);
  // [{"name",…,"pairs":[…],"automatic":{…},"disagreements":[…]}], one for each label.
  void append(std::string& out) const;

 private:
  struct Said {
    std::string reviewer;
    std::string text;  // canonical: equal texts are equal answers
    double number = 0;
  };
  struct Thing {
    store::QueueItem item;
    std::vector<std::vector<Said>> by_label;
    std::vector<std::string> automatic;  // by label; empty: nothing was said
    std::vector<std::int64_t> automatic_rank;
  };
  void append_label(std::string& out, std::size_t at) const;
  void append_pairs(std::string& out, std::size_t at) const;
  void append_automatic(std::string& out, std::size_t at) const;
  void append_disagreements(std::string& out, std::size_t at, std::size_t& count) const;

  Labels labels_;
  std::vector<Thing> things_;
  std::multimap<std::string, std::size_t> by_target_;  // trace or session id
};

}  // namespace catalejo::api
