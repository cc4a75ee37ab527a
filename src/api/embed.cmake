# Embeds ui/dist and openapi.json: each file becomes bytes in the program by `.incbin`, beside a
# gzip'd copy when that is smaller, and embedded.cpp holds the table of them. Without ui/dist the
# table is empty and the page says how to build it.
set(ui_dist ${PROJECT_SOURCE_DIR}/ui/dist)
set(embed_dir ${CMAKE_CURRENT_BINARY_DIR}/embed)
file(MAKE_DIRECTORY ${embed_dir})
file(GLOB_RECURSE ui_files CONFIGURE_DEPENDS RELATIVE ${ui_dist} ${ui_dist}/*)

function(content_type_of name out)
  set(type application/octet-stream)
  foreach(rule "html=text/html; charset=utf-8" "js=text/javascript; charset=utf-8"
               "css=text/css; charset=utf-8" "svg=image/svg+xml" "png=image/png" "ico=image/x-icon"
               "json=application/json" "woff2=font/woff2" "webmanifest=application/manifest+json"
               "txt=text/plain; charset=utf-8" "map=application/json")
    string(REGEX MATCH "^([a-z0-9]+)=(.*)$" _ "${rule}")
    set(rule_type "${CMAKE_MATCH_2}")
    if(name MATCHES "\\.${CMAKE_MATCH_1}$")
      set(type "${rule_type}")
    endif()
  endforeach()
  set(${out} "${type}" PARENT_SCOPE)
endfunction()

find_program(GZIP_PROGRAM gzip REQUIRED)
set(embed_inputs ${CMAKE_CURRENT_SOURCE_DIR}/openapi.json)
set(embed_blobs "EMBED(openapi, \"${CMAKE_CURRENT_SOURCE_DIR}/openapi.json\")\n")
set(embed_rows "")
set(index 0)
foreach(file ${ui_files})
  set(source ${ui_dist}/${file})
  # The ETag and the compressed copy are made when the project is configured.
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${source})
  file(SHA256 ${source} hash)
  string(SUBSTRING ${hash} 0 20 etag)
  content_type_of(${file} type)
  # A copy, because the page may be built anew while the program is.
  set(copy ${embed_dir}/${etag}.bin)
  configure_file(${source} ${copy} COPYONLY)
  list(APPEND embed_inputs ${copy})
  string(APPEND embed_blobs "EMBED(asset${index}, \"${copy}\")\n")
  set(gzipped "{}")
  if(type MATCHES "text|json|svg")
    set(packed ${embed_dir}/${etag}.gz)
    execute_process(COMMAND ${GZIP_PROGRAM} -9 -n -c ${source} OUTPUT_FILE ${packed}
                    COMMAND_ERROR_IS_FATAL ANY)
    file(SIZE ${source} size)
    file(SIZE ${packed} packed_size)
    if(packed_size LESS size)
      string(APPEND embed_blobs "EMBED(packed${index}, \"${packed}\")\n")
      set(gzipped "view(begin_packed${index}, end_packed${index})")
      list(APPEND embed_inputs ${packed})
    endif()
  endif()
  string(APPEND embed_rows "      {\"/${file}\", \"${type}\", \"\\\"${etag}\\\"\", "
                           "view(begin_asset${index}, end_asset${index}), ${gzipped}},\n")
  math(EXPR index "${index} + 1")
endforeach()
file(CONFIGURE OUTPUT ${embed_dir}/embedded.cpp CONTENT [[// Made by embed.cmake; not to be edited.
#include <vector>

#include "api/page.hpp"

#define EMBED(name, path)                                                             \
  __asm__(".section .rodata\n.global catalejo_begin_" #name "\n.global catalejo_end_" #name \
          "\ncatalejo_begin_" #name ":\n.incbin \"" path "\"\ncatalejo_end_" #name ":\n.byte 0\n" \
          ".text\n");                                                                  \
  extern "C" const char begin_##name[] __asm__("catalejo_begin_" #name);               \
  extern "C" const char end_##name[] __asm__("catalejo_end_" #name);

@embed_blobs@
namespace catalejo::api {
namespace {

std::string_view view(const char* begin, const char* end) {
  return {begin, static_cast<std::size_t>(end - begin)};
}

}  // namespace

std::span<const Asset> embedded_assets() {
  static const std::vector<Asset> assets = {
@embed_rows@  };
  return assets;
}

std::string_view embedded_openapi() { return view(begin_openapi, end_openapi); }

}  // namespace catalejo::api
]] @ONLY)
set_source_files_properties(${embed_dir}/embedded.cpp PROPERTIES OBJECT_DEPENDS "${embed_inputs}")
target_sources(catalejo_api PRIVATE ${embed_dir}/embedded.cpp)
