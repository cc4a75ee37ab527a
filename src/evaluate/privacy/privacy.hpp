// Whether a span's inputs and outputs hold personal data ("pii") or secrets ("secrets"), or whether
// redaction took such out before they were stored ("redacted"). All are booleans, true when
// something was found; a finding is a place, never the text itself.
#pragma once

#include <memory>

#include "detect/scanner.hpp"
#include "evaluate/evaluator.hpp"

namespace catalejo::evaluate::privacy {

struct Options {
  bool private_addresses = false;  // addresses of one's own network count as well
};

std::unique_ptr<Evaluator> make_pii(Options options = {});
std::unique_ptr<Evaluator> make_secrets();
std::unique_ptr<Evaluator> make_redacted();

}  // namespace catalejo::evaluate::privacy
