// What this process has compared with the platform: versions with their tables, and the tenant.
import AdobePlatform
import AtelierStep
import SchemaRegistry
import Synchronization

/// Remembers comparisons that came out well, so that six questions compare once.
final class CheckedVersions: Sendable {
  private let versions = Mutex<Set<DataSetVersion>>([])
  private let tenant = Mutex<String?>(nil)

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

  /// Throws unless the organisation's tenant is the workshop's: rows lie below its name.
  func check(tenant: String, _ registry: Registry) throws {
    let known = try self.tenant.withLock { known in
      if let known { return known }
      let found = try registry.tenant()
      known = found
      return found
    }
    guard known == tenant else {
      throw StepFailure(
        "[Atelier] tenant is '\(tenant)', and that of the organisation is '\(known)': its data sets take "
          + "rows below _\(known) only; nothing was sent, set Atelier.tenant=\(known)")
    }
  }
}
