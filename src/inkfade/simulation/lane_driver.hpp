#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
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

/// Drives many runs side by side through a block of lanes, on the calling thread: each lane steps by its own error, and
/// a lane that is done takes the next run at once. How runs share blocks changes no bit of their results.
class LaneDriver {
 public:
  using Source = std::function<std::optional<Job>()>;             ///< the next run; nothing when there are no more
  using Sink = std::function<void(std::size_t index, Solution)>;  ///< takes a result

  /// @param most_lanes at most so many lanes are filled @param numbers with slopes where every run carries a RunSlope
  LaneDriver(const Options& options, int most_lanes, lanes::InstructionSet set = lanes::best_instruction_set(),
             lanes::Numbers numbers = lanes::Numbers::plain);

  /// Runs all that the source has. What it or an observer throws ends the work and is passed on.
  void work(const Source& source, const Sink& sink);

 private:
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
    std::chrono::steady_clock::time_point begin;
  };
  class View;

  /// Brings in runs until every lane has one, those of another shape into waiting_. @returns whether any lane has one
  bool refill(const Source& source, const Sink& sink);
  std::optional<Job> waiting_job();
  void load(int lane, Job job, const Sink& sink);
  /// Readies a lane for its run's next leg, or ends the run.
  void next_leg(int lane, const Sink& sink);
  void finish(int lane, const Sink& sink);
  /// Sets the step that a lane tries. @returns a status other than ok where the run has to end
  Status prepare(int lane);
  /// Was the last attempt good? Counts it, and sets the next step.
  bool judge(int lane);
  /// Lanes whose accepted step holds saved times or a fall are observed together.
  void observe_inside(const std::vector<bool>& accepted);
  void set_theta(int lane, std::size_t round);
  void leg_over(int lane, Status status, bool ended_by_observer, const Sink& sink);
  [[nodiscard]] double first_step(const ColumnRun& run) const;
  void blame(int lane);

  Options options_;
  int most_lanes_;
  lanes::Numbers numbers_;
  lanes::InstructionSet set_;
  std::unique_ptr<lanes::LaneBlock> block_;
  std::vector<Lane> lanes_;
  std::vector<double> seen_;        ///< what was observed at the saved time that is being recorded
  std::vector<double> seen_slope_;  ///< its derivatives, where they are carried along
  std::map<lanes::Shape, std::vector<Job>> waiting_;
  std::size_t n_waiting_ = 0;
  bool exhausted_ = false;
};

/// One prepared case, one lane live, on the calling thread. @param times saved times [s]
[[nodiscard]] Solution run_column(const ColumnCase& column, const std::vector<double>& times, const Options& options,
                                  bool until_touch_up);

}  // namespace inkfade::simulation
