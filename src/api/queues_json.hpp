// Queues as JSON:API, as Datadog's client reads them, and what their requests have in common. For
// this folder only.
#pragma once

#include <string>
#include <string_view>

#include "api/label_schema.hpp"
#include "api/routes.hpp"
#include "api/spans_json.hpp"
#include "api/verdict.hpp"
#include "store/queues.hpp"

namespace catalejo::api {

// {"id","type":"queues","attributes"}; items, done, reviewers and schema_version are ours.
void append_queue(std::string& out, const store::Queue& queue);
// The fields of an item, for an object that says more of it.
void append_item_fields(Fields& fields, const store::QueueItem& item);
// The fields of an answer but for what it says.
void append_answer_head(Fields& fields, const store::QueueAnswer& answer);
void append_answer(std::string& out, const store::QueueAnswer& answer);

// An item as a client names it, its ids in the one form they are kept in.
Result<store::QueueItem> make_item(const std::string& type, const std::string& content);
// A share of items, as a field of a body.
Result<void> read_sample(std::string_view name, codec::dom::element value, double& sample);
// The same item is always in or out of a sample of the same rate.
bool is_in_sample(const std::string& content, double rate);
// The body by which a rule is set: a filter of a list, what its items are, how many.
Result<store::QueueRule> read_queue_rule(std::string body);
// What it names.
Target target_of(const store::QueueItem& item);

}  // namespace catalejo::api
