# cmake -DOUTPUT=<file.cpp> -DFILES=<a.toml|b.toml> -P embed_models.cmake
# Writes a C++ source that holds the files as raw string literals: models/ stays their only place in the source tree.
string(REPLACE "|" ";" FILES "${FILES}")
set(entries "")
foreach(path IN LISTS FILES)
  get_filename_component(stem "${path}" NAME_WE)
  file(READ "${path}" text)
  string(APPEND entries "    EmbeddedFile{\"${stem}\", R\"__model__(${text})__model__\"},\n")
endforeach()
file(WRITE "${OUTPUT}"
"// Generated from models/*.toml by embed_models.cmake: edit those.
#include \"inkfade/parameters/embedded.hpp\"

#include <array>

namespace inkfade::parameters {

std::span<const EmbeddedFile> embedded_files() {
  static constexpr auto kFiles = std::to_array<EmbeddedFile>({
${entries}  });
  return kFiles;
}

}  // namespace inkfade::parameters
")
