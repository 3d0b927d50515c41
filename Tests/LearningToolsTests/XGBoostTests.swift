// The wrapper of XGBoost: its errors, and that the same data give the same bytes.
import AtelierTesting
import Content
import Foundation
import Testing

@testable import XGBoost

@Suite struct XGBoostTests {
  /// 200 rows of 3 columns by integer arithmetic, with some missing values.
  private static let values: [Float] = (0..<600).map { index in
    index % 17 == 0 ? .nan : Float(index * index % 101)
  }
  private static let labels: [Float] = (0..<200).map { row in
    values[row * 3] + values[row * 3 + 1] > 90 ? 1 : 0
  }
  private static let parameters = [
    (name: "objective", value: "binary:logistic"), ("max_depth", "3"), ("subsample", "0.8"),
    ("seed", "7"),
  ]

  private func library() throws -> XGBoostLibrary {
    try XGBoostLibrary(path: TestTools.path(of: "xgboost") ?? "")
  }

  private func train(rounds: Int = 5) throws -> Booster {
    let matrix = try DMatrix(library(), values: Self.values, columns: 3, labels: Self.labels)
    return try Booster(training: matrix, rounds: rounds, parameters: Self.parameters)
  }

  @Test func openingNamesThePathAndTheReason() throws {
    let missing = failure { try XGBoostLibrary(path: "/nowhere/libxgboost.so") } ?? ""
    #expect(missing.hasPrefix("cannot open the XGBoost library '/nowhere/libxgboost.so': "))
    #expect(missing.contains("xgboost-cpu 3.2.0"))
    let space = try TemporarySpace()
    let junk = try space.write("junk.so", "not a library")
    #expect(failure { try XGBoostLibrary(path: junk) }?.contains(junk) == true)
    let empty = failure { try XGBoostLibrary(path: "") } ?? ""
    #expect(empty.contains("no path is given"))
  }

  @Test func anotherLibraryIsRefused() throws {
    let other = try #require(TestTools.path(of: "libgomp"))
    #expect(
      failure { try XGBoostLibrary(path: other) }?.contains("it has no function XGBoostVersion")
        == true)
  }

  @Test func version() throws { #expect(try library().version == "3.2.0") }

  @Test func messagesLoseTimeSourceAndStack() {
    #expect(
      XGBoostError.cleaned(
        "[12:34:56] /build/src/learner.cc:47: Check failed: x == 1\nStack trace:\n  [bt] (0)")
        == "Check failed: x == 1")
    #expect(XGBoostError.cleaned("[1] is bad \n") == "is bad")
    #expect(XGBoostError.cleaned("plain") == "plain")
    #expect(XGBoostError.cleaned("Stack trace: a") == "no reason given")
  }

  @Test func libraryErrorsAreCleaned() throws {
    let junk = failure { try Booster(library(), model: Array("no model".utf8)) } ?? ""
    #expect(junk.hasPrefix("XGBoost failed in XGBoosterLoadModelFromBuffer: "))
    let matrix = try DMatrix(library(), values: Self.values, columns: 3, labels: Self.labels)
    let objective = failure {
      try Booster(training: matrix, rounds: 1, parameters: [("objective", "no:such")])
    }
    #expect(
      objective?.hasPrefix(
        "XGBoost failed in XGBoosterUpdateOneIter: Unknown objective function: `no:such`") == true)
    for text in [junk, objective ?? ""] {
      #expect(!text.contains("Stack trace") && !text.contains(".cc:") && !text.contains("[bt]"))
    }
  }

  @Test func shapesAreChecked() throws {
    let library = try library()
    #expect(throws: XGBoostError.shape("5 values are not whole rows of 3 columns")) {
      try DMatrix(library, values: [1, 2, 3, 4, 5], columns: 3)
    }
    #expect(throws: XGBoostError.shape("2 rows have 1 labels")) {
      try DMatrix(library, values: [1, 2], columns: 1, labels: [0])
    }
    let booster = try train()
    let narrow = try DMatrix(library, values: [1, 2], columns: 2)
    #expect(throws: XGBoostError.shape("the model takes 3 features, not 2")) {
      try booster.predict(narrow)
    }
  }

  @Test func stopsBetweenRounds() throws {
    struct Stop: Error {}
    let matrix = try DMatrix(library(), values: Self.values, columns: 3, labels: Self.labels)
    var asked = 0
    #expect(throws: Stop.self) {
      try Booster(training: matrix, rounds: 9, parameters: Self.parameters) {
        asked += 1
        if asked == 3 { throw Stop() }
      }
    }
    #expect(asked == 3)
  }

  @Test func sameDataGiveTheSameBytes() throws {
    let first = try train().modelBytes()
    #expect(try train().modelBytes() == first)
    #expect(try train(rounds: 6).modelBytes() != first)
    #if os(Linux) && arch(x86_64)
      let short = try Digest.of(first).short
      #expect(short == Self.golden)
    #endif
  }

  /// The model of XGBoost 3.2.0; another library gives another model.
  private static let golden = "c4e5848b184f"

  @Test func aModelReadBackPredictsTheSame() throws {
    let booster = try train()
    try booster.setAttribute("colour", to: "blå")
    let again = try Booster(library(), model: booster.modelBytes())
    let matrix = try DMatrix(library(), values: Self.values, columns: 3)
    let predictions = try booster.predict(matrix)
    #expect(try again.predict(matrix) == predictions)
    #expect(Set(predictions).count > 4)
    #expect(predictions.allSatisfy { $0 > 0 && $0 < 1 })
    #expect(try again.attribute("colour") == "blå")
    #expect(try again.attribute("shape") == nil)
    #expect(try again.featureCount() == 3)
    #expect(try again.modelBytes() == booster.modelBytes())
  }
}
