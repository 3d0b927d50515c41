// Where the XGBoost library is, also without a project.
import AtelierStep
import Project

enum ModelLibrary {
  /// The library's path; `directory` is the project as it was named.
  static func path(_ directory: String?, _ environment: [String: String]) throws -> String {
    let root = (try? ProjectRoot.find(directory, environment)) ?? ""
    return try ProgramLocator(projectRoot: root, environment: environment)
      .path(of: Program("xgboost", isExecutable: false))
  }
}
