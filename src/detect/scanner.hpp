// What is looked for in texts, all at once: personal data, secrets, and own patterns.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "detect/finding.hpp"
#include "detect/pii/pii.hpp"

namespace catalejo::detect {

// A pattern of the user's.
struct OwnPattern {
  std::string name;     // "employee_number"
  std::string pattern;  // RE2; group 1, when there is one, is what counts
};

// Error bad_request with where it is wrong: it is no RE2, too large, or fits an empty text.
Result<void> check_pattern(const OwnPattern& pattern);

struct ScannerOptions {
  bool pii = true, secrets = true;
  pii::Options pii_options = {};
  std::vector<OwnPattern> own = {};
};

// From any thread. Findings name its rules, so it outlives them.
class Scanner {
 public:
  // Patterns that check_pattern() refuses are left out.
  explicit Scanner(ScannerOptions options = {});
  ~Scanner();
  Scanner(const Scanner&) = delete;
  Scanner& operator=(const Scanner&) = delete;

  // Of a flat text, in order, without overlaps: where two lie over each other, own patterns come
  // before secrets and secrets before personal data.
  void find_flat(std::string_view flat, std::vector<Finding>& findings) const;
  // Of any UTF-8; places are bytes of it.
  std::vector<Finding> find(std::string_view text) const;

 private:
  struct Own;
  ScannerOptions options_;
  std::vector<std::unique_ptr<Own>> own_;
};

// All built-in rules: "card_number", "github_pat", …
std::vector<std::pair<std::string_view, Class>> built_in_rules();

}  // namespace catalejo::detect
