// What an error that ended a verb means: its exit code, and how it is told.
import AWS
import AccountDeployment
import Accounts
import AdobePlatform
import Atelier
import AtelierStep
import Baselines
import CommandLine
import Configuration
import Content
import Documents
import Engines
import EventLogs
import Execution
import FeatureStore
import FileTools
import FolderAccounts
import HTTP
import ImageRegistry
import LocalStores
import MicroHTTP
import Models
import Names
import OCI
import Planning
import Programs
import Project
import Promotion
import Provenance
import RemoteCache
import S3
import Serve
import Stack
import StoreFolder
import Subprocess
import Terminal
import Trees
import Workers
import Workflows
import XGBoost

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

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
    // What a workshop's wiring or a verb read through Foundation.
    case let error as CocoaError:
      (code, message) = (ExitCode.usage, Self.text(of: error))
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

  private static func text(of error: CocoaError) -> String {
    let path = error.filePath ?? error.url?.path ?? "a file"
    switch error.code {
    case .fileNoSuchFile, .fileReadNoSuchFile: return "cannot read \(path): no such file"
    case .fileReadNoPermission: return "cannot read \(path): permission denied"
    case .fileWriteNoPermission: return "cannot write \(path): permission denied"
    case .fileWriteOutOfSpace: return "cannot write \(path): no space left on the disk"
    default: return "cannot use \(path): \(error.underlying.map { "\($0)" } ?? "\(error.code)")"
    }
  }

  /// The code of an error that somebody can do something about; nil for any other.
  private static func code(of error: any Error) -> Int32? {
    switch error {
    case let error as StoreError:
      switch error {
      case .notAFolder, .layout: ExitCode.usage
      case .missing, .wrongDigest, .tooLarge: ExitCode.integrity
      case .notWritable, .readOnly, .busy: ExitCode.storeUnusable
      }
    case let error as FileError:
      switch error {
      case .notAFolder, .unsuitable, .tooLarge: ExitCode.usage
      case .system, .otherFileSystem, .changing: ExitCode.storeUnusable
      }
    case let error as TreeError:
      if case .invalidTree = error { ExitCode.usage } else { ExitCode.integrity }
    case is InvalidResult: ExitCode.integrity
    // Without credentials nothing was asked of the bucket, whoever found that out.
    case let failure as RemoteFailure where failure.kind == .credentials: ExitCode.usage
    case let error as S3Error where error.kind == .credentials: ExitCode.usage
    case let fault as PlatformFault where fault.concernsCredential: ExitCode.usage
    case is RemoteFailure, is TransportFailure, is S3Error, is PlatformFault, is UnexpectedAnswer,
      is WaitEnded:
      ExitCode.storeUnusable
    case let failure as StackFailure:
      if case .failed = failure {
        ExitCode.stepFailed
      } else {
        failure.isUsage ? ExitCode.usage : ExitCode.storeUnusable
      }
    case let failure as WorkflowFailure:
      if case .failed = failure {
        ExitCode.stepFailed
      } else {
        failure.isUsage ? ExitCode.usage : ExitCode.storeUnusable
      }
    // The machine lacks threads, processes or memory: nothing that the user wrote is at fault.
    case is SlotError, is HashError: ExitCode.storeUnusable
    case let error as SubprocessError:
      if case .system = error { ExitCode.storeUnusable } else { ExitCode.usage }
    case is LostBlobs: ExitCode.integrity
    case is AccountProblem, is AccountProblems, is AccountRefusal, is FolderRefusal,
      is TemplateFault:
      ExitCode.usage
    case let error as RegistryError: error.isUsage ? ExitCode.usage : ExitCode.storeUnusable
    case let error as FeatureStoreError: error.isDamage ? ExitCode.integrity : ExitCode.usage
    case is EngineFailure, is PromotionRefusal, is Refusal: ExitCode.stepFailed
    case is DamagedRecord: ExitCode.integrity
    case is SignatureFailure: ExitCode.storeUnusable
    default: isUsage(error) ? ExitCode.usage : nil
    }
  }

  /// Whether the command line, the configuration, an input or the machine's set-up is at fault.
  private static func isUsage(_ error: any Error) -> Bool {
    error is UsageError || error is DocumentError || error is SettingError || error is SettingErrors
      || error is UndeclaredSetting
      || error is ConfigurationError || error is IniError || error is WiringError
      || error is WiringErrors || error is WiringFileError || error is ScriptError
      || error is MissingProgram || error is UnknownTarget || error is StepFailure
      || error is BaselineFileError || error is CredentialError || error is NoS3URL
      || error is NoPlatformURL
      || error is EndpointFailure || error is ServerFailure || error is ModelFailure
      || error is JSONParseError || error is XGBoostError || error is ImageError
      || error is ModelNameError || error is KeyProblem || error is AccountProblem
      || error is AccountProblems
  }
}
