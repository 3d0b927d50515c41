// `atelier job` and `atelier train`: the hidden verbs that a container of SageMaker is started with.
import CommandLine
import Content
import FileTools
import Names
import Project
import RemoteCache
import S3
import Terminal

/// The two ways in which a container is told its request.
package enum JobCommand {
  /// The words of the command line that mean a job.
  package static let names: Set<String> = ["job", "train"]

  /// Does the job that the words name; 0 where its steps succeeded, 1 where one failed, 2 where the job
  /// is refused, 75 where the store or the machine is at fault and another try may help.
  ///
  ///     job s3://bucket/key [--folder /opt/ml]
  ///     train [--folder /opt/ml]             the hyperparameter `request` is the URL
  package static func run(_ words: [String], _ context: VerbContext) -> Int32 {
    let verb = words.first ?? "job"
    let (folder, rest) = split(Array(words.dropFirst()))
    do {
      let url = try url(verb, rest, folder)
      return try Signals.guarding { signals in
        try JobRun(url, folder: folder, context, signals).run()
      }
    } catch {
      let message = "\(error)"
      context.output.error("atelier \(verb): \(message)")
      try? folder.leave(message: message)
      return code(of: error)
    }
  }

  /// The folder that the words name, and the other words.
  private static func split(_ words: [String]) -> (JobFolder, [String]) {
    guard let place = words.firstIndex(of: "--folder"), words.indices.contains(place + 1) else {
      return (JobFolder(JobFolder.standard), words)
    }
    let rest = Array(words[..<place] + words[(place + 2)...])
    return (JobFolder(Disk.absolute(words[place + 1])), rest)
  }

  private static func url(_ verb: String, _ words: [String], _ folder: JobFolder) throws -> S3URL {
    let text = verb == "train" && words.isEmpty ? try hyperparameter(folder) : words.first
    guard let text, words.count < 2 else {
      throw UsageError(
        "\(verb) takes the URL of a request: \(verb) s3://bucket/key [--folder /opt/ml]")
    }
    return try S3URL(object: text)
  }

  private static func hyperparameter(_ folder: JobFolder) throws -> String {
    let path = folder.hyperparameters
    guard let bytes = try Disk.read(path) else {
      throw UsageError("expected the hyperparameters of a training at \(path), found none")
    }
    guard let text = request(inHyperparameters: bytes) else {
      throw UsageError("\(path): expected a hyperparameter 'request', the URL of a job's request")
    }
    return text
  }

  /// The URL of a request among hyperparameters; nil where there is none.
  static func request(inHyperparameters bytes: [UInt8]) -> String? {
    try? JSONValue(parsing: bytes)["request"]?.string
  }

  private static func code(of error: any Error) -> Int32 {
    switch error {
    case is UsageError, is NoS3URL, is JobRefusal: ExitCode.usage
    default: ExitCode.unfitNode
    }
  }
}
