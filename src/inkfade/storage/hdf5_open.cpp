#include "inkfade/storage/hdf5_open.hpp"

namespace inkfade::storage::hdf5 {
namespace {

// HDF5 asks these instead of malloc, memcpy and free: every "copy" of the image is the image itself.
extern "C" void* lend_image(size_t /*size*/, H5FD_file_image_op_t /*operation*/, void* image) { return image; }
extern "C" void* keep_image(void* destination, const void* /*source*/, size_t /*size*/,
                            H5FD_file_image_op_t /*operation*/, void* /*image*/) {
  return destination;
}
extern "C" void* refuse_growth(void* /*image*/, size_t /*size*/, H5FD_file_image_op_t /*operation*/, void* /*data*/) {
  return nullptr;
}
extern "C" herr_t return_image(void* /*image*/, H5FD_file_image_op_t /*operation*/, void* /*data*/) { return 0; }
extern "C" void* same_data(void* image) { return image; }
extern "C" herr_t drop_data(void* /*image*/) { return 0; }

}  // namespace

File open_image(std::span<const std::byte> image) {
  const Properties access(H5Pcreate(H5P_FILE_ACCESS), "creating a property list");
  check(H5Pset_fapl_core(access.id(), 64 * 1024, false), "asking for a file in memory");
  // The file is opened read-only, so nothing writes through this pointer.
  void* bytes = const_cast<std::byte*>(image.data());
  H5FD_file_image_callbacks_t callbacks{lend_image, keep_image, refuse_growth, return_image,
                                        same_data,  drop_data,  bytes};
  check(H5Pset_file_image_callbacks(access.id(), &callbacks), "lending the image");
  check(H5Pset_file_image(access.id(), bytes, image.size()), "lending the image");
  return {H5Fopen("inkfade-image.h5", H5F_ACC_RDONLY, access.id()),
          "the file is cut short, damaged or made by a newer HDF5"};
}

}  // namespace inkfade::storage::hdf5
