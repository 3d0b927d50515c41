// Other people's programs that judge our numbers, where somebody has installed them.
import Foundation

/// Python with scikit-learn and XGBoost: `ATELIER_JUDGE_PYTHON`, else that of the mock.
package enum Judge {
  /// Why a test without it is skipped.
  package static let advice =
    "no Python with scikit-learn, numpy and xgboost: name one in ATELIER_JUDGE_PYTHON"

  package static let isThere = python != nil

  private static let python: String? = {
    let named = ProcessInfo.processInfo.environment["ATELIER_JUDGE_PYTHON"]
    let candidates = [named, TestTools.root + "/.tools/mock/bin/python"].compactMap { $0 }
    return candidates.first { path in
      (try? run(path, ["-c", "import numpy, sklearn.metrics, xgboost"])) != nil
    }
  }()

  /// What a script of Tests/Judges prints.
  package static func says(_ script: String, _ arguments: [String]) throws -> Data {
    guard let python else { throw JudgeError(description: advice) }
    return try run(python, [TestTools.root + "/Tests/Judges/\(script)"] + arguments)
  }

  private static func run(_ program: String, _ arguments: [String]) throws -> Data {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    let printed = output.fileHandleForReading.readDataToEndOfFile()
    let said = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw JudgeError(description: String(decoding: said, as: UTF8.self))
    }
    return printed
  }
}

/// Why a judge did not speak.
package struct JudgeError: Error, CustomStringConvertible {
  package let description: String
}
