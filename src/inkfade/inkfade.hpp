#pragma once

// The front door: what a program needs to read a scenario, run it and keep the result. docs/cpp.md walks through one.
#include "inkfade/base/constants.hpp"
#include "inkfade/base/errors.hpp"
#include "inkfade/base/status.hpp"
#include "inkfade/base/stop_token.hpp"
#include "inkfade/parameters/scenario.hpp"
#include "inkfade/simulation/simulate.hpp"
#include "inkfade/storage/result_dataset.hpp"
#include "inkfade/storage/result_file.hpp"
