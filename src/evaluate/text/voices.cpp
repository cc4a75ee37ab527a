#include "evaluate/text/voices.hpp"

namespace catalejo::evaluate {

std::string_view last_text(const Subject& subject, Side side, Voice voice) {
  std::string_view last;
  for (const Text& text : subject.texts)
    if (text.side == side && text.voice == voice) last = text.text;
  return last;
}

std::string all_text(const Subject& subject, Side side, Voice voice) {
  std::string all;
  for (const Text& text : subject.texts) {
    if (text.side != side || text.voice != voice) continue;
    if (!all.empty()) all += '\n';
    all += text.text;
  }
  return all;
}

}  // namespace catalejo::evaluate
