// constants.py as data: what a literal is, against Python's own reader of literals, and what is refused.
import AtelierTesting
import Foundation
import PythonLiterals
import Testing

@Suite struct PythonConstantsTests {
  private func read(_ text: String) -> PythonConstants {
    PythonConstants(parsing: Array(text.utf8), file: "constants.py")
  }

  private static let sample = """
    # Copyright
    '''Constants
    of the app'''
    PIPELINE_ACCOUNT: str = "0123" + '45678901'  # governance
    APP_PREFIX = (
        "ml"  # joined
        'ops'
    )
    DEFAULT_DEPLOYMENT_REGION = \"\"\"eu-west-1\"\"\"; PIPELINE_BRANCH = r'ma\\in'
    APP_SUBNETS = ["subnet-1", 'a\\'b\\n', (1, -2.5,), [], None, True]
    LONG = "a" \\
        "b"
    NOTHING = None
    """

  @Test func literalsAreRead() throws {
    let found = read(Self.sample)
    #expect(found.problems.isEmpty, "\(found.problems)")
    #expect(try found.text("PIPELINE_ACCOUNT") == "012345678901")
    #expect(try found.text("APP_PREFIX") == "mlops")
    #expect(try found.text("DEFAULT_DEPLOYMENT_REGION") == "eu-west-1")
    #expect(try found.text("PIPELINE_BRANCH") == "ma\\in")
    #expect(try found.text("LONG") == "ab")
    #expect(try found.text("NOTHING") == nil)
    #expect(
      found.values["APP_SUBNETS"]?.value
        == .list([
          .text("subnet-1"), .text("a'b\n"), .list([.number("1"), .number("-2.5")]), .list([]),
          .none, .flag(true),
        ]))
    #expect(found.values["PIPELINE_ACCOUNT"]?.line == 4)
  }

  @Test func pythonReadsTheSame() throws {
    let folder = try TemporaryFolder()
    try Self.sample.write(toFile: folder("c.py"), atomically: true, encoding: .utf8)
    let judged = try Self.python(["-I", "-c", Self.judge, folder("c.py")])
    let found = read(Self.sample)
    let ours = found.values.compactMap { name, one -> String? in
      if case .text(let text) = one.value { "\(name)=\(text)" } else { nil }
    }
    #expect(ours.sorted().joined(separator: "\n") == judged)
  }

  private static func python(_ words: [String]) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3"] + words
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let printed = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: printed, as: UTF8.self)
  }

  private static let judge = """
    import ast, sys
    names = {}
    for one in ast.parse(open(sys.argv[1]).read()).body:
        if isinstance(one, (ast.Assign, ast.AnnAssign)):
            target = one.target if isinstance(one, ast.AnnAssign) else one.targets[0]
            value = one.value
            join = lambda v: join(v.left) + join(v.right) if isinstance(v, ast.BinOp) else ast.literal_eval(v)
            names[target.id] = join(value)
    print("\\n".join(sorted(f"{k}={v}" for k, v in names.items() if isinstance(v, str))), end="")
    """

  /// A text, the line of its problem, and a part of what is said.
  private static let refused: [(String, Int, String)] = [
    ("import os", 1, "no assignment"), ("\nA = os.getenv('X')", 2, "a call of 'os'"),
    ("A = open('/etc/passwd').read()", 1, "a call of 'open'"), ("A = f'{B}'", 1, "f-string"),
    ("A = B", 1, "the name 'B'"), ("A = 'x", 1, "not closed"), ("A = '''x\n\n", 1, "not closed"),
    ("A = 'x' + 1", 1, "only texts"), ("A = 'x' * 2", 1, "expected the end"),
    ("A = {'a': 1}", 1, "expected a literal"), ("A += 'x'", 1, "no assignment"),
    ("A == 'x'", 1, "no assignment"), ("  A = 'x'", 1, "no indentation"),
    ("A = [1", 2, "expected ','"),
    ("A = b'x'", 1, "bytes"), ("A = '\\q'", 1, "escape"), ("if True:\n    A = 'x'", 1, "no assig"),
    ("A =", 1, "expected a literal"), ("A = 'x' if B else 'y'", 1, "expected the end"),
    ("A = \(String(repeating: "[", count: 99))", 1, "nested"),
  ]

  @Test(arguments: refused.indices) func whatIsNoLiteralIsNamedWithItsLine(_ index: Int) {
    let (text, line, part) = Self.refused[index]
    let found = read(text + "\nLATER = 'read'\n")
    #expect(
      found.problems.contains { $0.line == line && $0.problem.contains(part) },
      "\(text): \(found.problems)")
    // The rest of the file is read, unless the text or bracket goes on to its end.
    if !part.contains("close"), !part.contains("','") {
      #expect(found.values["LATER"] != nil, "\(text)")
    }
  }

  @Test func aNumberIsNoAccount() {
    let found = read("PIPELINE_ACCOUNT = 123456789012")
    #expect(throws: PythonProblem.self) { try found.text("PIPELINE_ACCOUNT") }
  }
}
