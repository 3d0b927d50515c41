// What the build writes for a family: the list, initializers, SQL, and whose code is in whose key.
import AtelierTesting
import Fingerprint
import Foundation
import Testing

@testable import CodeGeneration

@Suite struct FamilyCodeTests {
  private static let own = #"""
    import AtelierStep
    import Content

    public struct Own<Format: ArtifactFormat>: Step {
      public typealias OfFiles = Own<AnyFile>
      /// What is read.
      ///
      /// Its rows count.
      public var events: [Artifact<Format>]
      public var seed: Int = 7
      public var order: String?
      @Unkeyed public var name: String = "a, \"b\""
      let version = 1
      private var cache: [Int] = []
      public var file = Output<AnyFile>()
      public var rows: Output<AnyFile> = Output()
      public var size: Int { seed }
      public static let limit: Int = 1
      public var watched: [String: Int] = ["a": 1] {
        didSet { print(1) }
      }
      public func run(in context: StepContext) throws {}
    }
    """#
  private static let plain = """
    import AtelierStep
    struct Plain: Step {
      var seed: Int
      func run(in context: StepContext) throws {}
    }
    """
  private static let custom = """
    import Other
    public struct Custom: Step {
      public var seed: Int
      public init(_ seed: Int) throws { self.seed = seed }
      public init(from decoder: any Decoder) throws {}
    }
    """

  private static func source(
    _ change: (inout [String: String]) -> Void = { _ in }
  ) throws -> String {
    var texts = [
      "Steps/Demo/Plain.swift": plain, "Steps/Demo/Custom.swift": custom,
      "Steps/Demo/Shared.swift": "enum Shared {}", "Sources/Module/A.swift": "let a = 1",
    ]
    change(&texts)
    let files = try texts.map { try SourceFile(path: $0.key, bytes: Array($0.value.utf8)) }
    let family = try Family(name: "Demo", sources: files.filter { $0.path.hasPrefix("Steps/") })
    return try FamilyCode(
      family, sources: files.map { try HashedSource($0) }, build: ["compiler": "c"],
      sql: SQLFiles(folder: "SQL", files: ["repeated_events.sql": Array("SELECT 1".utf8)])
    ).source
  }

  /// The digest and the files of each step's code.
  private static func codes(_ source: String) -> [String: (digest: String, files: [String])] {
    var codes: [String: (String, [String])] = [:]
    for part in source.components(separatedBy: "private let codeOf").dropFirst() {
      let name = String(part.prefix { $0 != " " })
      let digest = part.components(separatedBy: "digest: \"").dropFirst().first?.prefix(64) ?? ""
      let files =
        part.components(separatedBy: "files: ").dropFirst().first?
        .components(separatedBy: "\n").first ?? ""
      codes[name] = (
        String(digest), files.components(separatedBy: "\\\"").filter { $0.hasSuffix(".swift") }
      )
    }
    return codes
  }

  /// The runtime's own name of a type takes time, and one with parameters has several.
  @Test func aStepsNameIsWrittenUnlessItIsNotItsTypes() throws {
    let source = try Self.source {
      $0["Steps/Demo/Own.swift"] = Self.own
      $0["Steps/Demo/Renamed.swift"] = """
        struct Renamed: Step {
          var seed: Int
          static var stepName: String { "Another" }
          func run(in context: StepContext) throws {}
        }
        """
    }
    #expect(source.components(separatedBy: "static var stepName").count == 3)
    for name in ["Plain", "Custom"] {
      #expect(source.contains("public static var stepName: String { \"\(name)\" }"), "\(source)")
    }
  }

  @Test func aStepsCodeIsItsFileAndWhatNoStepOwns() throws {
    let codes = Self.codes(try Self.source())
    let shared = ["Sources/Module/A.swift", "Steps/Demo/Shared.swift"]
    #expect(codes["Plain"]?.files.sorted() == (shared + ["Steps/Demo/Plain.swift"]).sorted())
    #expect(codes["Custom"]?.files.sorted() == (shared + ["Steps/Demo/Custom.swift"]).sorted())
    #expect(codes.count == 2)
  }

  @Test(arguments: [
    ("Steps/Demo/Plain.swift", "\nprivate let a = 1", ["Plain"]),
    ("Steps/Demo/Custom.swift", "\nprivate let a = 1", ["Custom"]),
    ("Steps/Demo/Shared.swift", "\nlet a = 1", ["Custom", "Plain"]),
    ("Sources/Module/A.swift", "\nlet b = 1", ["Custom", "Plain"]),
    ("Steps/Demo/Shared.swift", "\n// A comment.", []),
    ("Steps/Demo/Plain.swift", "\nimport Other", ["Plain"]),
    ("Steps/Demo/Plain.swift", "\nimport New", ["Custom", "Plain"]),
  ]) func anEditChanges(_ path: String, _ text: String, _ steps: [String]) throws {
    let before = Self.codes(try Self.source())
    let after = Self.codes(try Self.source { $0[path]? += text })
    #expect(before.keys.filter { before[$0]?.digest != after[$0]?.digest }.sorted() == steps)
  }

  @Test func aNewStepChangesNoOther() throws {
    let step = Self.plain.replacing("Plain", with: "New")
    let before = Self.codes(try Self.source())
    let after = Self.codes(try Self.source { $0["Steps/Demo/New.swift"] = step })
    #expect(before.allSatisfy { after[$0.key]?.digest == $0.value.digest } && after["New"] != nil)
  }

  @Test func writesInitializers() throws {
    let source = try Self.source { $0["Steps/Demo/Own.swift"] = Self.own }
    #expect(
      source.contains(
        #"""
        extension Own {
          /// The step over its inputs and parameters.
          ///
          /// - Parameters:
          ///   - events: What is read.
          ///     Its rows count.
          public init(events: [Artifact<Format>], seed: Int = 7, order: String? = nil, name: String = "a, \"b\"", watched: [String: Int] = ["a": 1]) {
            self.events = events
            self.seed = seed
            self.order = order
            self.name = name
            self.watched = watched
          }
        }
        """#))
    // Swift's own initializer is enough where no other module can name the step.
    #expect(!source.contains("extension Plain {\n  /// The step"))
    #expect(!source.contains("extension Custom {\n  /// The step"))
    #expect(
      source.contains("[any Step.Type] = [Custom.self, Own<AnyFile>.self, Plain.self]"))
    #expect(source.contains("import AtelierStep\nimport Content\nimport Other\n"))
    #expect(
      source.contains(
        #"static let `repeatedEvents` = Script(name: "repeated_events.sql", text: "SELECT 1")"#))
  }

  @Test(arguments: ["a b.sql", "1.sql", ".sql", "a.txt", "ä.sql", "a__b.sql"])
  func refusesASQLFileWithoutAWord(_ name: String) {
    #expect(throws: GenerationError.sqlName(path: "SQL/\(name)")) {
      try SQLFiles(folder: "SQL", files: [name: []])
    }
  }

  @Test func refusesTwoSQLFilesOfOneWord() {
    #expect(throws: GenerationError.self) {
      try SQLFiles(folder: "SQL", files: ["a_b.sql": [], "a.b.sql": []])
    }
  }

  @Test func listsFamiliesAndWorkshopsInOrder() {
    let source = Catalogue(
      families: ["Source", "Learn"], workshops: [("Sales", "SalesWorkshop"), ("Cars", "Cars")]
    ).source
    #expect(source.contains("      SourceFamily.steps,\n      LearnFamily.steps,\n    ]"))
    #expect(source.contains("    SalesWorkshop.self,\n    Cars.self,\n  ]"))
    #expect(
      source.contains("import Atelier\nimport AtelierStep\nimport Cars\nimport Learn\nimport Sales")
    )
  }
}
