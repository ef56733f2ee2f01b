#pragma once

#include "inkfade/selfcheck/solution_bits.hpp"

// The room selfcheck shares this with the tests.
namespace inkfade::test {

using selfcheck::same_bits;

}  // namespace inkfade::test
