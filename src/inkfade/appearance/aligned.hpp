#pragma once

#include <cstddef>
#include <new>
#include <vector>

namespace inkfade::appearance {

/// Memory that starts on a line of the cache, as the widest packs need it.
template <class T>
struct Aligned {
  using value_type = T;
  static constexpr std::align_val_t line{64};

  Aligned() = default;
  template <class U>
  explicit(false) Aligned(const Aligned<U>&) noexcept {}

  T* allocate(std::size_t n) { return static_cast<T*>(::operator new(n * sizeof(T), line)); }
  void deallocate(T* memory, std::size_t) noexcept { ::operator delete(memory, line); }
  friend bool operator==(const Aligned&, const Aligned&) { return true; }
};

using AlignedVector = std::vector<double, Aligned<double>>;

/// Rows of wavelengths are padded to whole packs of the widest instruction set.
constexpr std::size_t padded(std::size_t n_wavelengths) { return (n_wavelengths + 7) / 8 * 8; }

}  // namespace inkfade::appearance
