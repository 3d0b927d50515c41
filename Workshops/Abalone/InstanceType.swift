// The machine that a processing job on AWS would get. A run here takes this one.
import Atelier

/// An instance type of SageMaker, `ml.<family>.<size>`.
struct InstanceType: SettingValue {
  let settingText: String

  /// The type that the sample takes.
  static let standard = InstanceType(text: "ml.m5.4xlarge")
  static let expected = "an instance type ml.<family>.<size>, such as ml.m5.4xlarge"

  private init(text: String) { settingText = text }

  /// Nil where the text has another form; whether AWS has such a type is not looked up.
  init?(settingText: String) {
    let parts = settingText.split(separator: ".", omittingEmptySubsequences: false)
    let isPlain = parts.allSatisfy { part in
      !part.isEmpty
        && part.allSatisfy { $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "-") }
    }
    guard parts.count == 3, parts[0] == "ml", isPlain else { return nil }
    self.init(text: settingText)
  }
}
