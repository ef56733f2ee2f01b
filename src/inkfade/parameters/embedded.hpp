#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace inkfade::parameters {

/// A file of models/ as it was when the program was built.
struct EmbeddedFile {
  std::string_view stem;  ///< "scalp-smp" for models/scalp-smp.toml
  std::string_view text;
};

/// Every models/*.toml, by name. Defined in a source that CMake generates from the files.
std::span<const EmbeddedFile> embedded_files();

}  // namespace inkfade::parameters
