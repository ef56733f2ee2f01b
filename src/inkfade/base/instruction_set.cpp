#include "inkfade/base/instruction_set.hpp"

#include <cstdlib>
#include <string>

#include "inkfade/base/errors.hpp"

namespace inkfade {

namespace {

std::vector<InstructionSet> detect() {
  std::vector<InstructionSet> sets{InstructionSet::narrow};
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) sets.push_back(InstructionSet::avx2);
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq")) sets.push_back(InstructionSet::avx512);
#endif
  return sets;
}

}  // namespace

std::string_view name(InstructionSet set) {
  switch (set) {
    case InstructionSet::avx2:
      return "avx2";
    case InstructionSet::avx512:
      return "avx512";
    case InstructionSet::narrow:
      break;
  }
  return "narrow";
}

const std::vector<InstructionSet>& instruction_sets() {
  static const std::vector<InstructionSet> sets = detect();
  return sets;
}

InstructionSet best_instruction_set() {
  const std::vector<InstructionSet>& sets = instruction_sets();
  const char* asked = std::getenv("INKFADE_INSTRUCTION_SET");
  if (asked == nullptr || *asked == '\0') return sets.back();
  std::string known;
  for (const InstructionSet set : sets) {
    if (name(set) == asked) return set;
    known += (known.empty() ? "" : ", ") + std::string(name(set));
  }
  throw ParameterError("INKFADE_INSTRUCTION_SET = '" + std::string(asked) + "': this processor and this build have " +
                       known);
}

}  // namespace inkfade
