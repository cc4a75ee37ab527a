// The registry of prompts: what applications ask models with, in versions that do not change, and
// the labels that say which version is deployed where. In datasets.sqlite, its own connection.
// Thread-safe, but it waits for the disk: not for an event loop.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"

namespace catalejo::store {

// A label is on one version of a prompt, or on none.
struct PromptLabel {
  std::string label;
  std::int64_t version = 0;
  std::string author;
  UnixNanos since;
};

struct Prompt {
  std::string id;    // what its author calls it, and applications ask for
  std::string uuid;  // ours
  std::string title, description, author;
  std::int64_t versions = 0;  // the newest one's number: they are counted from 1
  std::vector<PromptLabel> labels;
  UnixNanos created, updated;
};

struct PromptVersion {
  std::string prompt, prompt_uuid, uuid;
  std::int64_t version = 0;
  std::string user_version;   // what its author calls it; may be empty
  std::string text;           // JSON: a text, or the messages of a chat
  std::string config = "{}";  // JSON object, the application's own
  std::string description, author;
  std::vector<std::string> labels;
  UnixNanos created;
};

class Prompts {
 public:
  static Result<std::unique_ptr<Prompts>> open(const std::string& path);
  virtual ~Prompts() = default;

  virtual Result<std::vector<Prompt>> list() = 0;  // by id
  virtual Result<Prompt> get(const std::string& id) = 0;
  // With its first version; nothing when there is one of this id.
  virtual Result<std::optional<Prompt>> create(const Prompt& prompt,
                                               const PromptVersion& first) = 0;
  virtual Result<Prompt> update(const std::string& id, const std::optional<std::string>& title,
                                const std::optional<std::string>& description) = 0;
  // With all of its versions; its id is free again.
  virtual Result<Prompt> remove(const std::string& id) = 0;

  virtual Result<std::vector<PromptVersion>> versions(const std::string& id) = 0;  // newest first
  virtual Result<PromptVersion> add(const std::string& id, const PromptVersion& version) = 0;
  // 0 is the newest.
  virtual Result<PromptVersion> version(const std::string& id, std::int64_t version) = 0;
  virtual Result<PromptVersion> labelled(const std::string& id, const std::string& label) = 0;
  // `labels` are all that the version has from then on; other versions lose them.
  virtual Result<PromptVersion> update_version(
      const std::string& id, std::int64_t version,
      const std::optional<std::vector<std::string>>& labels,
      const std::optional<std::string>& description, const std::string& author) = 0;
};

}  // namespace catalejo::store
