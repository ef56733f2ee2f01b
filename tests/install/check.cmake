# Installs the library that the tests were built with, moves it, and builds and runs docs/examples/cpp against it with
# nothing but CMAKE_PREFIX_PATH: what a C++ user does. Nothing of the library is compiled again.
#   cmake -DBUILD=<build folder> -DSOURCE=<source folder> -DREFERENCE=<program> -DCXX=<compiler> -DCONFIG=<build type> -P ...
cmake_minimum_required(VERSION 3.25)

set(work ${BUILD}/install-check)
set(prefix ${work}/moved)
set(example ${SOURCE}/docs/examples/cpp)
file(REMOVE_RECURSE ${work})
file(MAKE_DIRECTORY ${work})

# run(<exit status> <command>...): sets `out` to all that the command printed.
function(run expected)
  execute_process(COMMAND ${ARGN} WORKING_DIRECTORY ${work} RESULT_VARIABLE status OUTPUT_VARIABLE text ERROR_VARIABLE text)
  if(NOT status STREQUAL expected)
    list(JOIN ARGN " " command)
    message(FATAL_ERROR "${command}\nended with ${status}, not ${expected}:\n${text}")
  endif()
  set(out "${text}" PARENT_SCOPE)
endfunction()

function(expect_in_output wanted)
  string(FIND "${out}" "${wanted}" at)
  if(at EQUAL -1)
    message(FATAL_ERROR "expected \"${wanted}\" in\n${out}")
  endif()
endfunction()

# ---- what is installed can be moved, and asks for no private library
run(0 ${CMAKE_COMMAND} --install ${BUILD} --prefix ${work}/first --component development)
file(RENAME ${work}/first ${prefix})
file(GLOB_RECURSE package_files ${prefix}/*.cmake)
foreach(file IN LISTS package_files)
  file(READ ${file} text)
  foreach(place IN ITEMS ${BUILD} ${SOURCE} ${work}/first)
    string(FIND "${text}" "${place}" at)
    if(NOT at EQUAL -1)
      message(FATAL_ERROR "${file} names ${place}: it cannot be moved")
    endif()
  endforeach()
endforeach()

file(GLOB_RECURSE headers RELATIVE ${prefix}/include ${prefix}/include/*.hpp)
list(LENGTH headers count)
if(count LESS 50)
  message(FATAL_ERROR "only ${count} headers are installed")
endif()
set(every "")
foreach(header IN LISTS headers)
  if(header MATCHES "inkfade/integration/(rosenbrock_w_stepper|odeint_rosenbrock4)\\.hpp")
    continue() # for and from Odeint: whoever uses them brings Boost (docs/cpp.md)
  endif()
  file(STRINGS ${prefix}/include/${header} private REGEX "# *include *[<\"](hdf5|H5|toml|udunits|converter|Eigen|boost|unsupported|commit)")
  if(private)
    message(FATAL_ERROR "${header} needs what a user may not have: ${private}")
  endif()
  string(APPEND every "#include \"${header}\"\n")
endforeach()
file(WRITE ${work}/every_header.cpp "${every}")
run(0 ${CXX} -std=c++20 -fsyntax-only -Wall -Wextra -Wconversion -Werror -I${prefix}/include every_header.cpp)

# ---- the example, as docs/cpp.md tells
run(0 ${CMAKE_COMMAND} -S ${example} -B ${work}/example -DCMAKE_PREFIX_PATH=${prefix} -DCMAKE_CXX_COMPILER=${CXX}
    -DCMAKE_BUILD_TYPE=${CONFIG} -DCMAKE_FIND_USE_PACKAGE_REGISTRY=OFF "-DCMAKE_CXX_FLAGS=-Wall -Wextra -Wconversion -Werror")
file(STRINGS ${work}/example/CMakeCache.txt found REGEX "^inkfade_DIR:PATH=${prefix}/")
if(NOT found)
  message(FATAL_ERROR "the example found another inkfade than that in ${prefix}")
endif()
run(0 ${CMAKE_COMMAND} --build ${work}/example)
set(program ${work}/example/fade)

run(0 ${program} ${example}/patient.toml fade.h5)
set(printed "${out}")
run(0 ${REFERENCE} ${example}/patient.toml fade.h5) # the same bits from the library in the build folder; says what is due
string(STRIP "${out}" wanted)
set(out "${printed}")
expect_in_output("${wanted}")
expect_in_output("status ok")
expect_in_output("wrote fade.h5")

# ---- errors: a status for programs, a message for people
run(64 ${program})
run(2 ${program} nowhere.toml fade.h5)
expect_in_output("a file cannot be used: nowhere.toml")
file(WRITE ${work}/shallow.toml "format = 1\npreset = \"scalp-smp\"\n[procedure]\ndepth = \"-450 um\"\n")
run(2 ${program} shallow.toml fade.h5)
expect_in_output("procedure.depth = -450 um: must be between")
expect_in_output("shallow.toml:4:")
file(WRITE ${work}/short.toml "format = 1\npreset = \"scalp-smp\"\n[numerics]\nmax_steps = 5\n")
run(1 ${program} short.toml fade.h5)
expect_in_output("the run failed")
run(2 ${program} ${example}/patient.toml nowhere/fade.h5)
expect_in_output("a file cannot be used")

# ---- another minor version before 1.0 is another interface
file(WRITE ${work}/later/CMakeLists.txt "cmake_minimum_required(VERSION 3.25)\nproject(later LANGUAGES CXX)\nfind_package(inkfade 0.999 CONFIG REQUIRED)\n")
run(1 ${CMAKE_COMMAND} -S ${work}/later -B ${work}/later/build -DCMAKE_PREFIX_PATH=${prefix} -DCMAKE_CXX_COMPILER=${CXX})
expect_in_output("compatible")
