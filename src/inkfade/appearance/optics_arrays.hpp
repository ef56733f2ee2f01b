#pragma once

namespace inkfade::appearance {

/// Directions of light in the skin and its surfaces, as the kernels read them; owned by Streams.
struct StreamTables {
  int streams = 0;                       ///< n, in each hemisphere
  int moments = 0;                       ///< of the phase function that are kept; the next one is delta-M's share
  const double* per_cosine = nullptr;    ///< (n) 1/mu
  const double* scale = nullptr;         ///< (n) flux over scaled flux, (w mu)^(1/2)
  const double* moment = nullptr;        ///< (n, n, moments) (2k + 1) P_k(mu_i) P_k(mu_j) (w_i w_j/(mu_i mu_j))^(1/2)/2
  const double* above = nullptr;         ///< (n) Fresnel reflection of the surface, from inside
  const double* below = nullptr;         ///< (n) of the bottom
  const double* diffuse = nullptr;       ///< (n) share of light from all sides that falls into the stream
  double normal_reflection[2] = {0, 0};  ///< Fresnel reflection of surface and bottom, normal incidence
  double diffuse_reflection[2] = {0, 0};  ///< of surface and bottom, light from all sides, from inside
  double outer_reflection = 0.0;          ///< of the surface, light from all sides, from outside
};

/// One call of a kernel: layers over wavelengths, a stack, and where results go. Arrays of wavelengths are padded to
/// whole packs and aligned to them.
struct StackArrays {
  const StreamTables* streams = nullptr;
  int n_wavelengths = 0;  ///< padded: a multiple of 8
  int n_layers = 0;
  const double* thickness = nullptr;  ///< (n_layers), topmost first, finite [m]
  const int* doublings = nullptr;     ///< (n_layers)
  const double* mu_a = nullptr;       ///< (n_layers, n_wavelengths) [1/m]
  const double* mu_s = nullptr;       ///< (n_layers, n_wavelengths) [1/m]
  const double* g = nullptr;          ///< (n_layers, n_wavelengths) [1]
  double* stack = nullptr;            ///< as the kernel lays it out
  double* scratch = nullptr;
  double* reflectance[2] = {};    ///< (n_wavelengths): normal, without what the surface reflects; diffuse, with it
  double* transmittance[2] = {};  ///< (n_wavelengths): normal, diffuse
};

/// A solver, compiled for one instruction set.
struct SolverKernels {
  unsigned long (*stack_size)(int streams, int n_wavelengths);    ///< [doubles]
  unsigned long (*scratch_size)(int streams, int n_wavelengths);  ///< [doubles]
  void (*start)(const StackArrays&);                              ///< the half space below
  void (*add)(const StackArrays&);                                ///< all layers, the last one first
  void (*look)(const StackArrays&);                               ///< under the surface
};

/// What the optics compile for one instruction set.
struct OpticsKernels {
  int width;  ///< wavelengths in a pack
  SolverKernels adding_doubling;
  SolverKernels delta_eddington;
  /// tau[i] <- tau[i] P(tau[i] path / length): absorption of packed pigment (M22, M23). n is a multiple of 8.
  void (*pack)(double* mu, double path, int n);
};

}  // namespace inkfade::appearance
