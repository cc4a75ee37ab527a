#include "store/prompts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>

#include "base/limits.hpp"
#include "store/control/sqlite.hpp"

namespace catalejo::store {
namespace {

constexpr const char* kPromptColumns =
    "SELECT id, uuid, title, description, author, versions, created_ns, updated_ns FROM prompts ";
constexpr const char* kVersionColumns =
    "SELECT v.prompt, p.uuid, v.uuid, v.version, v.user_version, v.text, v.config, v.description, "
    "v.author, v.created_ns FROM prompt_versions v JOIN prompts p ON p.id = v.prompt "
    "WHERE v.prompt = ?1 ";

Prompt read_prompt(const Statement& row) {
  return {.id = row.text(0),
          .uuid = row.text(1),
          .title = row.text(2),
          .description = row.text(3),
          .author = row.text(4),
          .versions = row.number(5),
          .labels = {},
          .created = {row.number(6)},
          .updated = {row.number(7)}};
}

PromptVersion read_version(const Statement& row) {
  return {.prompt = row.text(0),
          .prompt_uuid = row.text(1),
          .uuid = row.text(2),
          .version = row.number(3),
          .user_version = row.text(4),
          .text = row.text(5),
          .config = row.text(6),
          .description = row.text(7),
          .author = row.text(8),
          .labels = {},
          .created = {row.number(9)}};
}

Result<void> check_labels(const std::vector<std::string>& labels) {
  if (labels.size() > limits::prompt_labels_max)
    return bad("labels", fmt::format("at most {} of a version", limits::prompt_labels_max));
  for (const std::string& label : labels)
    if (label.empty() || label.size() > limits::short_name_bytes_max)
      return bad("labels",
                 fmt::format("each must have 1 to {} bytes", limits::short_name_bytes_max));
  return {};
}

Result<void> check(const PromptVersion& version) {
  CATALEJO_TRY(check_length("template", version.text, limits::prompt_bytes_max));
  CATALEJO_TRY(check_length("config", version.config, limits::experiment_text_bytes_max));
  CATALEJO_TRY(check_length("description", version.description, limits::comment_bytes_max));
  CATALEJO_TRY(check_length("user_version", version.user_version, limits::short_name_bytes_max));
  return check_labels(version.labels);
}

class SqlitePrompts : public Prompts {
 public:
  explicit SqlitePrompts(Database database) : database_(std::move(database)) {}

  Result<std::vector<Prompt>> list() override;
  Result<Prompt> get(const std::string& id) override;
  Result<std::optional<Prompt>> create(const Prompt& prompt, const PromptVersion& first) override;
  Result<Prompt> update(const std::string& id, const std::optional<std::string>& title,
                        const std::optional<std::string>& description) override;
  Result<Prompt> remove(const std::string& id) override;
  Result<std::vector<PromptVersion>> versions(const std::string& id) override;
  Result<PromptVersion> add(const std::string& id, const PromptVersion& version) override;
  Result<PromptVersion> version(const std::string& id, std::int64_t version) override;
  Result<PromptVersion> labelled(const std::string& id, const std::string& label) override;
  Result<PromptVersion> update_version(const std::string& id, std::int64_t version,
                                       const std::optional<std::vector<std::string>>& labels,
                                       const std::optional<std::string>& description,
                                       const std::string& author) override;

 private:
  // mutex_ is held by who calls these.
  Result<Prompt> find(const std::string& id);
  Result<std::vector<PromptLabel>> labels_of(const std::string& id);
  Result<std::vector<PromptVersion>> read_versions(const std::string& id, std::int64_t version);
  Result<PromptVersion> find_version(const Prompt& prompt, std::int64_t version);
  Result<void> insert(const Prompt& prompt);
  Result<void> insert_version(const PromptVersion& version);
  Result<void> put_labels(const PromptVersion& version, const std::string& author);

  std::mutex mutex_;  // guards the database
  Database database_;
};

Result<std::vector<PromptLabel>> SqlitePrompts::labels_of(const std::string& id) {
  Statement row(database_.get(),
                "SELECT label, version, author, since_ns FROM prompt_labels WHERE prompt = ? "
                "ORDER BY label");
  row.bind(1, id);
  std::vector<PromptLabel> labels;
  while (row.step())
    labels.push_back({row.text(0), row.number(1), row.text(2), UnixNanos{row.number(3)}});
  CATALEJO_TRY(row.result());
  return labels;
}

Result<Prompt> SqlitePrompts::find(const std::string& id) {
  Statement row(database_.get(), fmt::format("{} WHERE id = ?", kPromptColumns).c_str());
  row.bind(1, id);
  if (!row.step()) {
    CATALEJO_TRY(row.result());
    return Error{Code::not_found, "there is no such prompt", id};
  }
  Prompt prompt = read_prompt(row);
  auto labels = labels_of(id);
  if (!labels) return labels.error();
  prompt.labels = *std::move(labels);
  return prompt;
}

Result<std::vector<Prompt>> SqlitePrompts::list() {
  const std::lock_guard lock(mutex_);
  Statement row(database_.get(), fmt::format("{} ORDER BY id", kPromptColumns).c_str());
  std::vector<Prompt> prompts;
  while (row.step()) {
    prompts.push_back(read_prompt(row));
    auto labels = labels_of(prompts.back().id);
    if (!labels) return labels.error();
    prompts.back().labels = *std::move(labels);
  }
  CATALEJO_TRY(row.result());
  return prompts;
}

Result<Prompt> SqlitePrompts::get(const std::string& id) {
  const std::lock_guard lock(mutex_);
  return find(id);
}

Result<void> SqlitePrompts::insert(const Prompt& prompt) {
  Statement counted(database_.get(), "SELECT count(*) FROM prompts");
  if (counted.step() && counted.number(0) >= static_cast<std::int64_t>(limits::prompts_max))
    return bad("prompt_id", fmt::format("there are {} prompts; remove some", limits::prompts_max));
  Statement put(database_.get(),
                "INSERT INTO prompts (id, uuid, title, description, author, versions, created_ns, "
                "updated_ns) VALUES (?1,?2,?3,?4,?5,0,?6,?6)");
  put.bind(1, prompt.id).bind(2, random_hex(kIdBytes)).bind(3, prompt.title);
  put.bind(4, prompt.description).bind(5, prompt.author).bind(6, now().value).step();
  return put.result();
}

Result<void> SqlitePrompts::insert_version(const PromptVersion& version) {
  Statement put(database_.get(),
                "INSERT INTO prompt_versions (prompt, version, uuid, user_version, text, config, "
                "description, author, created_ns) VALUES (?,?,?,?,?,?,?,?,?)");
  put.bind(1, version.prompt).bind(2, version.version).bind(3, random_hex(kIdBytes));
  put.bind(4, version.user_version).bind(5, version.text).bind(6, version.config);
  put.bind(7, version.description).bind(8, version.author).bind(9, now().value).step();
  CATALEJO_TRY(put.result());
  Statement update(database_.get(), "UPDATE prompts SET versions = ?, updated_ns = ? WHERE id = ?");
  update.bind(1, version.version).bind(2, now().value).bind(3, version.prompt).step();
  CATALEJO_TRY(update.result());
  return put_labels(version, version.author);
}

// Who put a label where it is stays as it was when nothing changes.
Result<void> SqlitePrompts::put_labels(const PromptVersion& version, const std::string& author) {
  for (const std::string& label : version.labels) {
    Statement put(database_.get(),
                  "INSERT INTO prompt_labels (prompt, label, version, author, since_ns) "
                  "VALUES (?,?,?,?,?) ON CONFLICT DO UPDATE SET version = excluded.version, "
                  "author = excluded.author, since_ns = excluded.since_ns "
                  "WHERE version != excluded.version");
    put.bind(1, version.prompt).bind(2, label).bind(3, version.version).bind(4, author);
    put.bind(5, now().value).step();
    CATALEJO_TRY(put.result());
  }
  return {};
}

Result<std::optional<Prompt>> SqlitePrompts::create(const Prompt& prompt,
                                                    const PromptVersion& first) {
  if (prompt.id.empty() || prompt.id.size() > limits::short_name_bytes_max ||
      prompt.id.find('/') != std::string::npos)
    return bad("prompt_id",
               fmt::format("must have 1 to {} bytes, and no '/'", limits::short_name_bytes_max));
  CATALEJO_TRY(check_length("title", prompt.title, limits::short_name_bytes_max));
  CATALEJO_TRY(check_length("description", prompt.description, limits::comment_bytes_max));
  CATALEJO_TRY(check(first));
  const std::lock_guard lock(mutex_);
  if (find(prompt.id)) return std::optional<Prompt>();
  PromptVersion version = first;
  version.prompt = prompt.id;
  version.version = 1;
  const auto write = [&]() -> Result<void> {
    CATALEJO_TRY(insert(prompt));
    return insert_version(version);
  };
  CATALEJO_TRY(transact(database_.get(), write));
  auto made = find(prompt.id);
  if (!made) return made.error();
  return std::optional(*std::move(made));
}

Result<Prompt> SqlitePrompts::update(const std::string& id, const std::optional<std::string>& title,
                                     const std::optional<std::string>& description) {
  const std::lock_guard lock(mutex_);
  auto prompt = find(id);
  if (!prompt) return prompt.error();
  const std::string new_title = title.value_or(prompt->title);
  const std::string new_description = description.value_or(prompt->description);
  CATALEJO_TRY(check_length("title", new_title, limits::short_name_bytes_max));
  CATALEJO_TRY(check_length("description", new_description, limits::comment_bytes_max));
  Statement put(database_.get(),
                "UPDATE prompts SET title = ?, description = ?, updated_ns = ? WHERE id = ?");
  put.bind(1, new_title).bind(2, new_description).bind(3, now().value).bind(4, id).step();
  CATALEJO_TRY(put.result());
  return find(id);
}

Result<Prompt> SqlitePrompts::remove(const std::string& id) {
  const std::lock_guard lock(mutex_);
  auto prompt = find(id);
  if (!prompt) return prompt.error();
  Statement gone(database_.get(), "DELETE FROM prompts WHERE id = ?");
  gone.bind(1, id).step();
  CATALEJO_TRY(gone.result());
  return prompt;
}

// All of them when `version` is 0.
Result<std::vector<PromptVersion>> SqlitePrompts::read_versions(const std::string& id,
                                                                std::int64_t version) {
  Statement row(
      database_.get(),
      fmt::format("{} AND (?2 = 0 OR v.version = ?2) ORDER BY v.version DESC", kVersionColumns)
          .c_str());
  row.bind(1, id).bind(2, version);
  std::vector<PromptVersion> versions;
  while (row.step()) versions.push_back(read_version(row));
  CATALEJO_TRY(row.result());
  auto labels = labels_of(id);
  if (!labels) return labels.error();
  for (PromptVersion& one : versions)
    for (const PromptLabel& label : *labels)
      if (label.version == one.version) one.labels.push_back(label.label);
  return versions;
}

Result<PromptVersion> SqlitePrompts::find_version(const Prompt& prompt, std::int64_t version) {
  auto found = read_versions(prompt.id, version == 0 ? prompt.versions : version);
  if (!found) return found.error();
  if (version >= 0 && found->size() == 1) return found->front();
  return Error{Code::not_found, fmt::format("the newest version is {}", prompt.versions),
               "version"};
}

Result<std::vector<PromptVersion>> SqlitePrompts::versions(const std::string& id) {
  const std::lock_guard lock(mutex_);
  CATALEJO_TRY(find(id));
  return read_versions(id, 0);
}

Result<PromptVersion> SqlitePrompts::add(const std::string& id, const PromptVersion& version) {
  CATALEJO_TRY(check(version));
  const std::lock_guard lock(mutex_);
  auto prompt = find(id);
  if (!prompt) return prompt.error();
  if (prompt->versions >= static_cast<std::int64_t>(limits::prompt_versions_max))
    return bad("versions",
               fmt::format("a prompt has at most {} versions", limits::prompt_versions_max));
  PromptVersion made = version;
  made.prompt = id;
  made.version = prompt->versions + 1;
  CATALEJO_TRY(transact(database_.get(), [&] { return insert_version(made); }));
  prompt->versions = made.version;
  return find_version(*prompt, made.version);
}

Result<PromptVersion> SqlitePrompts::version(const std::string& id, std::int64_t version) {
  const std::lock_guard lock(mutex_);
  auto prompt = find(id);
  if (!prompt) return prompt.error();
  return find_version(*prompt, version);
}

Result<PromptVersion> SqlitePrompts::labelled(const std::string& id, const std::string& label) {
  const std::lock_guard lock(mutex_);
  auto prompt = find(id);
  if (!prompt) return prompt.error();
  const auto at = std::ranges::find(prompt->labels, label, &PromptLabel::label);
  if (at == prompt->labels.end())
    return Error{Code::not_found, fmt::format("no version of this prompt has the label {}", label),
                 "label"};
  return find_version(*prompt, at->version);
}

Result<PromptVersion> SqlitePrompts::update_version(
    const std::string& id, std::int64_t version,
    const std::optional<std::vector<std::string>>& labels,
    const std::optional<std::string>& description, const std::string& author) {
  if (labels) CATALEJO_TRY(check_labels(*labels));
  if (description)
    CATALEJO_TRY(check_length("description", *description, limits::comment_bytes_max));
  const std::lock_guard lock(mutex_);
  auto prompt = find(id);
  if (!prompt) return prompt.error();
  auto found = find_version(*prompt, version);
  if (!found) return found.error();
  const auto write = [&]() -> Result<void> {
    Statement put(database_.get(),
                  "UPDATE prompt_versions SET description = ? WHERE prompt = ? AND version = ?");
    put.bind(1, description.value_or(found->description)).bind(2, id).bind(3, version).step();
    CATALEJO_TRY(put.result());
    if (!labels) return {};
    for (const std::string& label : found->labels) {
      if (std::ranges::find(*labels, label) != labels->end()) continue;
      Statement gone(database_.get(), "DELETE FROM prompt_labels WHERE prompt = ? AND label = ?");
      gone.bind(1, id).bind(2, label).step();
      CATALEJO_TRY(gone.result());
    }
    found->labels = *labels;
    return put_labels(*found, author);
  };
  CATALEJO_TRY(transact(database_.get(), write));
  return find_version(*prompt, version);
}

}  // namespace

Result<std::unique_ptr<Prompts>> Prompts::open(const std::string& path) {
  auto database = open_database(path, datasets_schema());
  if (!database) return database.error();
  return std::unique_ptr<Prompts>(std::make_unique<SqlitePrompts>(std::move(*database)));
}

}  // namespace catalejo::store
