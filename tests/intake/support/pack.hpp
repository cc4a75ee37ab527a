// MessagePack written from JSON, so that tests can say bodies in a readable way.
// {"$bin":X} is a bin holding X packed, {"$raw":"c1ff"} stands for these very bytes.
#pragma once

#include <string>

namespace catalejo::intake {

std::string pack(std::string json);

}  // namespace catalejo::intake
