#include "api/datasets_json.hpp"

#include <fmt/format.h>

#include "api/body.hpp"
#include "api/spans_json.hpp"
#include "base/limits.hpp"
#include "codec/csv.hpp"
#include "codec/json_writer.hpp"

namespace catalejo::api {
namespace {

std::string json_of(codec::dom::element value) {
  std::string out;
  codec::append_json(out, value);
  return out;
}

void append_parts(Fields& fields, const store::DatasetRecord& record) {
  fields.key("input") += record.input;
  fields.key("expected_output") += record.expected_output;
  fields.key("metadata") += record.metadata;
  fields.key("tags") += record.tags;
  fields.key("source") += record.source.empty() ? "null" : record.source;
}

Result<std::string> read_metadata(codec::dom::element value, const std::string& where) {
  // Datadog's client writes "" where there is none.
  if (value.is_string() && codec::text_or_empty(value).empty()) return std::string("{}");
  if (!value.is_object()) return bad(where + ".metadata", "must be an object");
  return json_of(value);
}

Result<std::string> read_tags(codec::dom::element value, const std::string& where) {
  codec::dom::array items;
  if (value.get(items) != simdjson::SUCCESS || items.size() > limits::dataset_tags_max)
    return bad(where + ".tags",
               fmt::format("must be an array of at most {} texts", limits::dataset_tags_max));
  for (const codec::dom::element item : items)
    if (!item.is_string()) return bad(where + ".tags", "must be an array of texts");
  return json_of(value);
}

}  // namespace

void append_project(std::string& out, const store::Project& project) {
  append_item(out, project.id, "projects", [&](Fields& attributes) {
    attributes.text("name", project.name);
    attributes.text("description", project.description);
    attributes.text("created_at", to_rfc3339(project.created));
    attributes.text("updated_at", to_rfc3339(project.updated));
  });
}

void append_dataset(std::string& out, const store::Dataset& dataset) {
  append_item(out, dataset.id, "datasets", [&](Fields& attributes) {
    attributes.text("name", dataset.name);
    attributes.text("description", dataset.description);
    attributes.key("metadata") += dataset.metadata;
    attributes.integer("current_version", dataset.version);
    attributes.integer("records_count", dataset.records);
    attributes.integer("bytes", dataset.bytes);
    attributes.text("project_id", dataset.project);
    attributes.text("created_at", to_rfc3339(dataset.created));
    attributes.text("updated_at", to_rfc3339(dataset.updated));
  });
}

void append_record_fields(Fields& fields, const store::DatasetRecord& record,
                          std::string_view dataset) {
  fields.text("dataset_id", dataset);
  fields.text("canonical_id", record.canonical_id);
  append_parts(fields, record);
  fields.text("created_at", to_rfc3339(record.created));
  fields.text("updated_at", to_rfc3339(record.updated));
}

void append_record(std::string& out, const store::DatasetRecord& record, std::string_view dataset) {
  append_item(out, record.id, "records",
              [&](Fields& attributes) { append_record_fields(attributes, record, dataset); });
}

void append_version(std::string& out, const store::DatasetVersion& version,
                    std::string_view dataset) {
  append_item(out, fmt::format("{}-{}", dataset, version.version), "dataset_version",
              [&](Fields& attributes) {
                attributes.text("dataset_id", dataset);
                attributes.integer("version_number", version.version);
                attributes.integer("records_count", version.records);
                attributes.integer("inserted", version.inserted);
                attributes.integer("updated", version.updated);
                attributes.integer("removed", version.removed);
                attributes.text_or_null("author", version.author);
                attributes.text_or_null("note", version.note);
                attributes.text("created_at", to_rfc3339(version.created));
                attributes.key("last_used") += "null";
              });
}

Result<store::DatasetRecord> read_dataset_record(codec::dom::element value, std::string where) {
  codec::dom::object fields;
  if (value.get(fields) != simdjson::SUCCESS) return bad(where, "must be an object");
  store::DatasetRecord record;
  bool has_input = false;
  for (const codec::dom::key_value_pair field : fields) {
    const bool null = field.value.is_null();
    if (field.key == "input") {
      has_input = true;
      record.input = json_of(field.value);
    } else if (field.key == "expected_output") {
      record.expected_output = json_of(field.value);
    } else if (field.key == "metadata" && !null) {
      auto metadata = read_metadata(field.value, where);
      if (!metadata) return metadata.error();
      record.metadata = *std::move(metadata);
    } else if (field.key == "tags" && !null) {
      auto tags = read_tags(field.value, where);
      if (!tags) return tags.error();
      record.tags = *std::move(tags);
    } else if (field.key == "id" && !null) {
      auto id = read_text(where + ".id", field.value);
      if (!id) return id.error();
      record.id = *std::move(id);
    } else if (field.key == "source" && !null) {
      if (!field.value.is_object()) return bad(where + ".source", "must be an object");
      record.source = json_of(field.value);
    }
  }
  if (!has_input) return bad(where + ".input", "input is missing");
  return record;
}

Result<store::RecordUpdate> read_record_update(codec::dom::element value, std::string where) {
  codec::dom::object fields;
  if (value.get(fields) != simdjson::SUCCESS) return bad(where, "must be an object");
  store::RecordUpdate update;
  for (const codec::dom::key_value_pair field : fields) {
    if (field.value.is_null()) continue;
    if (field.key == "id") {
      update.id = codec::text_or_empty(field.value);
    } else if (field.key == "input") {
      update.input = json_of(field.value);
    } else if (field.key == "expected_output") {
      update.expected_output = json_of(field.value);
      if (*update.expected_output == "\"\"") update.expected_output = "null";
    } else if (field.key == "metadata") {
      auto metadata = read_metadata(field.value, where);
      if (!metadata) return metadata.error();
      update.metadata = *std::move(metadata);
    } else if (field.key == "tag_operations") {
      codec::dom::array items;
      codec::dom::element set;
      for (const auto& [name, into] :
           {std::pair{"add", &update.tags_added}, {"remove", &update.tags_removed}})
        if (field.value[name].get(items) == simdjson::SUCCESS)
          for (const codec::dom::element item : items)
            into->emplace_back(codec::text_or_empty(item));
      if (field.value["set"].get(set) == simdjson::SUCCESS) {
        auto tags = read_tags(set, where);
        if (!tags) return tags.error();
        update.tags = *std::move(tags);
      }
    }
  }
  if (update.id.empty()) return bad(where + ".id", "id is missing");
  return update;
}

void append_csv_record(std::string& out, const store::DatasetRecord& record) {
  for (const std::string* part : {&record.input, &record.expected_output, &record.metadata}) {
    codec::append_csv_field(out, *part);
    out += ',';
  }
  codec::append_csv_field(out, record.id);
  out += ',';
  codec::append_csv_field(out, record.tags);
  out += ',';
  if (!record.source.empty()) codec::append_csv_field(out, record.source);
  out += "\r\n";
}

void append_jsonl_record(std::string& out, const store::DatasetRecord& record) {
  Fields fields(out);
  fields.text("id", record.id);
  append_parts(fields, record);
  fields.close();
  out += '\n';
}

}  // namespace catalejo::api
