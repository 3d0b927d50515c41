// What users of other runners complain about, a test a complaint; Conformance.md is the list.
import EndToEndHarness
import Testing

/// The suites of `make conformance`; each file beside this one adds some.
@Suite(.programs) enum ConformanceTests {}
