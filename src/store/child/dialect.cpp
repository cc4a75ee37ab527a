#include "store/child/dialect.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

namespace catalejo::store {
namespace {

constexpr int kSyntaxError = 62, kUnknownTable = 60, kUnknownDatabase = 81;

constexpr std::array<std::string_view, 8> kIgnored = {"user",       "password",          "query_id",
                                                      "session_id", "wait_end_of_query", "compress",
                                                      "decompress", "quota_key"};

bool equal_fold(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](unsigned char x, unsigned char y) {
    return std::toupper(x) == std::toupper(y);
  });
}

std::string_view trim(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n;";
  const std::size_t first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

// "INSERT … FORMAT RowBinary" → "INSERT …", "RowBinary".
Result<void> split_format(Statement& statement) {
  const std::string_view sql = trim(statement.sql);
  const std::size_t last = sql.find_last_of(" \t\r\n");
  if (last != std::string_view::npos) {
    const std::string_view before = trim(sql.substr(0, last));
    if (before.size() > 7 && equal_fold(before.substr(before.size() - 6), "FORMAT")) {
      statement.format = std::string(sql.substr(last + 1));
      statement.sql = std::string(trim(before.substr(0, before.size() - 6)));
      return {};
    }
  }
  return Error{Code::bad_request, "an INSERT with data must end with its FORMAT"};
}

bool is_setting_name(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](unsigned char c) {
    return std::islower(c) || std::isdigit(c) || c == '_';
  });
}

}  // namespace

Result<Statement> parse_statement(const net::Request& request) {
  Statement statement;
  for (auto& [name, value] : request.parameters()) {
    if (name == "query") {
      statement.sql = std::move(value);
    } else if (name == "database") {
      if (value != "default") return Error{Code::not_found, "there is one database, default"};
    } else if (name == "default_format") {
      statement.format = std::move(value);
    } else if (name.starts_with("param_")) {
      statement.parameters.emplace_back(name.substr(6), std::move(value));
    } else if (std::find(kIgnored.begin(), kIgnored.end(), name) == kIgnored.end()) {
      if (!is_setting_name(name)) return Error{Code::bad_request, "no setting has this name", name};
      statement.settings[name] = std::move(value);
    }
  }
  const std::string_view sql = trim(statement.sql);
  statement.insert = sql.size() > 6 && equal_fold(sql.substr(0, 6), "INSERT");
  if (statement.insert) CATALEJO_TRY(split_format(statement));
  return statement;
}

int exception_code(std::string_view text) {
  const std::size_t at = text.find("Code: ");
  if (at == std::string_view::npos) return 0;
  int code = 0;
  std::from_chars(text.data() + at + 6, text.data() + text.size(), code);
  return code;
}

int status_of_exception(int code) {
  if (code == kSyntaxError) return 400;
  if (code == kUnknownTable || code == kUnknownDatabase) return 404;
  return 500;
}

}  // namespace catalejo::store
