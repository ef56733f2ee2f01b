#pragma once

#include "inkfade/selfcheck/time_stepping.hpp"

// The room selfcheck shares this with the tests.
namespace inkfade::test {

using selfcheck::column_atol;
using selfcheck::fixed_steps;
using selfcheck::integrate_to;
using selfcheck::log_slope;
using selfcheck::observed_orders;

}  // namespace inkfade::test
