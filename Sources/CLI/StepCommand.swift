// `atelier step`: the hidden verb that an engine's job starts on its node.
import AWS
import AtelierStep
import CSystem
import CommandLine
import LocalStores
import Content
import FolderStores
import HTTP
import Names
import Project
import RemoteCache
import RemoteSteps
import S3
import S3Store
import StoreFolder
import Subprocess
import Workers

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

enum StepCommand {
  /// Runs one task of a batch: `step <shared folder or URL> <batch> <task>`.
  ///
  /// 0 where every step has an answer, also one of failure; 75 where this node is at fault.
  static func run(_ words: [String], _ catalogue: StepCatalogue) -> Int32 {
    guard words.count == 3, let index = Int(words[2]), index >= 0 else {
      return say(
        "step takes a shared folder or the URL of a store, a batch and the number of a task",
        ExitCode.usage)
    }
    let variables = ProcessInfo.processInfo.environment
    let node = variables["ATELIER_NODE"].flatMap { $0.isEmpty ? nil : $0 } ?? HostName.own
    guard let program = cs_self_path().map({ String(cString: $0) }) else {
      return say("cannot find the path of the running program", ExitCode.unfitNode)
    }
    do {
      let signals = try Signals()
      let place = NodePlace(
        job: variables["ATELIER_JOB"] ?? "0_\(index)", restart: variables["ATELIER_RESTART"] ?? "0",
        node: node, scratch: try scratch(variables, shared: words[0], node: node),
        host: "uid-\(cs_user())@\(node)", program: program)
      try TaskRun(
        shared: store(words[0], variables, signals.token), batch: words[1], index: index,
        place: place, catalogue: catalogue,
        locate: { program in
          try ProgramLocator(
            projectRoot: ProjectRoot.find(nil, variables), environment: variables
          ).path(of: program)
        }, token: signals.token
      ).run()
      return signals.token.isCancelled ? signals.code : ExitCode.success
    } catch {
      return say("\(node) is not fit for this: \(error)", ExitCode.unfitNode)
    }
  }

  /// The store that a head shares with its jobs: a folder, or `s3://bucket/prefix`.
  private static func store(
    _ place: String, _ variables: [String: String], _ token: CancellationToken
  ) throws -> any JobStore {
    guard S3URL.isMeant(by: place) else { return FolderStore(root: place) }
    let url = try S3URL(place)
    let http = HTTPSettings.service()
    let client = try S3Client(
      bucket: url.bucket, settings: AWSSettings(environment: variables), http: http
    ).cancelled(by: { token.isCancelled })
    return BucketStore(client: client, prefix: url.key)
  }

  /// The folder of the node's own store: kept between jobs, one for each shared folder.
  private static func scratch(
    _ variables: [String: String], shared: String, node: String
  ) throws -> String {
    let parent = ["ATELIER_SCRATCH", "TMPDIR"].lazy.compactMap { variables[$0] }
      .first { !$0.isEmpty }
    let id = try Digest.of(shared).hex.prefix(8)
    return "\(parent ?? "/tmp")/atelier-\(cs_user())-\(id)-\(node)"
  }

  private static func say(_ text: String, _ code: Int32) -> Int32 {
    let line = Array("atelier step: \(text)\n".utf8)
    _ = cs_write_all(2, line, line.count)
    return code
  }
}
