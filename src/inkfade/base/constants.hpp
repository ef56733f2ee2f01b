#pragma once

namespace inkfade {

inline constexpr double day = 86400.0;           ///< [s]
inline constexpr double year = 365.25 * day;     ///< Julian year [s]
inline constexpr double micrometre = 1e-6;       ///< [m]
inline constexpr double pi = 3.141592653589793;  ///< [1]

}  // namespace inkfade
