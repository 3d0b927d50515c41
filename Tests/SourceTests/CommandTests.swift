// Commands as steps: placeholders, surroundings, output, failures and keys.
import AtelierStep
import AtelierTesting
import Command
import Foundation
import Testing

private func shell(
  _ script: String, environment: [String: String] = [:], tools: [String] = [],
  inputs: [String: AnyArtifact] = [:]
) -> Invocation {
  Invocation(
    program: "sh", arguments: ["-c", script], environment: environment, tools: tools,
    inputs: inputs)
}

private enum Rows: ArtifactFormat {
  static let mediaType = "text/csv"
  static let fileExtension = "csv"
}

@Suite struct CommandTests {
  @Test func aScriptReadsItsInputAndWritesTheOutput() throws {
    let space = try TemporarySpace()
    let script = try space.write(
      "count.sh", "read first < \"$1\"\necho \"$first $WORD\" > \"$2\"\n")
    let rows = try space.write("rows.csv", "one\ntwo\n")
    let result = try StepHarness.run(
      RunCommand(
        Invocation(
          program: "sh", arguments: ["{script}", "{input:rows}", "{output:out}"],
          environment: ["WORD": "{not a placeholder} {"], script: AnyArtifact(Artifact<Rows>.test),
          inputs: ["rows": AnyArtifact(Artifact<Rows>.test)])),
      inputs: ["invocation.script": script, "invocation.inputs.rows": rows])
    #expect(try result.text("out") == "one {not a placeholder} {\n")
  }

  @Test func severalOutputsHaveNamesAndFormatsOfTheirOwn() throws {
    let step = RunCommand(
      shell("echo a,b > {output:rows}; echo x > {output:notes}"),
      outputs: try Outputs([
        ArtifactDescription(name: "rows", format: Rows.self),
        ArtifactDescription(name: "notes", format: AnyFile.self),
      ]))
    let result = try StepHarness.run(step)
    #expect(try result.text("rows") == "a,b\n")
    #expect(result.outputs["rows"]?.hasSuffix("/rows.csv") == true)
    #expect(try StepTemplate(of: step).outputs.map(\.mediaType).contains("text/csv"))
    let forgetful = RunCommand(
      shell("echo a > {output:rows}"),
      outputs: try Outputs([
        ArtifactDescription(name: "rows", format: Rows.self),
        ArtifactDescription(name: "notes", format: AnyFile.self),
      ]))
    #expect {
      try StepHarness.run(forgetful)
    } throws: {
      "\($0)" == "sh ended well, but wrote no output 'notes': pass it {output:notes}"
    }
  }

  @Test func aScriptIsStartedByItsOwnName() throws {
    let space = try TemporarySpace()
    let script = try space.write("anything", "import sys\nprint(sys.argv[0], __file__)\n")
    func run(_ name: String) throws -> String {
      try StepHarness.run(
        RunCommand(
          Invocation(
            program: "python3", arguments: ["{script}"],
            script: AnyArtifact(Artifact<AnyFile>.test), scriptName: name),
          captureStandardOutput: true),
        inputs: ["invocation.script": script]
      ).text("out")
    }
    #expect(try run("totals.py").contains("totals.py"))
    #expect(throws: StepFailure.self) { try run("../totals.py") }
  }

  @Test func pathsBelowTheStepsFolderAreGivenFromThere() throws {
    let result = try StepHarness.run(
      RunCommand(shell("echo {output:out} {scratch}"), captureStandardOutput: true))
    #expect(try result.text("out") == "outputs/out scratch\n")
  }

  @Test func nothingOfTheEnvironmentIsInherited() throws {
    let result = try StepHarness.run(
      RunCommand(
        Invocation(program: "env", environment: ["TZ": "Asia/Tokyo", "MINE": "{scratch}/x"]),
        captureStandardOutput: true))
    let names = try result.text("out").split(separator: "\n").map { line in
      line.hasPrefix("TZ=") || line.hasPrefix("MINE=") || line.hasPrefix("LC_ALL=")
        ? String(line) : String(line.prefix { $0 != "=" })
    }
    #expect(
      names.sorted() == [
        "HOME", "LC_ALL=C.UTF-8", "MINE=scratch/x", "PATH", "TMPDIR", "TZ=Asia/Tokyo",
      ])
  }

  /// Others are found and refused where the kernel can confine: see ConfinementTests.
  @Test func declaredProgramsAreFoundFirst() throws {
    let with = shell("seq 3", tools: ["seq"])
    let result = try StepHarness.run(RunCommand(with, captureStandardOutput: true))
    #expect(try result.text("out") == "1\n2\n3\n")
    #expect(with.programNames == ["sh", "seq"])
    let path = try StepHarness.run(
      RunCommand(shell("command -v seq; echo $PATH", tools: ["seq"]), captureStandardOutput: true)
    ).text("out").split(separator: "\n")
    #expect(path.first?.hasSuffix("/scratch/bin/seq") == true)
    #expect(path.last?.hasSuffix("/scratch/bin:/usr/bin:/bin") == true)
  }

  @Test func aTreeIsFilledFileByFile() throws {
    let result = try StepHarness.run(
      RunCommandTree(shell("echo a > {output:out}/a.txt; echo b > {output:out}/b.txt")))
    let folder = result.outputs["out"] ?? ""
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["a.txt", "b.txt"])
    #expect(try String(contentsOfFile: folder + "/b.txt", encoding: .utf8) == "b\n")
  }
}

extension Invocation {
  fileprivate var programNames: [String] { RunCommand(self).programs.map(\.name) }
}

@Suite struct CommandFailureTests {
  /// Its last words are in the log, of which the runner tells: see LogFaultTests.
  @Test func aFailureTellsTheCode() throws {
    #expect {
      try StepHarness.run(RunCommand(shell("exit 3")))
    } throws: { "\($0)" == "sh ended with exit code 3" }
  }

  @Test func aSilentEndBySignalIsSaid() {
    #expect {
      try StepHarness.run(RunCommand(shell("kill -9 $$")))
    } throws: { "\($0)" == "sh was ended by signal 9" }
  }

  @Test func anUndeclaredInputIsNamedWithWhatThereIs() {
    let invocation = shell("cat {input:row}", inputs: ["rows": AnyArtifact(Artifact<Rows>.test)])
    #expect {
      try StepHarness.run(
        RunCommand(invocation), inputs: ["invocation.inputs.rows": "rows.csv"])
    } throws: {
      "\($0)"
        == "the command uses {input:row}, which it does not declare; it has {input:rows}, "
        + "{output:out}, {scratch}"
    }
  }

  @Test func aMissingOutputIsSaid() {
    #expect {
      try StepHarness.run(RunCommand(shell("true")))
    } throws: {
      "\($0)"
        == "sh ended well, but wrote no output: pass it {output:out}, or set captureStandardOutput"
    }
  }
}

@Suite struct CommandKeyTests {
  private let wired = Artifact<Rows>(.wired(.init(node: 3, output: "table")))

  @Test func limitsAreReadButAreNotInTheKey() throws {
    let plain = RunCommand(shell("true"))
    let patient = RunCommand(shell("true"), limits: StepLimits(retries: 2, timeout: 60))
    #expect(patient.limits == StepLimits(retries: 2, timeout: 60))
    #expect(try StepTemplate(of: plain) == StepTemplate(of: patient))
    #expect(
      try StepTemplate(of: patient).parameters.canonicalText()
        == #"{"captureStandardOutput":false,"invocation":{"arguments":["-c","true"],"#
        + #""environment":{},"inputs":{},"network":false,"packages":[],"program":"sh","tools":[]}}"#
    )
  }

  @Test func inputsKeepTheirFormatAndTheirWire() throws {
    let step = RunCommand(
      Invocation(
        program: "sh", script: AnyArtifact(wired), inputs: ["rows": AnyArtifact(wired)]))
    let inputs = try StepTemplate(of: step).inputs
    let reference = OutputReference(node: 3, output: "table")
    #expect(inputs.map(\.description.name) == ["invocation.script", "invocation.inputs.rows"])
    #expect(inputs.map(\.description.mediaType) == ["text/csv", "text/csv"])
    #expect(inputs.map(\.description.fileName).last == "invocation.inputs.rows.csv")
    #expect(inputs.map(\.reference) == [reference, reference])
    #expect(Artifact<AnyFile>(anyOf: wired).source == .wired(reference))
  }
}
