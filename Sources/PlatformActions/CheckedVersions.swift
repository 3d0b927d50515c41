// Which versions were compared with their tables by this process.
import AdobePlatform
import Synchronization

/// Remembers comparisons that came out well, so that six questions compare once.
final class CheckedVersions: Sendable {
  private let versions = Mutex<Set<DataSetVersion>>([])

  /// Compares a version unless it was compared before; one that failed is compared again.
  ///
  /// Of several questions at once the first compares, and the others wait for it.
  func once(_ version: DataSetVersion, _ compare: () throws -> Void) throws {
    try versions.withLock { versions in
      if versions.contains(version) { return }
      try compare()
      versions.insert(version)
    }
  }
}
