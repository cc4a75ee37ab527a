#include "codec/multipart.hpp"

#include <string>

namespace catalejo::codec {
namespace {

std::string_view boundary_of(std::string_view content_type) {
  constexpr std::string_view kName = "boundary=";
  const std::size_t at = content_type.find(kName);
  if (!content_type.starts_with("multipart/form-data") || at == std::string_view::npos) return {};
  std::string_view text = content_type.substr(at + kName.size());
  if (text.starts_with('"')) return text.substr(1, text.find('"', 1) - 1);
  return text.substr(0, text.find(';'));
}

}  // namespace

std::optional<std::string_view> multipart_file(std::string_view content_type,
                                               std::string_view body) {
  const std::string_view boundary = boundary_of(content_type);
  if (boundary.empty()) return std::nullopt;
  const std::string first = "--" + std::string(boundary) + "\r\n";
  const std::string next = "\r\n--" + std::string(boundary);
  std::size_t at = body.find(first);
  if (at == std::string_view::npos) return std::nullopt;
  std::optional<std::string_view> found;
  body.remove_prefix(at + first.size());
  while (true) {
    const std::size_t end = body.find(next);
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view part = body.substr(0, end);
    const std::size_t head = part.find("\r\n\r\n");
    if (head != std::string_view::npos) {
      const bool is_file = part.substr(0, head).find("filename=") != std::string_view::npos;
      if (is_file) return part.substr(head + 4);
      if (!found) found = part.substr(head + 4);
    }
    body.remove_prefix(end + next.size());
    if (!body.starts_with("\r\n")) return found;
    body.remove_prefix(2);
  }
}

}  // namespace catalejo::codec
