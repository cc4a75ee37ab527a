#include "detect/secrets/formats.hpp"

#include <array>
#include <charconv>
#include <map>

#include "base/error.hpp"

namespace catalejo::detect::secrets {
namespace {

std::string_view take(std::string_view& rest, char end) {
  const std::size_t at = rest.find(end);
  const std::string_view part = rest.substr(0, at);
  rest = at == std::string_view::npos ? std::string_view{} : rest.substr(at + 1);
  return part;
}

Format read_format(const std::array<std::string_view, 6>& columns) {
  Format format{.id = columns[0], .provider = columns[1]};
  format.kind = columns[2] == "word"     ? Kind::word
                : columns[2] == "block"  ? Kind::block
                : columns[2] == "around" ? Kind::around
                                         : Kind::prefix;
  format.generic = columns[1] == "any";
  const auto entropy = std::from_chars(columns[5].begin(), columns[5].end(), format.entropy);
  CATALEJO_INVARIANT(entropy.ec == std::errc{});
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_encoding(re2::RE2::Options::EncodingLatin1);
  options.set_max_mem(16 << 20);
  format.pattern =
      std::make_unique<re2::RE2>(re2::StringPiece(columns[4].data(), columns[4].size()), options);
  CATALEJO_INVARIANT(format.pattern->ok());
  return format;
}

Formats read_formats() {
  Formats all;
  std::map<std::pair<std::string, bool>, std::size_t> known;
  for (std::string_view text = formats_text(); !text.empty();) {
    std::string_view line = take(text, '\n');
    if (line.empty() || line[0] == '#') continue;
    std::array<std::string_view, 6> columns;
    for (std::string_view& column : columns) column = take(line, '\t');
    all.formats.push_back(read_format(columns));
    const auto index = static_cast<std::uint16_t>(all.formats.size() - 1);
    const bool caseless = all.formats.back().kind == Kind::word;
    for (std::string_view words = columns[3]; !words.empty();) {
      const std::string word(take(words, ','));
      const auto [at, fresh] = known.emplace(std::pair{word, caseless}, all.keywords.size());
      if (fresh) {
        all.keywords.push_back(word);
        all.caseless.push_back(caseless);
        all.formats_of.emplace_back();
      }
      all.formats_of[at->second].push_back(index);
    }
  }
  return all;
}

}  // namespace

const Formats& formats() {
  static const Formats all = read_formats();
  return all;
}

}  // namespace catalejo::detect::secrets
