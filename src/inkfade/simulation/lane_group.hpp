#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "inkfade/integration/step_control.hpp"
#include "inkfade/lanes/lane_block.hpp"
#include "inkfade/simulation/column_run.hpp"

namespace inkfade::simulation {

/// A run and its place among the results.
struct Job {
  std::size_t index = 0;
  std::unique_ptr<ColumnRun> run;
};
using Sink = std::function<void(std::size_t index, Solution)>;  ///< takes a result

/// What columns must have in common with the run's to step with it.
[[nodiscard]] lanes::Shape shape_of(const ColumnRun& run);

/// Runs of one shape side by side in a block of lanes, on the calling thread: each lane steps by its own error. Which
/// runs share a block changes no bit of their results.
class LaneGroup {
 public:
  /// @param most_lanes at most so many lanes are filled @param numbers with slopes where every run carries a RunSlope
  LaneGroup(const lanes::Shape& shape, const Options& options, int most_lanes, lanes::InstructionSet set,
            lanes::Numbers numbers);

  /// Lanes that hold a run.
  [[nodiscard]] int n_live() const { return n_live_; }
  [[nodiscard]] bool is_full() const { return n_live_ >= most_lanes_; }

  /// Puts a run into a free lane; it may be over at once. Preconditions: not full; the run has the group's shape
  void load(Job job, const Sink& sink);
  /// One attempt in every live lane. What an observer throws is passed on.
  void step(const Sink& sink);

  /// Bytes of its block.
  [[nodiscard]] std::size_t bytes() const { return block_.bytes(); }

  /// Between these no lane steps, and the time does not count as the runs'.
  void pause() { paused_ = Clock::now(); }
  void resume();

 private:
  using Clock = std::chrono::steady_clock;
  /// A lane and the run it holds.
  struct Lane {
    std::optional<Job> job;
    integration::StepController controller = integration::StepController(3.0);  // the error falls as h^3
    double t = 0.0;
    double h = 0.0;                                ///< to try next
    double stop = 0.0;                             ///< end of the leg
    double tried = 0.0;                            ///< what is tried now
    bool last = false;                             ///< that ends the leg
    int failures = 0;                              ///< in a row
    Status trouble = Status::error_test_failures;  ///< what the last one was for
    std::optional<std::size_t> culprit;
    std::span<const double> pending;  ///< saved times in the step just accepted
    Statistics statistics;
    Clock::time_point begin;
  };
  class View;

  /// Readies a lane for its run's next leg, or ends the run.
  void next_leg(int lane, const Sink& sink);
  void finish(int lane, const Sink& sink);
  /// Sets the step that a lane tries. @returns a status other than ok where the run has to end
  Status prepare(int lane);
  /// Was the last attempt good? Counts it, and sets the next step.
  bool judge(int lane);
  /// Lanes whose accepted step holds saved times or a fall are observed together.
  void observe_inside();
  void set_theta(int lane, std::size_t round);
  void leg_over(int lane, Status status, bool ended_by_observer, const Sink& sink);
  [[nodiscard]] double first_step(const ColumnRun& run) const;
  void blame(int lane);

  Options options_;
  lanes::LaneBlock block_;
  int most_lanes_;
  std::vector<Lane> lanes_;
  std::vector<bool> accepted_;      ///< by lane, of the last attempt
  std::vector<double> seen_;        ///< what was observed at the saved time that is being recorded
  std::vector<double> seen_slope_;  ///< its derivatives, where they are carried along
  int n_live_ = 0;
  std::optional<Clock::time_point> paused_;  ///< since when
};

}  // namespace inkfade::simulation
