#pragma once

#include <stdexcept>
#include <string>

namespace inkfade {

/// Base of every error that inkfade throws; the message names the thing, its value with unit, what is allowed and what
/// to do.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A parameter, scenario or option that is not allowed (Python: ValueError).
class ParameterError : public Error {
 public:
  using Error::Error;
};

/// A run that ended with a failure status where the caller asked for success (Python: RuntimeError).
class IntegrationError : public Error {
 public:
  using Error::Error;
};

/// A file that cannot be opened, read or written (Python: OSError).
class FileError : public Error {
 public:
  using Error::Error;
};

/// A file that is readable but is not what it should be (Python: ValueError).
class FormatError : public Error {
 public:
  using Error::Error;
};

/// A request that would need more memory than allowed (Python: MemoryError).
class LimitError : public Error {
 public:
  using Error::Error;
};

/// The caller asked to stop (Python: KeyboardInterrupt or inkfade.Cancelled).
class Cancelled : public Error {
 public:
  using Error::Error;
};

}  // namespace inkfade
