// Code that a step's own code calls: a change of it counts, a comment does not.
import AtelierTesting
import Content
import EndToEndHarness
import Fingerprint
import Foundation
import Testing

extension ConformanceTests {
  @Suite struct Helpers {
    /// A script that sources a helper, with these inputs beside it.
    private static func graph(_ inputs: [JSONValue], _ helper: String) -> [JSONValue] {
      [
        ["name": "one.script", "source": "main.sh"],
        ["name": "one.helper", "source": "helper.sh"],
        [
          "name": "one.made", "scriptFrom": "one.script", "inputs": .array(inputs),
          "environment": ["helper": .string(helper)],
        ],
      ]
    }

    @Test("dvc#9195: a script's helper is declared and counts")
    func aScriptsHelperIsDeclaredAndCounts() throws {
      let space = try FixtureSpace(Self.graph(["one.helper"], "{input:one_helper}"))
      try space.folder.write(". \"$helper\"; greet > $out\n", to: "main.sh")
      try space.folder.write("greet() { echo hello; }\n", to: "helper.sh")
      #expect(try space.run().statuses == ["one.made": "built"])
      try space.folder.write("greet() { echo goodbye; }\n", to: "helper.sh")
      let changed = try space.run()
      #expect(changed.statuses == ["one.made": "built"], "\(changed.err)")
      #expect(try space.text(of: "one.made", in: changed) == "goodbye\n")
      let reasons = changed.step("one.made")?["reasons"]?.array ?? []
      #expect(reasons.map { $0["field"]?.string } == ["inputs.invocation.inputs.one_helper"])

    }

    @Test(
      "dvc#9195: a helper that nobody declared is not read behind the key's back",
      .enabled(if: Confinement.isPossible, "this kernel has no Landlock"))
    func aHelperThatIsNotDeclaredCannotBeRead() throws {
      let space = try FixtureSpace([])
      try space.folder.write(". \"$helper\"; greet > $out\n", to: "main.sh")
      let helper = try space.folder.write("greet() { echo hello; }\n", to: "helper.sh")
      try space.setGraph(Self.graph([], helper))
      let undeclared = try space.run()
      #expect(undeclared.statuses == ["one.made": "failed"], "\(undeclared.out)")
      let message = undeclared.step("one.made")?["message"]?.string ?? ""
      #expect(message.contains("the step is confined to what it declared"), "\(message)")
    }

    /// The fingerprint that the build makes of a family and a module that it imports.
    private func fingerprint(
      _ edit: (String, String) -> String = { $1 }
    ) throws -> String {
      let folders = ["Steps/Learn", "Sources/XGBoost"]
      let paths = folders.flatMap { folder in
        TestFiles.list("\(TestTools.root)/\(folder)").filter { $0.hasSuffix(".swift") }
          .map { "\(folder)/\($0)" }
      }
      let files = try paths.map { path in
        try SourceFile(
          path: path,
          bytes: Array(edit(path, TestFiles.text("\(TestTools.root)/\(path)")).utf8))
      }
      let digest = try CodeDigest.of(
        try files.map { try HashedSource($0) },
        build: ["compiler": "Swift version 6.3", "tools": "6.2"])
      #expect(files.count > 10 && digest.raw == nil, "\(String(describing: digest.raw))")
      return digest.hex
    }

    @Test("dvc#9195: a token of an imported module counts, comments and indentation do not")
    func aTokenOfAnImportedModuleCountsAndACommentDoesNot() throws {
      let before = try fingerprint()
      let commented = try fingerprint { _, text in
        // Within a literal of several lines indentation is text, which does count.
        let indented =
          text.contains("\"\"\"")
          ? text : text.replacingOccurrences(of: "\n  ", with: "\n\n\t")
        return "// One more comment.\n" + indented + "\n/* And one /* more */ */\n"
      }
      #expect(commented == before)
      let edited = try fingerprint { path, text in
        path == "Sources/XGBoost/DMatrix.swift" ? text + "\nprivate let oneMore = 1\n" : text
      }
      #expect(edited != before)
    }
  }
}
