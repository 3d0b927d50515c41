// What the server's threads share: the model, whether it is going, and the answers.
import RowFormats
import Synchronization

/// An answer to a request.
struct Answer: Sendable {
  var status: UInt32
  var contentType = "text/plain; charset=utf-8"
  var body: [UInt8] = []
  var fields: [String: String] = [:]
}

/// The contract over the model of the moment.
final class Service: Sendable {
  let settings: ServerSettings
  let watch = ConnectionWatch()
  private let state: Mutex<State>
  private let draining = Atomic<Bool>(false)
  private let active = Atomic<Int>(0)
  private let buffered = Atomic<Int>(0)

  /// The model and the format of rows that name none.
  private struct State {
    var model: ServedModel?
    var format = Format.csv
  }

  init(_ settings: ServerSettings) {
    self.settings = settings
    state = Mutex(State())
  }

  var model: ServedModel? { state.withLock { $0.model } }
  /// Requests that have begun and not ended.
  var activeCount: Int { active.load(ordering: .sequentiallyConsistent) }
  var isDraining: Bool { draining.load(ordering: .sequentiallyConsistent) }

  /// Requests that begin from now on get this model; those under way keep theirs.
  func use(_ model: ServedModel, _ format: Format) {
    state.withLock { $0 = State(model: model, format: format) }
  }

  /// `GET /ping` says 503 from now on, and every answer asks the client to close.
  func drain() { draining.store(true, ordering: .sequentiallyConsistent) }

  /// A request whose head is there.
  func begin(_ head: RequestHead) -> Exchange {
    let (model, format) = state.withLock { ($0.model, $0.format) }
    let call = Result { () throws(Refusal) in
      try head.call(format, bodyLimit: settings.bodyLimit)
    }
    active.add(1, ordering: .sequentiallyConsistent)
    return Exchange(call, model, announced: head.announced)
  }

  /// A request that is over.
  func end(_ exchange: Exchange) {
    release(exchange.reserved)
    active.subtract(1, ordering: .sequentiallyConsistent)
  }

  /// Whether so many bytes more of bodies may be kept; then they count.
  func reserve(_ count: Int) -> Bool {
    let all = buffered.add(count, ordering: .relaxed).newValue
    if all <= settings.bufferLimit { return true }
    release(count)
    return false
  }

  private func release(_ count: Int) { buffered.subtract(count, ordering: .relaxed) }

  /// The answer to a complete request, or to one that is refused before its body.
  func answer(_ exchange: Exchange) -> Answer {
    var answer = reply(exchange)
    // A client that reads slowly holds it in memory, and of short rows it is longer than they are.
    if reserve(answer.body.count) {
      exchange.keep(answer: answer.body.count)
    } else {
      answer = Self.answer(Self.busy)
    }
    if let model = exchange.model { answer.fields["X-Atelier-Model"] = "\(model.digest)" }
    if isDraining { answer.fields["Connection"] = "close" }
    return answer
  }

  private func reply(_ exchange: Exchange) -> Answer {
    if let refusal = exchange.refusal { return Self.answer(refusal) }
    do {
      switch try exchange.call.get() {
      case .ping: return ping(exchange.model)
      case .parameters: return parameters
      case .invocation(let form, let accepted):
        guard let model = exchange.model else { return Self.answer(Self.loading) }
        return Answer(
          status: 200, contentType: accepted.rawValue,
          body: try model.answer(
            exchange.body, form, as: accepted, limit: settings.predictionLimit))
      }
    } catch let refusal as Refusal {
      return Self.answer(refusal)
    } catch {
      return Self.answer(Refusal(500, "the model failed: \(error)"))
    }
  }

  /// Too much is in memory.
  static let busy = Refusal(
    503, "too many rows are under way at once; try again", fields: ["Retry-After": "1"])
  private static let loading = Refusal(
    503, "the model is being loaded; try again", fields: ["Retry-After": "1"])

  private func ping(_ model: ServedModel?) -> Answer {
    if isDraining { return Self.answer(Refusal(503, "the server is going")) }
    return model == nil ? Self.answer(Self.loading) : Answer(status: 200)
  }

  /// What SageMaker's batch transform asks before it begins.
  private var parameters: Answer {
    let text =
      "{\"BatchStrategy\":\"MULTI_RECORD\",\"MaxConcurrentTransforms\":\(settings.threads),"
      + "\"MaxPayloadInMB\":\(max(1, settings.bodyLimit >> 20))}\n"
    return Answer(status: 200, contentType: "application/json", body: Array(text.utf8))
  }

  private static func answer(_ refusal: Refusal) -> Answer {
    Answer(
      status: refusal.status, body: Array((refusal.description + "\n").utf8),
      fields: refusal.fields)
  }
}
