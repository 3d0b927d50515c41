// One pipeline of an app-config document.
import Documents
import ServiceNames

extension AppConfig {
  /// A pipeline: its names, its ETL, its training and its endpoint.
  ///
  /// What a document leaves out is nil. `UpdateRegionName` is accepted and has no effect.
  public struct Entry: Sendable, Hashable {
    /// The key under `Stack`.
    public let key: String
    /// `Name`, which with the prefix is the name of the stack.
    public let name: String
    /// `EndpointName`.
    public let endpoint: String
    /// `GlueJobFilePath`: the script of the Glue job.
    public let glueScript: String?
    /// `GlueJobTimeoutInMin`.
    public let glueMinutes: Double?
    /// `TrainContainerImage`.
    public let image: String?
    /// `TrainParameters`: hyperparameters as SageMaker takes them.
    public let parameters: [String: String]?
    /// `TrainInputContent`.
    public let content: String?
    /// `TrainInstanceType`, with `ml.` in front.
    public let trainInstance: String?
    /// `ModelValidationEnable`.
    public let isValidated: Bool?
    /// `ModelErrorThreshold`.
    public let threshold: Double?
    /// `EndpointInstanceType`, with `ml.` in front.
    public let endpointInstance: String?
    /// `EndpointInstanceCount`.
    public let endpointInstances: Int?

    static let members = [
      "Name", "EndpointName", "GlueJobFilePath", "GlueJobTimeoutInMin", "TrainContainerImage",
      "TrainParameters", "TrainInputContent", "TrainInstanceType", "ModelValidationEnable",
      "ModelErrorThreshold", "EndpointInstanceType", "EndpointInstanceCount", "UpdateRegionName",
    ]

    /// SageMaker takes so many hyperparameters.
    private static let parameterLimit = 100

    init(key: String, _ member: DocumentMember) throws {
      self.key = key
      name = try member.member("Name").resourceName()
      endpoint = try member.member("EndpointName").serviceName()
      glueScript = try member.optional("GlueJobFilePath")?.line()
      glueMinutes = try member.optional("GlueJobTimeoutInMin")?.positive("minutes above 0")
      image = try member.optional("TrainContainerImage")?.line()
      parameters = try member.optional("TrainParameters").map(Self.parameters)
      content = try member.optional("TrainInputContent")?.line()
      trainInstance = try member.optional("TrainInstanceType")?.instanceType()
      isValidated = try member.optional("ModelValidationEnable")?.flag()
      threshold = try member.optional("ModelErrorThreshold")?.number()
      endpointInstance = try member.optional("EndpointInstanceType")?.instanceType()
      endpointInstances = try member.optional("EndpointInstanceCount")?.count()
      _ = try member.optional("UpdateRegionName")?.flag()
    }

    /// The position of a member of this entry, for messages.
    public func path(_ member: String) -> String { "Stack.\(key).\(member)" }

    private static func parameters(_ member: DocumentMember) throws -> [String: String] {
      let members = try member.members()
      guard members.count <= parameterLimit else {
        throw member.error("has \(members.count) members; SageMaker takes \(parameterLimit)")
      }
      var parameters: [String: String] = [:]
      for (name, value) in members {
        guard let text = value.value.string else {
          throw value.expected(
            "a text, as SageMaker takes every hyperparameter; write it in quotes")
        }
        guard !name.isEmpty, (name + text).unicodeScalars.allSatisfy({ $0.value > 32 }),
          !name.contains(where: { "=,".contains($0) }), !text.contains(","), !text.isEmpty
        else { throw value.expected("a name and a value without spaces and commas") }
        parameters[name] = text
      }
      return parameters
    }
  }
}

extension DocumentMember {
  fileprivate func serviceName() throws -> String {
    guard let text = value.string, ServiceName.isValid(text) else {
      throw expected("1 to 63 letters, digits and '-', the last not at an end")
    }
    return text
  }

  fileprivate func positive(_ what: String) throws -> Double {
    guard let number = value.number, number.isFinite, number > 0 else { throw expected(what) }
    return number
  }

  fileprivate func count() throws -> Int {
    guard case .integer(let number) = value, let count = Int(exactly: number), count > 0 else {
      throw expected("a whole number above 0")
    }
    return count
  }

  /// `<family>.<size>`; the sample leaves out the `ml.` in front, which SageMaker wants.
  fileprivate func instanceType() throws -> String {
    let text = value.string ?? ""
    let whole = text.hasPrefix("ml.") ? text : "ml." + text
    let parts = whole.split(separator: ".", omittingEmptySubsequences: false)
    let isPlain = parts.allSatisfy { part in
      !part.isEmpty
        && part.utf8.allSatisfy {
          (97...122).contains($0) || (48...57).contains($0) || $0 == UInt8(ascii: "-")
        }
    }
    guard parts.count == 3, isPlain else {
      throw expected("an instance type <family>.<size>, such as c5.xlarge")
    }
    return whole
  }
}
