// What a person asks in the playground becomes a request that is JSON again, whatever was sent;
// what a deployment answers is read, whatever it is.
#include <cstdlib>
#include <string>

#include "accounted.hpp"
#include "codec/json.hpp"
#include "evaluate/playground/completion.hpp"
#include "evaluate/playground/question.hpp"

namespace playground = catalejo::evaluate::playground;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(catalejo::fuzz::text_of(data, size));
  if (const auto question = playground::read_question(text)) {
    std::string body = playground::chat_request(*question, "gpt-4o");
    catalejo::codec::JsonDocument document;
    if (!document.parse(body)) std::abort();
  }
  if (const auto completion = playground::read_completion(text))
    if (completion->input_tokens < 0 || completion->output_tokens < 0) std::abort();
  return 0;
}
