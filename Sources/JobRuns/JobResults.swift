// What a job leaves beside its results in the store: decisions for branches, files for a training.
import Atelier
import AtelierStep
import Content
import Execution
import LocalStores
import Trees

/// The files of a job that SageMaker uploads.
struct JobResults {
  let ends: NodeEnds
  let graph: Graph
  let environment: EngineEnvironment
  let folder: JobFolder

  /// The output of a node that ends up in the folder, with its bytes on this machine.
  private func output(
    of name: String, where isWanted: (ArtifactDescription) -> Bool
  ) throws -> OutputRecord {
    guard let node = graph.nodes.first(where: { $0.name == name }),
      let wanted = node.outputs.first(where: isWanted),
      let record = ends.outputs(of: name)?[wanted.name]
    else { throw JobRefusal("\(name) gave nothing of what the request asks of it") }
    try environment.fetch(record)
    return record
  }

  /// Leaves the decision of a node, which a branch of the workflow reads.
  func leave(decisionOf node: String) throws {
    let record = try output(of: node) { $0.mediaType == Choice.mediaType }
    try folder.leave(
      environment.store.objects.bytes(of: record.digest, atMost: Choice.longest),
      as: "\(node).json", in: "decisions")
  }

  /// Leaves a file of a tree, which a training reads.
  func leave(_ file: RequestedJob.File) throws {
    let tree = try output(of: file.node) { $0.isTree }
    let manifest = try environment.store.trees.manifest(of: tree)
    guard let entry = manifest.file(at: file.file) else {
      throw JobRefusal("\(file.node) made no file \(file.file), which the training reads")
    }
    let name = file.file.split(separator: "/").last.map(String.init) ?? file.file
    try environment.store.trees.copyOut(
      OutputRecord(
        digest: entry.digest, size: entry.size, mediaType: "application/octet-stream", kind: .file),
      to: "\(folder.output(file.channel))/\(name)", flushes: false)
  }
}
