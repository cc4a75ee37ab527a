// Where this checkout and this build are. In a unit of their own: a path in the command or the text
// of every test would keep the compiler cache of one checkout from serving the next.
#pragma once

#include <string>

namespace catalejo {

// A file or folder below tests/.
std::string test_data(const std::string& path);
// A file of the build whose catalejo-store tests start.
std::string store_build(const std::string& file);

}  // namespace catalejo
