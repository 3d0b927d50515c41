// Keeps what was exchanged with the platform, without what must not be seen. It sends nothing of its own.
import Content
import FileTools
import HTTP
import Synchronization

/// A transport that writes each exchange into a folder, redacted, and passes it on.
///
/// Evidence of what the platform takes and answers: a replay compares it with the sandbox. Fields with
/// credentials, bodies of token requests and members whose names say that they hold a secret are not
/// written; nor are bodies that are no JSON.
package final class RecordingTransport: HTTPTransport {
  private let transport: any HTTPTransport
  private let folder: String
  private let write: @Sendable ([UInt8], String) throws -> Void
  private let number = Mutex(0)
  /// Of this process: a folder may hold the exchanges of several.
  private let mark = RandomName.make()

  /// Bytes of a body that are kept.
  private static let mostBytes = 1 << 20

  /// `write` puts bytes into a file of the folder.
  package init(
    _ transport: any HTTPTransport, folder: String,
    write: @escaping @Sendable ([UInt8], String) throws -> Void
  ) {
    self.transport = transport
    self.folder = folder
    self.write = write
  }

  package func perform(
    _ request: HTTPRequest, sink: any ResponseSink, isCancelled: @escaping @Sendable () -> Bool
  ) throws -> HTTPAnswer {
    let copy = CopyingSink(sink, limit: Self.mostBytes)
    let answer = try transport.perform(request, sink: copy, isCancelled: isCancelled)
    let index = number.withLock { number in
      number += 1
      return number
    }
    let body = answer.head.succeeded ? copy.bytes : answer.errorBody
    let digits = String(index)
    let name = String(repeating: "0", count: max(0, 5 - digits.count)) + digits
    try write(
      RecordedExchange(request, answer.head, body).json.canonicalBytes(),
      "\(folder)/\(mark)-\(name).json")
    return answer
  }
}

/// An exchange as it may be kept.
package struct RecordedExchange {
  package let json: JSONValue

  private static let kept: Set<String> = [
    "accept", "content-type", "content-range", "if-match", "etag", "retry-after", "x-sandbox-name",
  ]

  package init(_ request: HTTPRequest, _ head: HTTPHead, _ body: [UInt8]) {
    let isToken = request.path.contains("/ims/token")
    var sent: [UInt8] = []
    if case .bytes(let bytes) = request.body { sent = bytes }
    json = [
      "v": 1, "method": .string(request.method), "path": .string(request.fullPath),
      "query": .object(
        Dictionary(
          request.query.map { ($0.name, .string($0.value)) }, uniquingKeysWith: { $1 })),
      "fields": Self.fields(request.fields),
      "body": isToken ? "<hidden>" : Self.body(sent, count: request.body.count),
      "status": .integer(Int64(head.status)), "answerFields": Self.fields(head.fields),
      "answer": isToken ? "<hidden>" : Self.body(body, count: Int64(body.count)),
    ]
  }

  private static func fields(_ fields: [HTTPField]) -> JSONValue {
    .object(
      Dictionary(
        fields.map { field in
          let name = field.name.lowercased()
          return (name, .string(kept.contains(name) ? field.value : "<hidden>"))
        }, uniquingKeysWith: { $1 }))
  }

  private static func body(_ bytes: [UInt8], count: Int64) -> JSONValue {
    if count == 0 { return .null }
    guard let json = try? JSONValue(parsing: bytes) else { return .string("<\(count) bytes>") }
    return redacted(json)
  }

  /// The value without members that may hold a secret.
  package static func redacted(_ json: JSONValue) -> JSONValue {
    switch json {
    case .object(let members):
      .object(
        Dictionary(
          members.map { ($0.key, isHidden($0.key) ? "<hidden>" : redacted($0.value)) },
          uniquingKeysWith: { $1 }))
    case .array(let items): .array(items.map { redacted($0) })
    default: json
    }
  }

  private static func isHidden(_ name: String) -> Bool {
    let name = name.lowercased()
    return ["secret", "token", "password", "credential", "accesskey"].contains {
      name.contains($0)
    }
  }
}

/// Passes a body on and keeps its beginning.
private final class CopyingSink: ResponseSink {
  private let sink: any ResponseSink
  private let limit: Int
  private(set) var bytes: [UInt8] = []

  init(_ sink: any ResponseSink, limit: Int) {
    self.sink = sink
    self.limit = limit
  }

  func begin(_ head: HTTPHead) throws {
    bytes = []
    try sink.begin(head)
  }

  func take(_ new: UnsafeRawBufferPointer) throws {
    bytes.append(contentsOf: new.prefix(max(0, limit - bytes.count)))
    try sink.take(new)
  }

  func finish() throws { try sink.finish() }
}
