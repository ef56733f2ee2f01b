#pragma once

#include "inkfade/selfcheck/random_scenarios.hpp"

// The room selfcheck shares this with the tests.
namespace inkfade::test {

using selfcheck::in_si;
using selfcheck::ScenarioMaker;
using selfcheck::Settings;
using selfcheck::text;

}  // namespace inkfade::test
