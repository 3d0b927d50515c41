// One node of a Data Wrangler flow.
import Documents

/// A node: its operator, its parameters, and the node that it reads.
struct WranglerNode {
  let id: String
  /// Without the words `sagemaker.` and `spark.` in front.
  let operation: String
  /// The node whose output it reads; nil for a source.
  let input: String?
  let member: DocumentMember

  init(_ member: DocumentMember) throws {
    self.member = member
    id = try member.member("node_id").text()
    var name = try member.member("operator").text()
    for prefix in ["sagemaker.", "spark."] where name.hasPrefix(prefix) {
      name = String(name.dropFirst(prefix.count))
    }
    operation = name
    let inputs = try member.member("inputs").list() ?? []
    guard inputs.count < 2 else {
      throw member.error(
        "the node '\(id)' (\(operation)) reads \(inputs.count) nodes; expected one at most: join "
          + "the data before, or " + Self.advice)
    }
    input = try inputs.first?.member("node_id").text()
  }

  /// What to do where a flow says what Atelier cannot do.
  static let advice = "write a flow document of your own (see Workshops/Abalone/README.md)"

  /// An error that names the node and its operator.
  func error(_ problem: String, at member: DocumentMember? = nil) -> DocumentError {
    (member ?? self.member).error("the node '\(id)' (\(operation)): \(problem)")
  }

  /// A parameter's group of members; empty where the node has none.
  func parameters(_ name: String = "parameters") throws -> DocumentMember? {
    try member.optional(name)
  }
}
