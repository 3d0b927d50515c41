# Sourced by scripts that build or start the tests: the one build of programs and tests.

# Whole modules without optimising: in less than half the CPU time of an optimised build and in less
# than a debug build, with the same results. A folder of its own, so that `make week5` and `make test`
# in turn build nothing again.
tests_folder=.build/tests/release
tests_build=(--scratch-path .build/tests -c release)
tests_flags=(-Xswiftc -Onone -Xswiftc -enable-testing -Xswiftc -gnone
  --explicit-target-dependency-import-check error)
