// Python files as steps: what they see and what they do not, their environments and their errors.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

@Suite(.programs) struct PythonStepTests {
  private static let variables = ["ATELIER_UV": "\(TestTools.root)/.tools/venv/bin/uv"]

  private func space(_ files: [String: String], _ nodes: [JSONValue]) throws -> FixtureSpace {
    let space = try FixtureSpace(nodes)
    for (name, text) in files {
      try space.folder.write(text, to: "Workshops/Fixture/Scripts/\(name)")
    }
    return space
  }

  private func table(_ space: FixtureSpace, _ run: EndedProgram, _ step: String) throws -> String {
    try TestFiles.text(space.blob(try run.digest(of: step, output: "table")))
  }

  @Test func inputsOutputsAndParametersHaveTheirNamesAndTypes() throws {
    let space = try space(
      [
        "a.py": """
        import json
        from atelier import inputs, log, outputs, parameters, progress
        progress(0.5)
        log("rows:", parameters["rows"])
        with open(inputs.given) as file:
            text = file.read()
        values = [text, parameters["rows"], parameters["real"], parameters["yes"], parameters["list"]]
        with open(outputs["table"], "w") as file:
            file.write(json.dumps(values))
        """
      ],
      [
        ["name": "one.given", "script": "printf 'in' > $out"],
        [
          "name": "one.a", "python": "a.py", "inputs": ["one.given"],
          "parameters": ["rows": 3, "real": 2.5, "yes": true, "list": [1, "x"]],
        ],
      ])
    let run = try space.run(environment: Self.variables)
    try #require(run.code == 0, "\(run.err)\(run.out)")
    #expect(try table(space, run, "one.a") == #"["in", 3, 2.5, true, [1, "x"]]"#)
    #expect(try space.call("log", "one.a").out.contains("rows: 3"))
    #expect(try space.run(environment: Self.variables).statuses["one.a"] == "hit")
    // The text is in this step's key alone.
    try space.folder.write(
      "from atelier import outputs\nopen(outputs['table'], 'w').write('new')\n",
      to: "Workshops/Fixture/Scripts/a.py")
    let second = try space.run(environment: Self.variables)
    #expect(second.statuses == ["one.given": "hit", "one.a": "built"], "\(second.out)")
    #expect(second.out.contains("scripts.a.py"))
  }

  @Test func nothingOfTheUserOrTheMachineIsSeen() throws {
    let script = """
      import json, os, sys
      from atelier import outputs
      def importable(name):
          try:
              __import__(name)
              return True
          except ImportError:
              return False
      found = {
          "user": importable("of_the_user"), "path": importable("of_pythonpath"),
          "site": importable("pip") or importable("apt"),
          "variables": sorted(n for n in os.environ if n.startswith("PYTHON")),
          "secret": os.environ.get("SECRET_OF_MINE"), "hash": hash("a text"),
          "threads": os.environ["OMP_NUM_THREADS"], "pth": hasattr(sys, "pth_was_read"),
          "packages": [p for p in sys.path if "packages" in p and "environment" not in p],
      }
      json.dump(found, open(outputs["table"], "w"), sort_keys=True)
      """
    let space = try space(["a.py": script], [["name": "one.a", "python": "a.py"]])
    let home = try TemporaryFolder()
    try home.write("x = 1", to: ".local/lib/python3.11/site-packages/of_the_user.py")
    try home.write("x = 1", to: "modules/of_pythonpath.py")
    let run = try space.run(
      environment: Self.variables.merging([
        "HOME": home.path, "PYTHONPATH": home("modules"), "PYTHONSTARTUP": home("modules/x.py"),
        "PYTHONHASHSEED": "7", "PYTHONUSERBASE": home(".local"), "SECRET_OF_MINE": "s",
      ]) { $1 })
    try #require(run.code == 0, "\(run.err)\(run.out)")
    let found = try JSONValue(parsing: Array(table(space, run, "one.a").utf8))
    for name in ["user", "path", "site", "pth"] { #expect(found[name] == false, "\(name)") }
    #expect(found["secret"] == .null && found["threads"] == "1" && found["packages"] == [])
    #expect(
      found["variables"] == ["PYTHONHASHSEED", "PYTHONTZPATH", "PYTHONUTF8"], "\(found)")
    let verified = try space.call("verify", "one.a", environment: Self.variables)
    #expect(verified.code == 0, "\(verified.err)")
  }

  @Test func failuresHaveTheFilesNameAndLine() throws {
    let space = try space(
      [
        "raise.py": "import os\n\ndef f():\n    raise ValueError('no such thing')\n\nf()\n",
        "syntax.py": "x = 1\ny = (\n", "none.py": "x = 1\n", "exit.py": "import sys\nsys.exit(7)\n",
        "missing.py": "import os\nimport nowhere.at_all\n",
        "names.py": "from atelier import inputs\ninputs['rows']\n",
      ],
      [
        ["name": "one.raise", "python": "raise.py"], ["name": "one.syntax", "python": "syntax.py"],
        ["name": "one.none", "python": "none.py"], ["name": "one.exit", "python": "exit.py"],
        ["name": "one.missing", "python": "missing.py"],
        ["name": "one.names", "python": "names.py"],
      ])
    let run = try space.call("run", "-k", environment: Self.variables)
    #expect(run.code == 1)
    for text in [
      "raise.py:4: ValueError: no such thing", "File \"raise.py\", line 6, in <module>",
      "syntax.py:2: SyntaxError: '(' was never closed",
      "none.py ended well, but wrote no output 'table'", "exit.py ended with exit code 7",
      "missing.py:2: ModuleNotFoundError: No module named 'nowhere'; it has no environment: give it one",
      "the step has no input 'rows'; it has: none",
    ] {
      #expect(run.err.contains(text), "\(text)\n\(run.err)")
    }
    #expect(!run.err.contains("bootstrap"), "\(run.err)")
  }

  @Test func anEnvironmentIsWhatItsLockNames() throws {
    let index = try WheelIndex()
    let script = """
      import sys, plain
      from atelier import outputs
      open(outputs["table"], "w").write(f"{plain.value} {hasattr(sys, 'pth_was_read')}")
      """
    let space = try space(
      ["a.py": script, "x.lock": try index.lock("plain")],
      [
        ["name": "one.a", "python": "a.py", "environment": "x.lock"],
        ["name": "two.b", "python": "a.py", "environment": "x.lock"],
      ])
    let variables = Self.variables.merging(["UV_DEFAULT_INDEX": index.address]) { $1 }
    let run = try space.run(environment: variables)
    try #require(run.code == 0, "\(run.err)\(run.out)")
    #expect(try table(space, run, "one.a") == "42 False")
    #expect(run.statuses["one.environment-x"] == "built")
    #expect(!run.out.contains(index.address))
    // Another index has the same packages by their digests: nothing runs again.
    let other = try space.run(environment: Self.variables)
    #expect(Set(other.statuses.values) == ["hit"], "\(other.out)")
    // Made again, in another store, the bytes are the same; programs and notes are left out.
    let verified = try space.call("verify", "one.environment-x", environment: variables)
    #expect(verified.code == 0, "\(verified.err)")
    let shown = try space.call("show", "one.environment-x.packages", environment: variables)
    #expect(
      shown.out.contains("plain/__init__.py") && !shown.out.contains("plain-tool")
        && !shown.out.contains("INSTALLER"), "\(shown.out)")
  }

  @Test func aLockThatIsOlderThanItsRequirementsIsTold() throws {
    let index = try WheelIndex()
    let space = try space(
      [
        "a.py": "from atelier import outputs\nopen(outputs['table'], 'w').write('n')",
        "x.in": "# What a.py imports\nplain\n",
      ],
      [["name": "one.a", "python": "a.py", "environment": "x.lock"]])
    let variables = Self.variables.merging(["UV_DEFAULT_INDEX": index.address]) { $1 }
    let scripts = "Workshops/Fixture/Scripts"
    func warnings(_ verb: String) throws -> [Substring] {
      let ended = try space.call(verb, environment: variables)
      #expect([0, 3].contains(ended.code), "\(ended.err)")
      return ended.err.split(separator: "\n").filter { $0.hasPrefix("warning: ") }
    }
    // A lock that some other program made tells by the names and versions in it.
    try space.folder.write(try index.lock("plain"), to: scripts + "/x.lock")
    #expect(try warnings("run") == [])
    try space.folder.write("plain==7\nNamed[extra] >= 2 # more\n", to: scripts + "/x.in")
    let expected =
      "warning: x.lock was made before x.in was edited, and steps use the packages of the lock: "
      + "`atelier environment lock x -w fixture` makes it anew"
    for verb in ["status", "run", "run"] { #expect(try warnings(verb) == [Substring(expected)]) }
    try space.folder.write("plain\n", to: scripts + "/x.in")
    let locked = try space.call("environment", "lock", "x", environment: variables)
    try #require(locked.code == 0, "\(locked.err)")
    #expect(try warnings("run") == [])
    // A comment is no requirement; a range that the lock would meet, too, is another one.
    try space.folder.write("plain # the same\n\n", to: scripts + "/x.in")
    #expect(try warnings("run") == [] && warnings("status") == [])
    try space.folder.write("plain>=0.1\n", to: scripts + "/x.in")
    #expect(try warnings("run").count == 1)
    try FileManager.default.removeItem(atPath: space.folder(scripts + "/x.in"))
    #expect(try warnings("run") == [])
  }

  @Test func severalProcessesInAStepAreRefusedInWords() throws {
    let space = try space(
      [
        "pool.py":
          "from multiprocessing import Pool\n\nwith Pool(2) as pool:\n  pool.map(abs, [1])",
        "lock.py": "import multiprocessing\nmultiprocessing.Lock()",
        "shared.py": "from multiprocessing import shared_memory\n"
          + "shared_memory.SharedMemory(create=True, size=8)",
      ],
      ["pool", "lock", "shared"].map {
        ["name": .string("one.\($0)"), "python": .string("\($0).py")]
      })
    let run = try space.call("run", "-k")
    #expect(run.code == 1)
    for place in ["pool.py:3: ", "lock.py:2: ", "shared.py:2: "] {
      let line = run.err.split(separator: "\n").first { $0.contains(place) } ?? ""
      #expect(line.contains("which multiprocessing needs: use threads"), "\(place) \(run.err)")
    }
  }

  @Test func sizesAndLicencesAreThoseOfTheUnpackedWheels() throws {
    let index = try WheelIndex()
    let names = ["plain", "named", "classed", "long_text", "silent"]
    let variables = Self.variables.merging(["UV_DEFAULT_INDEX": index.address]) { $1 }
    let space = try space(
      [
        "a.py": "from atelier import outputs\nopen(outputs['table'], 'w').close()\n",
        "x.lock": try names.map { try index.lock($0) }.joined(),
        "one.lock": try index.lock("named"),
      ],
      ["x.lock", "one.lock"].map {
        [
          "name": .string("one.\($0.prefix { $0 != "." })"), "python": "a.py",
          "environment": .string($0),
        ]
      })
    let before = try space.call("environment", "show", "x", environment: variables)
    #expect(
      before.code == 0 && before.err.contains("`atelier run one.environment-x` unpacks them"),
      "\(before.err)")
    #expect(before.out.hasPrefix("plain      1.0  -  -  1 file\n"), "\(before.out)")

    let run = try space.run(environment: variables)
    try #require(run.code == 0, "\(run.err)\(run.out)")
    let shown = try space.call("environment", "show", "x", "--json", environment: variables)
    let packages = try JSONValue(parsing: Array(shown.out.utf8)).array ?? []
    #expect(
      packages.map { $0["license"] ?? .null }
        == ["MIT", "Apache-2.0", "BSD License", "BSD License", .null], "\(shown.out)")
    // All of an environment belongs to one of its packages.
    for (name, shown) in [
      ("x", packages),
      (
        "one",
        try JSONValue(
          parsing: Array(
            space.call("environment", "show", "one", "--json", environment: variables).out.utf8)
        ).array ?? []
      ),
    ] {
      let manifest = try space.blob(
        run.digest(of: "one.environment-\(name)", output: "packages"))
      let files = try JSONValue(parsing: Array(TestFiles.text(manifest).utf8)).array ?? []
      #expect(!files.isEmpty)
      #expect(
        shown.reduce(0) { $0 + ($1["bytes"]?.integer ?? 0) }
          == files.reduce(0) { $0 + ($1["size"]?.integer ?? 0) })
    }
    let lines = try space.call("environment", "show", "x", environment: variables).out
      .split(separator: "\n")
    #expect(lines.count == 5 && Set(lines.map { $0.hasSuffix("  1 file") }) == [true], "\(lines)")
    #expect(lines.last?.contains(" B  not stated   1 file") == true, "\(lines)")
  }

  @Test func anEnvironmentThatNoStepUsesIsShownWithoutSizes() throws {
    let space = try space(
      ["x.lock": "plain==1.0 --hash=sha256:\(String(repeating: "0", count: 64))\n"],
      [["name": "one.given", "script": "echo > $out"]])
    let shown = try space.call("environment", "show", "x", "--json")
    #expect(
      shown.code == 0 && shown.err.contains("no step has environment: \"x.lock\""), "\(shown.err)")
    #expect(
      shown.out
        == #"[{"bytes":null,"files":1,"license":null,"name":"plain","version":"1.0"}]"# + "\n")
  }

  @Test func whatALockCannotGiveIsSaid() throws {
    let index = try WheelIndex()
    let wrong = String(repeating: "0", count: 64)
    let nodes: [JSONValue] = ["foreign", "damaged", "absent", "other"].map {
      ["name": .string("one.\($0)"), "python": "a.py", "environment": .string("\($0).lock")]
    }
    let space = try space(
      [
        "a.py": "", "foreign.lock": try index.lock("foreign"),
        "damaged.lock": try index.lock("damaged"),
        "absent.lock": "absent==1.0 --hash=sha256:\(wrong)\n",
        "other.lock": "plain==1.0 --hash=sha256:\(wrong)\n",
      ], nodes)
    let variables = Self.variables.merging(["UV_DEFAULT_INDEX": index.address]) { $1 }
    let run = try space.call("run", "-k", environment: variables)
    #expect(run.code == 1)
    for (lock, advice) in [
      ("foreign.lock", "there is no wheel for this Python and platform"),
      ("damaged.lock", "a wheel of the index is damaged"),
      ("absent.lock", "the index does not have it"),
      ("other.lock", "the index has other files than the lock names"),
    ] {
      let lines = run.err.split(separator: "\n").filter { $0.contains("\(lock): ") }
      #expect(lines.contains { $0.contains(advice) }, "\(lock): \(run.err)")
    }
    let down = try space.call(
      "run", "one.absent",
      environment: Self.variables.merging([
        "UV_DEFAULT_INDEX": "http://name:password@127.0.0.1:9/simple", "UV_HTTP_RETRIES": "0",
      ]) { $1 })
    #expect(down.code == 1)
    #expect(down.err.contains("the index cannot be reached"), "\(down.err)")
    #expect(!(down.err + down.out).contains("password"))
    let unlocked = try self.space(
      ["a.py": "", "x.lock": "plain==1.0\n"],
      [["name": "one.a", "python": "a.py", "environment": "x.lock"]])
    let refused = try unlocked.call("run", environment: variables)
    #expect(refused.code == 2, "\(refused.err)")
    #expect(refused.err.contains("x.lock:1: plain==1.0 has no --hash=sha256:"), "\(refused.err)")
  }
}
