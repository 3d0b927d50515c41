// Removes what CloudFormation leaves alone: running apps, the file system, the bucket's content.
import AWS
import CloudFormation
import S3

extension StackDestruction {
  /// Seconds for which one thing may take to go.
  private static let limit = 1800.0

  /// Removes what runs in a Studio domain, its home folders and their security groups.
  func clear(_ studio: StudioRemains, say: (String) -> Void) throws(StackFailure) {
    let id = studio.domain
    for app in studio.apps where app.status != "Deleting" {
      try ask("SageMaker") { try services.studio.delete(app) }
    }
    if !studio.apps.isEmpty {
      try wait(for: "apps of \(id)") { try services.studio.apps(inDomain: id).isEmpty }
      say("removed \(Self.count(studio.apps.count, "Studio app"))")
    }
    for space in studio.spaces {
      try ask("SageMaker") { try services.studio.deleteSpace(space, inDomain: id) }
    }
    if !studio.spaces.isEmpty {
      try wait(for: "spaces of \(id)") { try services.studio.spaces(inDomain: id).isEmpty }
      say("removed \(Self.count(studio.spaces.count, "Studio space"))")
    }
    for profile in studio.profiles {
      try ask("SageMaker") { try services.studio.deleteUserProfile(profile, inDomain: id) }
    }
    if !studio.profiles.isEmpty {
      try wait(for: "user profiles of \(id)") {
        Set(try services.studio.userProfiles(inDomain: id)).isDisjoint(with: studio.profiles)
      }
      say("removed \(Self.count(studio.profiles.count, "user profile"))")
    }
    for system in studio.fileSystems { try remove(system, say: say) }
    try remove(studio.groups, say: say)
  }

  private func remove(
    _ system: (id: String, mountTargets: [String]), say: (String) -> Void
  ) throws(StackFailure) {
    for target in system.mountTargets {
      try ask("EFS") { try services.fileSystems.delete(mountTarget: target) }
    }
    try wait(for: "mount targets of \(system.id)") {
      try services.fileSystems.mountTargets(of: system.id).isEmpty
    }
    try ask("EFS") { try services.fileSystems.delete(fileSystem: system.id) }
    say(
      "removed file system \(system.id) and "
        + Self.count(system.mountTargets.count, "mount target"))
  }

  private func remove(
    _ groups: [SecurityGroup], say: (String) -> Void
  ) throws(StackFailure) {
    guard !groups.isEmpty else { return }
    // They name each other: all rules go before the first group.
    for group in groups {
      _ = try ask("EC2") { try services.securityGroups.revokeRules(of: group.id) }
    }
    for group in groups {
      // Network cards of what was removed just now hold on to it for a while.
      try wait(for: "security group \(group.id)") {
        do {
          try services.securityGroups.delete(group: group.id)
          return true
        } catch let fault as ServiceFault where fault.code == "DependencyViolation" {
          return false
        }
      }
    }
    say("removed \(Self.count(groups.count, "security group")) of the file system")
  }

  /// Removes every version of every object, and uploads that were never ended.
  package func empty(_ name: String, say: (String) -> Void) throws(StackFailure) {
    let (removed, failures) = try ask("S3") {
      let bucket = try services.bucket(name, nil)
      guard try bucket.bucketExists() else { return (0, [S3DeleteFailure]()) }
      for upload in try bucket.pendingUploads() { try bucket.abort(upload) }
      var removed = 0
      var failures: [S3DeleteFailure] = []
      // The first page anew each time, for what it named is gone; unless nothing of it went.
      var goesOn = true
      while goesOn {
        goesOn = false
        try S3Versions(of: bucket).list { page in
          guard !page.isEmpty else { return false }
          failures = try S3Versions(of: bucket).delete(page)
          removed += page.count - failures.count
          goesOn = failures.count < page.count
          return false
        }
      }
      return (removed, failures)
    }
    if let first = failures.first {
      throw .service(
        "S3",
        ServiceFault(
          status: 403, code: first.code,
          message: "\(Self.count(failures.count, "version")) of s3://\(name) cannot be removed, "
            + "the first is \(first.key): \(first.message)"))
    }
    say("removed \(Self.count(removed, "object version")) of s3://\(name)")
  }

  /// Looks again and again until something is gone.
  private func wait(
    for what: String, _ isGone: () throws -> Bool
  ) throws(StackFailure) {
    var patience = Patience(longest: 5)
    let end = services.timing.elapsed() + Self.limit
    while try !ask(what, isGone) {
      guard services.timing.elapsed() < end else {
        throw .service(
          what,
          ServiceFault(
            status: 408, code: "StillThere",
            message: "still there after \(Int(Self.limit / 60)) minutes; \(advice)"))
      }
      patience.nothingHappened()
      try services.pause(patience.seconds, advice: advice)
    }
  }

  /// `1 app`, `3 apps`.
  private static func count(_ number: Int, _ noun: String) -> String {
    "\(number) \(noun)\(number == 1 ? "" : "s")"
  }
}
