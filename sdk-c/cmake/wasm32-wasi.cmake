# A toolchain file for components: cmake -DCMAKE_TOOLCHAIN_FILE=…/wasm32-wasi.cmake
#
# It takes zig, from the variable or environment variable ZIG: a command such as `zig`, or `python;-m;ziglang`. For clang
# with wasi-libc, use the toolchain file that comes with the WASI SDK instead.
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR wasm32)

if(NOT ZIG)
  set(ZIG $ENV{ZIG})
endif()
if(NOT ZIG)
  set(ZIG zig)
endif()
# The compiler is tried in a project of its own, which must know it too.
set(CMAKE_TRY_COMPILE_PLATFORM_VARIABLES ZIG)
set(CMAKE_C_COMPILER ${ZIG} cc)
set(CMAKE_CXX_COMPILER ${ZIG} c++)
set(CMAKE_C_COMPILER_TARGET wasm32-wasi)
set(CMAKE_CXX_COMPILER_TARGET wasm32-wasi)
# The platform Generic would reset CMAKE_EXECUTABLE_SUFFIX, but not that of a language.
set(CMAKE_EXECUTABLE_SUFFIX_C .wasm)
set(CMAKE_EXECUTABLE_SUFFIX_CXX .wasm)
