// `atelier endpoint invoke`: sends a file or standard input to an endpoint, and prints the answer.
import AWS
import CommandLine
import Content
import HTTP
import Project
import Terminal
import Workflows

struct EndpointInvoke: Verb {
  let name = "invoke"
  let summary = "send rows to an endpoint, and print its answer as it is"
  let details = "SageMaker takes up to 25 MiB in a request."
  let examples = [
    Example("atelier endpoint invoke churn --input rows.csv", "rows of a file"),
    Example("echo 1,2,3 | atelier endpoint invoke churn", "one row"),
  ]
  let endpoint = EndpointCall.endpoint
  let input = Option(
    "input", value: "FILE", completion: .files, "the request; - is standard input (default)")
  let contentType = Option(
    "content-type", value: "TYPE", "form of the request (default: text/csv)")
  let accept = Option("accept", value: "TYPE", "form of the answer")

  /// Bytes of the largest request.
  private static let most = 25 << 20

  var parameters: [any Parameter] { [endpoint, input, contentType, accept] }

  func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    try EndpointCall.run(call, context, changes: false) { endpoint in
      let file: String = call[input] ?? "-"
      let bytes = try FileSystem.read(file == "-" ? "/dev/stdin" : file)
      guard bytes.count <= Self.most else {
        throw UsageError(
          "\(file) has more than 25 MiB, and SageMaker takes no more; send it in parts")
      }
      guard !bytes.isEmpty else {
        throw UsageError("\(file == "-" ? "standard input" : file) is empty; give rows to predict")
      }
      let type: String = call[contentType] ?? "text/csv"
      var fields = [HTTPField("Content-Type", type)]
      if let wanted = call[accept] { fields.append(HTTPField("Accept", wanted)) }
      let path = "/endpoints/\(endpoint.name)/invocations"
      let answer: [UInt8] = try asking("SageMaker") {
        do {
          return try endpoint.services.runtime.exchange(
            "POST", path, fields: fields, body: bytes)
        } catch let fault as ServiceFault where fault.code == "ModelError" {
          throw WorkflowFailure.failed(
            "the model of \(endpoint.name) refused the request: \(fault)")
        }
      }
      try context.output.data(answer)
      return ExitCode.success
    }
  }
}
