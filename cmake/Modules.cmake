# One folder = one library = one namespace. These functions are all that the folders' lists use.

# Names of tests begin with the build folder's, since ./test runs those of several presets in one go.
get_filename_component(MEXPORT_TEST_PREFIX "${CMAKE_BINARY_DIR}" NAME)

# mexport_library(NAME SOURCES … DEPS …): the static library mexport_NAME of src/NAME.
function(mexport_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS" ${ARGN})
  add_library(mexport_${name} STATIC ${ARG_SOURCES})
  add_library(mexport::${name} ALIAS mexport_${name})
  target_include_directories(mexport_${name} PUBLIC ${PROJECT_SOURCE_DIR}/src)
  target_compile_options(mexport_${name} PRIVATE ${MEXPORT_WARNINGS})
  target_link_libraries(mexport_${name} PUBLIC ${ARG_DEPS})
endfunction()

# mexport_test(NAME SOURCES … DEPS … [LABELS …]): a GoogleTest program; each test case is one ctest test.
function(mexport_test name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS;LABELS" ${ARGN})
  find_package(GTest REQUIRED)
  include(GoogleTest)
  add_executable(${name} ${ARG_SOURCES})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_compile_options(${name} PRIVATE ${MEXPORT_WARNINGS})
  # Relative, so that ccache serves another clone: tests run from the root of the sources.
  target_compile_definitions(${name} PRIVATE MEXPORT_VECTORS="tests/vectors")
  target_link_libraries(${name} PRIVATE ${ARG_DEPS} GTest::gtest GTest::gmock GTest::gtest_main)
  if(NOT ARG_LABELS)
    set(ARG_LABELS unit)
  endif()
  gtest_discover_tests(${name} TEST_PREFIX "${MEXPORT_TEST_PREFIX}.${name}." DISCOVERY_TIMEOUT 60
                       WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
                       PROPERTIES LABELS "${ARG_LABELS}" TIMEOUT 120)
endfunction()

# mexport_fuzz(NAME SOURCES … DEPS …): a decoder's fuzz target with its corpus in tests/fuzz/corpus/NAME.
# With libFuzzer it explores; the plain builds replay the corpus. The thread sanitizer has nothing to find there.
function(mexport_fuzz name)
  if(MEXPORT_SANITIZE AND NOT MEXPORT_LIBFUZZER)
    return()
  endif()
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS" ${ARGN})
  set(corpus ${PROJECT_SOURCE_DIR}/tests/fuzz/corpus/${name})
  add_executable(fuzz_${name} ${ARG_SOURCES})
  if(NOT TARGET fuzzers)
    add_custom_target(fuzzers)
  endif()
  add_dependencies(fuzzers fuzz_${name})
  target_include_directories(fuzz_${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_compile_options(fuzz_${name} PRIVATE ${MEXPORT_WARNINGS})
  target_link_libraries(fuzz_${name} PRIVATE ${ARG_DEPS})
  if(MEXPORT_LIBFUZZER)
    target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
    set(scratch ${CMAKE_CURRENT_BINARY_DIR}/found/${name})
    file(MAKE_DIRECTORY ${scratch})
    set(smoke ${MEXPORT_TEST_PREFIX}.fuzz.${name})
    set(long ${MEXPORT_TEST_PREFIX}.fuzz-long.${name})
    set(limits -timeout=10 -rss_limit_mb=1024)
    # A fixed seed and number of runs: the short run finds the same each time, new findings are the long run's.
    add_test(NAME ${smoke} COMMAND fuzz_${name} ${limits} -seed=1 -runs=20000 -max_total_time=10 -max_len=65536
                                   ${scratch} ${corpus})
    add_test(NAME ${long} COMMAND fuzz_${name} ${limits} -max_total_time=600 -max_len=1048576 ${scratch} ${corpus})
    set_tests_properties(${smoke} PROPERTIES LABELS fuzz-smoke TIMEOUT 120)
    set_tests_properties(${long} PROPERTIES LABELS "fuzz;long" TIMEOUT 900)
  else()
    set(replay ${MEXPORT_TEST_PREFIX}.fuzz-corpus.${name})
    target_sources(fuzz_${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests/fuzz/replay_main.cpp)
    add_test(NAME ${replay} COMMAND fuzz_${name} ${corpus})
    set_tests_properties(${replay} PROPERTIES LABELS fuzz-smoke TIMEOUT 120)
  endif()
endfunction()
