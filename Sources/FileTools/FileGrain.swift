// How fine the times of files are, and where they prove nothing. It reads no file.
import CSystem
import Synchronization

/// What file times are worth.
package enum FileGrain {
  /// Two ticks of the clock that the kernel stamps files with, ns.
  private static let ticks = 2 * cs_file_clock_tick()

  /// How long after a time another change may leave the same time, ns.
  ///
  /// A time tells the grain of its file system itself: whole seconds come from FAT (2 s), ext4 with
  /// small inodes, HFS+ and old servers, whole hundredths from exFAT. On a fine file system such a
  /// time is rare and costs one wait.
  package static func slack(_ time: Int64) -> Int64 {
    if time % 1_000_000_000 == 0 { return 2_000_000_000 + ticks }
    if time % 10_000_000 == 0 { return 20_000_000 + ticks }
    return ticks
  }

  /// Whether unchanged times on the path's file system prove unchanged bytes.
  ///
  /// They do not where attributes may be those of a while ago (file systems of a network or in user
  /// space), nor in memory, where writing through a mapping moves no time.
  package static func timesProve(_ path: String, device: UInt64) -> Bool {
    if let known = devices.withLock({ $0[device] }) { return known }
    let proves = cs_times_prove(path) == 1
    devices.withLock { $0[device] = proves }
    return proves
  }

  /// By device number; a file system keeps its kind as long as it is mounted.
  private static let devices = Mutex<[UInt64: Bool]>([:])
}
