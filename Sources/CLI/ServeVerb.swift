// `atelier serve`: answers with the predictions of a model, as a container of SageMaker does.
#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
import AtelierStep
import CSystem
import Engine
import Serve

enum ServeVerb {
  static func run(_ arguments: Arguments, _ house: House) throws -> Int32 {
    let variables = ProcessInfo.processInfo.environment
    let settings = try settings(arguments, variables)
    if let path = try ServedFile.find(arguments, variables) {
      return try serve(file: path, settings, arguments, variables)
    }
    return try ServeEndpoint(arguments, house, settings).run()
  }

  private static func settings(
    _ arguments: Arguments, _ variables: [String: String]
  ) throws -> ServerSettings {
    var settings = ServerSettings()
    if let host = arguments.value("host") { settings.host = host }
    if let text = variables["SAGEMAKER_BIND_TO_PORT"] {
      guard let port = UInt16(text) else {
        throw UsageError("SAGEMAKER_BIND_TO_PORT takes a port, not '\(text)'")
      }
      settings.port = port
    }
    if let port = try arguments.integer("port", in: 0...65535) { settings.port = UInt16(port) }
    settings.threads =
      try arguments.integer("threads", in: 1...256)
      ?? min(256, max(2, ProcessInfo.processInfo.activeProcessorCount))
    if let limit = try arguments.integer("body-limit", in: 1024...(1 << 30)) {
      settings.bodyLimit = limit
    }
    if let count = try arguments.integer("connections", in: 1...100_000) {
      settings.connections = count
      settings.connectionsPerAddress = count
    }
    settings.connections = max(settings.connections, settings.threads)
    if let count = try arguments.integer("connections-per-address", in: 1...100_000) {
      settings.connectionsPerAddress = count
    }
    if let seconds = try arguments.integer("timeout", in: 1...3600) {
      settings.requestSeconds = seconds
    }
    if let seconds = try arguments.integer("drain", in: 0...600) {
      settings.drainSeconds = Double(seconds)
    }
    return settings
  }

  /// The format of rows whose request names none.
  static func format(_ arguments: Arguments) -> Serve.Format? {
    arguments.value("content-type").flatMap { Serve.Format(rawValue: $0) }
  }

  /// Where the XGBoost library lies, also without a project.
  static func library(_ arguments: Arguments, _ variables: [String: String]) throws -> String {
    let told = arguments.value("project") ?? variables["ATELIER_PROJECT"]
    let root = (try? Session.findRoot(told)) ?? ""
    return try ProgramLocator(projectRoot: root, environment: variables)
      .path(of: Program("xgboost", isExecutable: false))
  }

  private static func serve(
    file path: String, _ settings: ServerSettings, _ arguments: Arguments,
    _ variables: [String: String]
  ) throws -> Int32 {
    let library = try library(arguments, variables)
    let signals = try ServeLoop.catchSignals()
    let server = try ModelServer(settings)
    let model: ServedModel
    do {
      model = try ServedModel(
        FileSystem.read(path), threads: settings.threads, library: library)
    } catch let failure as ModelFailure {
      server.stop { _ in false }
      throw UsageError("cannot serve \(path): \(failure)")
    }
    server.use(model, format: format(arguments) ?? .csv)
    ServeLoop.announce(server, settings, path)
    return ServeLoop(server: server, signals: signals).run {}
  }
}

/// The model file that is served without workshop and store.
enum ServedFile {
  /// Where a container of SageMaker finds its model.
  private static let standard = "/opt/ml/model"

  /// The file that `--model` names, or in a container the model it was given; nil: an endpoint.
  static func find(_ arguments: Arguments, _ variables: [String: String]) throws -> String? {
    if let told = arguments.value("model") {
      if FileSystem.isFile(told) { return told }
      if FileSystem.isDirectory(told) { return try file(in: told) }
      if told.contains("/") {
        throw UsageError("--model \(told): expected a model file, found none")
      }
      return nil
    }
    guard arguments.positionals.isEmpty, arguments.value("endpoint") == nil else { return nil }
    if let folder = variables["SM_MODEL_DIR"] { return try file(in: folder) }
    return FileSystem.isDirectory(standard) ? try file(in: standard) : nil
  }

  /// `xgboost-model`, or the only file.
  private static func file(in folder: String) throws -> String {
    guard FileSystem.isDirectory(folder) else {
      throw UsageError("SM_MODEL_DIR: expected a folder at \(folder), found none")
    }
    let usual = folder + "/xgboost-model"
    if FileSystem.isFile(usual) { return usual }
    let files = FileSystem.names(in: folder).filter { !$0.hasPrefix(".") }
      .map { "\(folder)/\($0)" }.filter(FileSystem.isFile)
    guard files.count == 1 else {
      throw UsageError(
        "\(folder): expected a file xgboost-model, or one file, found \(files.count); "
          + "name the model with --model FILE")
    }
    return files[0]
  }
}
