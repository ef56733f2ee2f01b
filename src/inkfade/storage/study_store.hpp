#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "inkfade/storage/dataset.hpp"

namespace inkfade::storage {

/// The store of a sweep while it grows: the folder `<study file>.d/` with `plan.json`, `LOCK` and
/// `shards/<first>-<last>.<first 16 digits of the SHA-256 of the file>.h5`. A shard that is there with the right
/// digest is the commit; what `commit` has acknowledged survives kill -9 and power loss. One process writes, any of its
/// threads may call. Move-only.
class StudyStore {
 public:
  /// Creates the store of `study_file`, or reopens it where it was begun with the same plan. Shards that do not match
  /// their digest are renamed to *.bad and named in `notes`.
  /// @param plan_json the canonical text of the plan, one key a line.
  /// @throws ParameterError that shows the first difference where the store holds another plan; FileError where
  /// another writer has it or the disk refuses; FormatError where it is not a store or two shards contradict.
  [[nodiscard]] static StudyStore open(const std::filesystem::path& study_file, const std::string& plan_json);

  StudyStore(StudyStore&&) noexcept;
  StudyStore& operator=(StudyStore&&) noexcept;
  ~StudyStore();

  /// Committed ranges [first, last) of points, ascending, none overlapping.
  [[nodiscard]] std::vector<std::pair<std::size_t, std::size_t>> done() const;

  /// What was found and set aside when the store was opened, in words; empty when all was well.
  [[nodiscard]] const std::vector<std::string>& notes() const;

  /// The folder of the store.
  [[nodiscard]] const std::filesystem::path& folder() const;

  /// Stores the results of points [first, last). When this returns they are safe. The same range with the same
  /// digest is done already; the same range with other results is kept beside the first and reported.
  /// @throws ParameterError on an empty or overlapping range, FileError where the disk refuses (nothing is lost that
  /// was committed), Error where the same points gave other results.
  void commit(std::size_t first, std::size_t last, const Dataset& dataset);

  /// The results of one committed range. @throws ParameterError where it was not committed, FormatError where the
  /// file has changed since.
  [[nodiscard]] Dataset shard(std::size_t first, std::size_t last) const;

  /// Removes the store once its study is finalized; files in it that are not the store's own are left. The store
  /// cannot be used afterwards.
  void remove();

 private:
  struct State;
  explicit StudyStore(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

}  // namespace inkfade::storage
