// The model file that is served without workshop and store.
import CommandLine
import Project

/// The model file that is served without workshop and store.
enum ServedFile {
  /// Where a container of SageMaker finds its model.
  private static let standard = "/opt/ml/model"

  /// The file that `--model` names, or in a container the model it was given; nil: an endpoint.
  static func find(
    model: String?, namesEndpoint: Bool, _ variables: [String: String]
  ) throws -> String? {
    if let told = model {
      if FileSystem.isFile(told) { return told }
      if FileSystem.isDirectory(told) { return try file(in: told) }
      if told.contains("/") {
        throw UsageError("--model \(told): expected a model file, found none")
      }
      return nil
    }
    guard !namesEndpoint else { return nil }
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
