// What has to be in the bucket before an execution starts: the plan, the requests of the jobs, and the
// bytes of sources that are files of this machine.
import Atelier
import Compile
import Content
import Execution
import LocalStores
import Planning
import Project
import S3
import Subprocess
import Terminal
import Workflows

/// Brings to the bucket what the jobs of a workflow read.
struct WorkflowUpload {
  let compilation: WorkflowCompilation
  let token: CancellationToken

  /// What was sent.
  struct Report {
    var documents = 0
    var sources = 0
  }

  /// Sends what is not there; each document lies under its digest, so what is there is the same.
  func run() throws -> Report {
    var report = Report()
    report.sources = try sendSources()
    let use = RemoteUse(cache: .rw, isRequired: true, isCancelled: { [token] in token.isCancelled })
    let client = try compilation.session.client(
      compilation.settings.bucket, compilation.session.awsSettings(), use)
    var documents: [String: String] = [:]
    for job in compilation.jobs {
      documents[job.request.key] = try job.request.document.canonicalText()
      if let key = job.request.document["planKey"]?.string {
        documents[key] = try compilation.plan.document.canonicalText()
      }
    }
    for (key, text) in documents.sorted(by: { $0.key < $1.key }) {
      let bytes = Array(text.utf8)
      // What lies under its digest may have been damaged.
      if try Self.bytes(of: key, client, limit: bytes.count) == bytes { continue }
      try client.put(bytes, key: key, contentType: "application/json")
      report.documents += 1
    }
    return report
  }

  /// The bytes of an object; nil where there is none, or another one that is longer.
  private static func bytes(
    of key: String, _ client: S3Client, limit: Int
  ) throws -> [UInt8]? {
    do {
      return try client.get(key, limit: limit).bytes
    } catch {
      // A `where` here ends the compiler of Swift 6.3.1 in an endless loop.
      switch error.kind {
      case .notFound, .tooLarge: return nil
      default: throw error
      }
    }
  }

  /// Sends the files of this machine that the plan begins with to the store in the bucket, where jobs
  /// find them by digest.
  private func sendSources() throws -> Int {
    let session = compilation.session
    let graph = try session.graph()
    let selection = try session.selection(graph)
    let environment = try session.environment(
      graph, selection, readOnly: false,
      use: RemoteUse(
        cache: .rw, isRequired: true, isAskedFor: true,
        isCancelled: { [token] in token.isCancelled }))
    defer { try? environment.store.close() }
    guard let shared = environment.shared else { return 0 }
    let resolver = Resolver(environment: environment)
    var count = 0
    for node in compilation.plan.nodes {
      guard case .source(let path) = node.node.kind, !path.hasPrefix("s3://") else { continue }
      for artifact in try resolver.source(path, node.node).values {
        guard artifact.record.digest == node.source?.digest else {
          throw WorkflowFailure.usage(
            "\(node.name): \(path) was changed meanwhile; start again when nobody writes it")
        }
        try environment.importExternal(artifact)
        try shared.send(artifact.record)
        count += 1
      }
    }
    // What wiring reads, a job wires by, too.
    for path in graph.readings.named.keys.sorted() {
      let record = try environment.store.objects.importCopy(
        of: path, mediaType: "application/octet-stream")
      guard record.digest == compilation.plan.readings.files[path] else {
        throw WorkflowFailure.usage(
          "\(path) was changed meanwhile; start again when nobody writes it")
      }
      try shared.send(record)
    }
    return count
  }
}
