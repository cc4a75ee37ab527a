// What the requests about datasets have in common. For this folder only.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "api/routes.hpp"
#include "codec/json_dom.hpp"

namespace catalejo::api {

// A body as JSON:API has it: {"data":{"type","id","attributes":{…}}}.
class AttributesBody {
 public:
  Result<void> parse(std::string body);
  std::string text(std::string_view name) const;  // empty when it is no text
  std::string json(std::string_view name, std::string_view otherwise) const;
  bool flag(std::string_view name, bool otherwise) const;
  Result<std::vector<std::string>> texts(std::string_view name) const;  // none when not there
  // `read` for each item of the array, which need not be there.
  Result<void> each(
      std::string_view name,
      const std::function<Result<void>(codec::dom::element, std::string)>& read) const;

 private:
  codec::JsonDocument document_;
  codec::dom::object attributes_;
};

// "project/dataset" of a route; the project is empty where the route has none.
std::pair<std::string, std::string> split_ids(const std::string& ids);

}  // namespace catalejo::api
