// What work costs, counted so that other processes of the machine do not count.
#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// CPU time of the calling thread.
package enum Cost {
  /// The seconds of CPU that this thread spends on some work.
  package static func seconds(_ work: () throws -> Void) rethrows -> Double {
    let begun = now()
    try work()
    return now() - begun
  }

  private static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
