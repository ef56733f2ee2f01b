#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <cstring>
#include <new>
#include <string>
#include <vector>

#include "inkfade/base/constants.hpp"
#include "inkfade/base/errors.hpp"
#include "inkfade/integration/rosw3.kernel.hpp"
#include "inkfade/system/functionals.kernel.hpp"
#include "lane_columns.hpp"

namespace {
std::size_t allocations = 0;  // by this program, so far
}

[[gnu::noinline]] void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  ++allocations;
  return std::malloc(size);
}
[[gnu::noinline]] void operator delete(void* memory, const std::nothrow_t&) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace inkfade::test {
namespace {

using lanes::InstructionSet;
using lanes::LaneBlock;
using parameters::Scenario;
using Settings = std::vector<std::pair<std::string, parameters::Setting>>;

Scenario smp(const Settings& settings = {}) { return Scenario::preset("scalp-smp").with(settings); }

/// What a lane holds after steps of growing size, its functionals and what is seen on the way included.
std::vector<double> numbers_after_steps(const LaneColumn& column, InstructionSet set, int lane, int filled,
                                        const LaneColumn* beside = nullptr) {
  const KernelFloatEnvironment environment;
  LaneBlock block(column.shape(), set);
  const LaneColumn other(smp({{"procedure.depth", std::string("300 um")},
                              {"numerics.classes", std::int64_t{column.shape().n_classes}},
                              {"numerics.self_shading", column.shape().self_shading}}));
  for (int l = 0; l < block.width(); ++l) {
    if (l == lane) {
      column.load(block, l);
    } else if (filled > 1) {
      (beside != nullptr ? *beside : other).load(block, l);
    }
  }
  std::vector<double> numbers;
  double t = 0.0;
  for (int i = 0; i < 12; ++i) {
    const double h = 600.0 * std::pow(1.7, i);
    for (int l = 0; l < block.width(); ++l) block.set_step(l, l == lane ? t : 0.5 * t, l == lane ? h : 0.3 * h);
    block.attempt();
    const lanes::Attempt attempt = block.attempted(lane);
    numbers.insert(numbers.end(), {attempt.error, attempt.lowest_pigment, attempt.peak_load, attempt.mass});
    block.sum();
    block.set_rounds(1);
    block.set_theta(lane, 0, 0.3);
    block.observe();
    std::vector<double> seen(block.n_observed());
    block.observed(lane, 0, seen.data());
    numbers.insert(numbers.end(), seen.begin(), seen.end());
    block.accept(std::vector<bool>(static_cast<std::size_t>(block.width()), true));
    t += h;
  }
  std::vector<double> y(block.size());
  block.state(lane, y.data());
  numbers.insert(numbers.end(), y.begin(), y.end());
  return numbers;
}

bool same(const std::vector<double>& a, const std::vector<double>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(double)) == 0;
}

TEST(LaneBlock, GivesTheSameBitsInEveryLaneWithEveryInstructionSet) {
  for (const std::int64_t classes : {6, 4}) {
    for (const bool shading : {false, true}) {
      const LaneColumn column(smp({{"numerics.classes", classes},
                                   {"numerics.self_shading", shading},
                                   {"ink.uv_sensitivity", std::string("1e-6 m2/J")},
                                   {"start", std::string("2027-03-14")}}));
      const LaneColumn still(smp({{"numerics.classes", classes}, {"numerics.self_shading", shading}}));
      EXPECT_TRUE(same(numbers_after_steps(still, InstructionSet::narrow, 0, 1, &column),
                       numbers_after_steps(still, InstructionSet::narrow, 0, 2, &column)));
      const std::vector<double> alone = numbers_after_steps(column, InstructionSet::narrow, 0, 1);
      for (const InstructionSet set : lanes::instruction_sets()) {
        for (int lane = 0; lane < lanes::kernels(set).width; ++lane) {
          for (const int filled : {1, 2}) {
            EXPECT_TRUE(same(alone, numbers_after_steps(column, set, lane, filled)))
                << name(set) << ", lane " << lane << ", classes " << classes;
          }
        }
      }
    }
  }
}

TEST(LaneBlock, SteppingAndObservingAllocateNothing) {
  const KernelFloatEnvironment environment;
  const LaneColumn column(smp());
  LaneBlock block(column.shape());
  column.load(block, 0);
  block.set_step(0, 0.0, 600.0);
  block.set_rounds(1);  // memory for more times than ever before is the one thing that is asked for
  const std::size_t before = allocations;
  block.attempt();
  block.sum();
  block.set_theta(0, 0, 0.5);
  block.observe();
  EXPECT_EQ(allocations, before);
  ::operator delete(::operator new(1));  // the counter counts
  EXPECT_EQ(allocations, before + 1);
}

TEST(LaneBlock, KeepsAllPigmentInEveryStepToRoundOff) {
  const KernelFloatEnvironment environment;
  const LaneColumn column(smp({{"macrophages.fragmentation_rate", std::string("0.01 1/day")},
                               {"ink.uv_sensitivity", std::string("1e-6 m2/J")},
                               {"start", std::string("2027-03-14")}}));
  const auto& at = column.tables.layout;
  const auto total = [&](const std::vector<double>& y) {
    double sum = baseline::pigment_mass(column.tables, y.data());
    for (int q = at.shed(); q < at.size(); ++q) sum += y[static_cast<std::size_t>(q)];
    return sum;
  };
  LaneBlock block(column.shape());
  for (const double h : {1.0, 1e3, 1e5, 1e7, 3e8}) {  // whatever the accuracy of such steps
    column.load(block, 0);
    block.set_step(0, 0.0, h);
    block.attempt();
    std::vector<double> y(block.size());
    block.state_new(0, y.data());
    // Round-off of the increments, which grow far beyond the state in a step that is much too large.
    double size = total(column.y);
    for (int j = 0; j < 3; ++j) {
      std::vector<double> u(block.size());
      block.increment(0, j, u.data());
      for (double& value : u) value = std::abs(value);
      size += std::abs(baseline::rosw3.m[j]) * total(u);
    }
    EXPECT_LE(std::abs(total(y) - total(column.y)), 2e-14 * size) << h;  // as the matrix alone, test_column_matrix.cpp
  }
}

TEST(LaneBlock, SeesManyTimesAtOnceAsOneByOne) {
  const KernelFloatEnvironment environment;
  const LaneColumn column(smp());
  for (const lanes::Numbers numbers : {lanes::Numbers::plain, lanes::Numbers::with_slopes}) {
    LaneBlock block(column.shape(), lanes::best_instruction_set(), numbers);
    for (const int lane : {0, 1}) {
      column.load(block, lane);
      block.set_step(lane, 0.0, lane == 0 ? 7200.0 : 600.0);
    }
    block.attempt();
    block.sum();
    const auto theta = [](int lane, std::size_t round) {
      return (lane == 0 ? 0.05 : 0.03) * static_cast<double>(round);
    };
    const auto seen = [&](int lane, std::size_t round) {
      std::vector<double> both(2 * block.n_observed());
      block.observed(lane, round, both.data());
      if (numbers == lanes::Numbers::with_slopes) block.observed_slope(lane, round, both.data() + block.n_observed());
      return both;
    };
    std::vector<std::vector<double>> one_by_one;
    for (std::size_t round = 0; round < 20; ++round) {
      block.set_rounds(1);
      for (const int lane : {0, 1}) {
        block.set_theta(lane, 0, theta(lane, round));
        if (numbers == lanes::Numbers::with_slopes) block.set_theta_slope(lane, 0, 1e-4);
      }
      block.observe();
      for (const int lane : {0, 1}) one_by_one.push_back(seen(lane, 0));
    }
    for (const std::size_t rounds : {std::size_t{3}, std::size_t{20}, std::size_t{9}}) {  // grows, then has room
      block.set_rounds(rounds);
      for (std::size_t round = 0; round < rounds; ++round) {
        for (const int lane : {0, 1}) {
          block.set_theta(lane, round, theta(lane, round));
          if (numbers == lanes::Numbers::with_slopes) block.set_theta_slope(lane, round, 1e-4);
        }
      }
      block.observe();
      for (std::size_t round = 0; round < rounds; ++round) {
        for (const int lane : {0, 1}) {
          EXPECT_EQ(seen(lane, round), one_by_one[2 * round + static_cast<std::size_t>(lane)]) << lane << ", " << round;
        }
      }
    }
  }
}

TEST(LaneBlock, SeesTheStateItselfAtTheEndsOfAStep) {
  const KernelFloatEnvironment environment;
  const LaneColumn column(smp());
  LaneBlock block(column.shape());
  column.load(block, 0);
  block.set_step(0, 0.0, 7200.0);
  block.attempt();
  block.sum();
  std::vector<double> y(block.size());
  std::vector<double> seen(block.n_observed());
  for (const bool end : {false, true}) {
    end ? block.state_new(0, y.data()) : block.state(0, y.data());
    block.set_rounds(1);
    block.set_theta(0, 0, end ? 1.0 : 0.0);
    block.observe();
    block.observed(0, 0, seen.data());
    const double mass = baseline::pigment_mass(column.tables, y.data());
    const auto& at = column.tables.layout;
    for (int pool = 0; pool < 3; ++pool) {
      double of_pool = 0.0;
      for (int i = 0; i < at.n_cells; ++i) {
        for (int k = 0; k < 6; ++k) {
          of_pool += column.tables.width[i] * y[static_cast<std::size_t>(at.free(i) + 6 * pool + k)];
        }
      }
      EXPECT_NEAR(seen[static_cast<std::size_t>(pool)], of_pool, 1e-14 * mass) << "pool " << pool;
    }
    double of_classes = 0.0;
    double of_layers = 0.0;
    for (std::size_t k = 0; k < 6; ++k) of_classes += seen[3 + k];
    for (std::size_t l = 0; l < column.skin.layers.size(); ++l) of_layers += seen[9 + l];
    EXPECT_NEAR(of_classes / mass, 1.0, 1e-14);
    EXPECT_NEAR(of_layers / mass, 1.0, 1e-14);
    EXPECT_NEAR(seen.back(), baseline::peak_load(column.tables, y.data()), 1e-14);
  }
}

TEST(LaneBlock, KeepsANumberThatIsNoneInItsLane) {
  const KernelFloatEnvironment environment;
  const LaneColumn column(smp());
  std::vector<double> ends[2];
  for (const bool poisoned : {false, true}) {
    LaneBlock block(column.shape());
    for (int lane = 0; lane < 2; ++lane) {
      column.load(block, lane);
      block.set_step(lane, 0.0, 3600.0);
    }
    std::vector<double> y = column.y;
    if (poisoned) y[static_cast<std::size_t>(column.tables.layout.free(30))] = std::nan("");
    block.set_state(1, y.data());
    block.attempt();
    EXPECT_EQ(std::isnan(block.attempted(1).error), poisoned);
    ends[poisoned].resize(block.size());
    block.state_new(0, ends[poisoned].data());
    ends[poisoned].push_back(block.attempted(0).error);
  }
  EXPECT_EQ(ends[0], ends[1]);
}

TEST(LaneBlock, KeepsTheStateOfALaneWhoseStepIsRefused) {
  const KernelFloatEnvironment environment;
  const LaneColumn column(smp());
  LaneBlock block(column.shape());
  for (int lane = 0; lane < 2; ++lane) {
    column.load(block, lane);
    block.set_step(lane, 0.0, 3600.0);
  }
  block.attempt();
  std::vector<bool> accepted(static_cast<std::size_t>(block.width()), false);
  accepted[1] = true;
  block.accept(accepted);
  std::vector<double> y(block.size());
  block.state(0, y.data());
  EXPECT_TRUE(same(y, column.y));
  block.state(1, y.data());
  EXPECT_FALSE(same(y, column.y));
}

TEST(LaneBlock, HasOrderThreeInTimeOnTheColumn) {
  // The second week of a fresh dot: wound, inflammation, load and binding all move. Errors against steps of 1/128 day.
  const KernelFloatEnvironment environment;
  const LaneColumn column(smp());
  const auto end_of_week = [&](const std::vector<double>& start, int steps, double days) {
    LaneBlock block(column.shape());
    column.load(block, 0);
    block.set_state(0, start.data());
    for (int i = 0; i < steps; ++i) {
      block.set_step(0, 7.0 * day + i * (days * day / steps), days * day / steps);
      block.attempt();
      block.accept(std::vector<bool>(static_cast<std::size_t>(block.width()), true));
    }
    std::vector<double> y(block.size());
    block.state(0, y.data());
    return y;
  };
  LaneBlock block(column.shape());
  column.load(block, 0);
  for (double t = 0.0, h = 50.0; t < 7.0 * day; t += h) {
    h = std::min(std::min(1.05 * h, 1800.0), 7.0 * day - t);
    block.set_step(0, t, h);
    block.attempt();
    block.accept(std::vector<bool>(static_cast<std::size_t>(block.width()), true));
  }
  std::vector<double> start(block.size());
  block.state(0, start.data());
  const double exact = baseline::pigment_mass(column.tables, end_of_week(start, 1024, 8.0).data());
  double last = 0.0;
  for (const int steps : {16, 32, 64}) {
    const double mass = baseline::pigment_mass(column.tables, end_of_week(start, steps, 8.0).data());
    const double error = std::abs(mass - exact);
    if (last > 0.0) {
      const double order = std::log2(last / error);
      std::printf("  %d steps: error %.2e of the mass, order %.2f\n", steps, error / exact, order);
      EXPECT_GT(order, 2.7) << steps;  // hops by density and crowding are left out of the matrix: not quite 3
    }
    last = error;
  }
}

TEST(InstructionSets, StartWithTheOneThatEveryProcessorHas) {
  EXPECT_EQ(lanes::instruction_sets().front(), InstructionSet::narrow);
  EXPECT_EQ(lanes::kernels(InstructionSet::narrow).width, 2);
}

TEST(InstructionSets, OneThatIsNotHereIsRefusedByName) {
  ASSERT_EQ(setenv("INKFADE_INSTRUCTION_SET", "mmx", 1), 0);
  EXPECT_THROW(static_cast<void>(lanes::best_instruction_set()), ParameterError);
  ASSERT_EQ(setenv("INKFADE_INSTRUCTION_SET", "narrow", 1), 0);
  EXPECT_EQ(lanes::best_instruction_set(), InstructionSet::narrow);
  ASSERT_EQ(unsetenv("INKFADE_INSTRUCTION_SET"), 0);
  EXPECT_EQ(lanes::best_instruction_set(), lanes::instruction_sets().back());
}

}  // namespace
}  // namespace inkfade::test
