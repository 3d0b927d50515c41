// A folder with all that a compiled document needs beside it.
import Compile
import Content
import Plans
import Project
import Terminal

/// A folder for a document, its plan and the requests of its jobs.
struct CompileFolder {
  let path: String

  /// Writes everything: `<name>`, `plan.json` and `requests/<digest>.json`; each file at once or not.
  func write(
    _ document: String, as name: String, _ plan: Plan, _ jobs: [CompiledJob], _ output: Console
  ) throws {
    try FileSystem.makeFolder("\(path)/requests")
    var files: [(name: String, text: String)] = [
      ("plan.json", try plan.document.canonicalText() + "\n")
    ]
    for job in jobs {
      files.append(
        ("requests/\(job.request.digest.hex).json", try job.request.document.canonicalText()))
    }
    files.append((name, document))
    for file in files {
      try FileSystem.replace("\(path)/\(file.name)", with: Array(file.text.utf8))
    }
    output.message(
      "\(path): \(name), plan.json, "
        + (jobs.count == 1 ? "1 request of a job" : "\(jobs.count) requests of jobs"))
  }
}
