// What an error that ended a verb means: its exit code, and how it is told.
import AWS
import Addresses
import Atelier
import AtelierStep
import Baselines
import CommandLine
import Configuration
import Content
import Engine
import FeatureStore
import Project
import Serve
import Stack
import Stores
import Subprocess
import Terminal
import XGBoost

/// The end of a verb that threw.
struct ErrorExit {
  let code: Int32
  /// What is said; nil where there is nobody to tell.
  let message: String?

  init(_ error: any Error) {
    switch error {
    case OutputFailure.readerGone:
      (code, message) = (ExitCode.brokenPipe, nil)
    case is OutputFailure, is OutputFileError:
      (code, message) = (ExitCode.storeUnusable, "\(error)")
    default:
      if let code = Self.code(of: error) {
        (self.code, message) = (code, "\(error)")
      } else {
        code = ExitCode.bug
        message = """
          unexpected error: \(error)
          This is a bug in Atelier; please report it with the command line and this message.
          """
      }
    }
  }

  /// The code of an error that somebody can do something about; nil for any other.
  private static func code(of error: any Error) -> Int32? {
    switch error {
    case let error as StoreError:
      switch error {
      case .notAFolder, .notWritable, .layout, .unsuitable, .invalidTree: ExitCode.usage
      case .missing, .wrongDigest, .invalidManifest, .invalidResult: ExitCode.integrity
      case .readOnly, .busy, .system, .otherFileSystem, .changing: ExitCode.storeUnusable
      }
    case is RemoteFailure, is TransportFailure, is S3Error: ExitCode.storeUnusable
    case let failure as StackFailure:
      if case .failed = failure {
        ExitCode.stepFailed
      } else {
        failure.isUsage ? ExitCode.usage : ExitCode.storeUnusable
      }
    case is LostBlobs: ExitCode.integrity
    case let error as FeatureStoreError: error.isDamage ? ExitCode.integrity : ExitCode.usage
    case is EngineFailure: ExitCode.stepFailed
    default: isUsage(error) ? ExitCode.usage : nil
    }
  }

  /// Whether the command line, the configuration, an input or the machine's set-up is at fault.
  private static func isUsage(_ error: any Error) -> Bool {
    error is UsageError || error is SettingError || error is UndeclaredSetting
      || error is ConfigurationError || error is IniError || error is WiringError
      || error is MissingProgram || error is UnknownTarget || error is StepFailure
      || error is BaselineFileError || error is CredentialError || error is NoS3URL
      || error is SubprocessError || error is EndpointFailure || error is ServerFailure
      || error is ModelFailure || error is JSONParseError || error is XGBoostError
  }
}
