# The libraries that bring no CMake package to rely on, found in the same way by the build and by the installed package.
# Sets inkfade_missing to the names of those that are not there.
set(inkfade_missing "")

find_package(PkgConfig QUIET)
if(PKG_CONFIG_FOUND)
  # hdf5-serial: plain hdf5 may be the MPI flavour.
  pkg_check_modules(inkfade_hdf5 QUIET IMPORTED_TARGET hdf5-serial)
endif()
if(NOT TARGET PkgConfig::inkfade_hdf5)
  list(APPEND inkfade_missing "HDF5 (pkg-config hdf5-serial)")
endif()

find_library(INKFADE_UDUNITS2_LIBRARY udunits2)
find_path(INKFADE_UDUNITS2_INCLUDE_DIR udunits2.h PATH_SUFFIXES udunits2)
mark_as_advanced(INKFADE_UDUNITS2_LIBRARY INKFADE_UDUNITS2_INCLUDE_DIR)
if(NOT INKFADE_UDUNITS2_LIBRARY OR NOT INKFADE_UDUNITS2_INCLUDE_DIR)
  list(APPEND inkfade_missing "UDUNITS-2")
elseif(NOT TARGET udunits2::udunits2)
  add_library(udunits2::udunits2 INTERFACE IMPORTED GLOBAL)
  target_link_libraries(udunits2::udunits2 INTERFACE ${INKFADE_UDUNITS2_LIBRARY})
  target_include_directories(udunits2::udunits2 SYSTEM INTERFACE ${INKFADE_UDUNITS2_INCLUDE_DIR})
endif()
