// The variables of a step's process: the same on every machine, and part of each key.
import Content

/// The fixed environment of every worker.
package enum WorkerEnvironment {
  /// What every step is given; `nil` for its scratch folder.
  private static let fixed: [String: String?] = [
    "PATH": "/usr/bin:/bin", "TZ": "UTC", "LC_ALL": "C.UTF-8",
    "HOME": nil, "TMPDIR": nil,
    // XGBoost's threads would spin while they wait; steps run side by side instead.
    "GOMP_SPINCOUNT": "0", "OMP_NUM_THREADS": "1", "OMP_THREAD_LIMIT": "1",
    "SWIFT_BACKTRACE": "enable=no",
  ]

  /// The variables as they stand in a key.
  package static let part = SharedPart(fixed.mapValues { $0 ?? "scratch" })

  /// `passed` are variables of the user's surroundings; a proxy or an index of packages, whose address may
  /// hold a password, is told only to a step that uses the network.
  package static func make(
    directory: String, passed: [String: String], usesNetwork: Bool
  ) -> [String: String] {
    let told = passed.filter { name, _ in
      usesNetwork || !(name.lowercased().hasSuffix("_proxy") || name.hasPrefix("UV_"))
    }
    return told.merging(fixed.mapValues { $0 ?? "\(directory)/scratch" }) { _, fixed in fixed }
  }
}
