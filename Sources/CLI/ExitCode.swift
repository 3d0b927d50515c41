// The exit codes that scripts rely on, and which error means which.
import Atelier
import Configuration
import Content
import Engine
import FeatureStore
import FileTools
import LocalStores
import RemoteCache
import Stack

enum ExitCode {
  static let fine: Int32 = 0
  static let stepFailed: Int32 = 1
  static let usage: Int32 = 2
  static let outOfDate: Int32 = 3
  static let notReproducible: Int32 = 4
  static let storeUnusable: Int32 = 5
  static let integrity: Int32 = 6
  static let interrupted: Int32 = 130
  static let terminated: Int32 = 143

  /// The code for an error that ended a verb.
  static func of(_ error: any Error) -> Int32 {
    switch error {
    case let error as StoreError:
      switch error {
      case .notAFolder, .notWritable, .layout: usage
      case .missing, .wrongDigest: integrity
      case .readOnly, .busy: storeUnusable
      }
    case let error as FileError:
      switch error {
      case .notAFolder, .unsuitable: usage
      case .system, .otherFileSystem, .changing: storeUnusable
      }
    case let error as TreeError:
      if case .invalidTree = error { usage } else { integrity }
    case is InvalidResult: integrity
    case is RemoteFailure: storeUnusable
    case let failure as StackFailure:
      if case .failed = failure { stepFailed } else { failure.isUsage ? usage : storeUnusable }
    case is LostBlobs: integrity
    case let error as FeatureStoreError: error.isDamage ? integrity : usage
    case is EngineFailure: stepFailed
    default: usage
    }
  }
}
