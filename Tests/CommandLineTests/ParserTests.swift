// How words become a call: options in every form, global ones anywhere, positional arguments.
import CommandLine
import Testing

@Suite struct ParserTests {
  enum Color: String, CaseIterable { case red, green }

  struct Globals: ParameterGroup {
    let folder = Option("folder", short: "C", aliases: ["dir"], value: "DIR", "the folder")
    let verbose = Flag("verbose", short: "v", "more")
    let help = Flag("help", short: "h", "help")
    let version = Flag("version", short: "V", "version")

    var parameters: [any Parameter] { [folder, verbose, help, version] }
  }

  struct Paint: Verb {
    typealias Context = Int
    let name = "paint"
    let summary = "paint walls"
    let walls = Argument("wall ...", count: 0...3)
    let keep = Flag("keep", short: "k", "keep")
    let dry = Flag("dry-run", short: "n", "dry")
    let jobs = Option("jobs", short: "j", in: 1...8, "jobs")
    let set = Option("set", value: "K=V", repeats: true, "set")
    let file = Option("output", short: "o", value: "FILE", "file")
    let color = Option<Color>("color", value: "COLOR", "color")

    var parameters: [any Parameter] { [walls, keep, dry, jobs, set, file, color] }

    func run(_ call: Call, _ context: Int) throws -> Int32 { Int32(context) }
  }

  struct Exec: Verb {
    typealias Context = Int
    let name = "exec"
    let summary = "run in a room"
    let room = Argument("room")
    let command = Argument("command ...", count: Argument.any, takesRest: true)
    let keep = Flag("keep", "keep")

    var parameters: [any Parameter] { [room, command, keep] }

    func run(_ call: Call, _ context: Int) throws -> Int32 { 0 }
  }

  struct Sweep: Verb {
    typealias Context = Int
    let name: String
    let summary = "sweep"
    let deep = Flag("deep", "deep")
    let id = Argument("ID", count: 0...1)

    var parameters: [any Parameter] { [deep, id] }

    func run(_ call: Call, _ context: Int) throws -> Int32 { 0 }
  }

  static let tree = CommandTree<Int>(
    program: "house", version: "1", summary: "a house", globals: Globals(),
    sections: [
      .init("do", [.verb("paint", Paint()), .verb("exec", Exec())]),
      .init(
        "clean",
        [
          .group(
            "floor",
            VerbGroup(
              "floor", "floors", isFirstDefault: true,
              verbs: [Sweep(name: "sweep"), Sweep(name: "wax")])),
          .group("roof", VerbGroup("roof", "roofs", verbs: [Sweep(name: "tile")])),
        ]),
    ])

  private func call(_ words: String...) throws -> Call {
    guard case .run(_, let call) = try Self.tree.parse(words) else {
      throw UsageError("no call")
    }
    return call
  }

  private func failure(_ words: String...) -> String {
    do {
      _ = try Self.tree.parse(words)
      return "none"
    } catch {
      return "\(error)"
    }
  }

  @Test func optionsInEveryForm() throws {
    let paint = Paint()
    for words in [["-j4"], ["-j", "4"], ["-j=4"], ["--jobs", "4"], ["--jobs=4"]] {
      guard case .run(_, let call) = try Self.tree.parse(["paint"] + words) else { continue }
      #expect(call[paint.jobs] == 4)
    }
    let joined = try call("paint", "-nkj3", "north")
    #expect(joined[paint.keep] && joined[paint.dry] && joined[paint.jobs] == 3)
    #expect(joined[paint.walls] == ["north"])
    #expect(try call("paint", "--output=")[paint.file] == "")
    #expect(try call("paint", "--output=-x")[paint.file] == "-x")
    #expect(try call("paint", "-o", "-")[paint.file] == "-")
    #expect(try call("paint", "--set", "a=1", "--set=b=2").all(paint.set) == ["a=1", "b=2"])
    #expect(try call("paint", "--color", "green")[paint.color] == .green)
  }

  @Test func globalOptionsStandAnywhere() throws {
    let globals = Globals()
    for words in [
      ["-C", "x", "paint"], ["--folder=x", "paint"], ["paint", "--dir", "x"], ["paint", "-Cx"],
      ["-v", "-C", "x", "floor", "wax"], ["floor", "-C", "x", "wax"],
    ] {
      guard case .run(_, let call) = try Self.tree.parse(words) else {
        Issue.record("no call: \(words)")
        continue
      }
      #expect(call[globals.folder] == "x")
    }
  }

  @Test func aFlagIsNeverAValue() {
    #expect(
      failure("paint", "--output", "--keep")
        == "--output needs a value (FILE) and is followed by the option '--keep'; if that is the "
        + "value, write --output=--keep")
    #expect(failure("paint", "-o", "-k").contains("followed by the option '-k'"))
    #expect(failure("paint", "--output") == "--output needs a value: FILE")
    #expect(failure("paint", "--keep=yes") == "--keep takes no value, but 'yes' was given")
    #expect(failure("paint", "--jobs", "2", "-j3") == "--jobs N is given twice")
    #expect(failure("paint", "-j9") == "--jobs takes a whole number from 1 to 8, not '9'")
    #expect(
      failure("paint", "--color", "gren")
        == "--color takes red, green, not 'gren'. Did you mean 'green'?")
  }

  @Test func numbersBelowZeroAreWords() throws {
    #expect(try call("paint", "-17", "-.5")[Paint().walls] == ["-17", "-.5"])
    #expect(try call("paint", "--", "-k", "--jobs")[Paint().walls] == ["-k", "--jobs"])
  }

  @Test func positionalArgumentsAreCounted() {
    #expect(failure("paint", "1", "2", "3", "four").hasPrefix("unexpected argument 'four'"))
    #expect(failure("exec").hasPrefix("missing argument: room; `house exec` takes"))
  }

  @Test func wordsBehindTheSeparatorBelongToAnotherProgram() throws {
    let exec = Exec()
    let call = try call("exec", "kitchen", "--keep", "--", "ls", "--keep", "-C")
    #expect(call[exec.keep])
    #expect(call[exec.room] == ["kitchen"])
    #expect(call[exec.command] == ["ls", "--keep", "-C"])
  }

  @Test func groups() throws {
    #expect(try call("floor").path == ["floor", "sweep"])
    #expect(try call("floor", "--deep").path == ["floor", "sweep"])
    #expect(try call("floor", "wax", "7").path == ["floor", "wax"])
    #expect(failure("roof").hasPrefix("missing command: `house roof` takes tile"))
    #expect(
      failure("floor", "wxa").hasPrefix("unknown command 'floor wxa'. Did you mean 'floor wax'?"))
  }

  @Test func unknownWordsGetTheNearest() {
    #expect(
      failure("pain")
        == "unknown command 'pain'. Did you mean 'paint'? `house --help` lists the commands.")
    #expect(failure("--verison").contains("Did you mean '--version'?"))
    #expect(failure("paint", "--job", "3").contains("Did you mean '--jobs'?"))
    #expect(failure("paint", "-x").hasPrefix("unknown option '-x' for `house paint`"))
  }

  @Test func helpAndVersion() throws {
    func isVersion(_ words: String...) throws -> Bool {
      if case .version = try Self.tree.parse(words) { true } else { false }
    }
    #expect(try isVersion("--version"))
    #expect(try isVersion("-V"))
    #expect(try isVersion("paint", "--version"))
    func topic(_ words: String...) throws -> String {
      guard case .help(let topic) = try Self.tree.parse(words) else { return "none" }
      return switch topic {
      case .program: "program"
      case .group(let group): group.name
      case .verb(let path, _): path.joined(separator: " ")
      }
    }
    #expect(try topic() == "program")
    #expect(try topic("--help") == "program")
    #expect(try topic("help", "floor", "wax") == "floor wax")
    #expect(try topic("floor", "--help") == "floor")
    #expect(try topic("floor", "wax", "-h") == "floor wax")
    // Help is given although an argument is missing.
    #expect(try topic("exec", "--help") == "exec")
  }

  @Test func completionKnowsWhatMayFollow() {
    func words(_ line: String...) -> [String] {
      Self.tree.completions(line) { name, _ in [CompletionWord(name)] }.map(\.word)
    }
    #expect(words("") == ["paint", "exec", "floor", "roof", "--help", "--version"])
    #expect(words("floor", "") == ["sweep", "wax"])
    #expect(words("paint", "--color", "") == ["red", "green"])
    #expect(words("paint", "--color=") == ["--color=red", "--color=green"])
    #expect(words("paint", "-").contains("--jobs"))
    #expect(words("paint", "-").contains("--folder"))
    #expect(words("exec", "kitchen", "--", "") == [":files"])
    #expect(words("nothing", "") == [])
  }
}
