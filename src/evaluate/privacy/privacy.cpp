#include "evaluate/privacy/privacy.hpp"

#include <fmt/format.h>

#include <map>

#include "pipeline/redact.hpp"

namespace catalejo::evaluate::privacy {
namespace {

class Privacy final : public Evaluator {
 public:
  Privacy(std::string_view id, detect::ScannerOptions options)
      : id_(id), scanner_(std::move(options)) {}

  std::string_view id() const override { return id_; }
  std::uint32_t version() const override { return 1; }

  void judge(const Subject& subject, std::vector<Verdict>& verdicts) const override {
    if (subject.texts.empty()) return;
    Verdict verdict{.label = id_};
    for (const Text& text : subject.texts)
      for (const detect::Finding& finding : scanner_.find(text.text))
        verdict.findings.push_back(
            {text.side, text.message, finding.begin, finding.end, finding.rule});
    const bool found = !verdict.findings.empty();
    verdict.score = found ? 1 : 0;
    verdict.assessment = found ? Assessment::fail : Assessment::pass;
    verdict.reasoning = sentence(verdict.findings);
    verdicts.push_back(std::move(verdict));
  }

 private:
  // "Found in the input: card_number (2), email (1); in the output: phone (1)."
  static std::string sentence(const std::vector<Finding>& findings) {
    if (findings.empty()) return "Nothing was found.";
    std::map<std::pair<Side, std::string_view>, int> counts;
    for (const Finding& finding : findings) ++counts[{finding.side, finding.rule}];
    std::string out = "Found ";
    std::string_view between;
    int side = -1;
    for (const auto& [key, count] : counts) {
      if (side != static_cast<int>(key.first)) {
        side = static_cast<int>(key.first);
        out += between.empty() ? "in the " : "; in the ";
        out += key.first == Side::input ? "input: " : "output: ";
        between = "";
      }
      out += fmt::format("{}{} ({})", between, key.second, count);
      between = ", ";
    }
    return out + ".";
  }

  std::string_view id_;
  detect::Scanner scanner_;
};

// By the tags that redaction left: what it took out is kept nowhere.
class Redacted final : public Evaluator {
 public:
  std::string_view id() const override { return "redacted"; }
  std::uint32_t version() const override { return 1; }

  void judge(const Subject& subject, std::vector<Verdict>& verdicts) const override {
    std::string told;
    for (const model::Tag& tag : subject.tags) {
      if (!tag.key.starts_with(pipeline::kRedactedTag)) continue;
      told += fmt::format("{}{} ({})", told.empty() ? "" : ", ",
                          tag.key.substr(pipeline::kRedactedTag.size()), tag.value);
    }
    if (told.empty() && subject.texts.empty()) return;
    Verdict verdict{.label = id(),
                    .assessment = told.empty() ? Assessment::pass : Assessment::fail};
    verdict.score = told.empty() ? 0 : 1;
    verdict.reasoning =
        told.empty() ? "Nothing was taken out." : fmt::format("Taken out: {}.", told);
    verdicts.push_back(std::move(verdict));
  }
};

}  // namespace

std::unique_ptr<Evaluator> make_pii(Options options) {
  return std::make_unique<Privacy>(
      "pii",
      detect::ScannerOptions{.secrets = false,
                             .pii_options = {.private_addresses = options.private_addresses}});
}

std::unique_ptr<Evaluator> make_secrets() {
  return std::make_unique<Privacy>("secrets", detect::ScannerOptions{.pii = false});
}

std::unique_ptr<Evaluator> make_redacted() {
  return std::make_unique<Redacted>();
}

}  // namespace catalejo::evaluate::privacy
