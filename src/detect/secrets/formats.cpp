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

Kind kind_of(std::string_view name) {
  constexpr std::pair<std::string_view, Kind> kKinds[] = {
      {"word", Kind::word},     {"ending", Kind::ending}, {"around", Kind::around},
      {"beside", Kind::beside}, {"block", Kind::block},   {"prefix", Kind::prefix}};
  for (const auto& [text, kind] : kKinds)
    if (text == name) return kind;
  return Kind::prefix;
}

Format read_format(const std::array<std::string_view, 6>& columns) {
  Format format{.id = columns[0], .provider = columns[1]};
  format.kind = kind_of(columns[2]);
  format.generic = columns[1] == "any";
  format.password = format.id.starts_with("generic_password") ||
                    format.id == "connection_string_password" || columns[1] == "command line";
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
    const Kind kind = all.formats.back().kind;
    const bool caseless = kind == Kind::word || kind == Kind::ending;
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
