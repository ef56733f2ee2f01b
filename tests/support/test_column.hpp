#pragma once

#include "inkfade/selfcheck/bare_column.hpp"

// The room selfcheck shares this with the tests.
namespace inkfade::test {

using TestColumn = selfcheck::BareColumn;
using selfcheck::quiet_forcing;
using selfcheck::uniform_faces;

}  // namespace inkfade::test
