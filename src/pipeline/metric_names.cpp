#include "pipeline/metric_names.hpp"

#include <algorithm>

#include "base/limits.hpp"
#include "codec/utf8.hpp"

namespace catalejo::pipeline {
namespace {

bool is_small(char c) {
  return c >= 'a' && c <= 'z';
}
bool is_big(char c) {
  return c >= 'A' && c <= 'Z';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

char normal_in_tag(char c) {
  if (is_big(c)) return static_cast<char>(c - 'A' + 'a');
  const bool kept = is_small(c) || is_digit(c) || static_cast<unsigned char>(c) >= 0x80 ||
                    std::string_view("_-:./").find(c) != std::string_view::npos;
  return kept ? c : '_';
}

}  // namespace

std::string normal_metric_name(std::string_view name) {
  const auto begin = std::ranges::find_if(name, [](char c) { return is_small(c) || is_big(c); });
  std::string normal(begin, name.end());
  for (char& c : normal)
    if (!is_small(c) && !is_big(c) && !is_digit(c) && c != '.') c = '_';
  normal.resize(codec::utf8_prefix(normal, limits::metric_name_bytes_max).size());
  return normal;
}

std::string normal_metric_tag(std::string_view tag) {
  while (tag.starts_with(' ')) tag.remove_prefix(1);
  while (tag.ends_with(' ')) tag.remove_suffix(1);
  std::string normal(tag);
  for (char& c : normal) c = normal_in_tag(c);
  normal.resize(codec::utf8_prefix(normal, limits::metric_tag_bytes_max).size());
  return normal;
}

std::size_t put_in_order(std::vector<std::string>& tags) {
  std::sort(tags.begin(), tags.end());
  tags.erase(std::unique(tags.begin(), tags.end()), tags.end());
  std::erase(tags, std::string());
  if (tags.size() <= limits::tags_per_metric_max) return 0;
  const std::size_t over = tags.size() - limits::tags_per_metric_max;
  tags.resize(limits::tags_per_metric_max);
  return over;
}

}  // namespace catalejo::pipeline
