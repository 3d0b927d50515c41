// The two call styles of AWS services besides S3: a form answered in XML, and JSON.
import Content
import HTTP

extension ServiceClient {
  /// Answers in memory are never larger.
  package static let answerLimit = 16 << 20

  /// Calls an action of a service that speaks the Query protocol (STS, CloudFormation).
  ///
  /// The answer is the element `<action>Result`, or the root where there is none.
  package func query(
    _ action: String, version: String, _ parameters: [QueryItem] = []
  ) throws -> XMLTree {
    let form = [QueryItem("Action", action), QueryItem("Version", version)] + parameters
    let body = Array(PercentEncoding.encode(form).utf8)
    let type = "application/x-www-form-urlencoded; charset=utf-8"
    let answer = try post(body, [HTTPField("Content-Type", type)])
    let root = try XMLTree(parsing: answer)
    return root.first("\(action)Result") ?? root
  }

  /// Calls an action of a service that speaks JSON (Secrets Manager, Step Functions, SageMaker).
  ///
  /// `target` is such as `secretsmanager.GetSecretValue`; `version` of the JSON protocol is `1.1`
  /// or `1.0`. An empty answer is an empty object.
  package func json(
    _ target: String, _ parameters: JSONValue, version: String = "1.1"
  ) throws -> JSONValue {
    let answer = try post(
      try parameters.canonicalBytes(),
      [
        HTTPField("Content-Type", "application/x-amz-json-\(version)"),
        HTTPField("X-Amz-Target", target),
      ])
    return answer.isEmpty ? .object([:]) : try JSONValue(parsing: answer)
  }

  /// The entries of all pages of a list of a service that speaks JSON, or at least so many as are there or
  /// asked for.
  ///
  /// `token` is the service's name for where the next page begins, in answers and requests.
  package func pages(
    _ target: String, _ list: String, _ parameters: [String: JSONValue], token: String,
    version: String = "1.1", most: Int = .max
  ) throws -> [JSONValue] {
    var entries: [JSONValue] = []
    var parameters = parameters
    while true {
      let page = try json(target, .object(parameters), version: version)
      entries += page[list]?.array ?? []
      guard entries.count < most, let next = page[token]?.string, !next.isEmpty else {
        return entries
      }
      parameters[token] = .string(next)
    }
  }

  /// Calls an operation of a service whose operations are paths, with JSON (EFS).
  ///
  /// An empty answer is an empty object.
  package func rest(
    _ method: String, _ path: String, query: [QueryItem] = []
  ) throws -> JSONValue {
    let request = HTTPRequest(method, base, path: path, query: query)
    let answer = try send(request, payload: try Digest.of([])) {
      MemorySink(limit: Self.answerLimit)
    }.sink.bytes
    return answer.isEmpty ? .object([:]) : try JSONValue(parsing: answer)
  }

  /// Sends bytes to an operation whose operations are paths, and takes the answer as it is.
  package func exchange(
    _ method: String, _ path: String, fields: [HTTPField], body: [UInt8]
  ) throws -> [UInt8] {
    let request = HTTPRequest(method, base, path: path, fields: fields, body: .bytes(body))
    return try send(request, payload: try Digest.of(body)) {
      MemorySink(limit: Self.answerLimit)
    }.sink.bytes
  }

  private func post(_ body: [UInt8], _ fields: [HTTPField]) throws -> [UInt8] {
    let request = HTTPRequest("POST", base, fields: fields, body: .bytes(body))
    return try send(request, payload: try Digest.of(body)) {
      MemorySink(limit: Self.answerLimit)
    }.sink.bytes
  }
}
