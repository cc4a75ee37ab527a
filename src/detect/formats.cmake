# formats_source: the formats of secrets as a text in the program. For CMakeLists.txt beside this and
# for the tracer's library (python/redact).
set(formats ${CMAKE_CURRENT_LIST_DIR}/secrets/formats.tsv)
set(formats_source ${CMAKE_CURRENT_BINARY_DIR}/formats_text.cpp)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${formats})
file(READ ${formats} formats_text)
file(CONFIGURE OUTPUT ${formats_source} CONTENT
[[// Made from src/detect/secrets/formats.tsv; not to be edited.
#include "detect/secrets/formats.hpp"

namespace catalejo::detect::secrets {

std::string_view formats_text() {
  return R"tsv(@formats_text@)tsv";
}

}  // namespace catalejo::detect::secrets
]] @ONLY)
