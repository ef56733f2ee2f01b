#pragma once

#include <atomic>
#include <memory>

namespace inkfade {

/// A shared flag by which one thread asks runs on other threads to end soon (status `cancelled`). Copies share the
/// flag.
class StopToken {
 public:
  StopToken() : flag_(std::make_shared<std::atomic<bool>>(false)) {}
  void request_stop() const noexcept { flag_->store(true, std::memory_order_relaxed); }
  [[nodiscard]] bool stop_requested() const noexcept { return flag_->load(std::memory_order_relaxed); }

 private:
  std::shared_ptr<std::atomic<bool>> flag_;
};

}  // namespace inkfade
