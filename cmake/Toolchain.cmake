# Compiler, linker and sanitizer settings that every target shares.
set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

option(MEXPORT_LIBFUZZER "Build the fuzz targets against libFuzzer (clang only)" OFF)
option(MEXPORT_COVERAGE "Instrument for coverage (clang only)" OFF)
option(MEXPORT_EMBEDDED "For a program of another language: the C ABI without shared libraries" OFF)
set(MEXPORT_SANITIZE "" CACHE STRING "Value for -fsanitize=")

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()

find_program(MOLD mold)
if(MOLD)
  add_link_options(-fuse-ld=mold)
endif()

if(CMAKE_BUILD_TYPE STREQUAL "Release")
  set(CMAKE_CXX_FLAGS_RELEASE "-O2 -g1 -DNDEBUG")
elseif(CMAKE_BUILD_TYPE STREQUAL "Debug")
  # Unoptimised code with sanitizers is too slow to load-test: keep the line numbers, drop the rest.
  set(CMAKE_CXX_FLAGS_DEBUG "-O1 -g1 -fno-omit-frame-pointer")
endif()

if(MEXPORT_EMBEDDED)
  set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")
  add_compile_definitions(FMT_HEADER_ONLY)  # Debian has no static fmt
endif()

if(MEXPORT_SANITIZE)
  add_compile_options(-fsanitize=${MEXPORT_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${MEXPORT_SANITIZE})
endif()
if(MEXPORT_LIBFUZZER)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
if(MEXPORT_COVERAGE)
  add_compile_options(-fprofile-instr-generate -fcoverage-mapping)
  add_link_options(-fprofile-instr-generate)
endif()

set(MEXPORT_WARNINGS -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror)
