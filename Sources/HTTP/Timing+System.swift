// The machine's own clock and chance.
import CSystem

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

extension Timing {
  /// The machine's clock, real sleep, and the system's random numbers.
  package static let system = Timing(
    now: { UnixTime(seconds: cs_wall_clock() / 1_000_000_000) },
    elapsed: { Double(cs_monotonic()) / 1e9 },
    sleep: { seconds in usleep(UInt32(seconds * 1e6)) },
    random: { Double.random(in: 0..<1) })
}
