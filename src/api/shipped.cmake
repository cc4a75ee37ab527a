# Embeds dashboards/*.json; the file loss_ledger.json is the dashboard catalejo-loss-ledger.
file(GLOB shipped_files CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/dashboards/*.json)
list(SORT shipped_files)
set(shipped_blobs "")
set(shipped_rows "")
foreach(file ${shipped_files})
  get_filename_component(name ${file} NAME_WE)
  string(REPLACE "_" "-" id ${name})
  string(APPEND shipped_blobs "EMBED(${name}, \"${file}\")\n")
  string(APPEND shipped_rows "      {\"catalejo-${id}\", view(begin_${name}, end_${name})},\n")
endforeach()
set(shipped_cpp ${CMAKE_CURRENT_BINARY_DIR}/embed/shipped_files.cpp)
file(CONFIGURE OUTPUT ${shipped_cpp} CONTENT [[// Made by shipped.cmake; not to be edited.
#include <vector>

#include "api/shipped.hpp"

#define EMBED(name, path)                                                                    \
  __asm__(".section .rodata\n.global catalejo_begin_dashboard_" #name                        \
          "\n.global catalejo_end_dashboard_" #name "\ncatalejo_begin_dashboard_" #name      \
          ":\n.incbin \"" path "\"\ncatalejo_end_dashboard_" #name ":\n.byte 0\n.text\n");   \
  extern "C" const char begin_##name[] __asm__("catalejo_begin_dashboard_" #name);           \
  extern "C" const char end_##name[] __asm__("catalejo_end_dashboard_" #name);

@shipped_blobs@
namespace catalejo::api {
namespace {

std::string_view view(const char* begin, const char* end) {
  return {begin, static_cast<std::size_t>(end - begin)};
}

}  // namespace

std::span<const ShippedFile> shipped_files() {
  static const std::vector<ShippedFile> files = {
@shipped_rows@  };
  return files;
}

}  // namespace catalejo::api
]] @ONLY)
set_source_files_properties(${shipped_cpp} PROPERTIES OBJECT_DEPENDS "${shipped_files}")
target_sources(catalejo_api PRIVATE ${shipped_cpp})
