// What the files of a family with steps may not hold, each with its line; and what they may.
import Fingerprint
import Testing

@testable import CodeGeneration

/// What is refused of some sources, as `path:line: first words`.
private func refusals(_ files: [String: String], family: String = "Demo") throws -> [String] {
  do {
    _ = try Family(
      name: family,
      sources: files.map { try SourceFile(path: $0.key, bytes: Array($0.value.utf8)) })
    return []
  } catch let error as GenerationError {
    guard case .refused(let refusals) = error else { throw error }
    return refusals.map { "\($0.path):\($0.line)" }
  }
}

private let other = """
  import AtelierStep
  public struct Other: Step {
    public struct Options: Codable { public var depth: Int }
    public var file = Output<AnyFile>()
    public init() {}
    public static func help() {}
    public func run(in context: StepContext) throws {}
  }

  """

@Suite struct FamilyRuleTests {
  /// A step with all that its file may hold besides.
  @Test func allowsWhatStaysInItsFile() throws {
    let own = """
      import AtelierStep
      #if canImport(FoundationEssentials)
        import FoundationEssentials
      #else
        import Foundation
      #endif
      public struct Own: Step {
        public var text: String
        public var file = Output<AnyFile>()
        public func run(in context: StepContext) throws { _ = "\\(Self.limit) \\(text)" }
        static let limit = 3
        private enum CodingKeys: CodingKey { case text }
        private struct Pair { static func < (a: Pair, b: Pair) -> Bool { true } }
        private static func +++ (a: Int, b: Int) -> Int { a }
      }
      private extension Own { static func --- (a: Int, b: Int) -> Int { a } }
      extension Own { public static func help() -> Int { 1 } }
      extension Own: Hashable {}
      extension Own.CodingKeys { func shown() -> String { "Other" } }
      private struct Row { var number = 1; func text() -> String { "a" } }
      extension Row: Hashable { static func of() -> Row { Row() } }
      fileprivate protocol Shown { func shown() -> String }
      extension Int: Shown { fileprivate func shown() -> String { "1" } }
      private extension String { var twice: String { self + self } }
      extension Double { fileprivate var twice: Double { self * 2 } }
      private func help() {}
      private let table = ["Other": 1], others = 2
      private typealias Rows = [Row]
      #if DEBUG
        private let isDebug = true
      #endif
      """
    #expect(try refusals(["A.swift": own, "B.swift": other]) == [])
  }

  @Test(arguments: [
    "public enum Format {}", "struct Split {}", "func help() {}", "let limit = 1",
    "var limit: Int { 1 }",
    "typealias Rows = [Int]", "protocol Shown {}", "class Box {}", "actor Box {}",
    "internal struct Split {}", "private(set) var limit = 1",
    "extension Int { func help() {} }", "extension Int { static let limit = 1 }",
    "extension Int { private(set) var limit: Int { get { 1 } set {} } }",
    "#if DEBUG\nprivate struct Int {}\n#endif\nextension Int { func help() {} }",
    "private typealias Number = Int\nextension Number { func help() {} }",
    "private extension Int { public func help() {} }", "extension Int { init(text: String) {} }",
    "extension Int { typealias Rows = [Int] }",
    "extension Int { subscript(a: String) -> Int { 1 } }",
    "extension Int { struct Split {} }", "extension Int: Shown { private func help() {} }",
    "extension Array: @retroactive Shown where Element == Int {}",
    "infix operator +++", "prefix operator +++",
    "precedencegroup Strong { higherThan: AdditionPrecedence }",
    "macro help() = 1", "@_exported import Foundation", "@_cdecl(\"help\") private func help() {}",
    "@_dynamicReplacement(for: shared()) private func help() {}",
    "public struct Second: Step { public func run(in context: StepContext) throws {} }",
    "#if DEBUG\nprivate let a = 1\n#else\nlet a = 1\n#endif",
    "private let a = { 1 }()\nlet b = 2", "private let a = 1; let b = 2",
    "private let a = Other.help()", "private typealias Options = Other.Options",
    "private let a = \"\\(Other.help())\"", "private let a = #\"\\#(Other.help())\"#",
    "private let a = `Other`.help()", "private let a = [any Step.Type](DemoFamily.steps)",
    "private let a = 'b'", "private let a = /b/", "private let a = #line", "#warning(\"a\")",
    "extension Other { func help() {} }", "@freestanding(expression) macro a() -> Int",
    "extension Own { static func +++ (a: Int, b: Int) -> Int { a } }",
    "extension Own { struct Text { static func < (a: Text, b: Text) -> Bool { true } } }",
    "extension Own.Text {\n  static func == (a: Own.Text, b: Own.Text) -> Bool { true }\n}",
    "extension Own { static prefix func ∘ (a: Int) -> Int { a } }",
    "private extension Own { public static func +++ (a: Int, b: Int) -> Int { a } }",
  ]) func refusesWhatOthersCouldUse(_ text: String) throws {
    let own = """
      import AtelierStep
      struct Own: Step {
        public func run(in context: StepContext) throws {}
      }

      """
    let found = try refusals(["A.swift": own + "\n" + text, "B.swift": other])
    #expect(!found.isEmpty && found.allSatisfy { $0.hasPrefix("A.swift:") }, "\(text): \(found)")
    // The line of what is refused, which is the sixth or within what begins there.
    let line = found.first.flatMap { Int($0.dropFirst("A.swift:".count)) } ?? 0
    #expect((6..<6 + text.split(separator: "\n").count).contains(line), "\(text): \(found)")
  }

  @Test(arguments: [
    "let a = Other.help()", "func help(_ other: Other) {}", "extension Other {}",
    "let a = \"\\(Other.Options(depth: 1))\"", "let a: Any = DemoFamily.steps",
    "protocol Helper { associatedtype Other }", "let other = \\Other.file",
  ]) func refusesAStepsNameInSharedFiles(_ text: String) throws {
    #expect(
      try refusals(["A.swift": "import Content\n\n" + text, "B.swift": other]) == ["A.swift:3"])
  }

  @Test(arguments: [
    ("public enum Own: Step {}", 1), ("extension Own: Step {}", 1), ("final class Own: Step {}", 1),
    ("public enum Space {\n  struct Own: Step {}\n}", 2), ("private struct Own: Step {}", 1),
    ("struct Own: Step {\n  public static let code = CodeFingerprint.module\n}", 2),
    ("public enum DemoFamily {}", 1),
    ("public struct Own: Step & Sendable {\n}", 1), ("struct Own: Sendable, (Step) {\n}", 1),
    ("extension Own: AtelierStep.Step & Sendable {}", 1),
    ("public typealias Work = Step\n\nstruct Own: Work {}", 3),
    ("typealias Work = any Step & Sendable\ntypealias Do = Work\nstruct Own: Do {}", 3),
    ("protocol Work: Step & Sendable {}\nenum Own: Work {}", 2),
    ("public struct Own: Step {\n\n  public var limits = StepLimits()\n}", 3),
    ("public struct Own: Step {\n  private var seed: Int\n}", 2),
    ("public struct Own: Step {\n  @Other var seed: Int\n}", 2),
    ("public struct Own: Step {\n  public var seed: Int = 7, depth: Int = 2\n}", 2),
    ("public struct Own: Step {\n  public var a = Output<A>(), b = Output<B>()\n}", 2),
    ("public struct Own: Step {\n  public var a = Output<A>()\n}", 1),
    ("public struct Own: Step {\n  public var seed: Int\n}", 1),
    ("public struct Own: Step {\n  @Unkeyed var name: String?\n}", 2),
    ("public struct Own: Step {\n  var (a, b): (Int, Int)\n}", 2),
    ("public struct Own<Format>: Step {\n}", 1),
    ("public struct Own: Step {\n  this is no Swift\n}", 2),
    ("public struct Own: Step {", 1), ("let a = 1\n}\nlet b = 2", 2),
  ]) func refusesAStepThatItCannotWriteFor(_ text: String, _ line: Int) throws {
    #expect(try refusals(["A.swift": text]) == ["A.swift:\(line)"])
  }

  /// The initializer for other modules has the value as a default argument.
  @Test(arguments: [
    ("Self.most", true), ("Own.most * 2", true), ("[1, few]", true), ("Mode.slow.count", true),
    ("Self.`most`", true), ("Self.wide", false), ("Self.shown", true), ("max(1, wide)", false),
    ("few(most: 2)", true), ("Text.most.count", false), ("\"Self.most\".count", false),
    ("7", false),
  ]) func refusesAValueThatOthersCannotName(_ value: String, _ isRefused: Bool) throws {
    func own(_ access: String) -> String {
      """
      import Content
      \(access) struct Own: Step {
        private static let most = 3
        public var limit: Int = \(value)
        public var file = Output<AnyFile>()
        public static let wide = 4
        static let shown = 5
      }
      private enum Mode { case slow }
      """
    }
    let shared = "public let wide = 1\nlet few = 2\n"
    #expect(
      try refusals(["A.swift": own("public"), "B.swift": shared])
        == (isRefused ? ["A.swift:4"] : []))
    // Within the module Swift's own initializer is enough.
    #expect(try refusals(["A.swift": own("internal"), "B.swift": shared]) == [])
  }

  /// Swift finds an operator without the name of the type that declares it.
  @Test func refusesAnOperatorWithinTheStep() throws {
    let own = """
      public struct Own: Step {
        public var file = Output<AnyFile>()
        public init() {}
        public struct Text: ExpressibleByStringLiteral {
          public init(stringLiteral text: String) {}
          static func +++ (text: Text, count: Int) -> Int { 5 }
        }
      }
      """
    #expect(try refusals(["A.swift": own, "B.swift": other]) == ["A.swift:6"])
  }

  @Test func followsTheFamilysProtocols() throws {
    let shared = "protocol Drawn: Step {}\nprotocol Charted: Sendable, Drawn {}\n"
    let step = "struct Own: Charted { var a: Int }\nlet shared = 1\n"
    #expect(try refusals(["A.swift": shared, "B.swift": step]) == ["B.swift:2"])
  }

  @Test func saysWhatToDo() throws {
    let error = #expect(throws: GenerationError.self) {
      try Family(
        name: "Demo",
        sources: [
          SourceFile(path: "Steps/Demo/Own.swift", bytes: Array((other + "struct Split {}").utf8))
        ])
    }
    #expect(
      error?.description
        == "Steps/Demo/Own.swift:9: error: 'Split' beside the step Other could be used in other files, "
        + "whose keys do not hold this one; make it private, or move it into a file without a step")
  }
}
