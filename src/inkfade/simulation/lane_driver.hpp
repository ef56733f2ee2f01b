#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "inkfade/simulation/lane_group.hpp"

namespace inkfade::simulation {

/// Drives many runs through lanes, on the calling thread: a lane that is done takes the next run at once. Runs of
/// different shapes cannot share a block: each shape has its group, and where one runs out of runs to fill its lanes
/// it waits, with what its lanes hold, while another goes on. None of this changes a bit of any result.
class LaneDriver {
 public:
  using Source = std::function<std::optional<Job>()>;  ///< the next run; nothing when there are no more

  /// For blocks: 80 of 64 cells and 6 classes with four lanes, but at least one.
  static constexpr std::size_t usual_bytes = std::size_t{32} << 20;

  /// @param most_lanes, numbers as for LaneGroup @param most_bytes of all groups' blocks; where more shapes come,
  /// groups are emptied and given up
  LaneDriver(const Options& options, int most_lanes, lanes::InstructionSet set = lanes::best_instruction_set(),
             lanes::Numbers numbers = lanes::Numbers::plain, std::size_t most_bytes = usual_bytes);

  /// Runs all that the source has. What it or an observer throws ends the work and is passed on.
  void work(const Source& source, const Sink& sink);

  /// Of the blocks that it holds; after work(), too.
  [[nodiscard]] std::size_t bytes() const;

 private:
  /// Runs of one shape.
  struct Place {
    lanes::Shape shape;
    std::unique_ptr<LaneGroup> group;  ///< made when it is first needed
    std::vector<Job> waiting;
    [[nodiscard]] int n_live() const { return group ? group->n_live() : 0; }
  };

  /// Fills a group's lanes; runs of other shapes that the source has in between wait. @returns whether all are full
  bool fill(Place& place, const Source& source, const Sink& sink);
  /// Loads runs that wait for a group, as many as it has room for.
  void load_waiting(Place& place, const Sink& sink);
  /// Takes the next run from the source to those that wait. @returns false where there are no more
  bool bring_in(const Source& source);
  /// Where to go on when the group at work cannot be filled; null where all is done.
  [[nodiscard]] Place* elsewhere();
  /// Leaves the group at work for another one.
  void move_to(Place& place, const Sink& sink);
  /// Empties other groups and gives them up until all that are left keep to most_bytes_.
  void make_way(const Place& stays, const Sink& sink);

  Options options_;
  int most_lanes_;
  lanes::InstructionSet set_;
  lanes::Numbers numbers_;
  std::size_t most_bytes_;
  std::map<lanes::Shape, Place> places_;
  Place* at_work_ = nullptr;
  std::size_t n_waiting_ = 0;
  bool exhausted_ = false;
};

/// One prepared case, one lane live, on the calling thread. @param times saved times [s]
[[nodiscard]] Solution run_column(const ColumnCase& column, const std::vector<double>& times, const Options& options,
                                  bool until_touch_up);

}  // namespace inkfade::simulation
