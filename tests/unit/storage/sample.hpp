#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "inkfade/storage/dataset.hpp"

namespace inkfade::storage::test {

/// A folder of its own for one test, removed afterwards.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "inkfade-storage-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) std::abort();
    path_ = pattern;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  [[nodiscard]] std::filesystem::path operator/(const std::string& name) const { return path_ / name; }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

inline std::vector<std::byte> bytes_of(const std::string& text) {
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

inline std::string contents(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline void put(const std::filesystem::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

inline std::size_t count_entries(const std::filesystem::path& folder) {
  return static_cast<std::size_t>(
      std::distance(std::filesystem::directory_iterator(folder), std::filesystem::directory_iterator()));
}

/// The message of the exception of type `Expected` that `action` throws; empty where it throws none.
template <class Expected, class Action>
std::string message_of(Action action) {
  try {
    action();
  } catch (const Expected& error) {
    return error.what();
  }
  return {};
}

/// Runs `action` in a child process and gives the status that waitpid reports.
template <class Action>
int in_child(Action action) {
  const pid_t child = ::fork();
  if (child == 0) {
    int code = 99;
    try {
      code = action();
    } catch (...) {
    }
    ::_exit(code);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return status;
}

/// A small dataset with every type, shape and attribute that a result file may hold; `n_times` makes it larger.
inline Dataset sample(std::size_t n_times = 5, double shift = 0.0) {
  Dataset dataset;
  dataset.dimensions = {{"depth", 2},  {"time", n_times}, {"pool", 2}, {"z", 3},
                        {"bounds", 2}, {"event", 0},      {"spare", 4}};
  std::vector<double> times(n_times);
  for (std::size_t i = 0; i < n_times; ++i) times[i] = static_cast<double>(i) * 0.5;
  std::vector<double> pigment(2 * n_times * 2 * 3);
  for (std::size_t i = 0; i < pigment.size(); ++i) pigment[i] = shift + std::sin(static_cast<double>(i));
  pigment[3] = std::numeric_limits<double>::quiet_NaN();
  dataset.variables = {
      {"depth", {"depth"}, std::vector<double>{200.0, 400.0}, {{"units", "um"}, {"parameter", "procedure.depth"}}},
      {"time", {"time"}, times, {{"units", "day"}}},
      {"pool", {"pool"}, std::vector<std::string>{"free", "µ-bound"}, {}},
      {"z", {"z"}, std::vector<double>{0.0, 10.0, 30.0}, {{"bounds", "z_bounds"}}},
      {"z_bounds", {"z", "bounds"}, std::vector<double>{0, 5, 5, 20, 20, 40}, {}},
      {"pigment", {"depth", "time", "pool", "z"}, pigment, {{"units", "mg cm-3"}, {"long_name", ""}}},
      {"event_time", {"event"}, std::vector<double>{}, {{"units", "day"}}},
      {"event_kind", {"event"}, std::vector<std::string>{}, {}},
      {"status",
       {"depth"},
       std::vector<std::int32_t>{0, -7},
       {{"flag_values", std::vector<std::int32_t>{0, -7}}, {"flag_meanings", "ok failed"}}},
      {"message", {"depth"}, std::vector<std::string>{"", std::string(5000, 'x')}, {}},
      {"touch_up_time", {}, std::vector<double>{3.9}, {{"units", "year"}}},
      {"wall_time", {}, std::vector<double>{0.012}, {{"units", "s"}}},
  };
  dataset.attributes = {{"title", "inkfade"},
                        {"seed", std::int64_t{1} << 40},
                        {"rtol", 1e-6},
                        {"weights", std::vector<double>{0.5, -0.0}},
                        {"none", std::vector<double>{}},
                        {"words", std::vector<std::string>{"a", "", "ß"}},
                        {"scenario", std::string(100'000, 's')},
                        {"date", "2027-03-14"},
                        {"host", "somewhere"},
                        {"wall_time_s", 1.5}};
  return dataset;
}

inline bool same_numbers(const std::vector<double>& a, const std::vector<double>& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (!(a[i] == b[i] && std::signbit(a[i]) == std::signbit(b[i])) && !(std::isnan(a[i]) && std::isnan(b[i])))
      return false;
  return true;
}

/// Equality of every part in order, with NaN equal to NaN.
inline bool same(const Dataset& a, const Dataset& b) {
  if (a.dimensions != b.dimensions || a.attributes != b.attributes || a.variables.size() != b.variables.size())
    return false;
  for (std::size_t i = 0; i < a.variables.size(); ++i) {
    const Variable& u = a.variables[i];
    const Variable& v = b.variables[i];
    if (u.name != v.name || u.dims != v.dims || u.attributes != v.attributes || u.data.index() != v.data.index())
      return false;
    const auto* numbers = std::get_if<std::vector<double>>(&u.data);
    if (numbers != nullptr ? !same_numbers(*numbers, std::get<std::vector<double>>(v.data)) : u.data != v.data)
      return false;
  }
  return true;
}

}  // namespace inkfade::storage::test
