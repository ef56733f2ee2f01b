#include "inkfade/simulation/lane_driver.hpp"

#include <algorithm>
#include <ranges>
#include <utility>

#include "inkfade/base/float_environment.hpp"

namespace inkfade::simulation {

namespace {

constexpr std::size_t most_waiting = 16;  // runs that a thread holds back, of other shapes than the one it steps
constexpr std::ptrdiff_t most_groups = 8;

}  // namespace

LaneDriver::LaneDriver(const Options& options, int most_lanes, lanes::InstructionSet set, lanes::Numbers numbers)
    : options_(options), most_lanes_(std::max(most_lanes, 1)), set_(set), numbers_(numbers) {}

void LaneDriver::work(const Source& source, const Sink& sink) {
  for (;;) {
    while (at_work_ == nullptr || !fill(*at_work_, source, sink)) {
      Place* next = elsewhere(source);
      if (next == nullptr) return;
      if (next == at_work_) break;  // nothing is left to fill its lanes with
      move_to(*next, sink);
    }
    at_work_->group->step(sink);
  }
}

LaneDriver::Place* LaneDriver::bring_in(const Source& source) {
  if (exhausted_) return nullptr;
  std::optional<Job> job = source();
  if (!job) {
    exhausted_ = true;
    return nullptr;
  }
  const lanes::Shape shape = shape_of(*job->run);
  Place& place = places_[shape];
  place.shape = shape;
  place.waiting.push_back(std::move(*job));
  ++n_waiting_;
  return &place;
}

bool LaneDriver::fill(Place& place, const Source& source, const Sink& sink) {
  while (!place.group->is_full()) {
    while (place.waiting.empty() && n_waiting_ < most_waiting) {
      if (bring_in(source) == nullptr) return false;
    }
    if (place.waiting.empty()) return false;
    Job job = std::move(place.waiting.back());
    place.waiting.pop_back();
    --n_waiting_;
    place.group->load(std::move(job), sink);
  }
  return true;
}

LaneDriver::Place* LaneDriver::elsewhere(const Source& source) {
  if (n_waiting_ == 0) {
    if (Place* place = bring_in(source)) return place;
    if (at_work_ != nullptr && at_work_->n_live() > 0) return at_work_;
    const auto live = std::ranges::find_if(places_, [](const auto& each) { return each.second.n_live() > 0; });
    return live == places_.end() ? nullptr : &live->second;
  }
  const auto waiting = [](const auto& each) { return each.second.waiting.size(); };
  return &std::ranges::max_element(places_, {}, waiting)->second;
}

void LaneDriver::move_to(Place& place, const Sink& sink) {
  if (at_work_ != nullptr) at_work_->group->pause();
  at_work_ = nullptr;
  if (place.group) {
    place.group->resume();
  } else {
    make_way(sink);
    place.group = std::make_unique<LaneGroup>(place.shape, options_, most_lanes_, set_, numbers_);
  }
  at_work_ = &place;
}

void LaneDriver::make_way(const Sink& sink) {
  auto groups = places_ | std::views::values | std::views::filter([](const Place& each) { return bool(each.group); });
  if (std::ranges::distance(groups) < most_groups) return;
  // The one that wastes the least while it empties its lanes: one with none to empty, else the fullest.
  const auto waste = [&](const Place& each) { return each.n_live() == 0 ? -1 : most_lanes_ - each.n_live(); };
  Place& leaving = *std::ranges::min_element(groups, {}, waste);
  leaving.group->resume();
  while (leaving.n_live() > 0) leaving.group->step(sink);
  leaving.group.reset();
}

Solution run_column(const ColumnCase& column, const std::vector<double>& times, const Options& options,
                    bool until_touch_up) {
  const KernelFloatEnvironment environment;
  Solution result;
  std::unique_ptr<ColumnRun> run =
      std::make_unique<ColumnRun>(std::make_unique<ColumnCase>(column), times, options, until_touch_up);
  const LaneDriver::Source source = [&]() -> std::optional<Job> {
    if (!run) return std::nullopt;
    return Job{0, std::exchange(run, nullptr)};
  };
  LaneDriver(options, 1).work(source, [&](std::size_t, Solution solution) { result = std::move(solution); });
  return result;
}

}  // namespace inkfade::simulation
