#include <gmock/gmock.h>
#include <gtest/gtest.h>
#if __has_include(<hdf5/serial/hdf5.h>)
#include <hdf5/serial/hdf5.h>
#elif __has_include(<hdf5.h>)
#include <hdf5.h>
#endif

#include <functional>

#include "inkfade/base/errors.hpp"
#include "inkfade/storage/atomic_file.hpp"
#include "inkfade/storage/hdf5_image.hpp"
#include "sample.hpp"

#ifdef H5_VERS_MAJOR

namespace inkfade::storage {
namespace {

using ::testing::HasSubstr;

constexpr std::uint64_t size_limit = 1U << 30U;

hid_t line(hsize_t size) { return H5Screate_simple(1, &size, nullptr); }

/// Adds a dataset `name` of one axis to a result file; `properties` is consumed.
void add(hid_t file, const char* name, hid_t type, hsize_t size, hid_t properties = H5P_DEFAULT) {
  const hid_t space = line(size);
  H5Dclose(H5Dcreate2(file, name, type, space, H5P_DEFAULT, properties, H5P_DEFAULT));
  H5Sclose(space);
  if (properties != H5P_DEFAULT) H5Pclose(properties);
}

/// Changes the value of a scalar attribute.
template <class Value>
void overwrite(hid_t file, const char* object_name, const char* name, hid_t type, Value value) {
  const hid_t object = H5Oopen(file, object_name, H5P_DEFAULT);
  const hid_t attribute = H5Aopen(object, name, H5P_DEFAULT);
  H5Awrite(attribute, type, &value);
  H5Aclose(attribute);
  H5Oclose(object);
}

hid_t creation() { return H5Pcreate(H5P_DATASET_CREATE); }

hid_t chunked_with_filter(H5Z_filter_t filter) {
  const hid_t properties = creation();
  const hsize_t chunk = 64;
  const unsigned values[2] = {4, 4};
  H5Pset_chunk(properties, 1, &chunk);
  if (filter == H5Z_FILTER_SCALEOFFSET)
    H5Pset_scaleoffset(properties, H5Z_SO_INT, 0);
  else
    H5Pset_filter(properties, filter, H5Z_FLAG_OPTIONAL, 2, values);
  return properties;
}

hid_t external() {
  const hid_t properties = creation();
  H5Pset_external(properties, "/etc/passwd", 0, 64);
  return properties;
}

hid_t virtual_over(const char* other) {
  const hid_t properties = creation();
  const hid_t space = line(8);
  H5Pset_virtual(properties, space, other, "x", space);
  H5Sclose(space);
  return properties;
}

struct Attack {
  std::string says;
  std::function<void(hid_t)> change;
};

const std::vector<Attack>& attacks() {
  static const std::vector<Attack> list{
      {"'g' is a group", [](hid_t f) { H5Gclose(H5Gcreate2(f, "g", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT)); }},
      {"'t' is a group or a named type",
       [](hid_t f) {
         const hid_t type = H5Tcopy(H5T_STD_I32LE);
         H5Tcommit2(f, "t", type, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
         H5Tclose(type);
       }},
      {"soft or external link", [](hid_t f) { H5Lcreate_soft("/time", f, "l", H5P_DEFAULT, H5P_DEFAULT); }},
      {"soft or external link",
       [](hid_t f) { H5Lcreate_external("other.h5", "/x", f, "l", H5P_DEFAULT, H5P_DEFAULT); }},
      {"linked under two names", [](hid_t f) { H5Lcreate_hard(f, "/pigment", f, "l", H5P_DEFAULT, H5P_DEFAULT); }},
      {"keeps its values in another file", [](hid_t f) { add(f, "x", H5T_STD_I8LE, 64, external()); }},
      {"is a virtual dataset", [](hid_t f) { add(f, "x", H5T_STD_I32LE, 8, virtual_over("other.h5")); }},
      {"uses filter number 6",
       [](hid_t f) { add(f, "x", H5T_STD_I32LE, 64, chunked_with_filter(H5Z_FILTER_SCALEOFFSET)); }},
      {"uses filter number 32015", [](hid_t f) { add(f, "x", H5T_STD_I32LE, 64, chunked_with_filter(32015)); }},
      {"declares more than 4 GiB", [](hid_t f) { add(f, "x", H5T_IEEE_F64LE, hsize_t{1} << 40U); }},
      {"declares more than 4 GiB", [](hid_t f) { add(f, "x", H5T_IEEE_F64LE, hsize_t{1} << 60U); }},
      {"made to deceive", [](hid_t f) { add(f, "x", H5T_IEEE_F64LE, hsize_t{1} << 28U); }},
      {"has 1 axes but names 0 dimensions", [](hid_t f) { add(f, "x", H5T_IEEE_F64LE, 3); }},
      {"_FillValue must be NaN",
       [](hid_t f) { overwrite<double>(f, "pigment", "_FillValue", H5T_NATIVE_DOUBLE, 1.0); }},
      {"two dimensions have the same number",
       [](hid_t f) { overwrite<int>(f, "time", "_Netcdf4Dimid", H5T_NATIVE_INT, 0); }},
      {"attribute 'odd': its type is not one",
       [](hid_t f) {
         const hid_t space = H5Screate(H5S_SCALAR);
         H5Aclose(H5Acreate2(f, "odd", H5T_IEEE_F32LE, space, H5P_DEFAULT, H5P_DEFAULT));
         H5Sclose(space);
       }},
  };
  return list;
}

TEST(HostileFiles, AreRefusedInWords) {
  const test::TemporaryFolder folder;
  for (const Attack& attack : attacks()) {
    const auto path = folder / "hostile.h5";
    write_atomically(path, to_image(test::sample()), Overwrite::yes);
    const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
    ASSERT_GE(file, 0);
    attack.change(file);
    H5Fclose(file);
    EXPECT_THAT(test::message_of<FormatError>([&] { static_cast<void>(from_image(read_file(path, size_limit))); }),
                HasSubstr(attack.says));
  }
}

TEST(HostileFiles, WithTypesThatAreNotOursAreRefused) {
  const test::TemporaryFolder folder;
  const hid_t fixed = H5Tcopy(H5T_C_S1);
  H5Tset_size(fixed, 8);
  const hid_t array_type = [] {
    const hsize_t extent = 3;
    return H5Tarray_create2(H5T_IEEE_F64LE, 1, &extent);
  }();
  for (const hid_t type :
       {H5T_IEEE_F32LE, H5T_IEEE_F64BE, H5T_STD_I64LE, H5T_STD_U32LE, H5T_STD_REF_OBJ, fixed, array_type}) {
    const auto path = folder / "hostile.h5";
    write_atomically(path, to_image(test::sample()), Overwrite::yes);
    const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
    const hid_t scalar = H5Screate(H5S_SCALAR);
    H5Dclose(H5Dcreate2(file, "x", type, scalar, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
    H5Sclose(scalar);
    H5Fclose(file);
    EXPECT_THAT(test::message_of<FormatError>([&] { static_cast<void>(from_image(read_file(path, size_limit))); }),
                HasSubstr("variable 'x': its type is not float64, int32 or variable-length UTF-8"));
  }
  H5Tclose(fixed);
  H5Tclose(array_type);
}

TEST(HostileFiles, LeaveNoIdentifierOpen) {
  const auto open_ids = [] { return H5Fget_obj_count(static_cast<hid_t>(H5F_OBJ_ALL), H5F_OBJ_ALL); };
  const test::TemporaryFolder folder;
  const auto before = open_ids();
  for (const Attack& attack : attacks()) {
    const auto path = folder / "hostile.h5";
    write_atomically(path, to_image(test::sample()), Overwrite::yes);
    const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
    attack.change(file);
    H5Fclose(file);
    test::message_of<FormatError>([&] { static_cast<void>(from_image(read_file(path, size_limit))); });
  }
  EXPECT_EQ(open_ids(), before);
}

}  // namespace
}  // namespace inkfade::storage

#endif
