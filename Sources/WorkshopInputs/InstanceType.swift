// The machine that a job or an endpoint on AWS would get. A run here uses this machine.
import Atelier

/// An instance type of SageMaker, `ml.<family>.<size>`.
public struct InstanceType: SettingValue {
  /// The type as SageMaker has it.
  public let settingText: String

  /// The form, with an example.
  public static let expected = "an instance type ml.<family>.<size>, such as ml.m5.4xlarge"

  /// What the samples process data with.
  public static let processing = InstanceType(text: "ml.m5.4xlarge")
  /// What the samples train with.
  public static let training = InstanceType(text: "ml.c5.xlarge")
  /// What the samples serve with.
  public static let endpoint = InstanceType(text: "ml.t2.2xlarge")

  private init(text: String) { settingText = text }

  /// Nil where the text has another form; whether AWS has such a type is not looked up.
  public init?(settingText: String) {
    let parts = settingText.split(separator: ".", omittingEmptySubsequences: false)
    let isPlain = parts.allSatisfy { part in
      !part.isEmpty
        && part.allSatisfy { $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "-") }
    }
    guard parts.count == 3, parts[0] == "ml", isPlain else { return nil }
    self.init(text: settingText)
  }
}
