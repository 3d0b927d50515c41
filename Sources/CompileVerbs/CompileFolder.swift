// A folder with a compiled document and all that has to be in the bucket before it runs.
import Compile
import Content
import FileTools
import Plans
import Project
import Terminal

/// A folder for a document, and for what goes below bucket and prefix: its plan and the requests of its
/// jobs.
struct CompileFolder {
  let path: String

  /// Writes `<name>`, `store/jobs/plans/<digest>.json` and `store/jobs/requests/<digest>.json`.
  ///
  /// Each file is written whole or not at all. Plans and requests of an earlier call are removed, as nothing
  /// names them any more.
  func write(
    _ document: String, as name: String, _ plan: Plan, _ jobs: [CompiledJob], _ output: Console
  ) throws {
    let (plans, requests) = ("\(path)/store/jobs/plans", "\(path)/store/jobs/requests")
    var files = ["\(plans)/\(plan.digest.hex).json": try plan.document.canonicalText()]
    for job in jobs {
      files["\(requests)/\(job.request.digest.hex).json"] =
        try job.request.document.canonicalText()
    }
    for folder in [plans, requests] { try FileSystem.makeFolder(folder) }
    for (file, text) in files.sorted(by: { $0.key < $1.key }) {
      try FileSystem.replace(file, with: Array(text.utf8))
    }
    try FileSystem.replace("\(path)/\(name)", with: Array(document.utf8))
    for folder in [plans, requests] {
      for old in try Disk.names(in: folder) ?? [] where Self.isDigest(old) {
        if files["\(folder)/\(old)"] == nil { try Disk.remove("\(folder)/\(old)") }
      }
    }
    output.message(
      "\(path): \(name); store, for the bucket: 1 plan, "
        + (jobs.count == 1 ? "1 request of a job" : "\(jobs.count) requests of jobs"))
  }

  /// Whether a file's name is one that this writes.
  private static func isDigest(_ name: String) -> Bool {
    name.utf8.count == 69 && name.hasSuffix(".json")
      && name.dropLast(5).allSatisfy { $0.isHexDigit && !$0.isUppercase }
  }
}
