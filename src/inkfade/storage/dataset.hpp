#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace inkfade::storage {

/// Value of an attribute: text, number, or a list of either.
using AttributeValue = std::variant<std::string, double, std::int64_t, std::vector<double>, std::vector<std::int32_t>,
                                    std::vector<std::string>>;
using Attributes = std::vector<std::pair<std::string, AttributeValue>>;

/// A labelled array, row-major: dims name entries of Dataset::dimensions.
struct Variable {
  std::string name;
  std::vector<std::string> dims;
  std::variant<std::vector<double>, std::vector<std::int32_t>, std::vector<std::string>> data;
  Attributes attributes;
};

/// Labelled arrays over shared dimensions, the in-memory form of a result file (docs/result-file.md).
struct Dataset {
  std::vector<std::pair<std::string, std::size_t>> dimensions;
  std::vector<Variable> variables;
  Attributes attributes;
};

}  // namespace inkfade::storage
