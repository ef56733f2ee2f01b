#pragma once
// Internal to storage/: fixed texts of the netCDF-4 and HDF5 dimension scale conventions.

namespace inkfade::storage::netcdf {

inline constexpr const char* scale_class = "DIMENSION_SCALE";
/// Start of the NAME of a dimension that has no values of its own; its length follows, ten characters wide.
inline constexpr const char* bare_dimension = "This is a netCDF dimension but not a netCDF variable.";
/// Says that the file keeps netCDF-4's rules; 1 counts this layout, not the program version.
inline constexpr const char* nc_properties = "version=2,inkfade=1";

}  // namespace inkfade::storage::netcdf
