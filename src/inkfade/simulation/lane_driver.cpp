#include "inkfade/simulation/lane_driver.hpp"

#include <algorithm>
#include <ranges>
#include <utility>

#include "inkfade/base/float_environment.hpp"

namespace inkfade::simulation {

namespace {

constexpr std::size_t most_waiting = 16;  // runs that a thread holds back, of other shapes than the one it steps

}  // namespace

LaneDriver::LaneDriver(const Options& options, int most_lanes, lanes::InstructionSet set, lanes::Numbers numbers,
                       std::size_t most_bytes)
    : options_(options), most_lanes_(std::max(most_lanes, 1)), set_(set), numbers_(numbers), most_bytes_(most_bytes) {}

void LaneDriver::work(const Source& source, const Sink& sink) {
  for (;;) {
    while (at_work_ == nullptr || !fill(*at_work_, source, sink)) {
      if (n_waiting_ == 0) bring_in(source);
      Place* next = elsewhere();
      if (next == nullptr) return;
      if (next == at_work_) break;  // nothing is left to fill its lanes with
      move_to(*next, sink);
    }
    at_work_->group->step(sink);
  }
}

bool LaneDriver::bring_in(const Source& source) {
  if (exhausted_) return false;
  if (at_work_ != nullptr) at_work_->group->pause();  // to make a run ready is not its neighbours' time
  std::optional<Job> job = source();
  if (at_work_ != nullptr) at_work_->group->resume();
  if (!job) {
    exhausted_ = true;
    return false;
  }
  const lanes::Shape shape = shape_of(*job->run);
  Place& place = places_[shape];
  place.shape = shape;
  place.waiting.push_back(std::move(*job));
  ++n_waiting_;
  return true;
}

bool LaneDriver::fill(Place& place, const Source& source, const Sink& sink) {
  for (;;) {
    load_waiting(place, sink);
    if (place.group->is_full()) return true;
    if (n_waiting_ >= most_waiting || !bring_in(source)) return false;
  }
}

void LaneDriver::load_waiting(Place& place, const Sink& sink) {
  while (!place.waiting.empty() && !place.group->is_full()) {
    Job job = std::move(place.waiting.back());
    place.waiting.pop_back();
    --n_waiting_;
    place.group->load(std::move(job), sink);
  }
}

LaneDriver::Place* LaneDriver::elsewhere() {
  if (n_waiting_ > 0) {
    const auto waiting = [](const auto& each) { return each.second.waiting.size(); };
    return &std::ranges::max_element(places_, {}, waiting)->second;
  }
  if (at_work_ != nullptr && at_work_->n_live() > 0) return at_work_;
  const auto live = std::ranges::find_if(places_, [](const auto& each) { return each.second.n_live() > 0; });
  return live == places_.end() ? nullptr : &live->second;
}

void LaneDriver::move_to(Place& place, const Sink& sink) {
  if (at_work_ != nullptr) at_work_->group->pause();
  at_work_ = nullptr;
  if (place.group) {
    place.group->resume();
  } else {
    place.group = std::make_unique<LaneGroup>(place.shape, options_, most_lanes_, set_, numbers_);
    make_way(place, sink);
  }
  at_work_ = &place;
}

void LaneDriver::make_way(const Place& stays, const Sink& sink) {
  while (bytes() > most_bytes_) {
    const auto others = [&](const Place& each) { return each.group && &each != &stays; };
    auto groups = places_ | std::views::values | std::views::filter(others);
    if (groups.empty()) return;
    // Lanes stay empty while a group is emptied: none of one that has no run, few of the fullest.
    const auto runs = [&](const Place& each) { return static_cast<std::size_t>(each.n_live()) + each.waiting.size(); };
    const auto idle = [&](const Place& each) {
      const auto most = static_cast<std::size_t>(most_lanes_);
      return runs(each) == 0 ? 0 : 1 + most - std::min(most, runs(each));
    };
    Place& leaving = *std::ranges::min_element(groups, {}, idle);
    leaving.group->resume();
    for (;;) {
      load_waiting(leaving, sink);
      if (leaving.n_live() == 0) break;
      leaving.group->step(sink);
    }
    leaving.group.reset();
  }
}

std::size_t LaneDriver::bytes() const {
  std::size_t sum = 0;
  for (const auto& [shape, place] : places_) sum += place.group ? place.group->bytes() : 0;
  return sum;
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
