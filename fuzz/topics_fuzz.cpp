// Any bytes as an input: words lie inside the text, are UTF-8 themselves, and find_topics() gives
// every text a topic or none.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "codec/utf8.hpp"
#include "insight/topics/topics.hpp"
#include "insight/topics/words.hpp"

namespace topics = catalejo::insight::topics;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const topics::Word& word : topics::words_of(text)) {
    if (word.begin > word.end || word.end > text.size()) std::abort();
    if (word.folded.empty() || !catalejo::codec::is_utf8(word.folded)) std::abort();
  }
  for (const topics::Feature& feature : topics::features_of(text))
    if (feature.begin >= feature.end || feature.end > text.size()) std::abort();
  std::vector<std::string> texts;
  for (std::size_t at = 0; at < text.size() && texts.size() < 200;) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    texts.emplace_back(text.substr(at, end - at));
    at = end + 1;
  }
  const topics::Found found = topics::find_topics(texts, texts, {});
  if (found.now.size() != texts.size() || found.before.size() != texts.size()) std::abort();
  for (const int topic : found.now)
    if (topic < topics::kNoGroup || topic >= static_cast<int>(found.names.size())) std::abort();
  return 0;
}
