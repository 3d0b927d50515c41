// A model that is loaded, checked and warm: rows in, predictions out, from any thread.
import Content
import RowFormats
import Synchronization
import XGBoost

/// Why a file cannot be served.
package struct ModelFailure: Error, Hashable, Sendable, CustomStringConvertible {
  package let description: String
  package init(_ description: String) { self.description = description }
}

/// A loaded XGBoost model.
///
/// XGBoost promises that trees may be asked from several threads at once, but not linear models and
/// not in all versions. So there are as many boosters as there are threads, and each is asked by one
/// thread at a time.
///
/// SAFETY: all properties but `idle` are immutable; a booster is in `idle`, behind its lock, or with
/// the one caller that took it out. The library's table is immutable, and its last error is kept by
/// thread and read at once.
package final class ServedModel: @unchecked Sendable {
  /// Rows that are predicted at a time, which bounds what XGBoost keeps for each thread.
  private static let block = 4096

  package let digest: Digest
  /// What the model predicts, such as `binary:logistic`.
  package let objective: String
  let columns: Columns
  /// Predictions a row.
  package let width: Int
  /// The encodings that came with the model.
  private let rules: ModelRules
  /// Trees are asked where the rows lie; linear models want a matrix.
  private let isLinear: Bool
  private let library: XGBoostLibrary
  private let idle: Mutex<[Seat]>

  /// SAFETY: see above; this only lets a booster into the array behind the lock.
  private struct Seat: @unchecked Sendable { let booster: Booster }

  /// The number of features a row.
  package var featureCount: Int { columns.count }

  /// Loads a model for so many threads and asks each booster once.
  ///
  /// `bytes` is XGBoost's UBJSON or JSON. Throws `ModelFailure` for anything else, and where the
  /// bytes are not those of `expected`.
  package init(
    _ bytes: [UInt8], expecting expected: Digest? = nil, threads: Int, library path: String
  ) throws {
    digest = try Digest.of(bytes)
    if let expected, digest != expected {
      throw ModelFailure("the bytes are those of \(digest), not of \(expected)")
    }
    library = try XGBoostLibrary(path: path)
    var boosters: [Booster] = []
    do {
      for _ in 0..<max(1, threads) { boosters.append(try Booster(library, model: bytes)) }
    } catch let error as XGBoostError {
      throw ModelFailure("\(bytes.count) bytes are no XGBoost model (UBJSON or JSON): \(error)")
    }
    let count = try boosters[0].featureCount()
    guard count > 0 else { throw ModelFailure("the model takes no feature") }
    columns = Columns(
      count: count,
      names: try boosters[0].attribute("atelier.features")?.split(separator: ",").map(String.init)
        ?? [])
    rules = try ModelRules(of: boosters[0])
    objective = try Self.objective(boosters[0])
    // The first question costs more than those that follow.
    let row = [Float](repeating: 0, count: count)
    isLinear = (try? boosters[0].predictRows(row, columns: count)) == nil
    var width = 0
    for booster in boosters {
      let answer = try Self.ask(booster, row, count, isLinear ? library : nil)
      guard answer.allSatisfy({ !$0.isNaN }) else {
        throw ModelFailure("the model predicts a NaN for a row of zeros")
      }
      width = answer.count
    }
    self.width = width
    idle = Mutex(boosters.map(Seat.init))
  }

  private static func objective(_ booster: Booster) throws -> String {
    let settings = try? JSONValue(parsing: try booster.configuration())
    let learner = settings?.object?["learner"]?.object
    return learner?["objective"]?.object?["name"]?.string ?? "unknown"
  }

  private static func ask(
    _ booster: Booster, _ rows: [Float], _ columns: Int, _ matrix: XGBoostLibrary?
  ) throws -> [Float] {
    guard let matrix else { return try booster.predictRows(rows, columns: columns) }
    return try booster.predictions(of: DMatrix(matrix, values: rows, columns: columns)).values
  }

  /// The predictions of rows, `width` a row.
  func predict(_ rows: Rows) throws -> [Float] {
    // There are as many as threads that ask, so one more is needed only by a caller of its own kind.
    guard let seat = idle.withLock({ $0.popLast() }) else {
      throw ModelFailure("more threads ask than the model was loaded for")
    }
    defer { idle.withLock { $0.append(seat) } }
    let values = rules.rows(rows.values, width: columns.count)
    let size = Self.block * columns.count
    if values.count <= size { return rules.answers(try ask(seat, values)) }
    var predictions: [Float] = []
    var start = 0
    while start < values.count {
      let end = min(values.count, start + size)
      predictions += try ask(seat, Array(values[start..<end]))
      start = end
    }
    return rules.answers(predictions)
  }

  private func ask(_ seat: Seat, _ values: [Float]) throws -> [Float] {
    try Self.ask(seat.booster, values, columns.count, isLinear ? library : nil)
  }

  /// The answer to the body of a request, of at most `limit` predictions.
  func answer(
    _ body: [UInt8], _ form: RowForm, as answer: Format, limit: Int
  ) throws -> [UInt8] {
    let rows = try body.withUnsafeBufferPointer { buffer throws(Refusal) in
      try form.read(buffer, columns)
    }
    guard rows.count * width <= limit else {
      throw Refusal(
        413,
        "\(rows.count) rows give \(rows.count * width) predictions, more than the \(limit) "
          + "of one answer; send fewer rows at a time")
    }
    return answer.write(try predict(rows), width: width)
  }
}
