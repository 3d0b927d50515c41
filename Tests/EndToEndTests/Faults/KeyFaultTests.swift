// What a step sees is in its key: names of inputs, one shape of trees, declared programs and nothing
// else of the machine. Each test is named by its entry in the list of faults.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

@Suite(.programs) struct KeyFaultTests {
  // MARK: Names and shapes of inputs

  @Test func w4TheNameOfAnInputIsInTheKey() throws {
    let space = try FixtureSpace([])
    try space.folder.write("a,b\n", to: "rows.dat")
    func lay(_ format: String) throws {
      try space.setGraph([
        ["name": "one.rows", "source": "rows.dat", "as": .string(format)],
        ["name": "one.name", "inputs": ["one.rows"], "script": "echo $one_rows > $out"],
      ])
    }
    try lay("csv")
    #expect(try space.text(of: "one.name", in: space.run()).hasSuffix(".csv\n"))
    try lay("gz")
    let second = try space.run()
    #expect(second.statuses == ["one.name": "built"])
    #expect(try space.text(of: "one.name", in: second).hasSuffix(".gz\n"))
    let reasons = second.step("one.name")?["reasons"]?.array ?? []
    #expect(
      Set(reasons.compactMap { $0["field"]?.string }) == [
        "inputs.invocation.inputs.one_rows.fileName",
        "inputs.invocation.inputs.one_rows.mediaType",
      ])
  }

  private static let archive: JSONValue = [
    "name": "two.tar", "inputs": ["one.tree", "one.file", "one.same"],
    "tools": ["tar", "find", "sort", "grep", "cp", "xz"],
    "script": """
    tar --sort=name --numeric-owner -cf $out inputs
    test "$(find inputs -type l)" = inputs/invocation.inputs.one_tree/d/link || exit 9
    find inputs | sort >> $out; grep -r . inputs | sort >> $out
    cp -r $one_tree scratch/copy; find scratch/copy -type f | sort >> $out
    xz -dc $one_file >/dev/null 2>&1; xz -zc $one_file >> $out
    """,
  ]

  /// The same bytes in two stores, and for a tree from a source and from a step.
  @Test(arguments: ["R4", "R8"])
  func aTreeHasOneShapeWhereverItComesFrom(_ entry: String) throws {
    var digests: Set<Digest> = []
    for fromStep in [false, true] {
      let space = try FixtureSpace([], ending: fromStep ? "-longer-than-the-other" : "")
      for name in ["a", "d/b", "same-1", "same-2"] {
        try space.folder.write(name.hasPrefix("same") ? "same" : name, to: "data/\(name)")
      }
      try TestFiles.writeProgram(Array("#!/bin/sh\n".utf8), to: space.folder("data/run.sh"))
      try FileManager.default.createDirectory(
        atPath: space.folder("data/empty"), withIntermediateDirectories: false)
      try FileManager.default.createSymbolicLink(
        atPath: space.folder("data/d/link"), withDestinationPath: "../a")
      try space.folder.write("alone", to: "file.txt")
      try space.folder.write("alone", to: "same.txt")
      let tree: [JSONValue] =
        fromStep
        ? [
          ["name": "one.source", "tree": "data"],
          [
            "name": "one.tree", "makesTree": true, "inputs": ["one.source"], "tools": ["cp"],
            "script": "cp -r $one_source/. $out/",
          ],
        ] : [["name": "one.tree", "tree": "data"]]
      try space.setGraph(
        tree + [
          ["name": "one.file", "source": "file.txt"], ["name": "one.same", "source": "same.txt"],
          Self.archive,
        ])
      let run = try space.run()
      #expect(run.code == 0, "\(run.err)\(run.out)")
      digests.insert(try run.digest(of: "two.tar"))
      // A source is never linked: its ctime would move, and its user could change the store.
      let status = try FileManager.default.attributesOfItem(atPath: space.folder("file.txt"))
      #expect(status[.referenceCount] as? Int == 1)
    }
    #expect(digests.count == 1)
  }

  @Test(
    .enabled(
      if: FileManager.default.fileExists(atPath: "/usr/include/stdc-predef.h")
        && FileManager.default.fileExists(atPath: "/var/lib/dpkg/info/gcc.list"),
      "no gcc of dpkg"))
  func g5ACompilersOutputDoesNotNameTheStepsFolder() throws {
    var objects: Set<Data> = []
    for ending in ["", "-another-place"] {
      let space = try FixtureSpace([], ending: ending)
      try space.folder.write("int f(int x) { return x + 1; }\n", to: "f.c")
      try space.setGraph([
        ["name": "one.c", "source": "f.c"],
        [
          "name": "one.o", "inputs": ["one.c"], "packages": ["gcc", "libc6-dev"], "tools": ["cc"],
          "script": "cc -g -x c -c $one_c -o $out",
        ],
      ])
      let run = try space.run()
      #expect(run.code == 0, "\(run.err)\(run.out)")
      guard run.code == 0 else { return }
      objects.insert(Data(try TestFiles.read(space.blob(run.digest(of: "one.o")))))
    }
    #expect(objects.count == 1)
  }

  // MARK: Programs

  @Test(.enabled(if: TestTools.path(of: "unxz") != nil, "no xz"))
  func r2AProgramGoesByTheNameThatItIsDeclaredBy() throws {
    let space = try FixtureSpace([
      ["name": "one.x", "script": "echo hello | xz -c > $out", "tools": ["xz"]],
      [
        "name": "one.plain", "inputs": ["one.x"], "program": "unxz", "captures": true,
        "arguments": ["-c", "{input:one_x}"],
      ],
    ])
    let run = try space.run()
    #expect(run.code == 0, "\(run.err)\(run.out)")
    #expect(try space.text(of: "one.plain", in: run) == "hello\n")
  }

  /// The paths of a new virtual environment without packages, and of the folder for them.
  private func virtualEnvironment(
    in space: FixtureSpace
  ) throws -> (path: String, packages: String) {
    let venv = space.folder("venv")
    let made = try RunningProgram(
      try #require(TestTools.path(of: "python3")), ["-m", "venv", "--without-pip", venv],
      environment: [:], captures: space.folder
    ).wait()
    try #require(made.code == 0, "\(made.err)")
    let library = try #require(
      try FileManager.default.contentsOfDirectory(atPath: venv + "/lib").first)
    return (venv, "\(venv)/lib/\(library)/site-packages")
  }

  @Test(.enabled(if: TestTools.path(of: "python3") != nil, "no python3"))
  func r2AVirtualEnvironmentIsUsedAndInTheKey() throws {
    let space = try FixtureSpace([])
    let (venv, packages) = try virtualEnvironment(in: space)
    let module = packages + "/mine.py"
    try TestFiles.write(Array("value = 'one'\n".utf8), to: module)
    try space.folder.write("import mine, sys\nprint(mine.value)\n", to: "main.py")
    try space.setGraph([
      ["name": "one.main", "source": "main.py"],
      [
        "name": "one.a", "inputs": ["one.main"], "program": "python3", "captures": true,
        "arguments": ["{input:one_main}"],
      ],
    ])
    let environment = ["ATELIER_PYTHON3": venv + "/bin/python3"]
    let first = try space.run(environment: environment)
    #expect(first.code == 0, "\(first.err)\(first.out)")
    #expect(try space.text(of: "one.a", in: first) == "one\n")
    #expect(try space.run(environment: environment).statuses == ["one.a": "hit"])
    try TestFiles.write(Array("value = 'two'\n".utf8), to: module)
    let second = try space.run(environment: environment)
    #expect(second.statuses == ["one.a": "built"], "\(second.out)")
    #expect(try space.text(of: "one.a", in: second) == "two\n")
  }

  @Test func aSharedLibraryIsInTheKey() throws {
    let space = try FixtureSpace([["name": "one.a", "script": "echo a > $out"]])
    let run = try space.run()
    let why = try space.call("why", "one.a", "--json")
    let document = try #require(why.events.first?["document"], "\(why.err)\(run.err)")
    let loads = document["programs"]?["sh"]?["loads"]?.object ?? [:]
    #expect(loads.keys.contains { $0.hasPrefix("libc.") || $0.hasPrefix("ld-musl") }, "\(loads)")
    #expect(document["network"] == false)
    #expect(document["environment"]?["PATH"] == "/usr/bin:/bin")
    #expect(document["runtime"]?.object?.isEmpty == false)
    #expect(document["build"]?["compiler"]?.string?.contains("Swift") == true)
  }

  @Test func r34AProgramThatAStepMadeIsStarted() throws {
    let space = try FixtureSpace([
      ["name": "one.tool", "script": "printf '#!/bin/sh\\necho made $1\\n' > $out"],
      [
        "name": "two.used", "inputs": ["one.tool"], "program": "{input:one_tool}",
        "captures": true, "tools": ["sh"], "arguments": ["first"],
      ],
      [
        "name": "two.by-name", "inputs": ["one.tool"], "tools": ["{input:one_tool}"],
        "script": "one_tool second > $out",
      ],
    ])
    let run = try space.run()
    #expect(run.code == 0, "\(run.err)\(run.out)")
    #expect(try space.text(of: "two.used", in: run) == "made first\n")
    #expect(try space.text(of: "two.by-name", in: run) == "made second\n")
  }

  @Test func b7AStepThatChangesItsInputsChangesNoSourceAndNoBlob() throws {
    let space = try FixtureSpace([
      ["name": "one.words", "source": "words.txt"],
      [
        "name": "one.a", "inputs": ["one.words"], "tools": ["chmod", "touch"],
        "script": "chmod 777 $one_words; touch -t 200101010000 $one_words; echo a > $out; exit 3",
      ],
    ])
    let source = try space.folder.write("words\n", to: "words.txt")
    let before = try FileManager.default.attributesOfItem(atPath: source)
    #expect(try space.run().code == 1)
    let after = try FileManager.default.attributesOfItem(atPath: source)
    #expect(after[.posixPermissions] as? Int == before[.posixPermissions] as? Int)
    #expect(after[.modificationDate] as? Date == before[.modificationDate] as? Date)
    var known: Set<String> = []
    #expect(try space.wrongBlobs(known: &known) == [])
    for blob in TestFiles.list(space.store + "/.atelier/cas") {
      let path = "\(space.store)/.atelier/cas/\(blob)"
      let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
      #expect(mode == 0o444)
    }
  }

  @Test(.enabled(if: Confinement.isPossible, "this kernel has no Landlock"))
  func b8AStepReadsNoOtherProcess() throws {
    let space = try FixtureSpace([])
    let other = try RunningProgram(
      "/bin/sleep", ["60"], environment: ["MY_SECRET": "unseen"], captures: space.folder)
    defer { other.end() }
    try space.setGraph([
      [
        "name": "one.a", "tools": ["cat", "kill"],
        "environment": ["pid": .string("\(other.pid)")],
        "script":
          "cat /proc/$pid/environ > $out; cat /proc/self/stat > /dev/null || exit 9; kill $pid && exit 8; exit 0",
      ]
    ])
    let run = try space.run()
    #expect(run.code == 0, "\(run.err)\(run.out)")
    #expect(try !space.text(of: "one.a", in: run).contains("unseen"))
    #expect(kill(other.pid, 0) == 0)
  }

  /// Modules that come, folders without files, and libraries that modules load.
  @Test(.enabled(if: TestTools.path(of: "python3") != nil, "no python3"))
  func aPythonsNewModulesAndItsLibrariesCount() throws {
    let space = try FixtureSpace([])
    let (venv, packages) = try virtualEnvironment(in: space)
    try space.folder.write(
      """
      import zlib, struct
      for name in ("added", "folder"):
        try: __import__(name); print(name)
        except ModuleNotFoundError: pass
      """, to: "main.py")
    try space.setGraph([
      ["name": "one.main", "source": "main.py"],
      [
        "name": "one.a", "inputs": ["one.main"], "program": "python3", "captures": true,
        "arguments": ["{input:one_main}"],
      ],
    ])
    let environment = ["ATELIER_PYTHON3": venv + "/bin/python3"]
    func text() throws -> String {
      let run = try space.run(environment: environment)
      #expect(run.code == 0, "\(run.err)\(run.out)")
      return try space.text(of: "one.a", in: run)
    }
    #expect(try text() == "")
    // A second run leaves its mark, which a new module must undo.
    #expect(try text() == "")
    try TestFiles.write([], to: packages + "/added.py")
    #expect(try text() == "added\n")
    try FileManager.default.createDirectory(
      atPath: packages + "/folder", withIntermediateDirectories: false)
    #expect(try text() == "added\nfolder\n")
  }

  @Test func aScriptThatInterpretsItselfIsAnError() throws {
    let space = try FixtureSpace([["name": "one.a", "script": "tool > $out", "tools": ["tool"]]])
    let tool = space.folder("tool")
    try TestFiles.writeProgram(Array("#!\(tool)\n".utf8), to: tool)
    let run = try space.start(["run"], environment: ["ATELIER_TOOL": tool]).wait()
    #expect(run.code != 0 && run.signal == 0, "\(run.code)")
    #expect(run.err.contains(tool), "\(run.err)")
  }

  @Test func aShellGoesWhereItIsTold() throws {
    let space = try FixtureSpace([
      [
        "name": "one.a", "tools": ["mkdir"],
        "script": "mkdir -p d/e; cd d/e; cd ../..; cd d; cd -; umask > $out; pwd >> $out",
      ]
    ])
    let run = try space.run()
    #expect(run.code == 0, "\(run.err)\(run.out)")
    let lines = try space.text(of: "one.a", in: run).split(separator: "\n")
    #expect(lines.first == "0022" && lines.last?.hasSuffix("step") == true, "\(lines)")
  }

  // MARK: What is refused

  private func refused(_ node: [String: JSONValue], _ space: FixtureSpace) throws -> String {
    var node = node
    node["name"] = "one.a"
    try space.setGraph([.object(node)])
    let run = try space.run()
    #expect(run.code == 1, "\(run.out)")
    return run.step("one.a")?["message"]?.string ?? ""
  }

  @Test(.enabled(if: Confinement.isPossible, "this kernel has no Landlock"))
  func w2NothingUndeclaredIsStartedOrRead() throws {
    let space = try FixtureSpace([])
    let tool = space.folder("tools/mine")
    try TestFiles.writeProgram(Array("#!/bin/sh\necho mine\n".utf8), to: tool)
    let text = try space.folder.write("echo hello\n", to: "tools/text")
    let loader = ["/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-aarch64.so.1"]
      .first { FileManager.default.fileExists(atPath: $0) }
    let cases: [(script: String, file: String)] =
      [
        ("\(tool) > $out", tool), (". \(text) > $out", text), ("cat < \(text) > $out", text),
        ("/usr/bin/env > $out", "/usr/bin/env"),
      ] + (loader.map { [("\($0) /usr/bin/env > $out", "/usr/bin/env")] } ?? [])
    for (script, file) in cases {
      let message = try refused(["script": .string(script), "tools": ["cat"]], space)
      #expect(message.contains("\(file) is no input and no program of this step"), "\(message)")
      #expect(message.contains("confined"), "\(message)")
    }
    let plain = try refused(["script": "echo no >&2; exit 3"], space)
    #expect(!plain.contains("confined"), "\(plain)")
  }

  @Test(
    .enabled(if: Confinement.isPossible, "this kernel has no Landlock"),
    .enabled(if: TestTools.path(of: "python3") != nil, "no python3"))
  func w2NoSocketButThoseOfThisMachine() throws {
    let space = try FixtureSpace([])
    let script = """
      import socket
      def tried(family, kind):
        try:
          socket.socket(family, kind).close()
          return "made"
        except OSError as error:
          return "refused" if error.errno == 13 else str(error)
      print(tried(socket.AF_INET, socket.SOCK_STREAM), tried(socket.AF_INET, socket.SOCK_DGRAM))
      print(tried(socket.AF_INET6, socket.SOCK_STREAM), tried(socket.AF_NETLINK, socket.SOCK_RAW))
      print(tried(socket.AF_UNIX, socket.SOCK_STREAM))
      """
    try space.folder.write(script, to: "main.py")
    func lay(network: Bool) throws {
      try space.setGraph([
        ["name": "one.main", "source": "main.py"],
        [
          "name": "one.a", "inputs": ["one.main"], "program": "python3", "captures": true,
          "network": .bool(network), "arguments": ["{input:one_main}"],
        ],
      ])
    }
    try lay(network: false)
    let run = try space.run()
    #expect(run.code == 0, "\(run.err)\(run.out)")
    #expect(
      try space.text(of: "one.a", in: run) == "refused refused\nrefused refused\nmade\n")
    try lay(network: true)
    let open = try space.run()
    #expect(open.statuses == ["one.a": "built"])
    #expect(try space.text(of: "one.a", in: open).hasPrefix("made made\n"))
    let fields = open.step("one.a")?["reasons"]?.array?.compactMap { $0["field"]?.string }
    #expect(fields?.contains("network") == true, "\(open.out)")
  }

  // MARK: Packages

  @Test(
    .enabled(if: FileManager.default.fileExists(atPath: "/var/lib/dpkg/status"), "no dpkg"),
    .enabled(if: FileManager.default.fileExists(atPath: "/usr/bin/perl"), "no perl"))
  func packagesOpenTheirFilesAndAreInTheKey() throws {
    let space = try FixtureSpace([
      [
        "name": "one.a", "program": "perl", "captures": true, "packages": ["perl-base"],
        "arguments": ["-MPOSIX", "-e", "print floor(2.5)"],
      ]
    ])
    let run = try space.run()
    #expect(run.code == 0, "\(run.err)\(run.out)")
    #expect(try space.text(of: "one.a", in: run) == "2")
    let why = try space.call("why", "one.a", "--json")
    let packages = why.events.first?["document"]?["packages"]?.object ?? [:]
    #expect(packages["perl-base"] != nil && packages["libc6"] != nil, "\(packages.keys.sorted())")
    try space.setGraph([
      ["name": "one.a", "script": "echo a > $out", "packages": ["no-such-package"]]
    ])
    let refused = try space.call("run")
    #expect(
      refused.err.contains("the package 'no-such-package' is not installed"), "\(refused.err)")
  }
}
