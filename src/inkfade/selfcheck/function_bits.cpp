#include "inkfade/selfcheck/function_bits.hpp"

#include <bit>

#include "inkfade/base/float_environment.hpp"
#include "inkfade/base/math.kernel.hpp"

namespace inkfade::selfcheck {
namespace {

constexpr int samples = 20000;

/// Arguments in [low, high] from a linear congruential generator (Knuth's MMIX): the same doubles everywhere.
class Arguments {
 public:
  Arguments(double low, double high) : low_(low), width_(high - low) {}
  double next() {
    state_ = 6364136223846793005ULL * state_ + 1442695040888963407ULL;
    return low_ + width_ * (static_cast<double>(state_ >> 11U) * 0x1p-53);
  }

 private:
  double low_;
  double width_;
  std::uint64_t state_ = 1;
};

template <class Function>
std::uint64_t digest(double low, double high, double bias, Function&& function) {
  Arguments arguments(low, high);
  std::uint64_t hash = 14695981039346656037ULL;
  for (int i = 0; i < samples; ++i) {
    auto bits = std::bit_cast<std::uint64_t>(function((1.0 + bias) * arguments.next()));
    for (int byte = 0; byte < 8; ++byte, bits >>= 8U) hash = (hash ^ (bits & 0xffU)) * 1099511628211ULL;
  }
  return hash;
}

}  // namespace

std::vector<FunctionBits> function_bits(double bias) {
  using namespace INKFADE_ISA;
  const KernelFloatEnvironment environment;
  return {
      {"exp", digest(-700.0, 700.0, bias, [](double x) { return exp_(x); }), 0xf144b4a6badd1a6dULL},
      {"log", digest(1e-9, 1e9, bias, [](double x) { return log_(x); }), 0x35db1a2098261041ULL},
      {"pow", digest(1e-3, 1e3, bias, [](double x) { return pow_(x, 0.7); }), 0xf8db805999f9a72fULL},
      {"cbrt", digest(1e-9, 1e3, bias, [](double x) { return cbrt_(x); }), 0x3beeadca0ce92e32ULL},
      {"cos", digest(-50.0, 50.0, bias, [](double x) { return cos_turns(x); }), 0x9e7c298b45f99ea6ULL},
      {"sin", digest(-50.0, 50.0, bias, [](double x) { return sin_turns(x); }), 0x68531c46b4834ecaULL},
      {"normal_cdf", digest(-9.0, 9.0, bias, [](double x) { return normal_cdf(x); }), 0xbd9e227a9235f365ULL},
  };
}

}  // namespace inkfade::selfcheck
