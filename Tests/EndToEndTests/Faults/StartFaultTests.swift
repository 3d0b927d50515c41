// What a parent can do to a program before it begins: closed descriptors, a library that moves the
// environment, a limit of a file's size, an empty PATH. The right result, or an error.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

@Suite(.programs) struct StartFaultTests {
  private static let graph: [JSONValue] = [
    ["name": "one.a", "script": "echo a > $out; echo said"],
    ["name": "one.b", "inputs": ["one.a"], "tools": ["cat"], "script": "cat $one_a > $out"],
    ["name": "two.c", "inputs": ["one.b"], "tools": ["cat"], "script": "cat $one_b > $out"],
  ]

  /// A shell that starts the program with some descriptors closed.
  private static func closing(_ redirections: String) -> [String] {
    ["sh", "-c", "exec \"$0\" \"$@\" \(redirections)"]
  }

  @Test(arguments: ["<&-", ">&-", "2>&-", "<&- 2>&-", ">&- 2>&-", "<&- >&- 2>&-"])
  func aRunWithClosedDescriptorsIsWhole_F7(_ closed: String) throws {
    let space = try FixtureSpace(Self.graph)
    let run = try space.start(["run"], by: Self.closing(closed)).wait()
    #expect(run.code == 0, "\(run.err)")
    let next = try space.run()
    #expect(
      next.statuses == ["one.a": "hit", "one.b": "hit", "two.c": "hit"], "\(closed): \(next.out)")
    #expect(try space.call("log", "one.a").out == "said\n")
  }

  @Test func dataForAClosedDescriptorAreAnError_F7() throws {
    let space = try FixtureSpace(Self.graph)
    for verb in [["run", "--json"], ["status"], ["list", "steps"], ["--version"]] {
      let ended = try space.start(verb, by: Self.closing(">&-")).wait()
      #expect(ended.code == 5, "\(verb): \(ended.err)")
      #expect(ended.err.contains("cannot write to standard output: Bad file descriptor"))
    }
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
  func aFullDeviceIsAnError_F13() throws {
    let space = try FixtureSpace(Self.graph)
    try #require(try space.run().code == 0)
    for verb in [
      ["run", "--json"], ["run", "-n"], ["status"], ["explain", "one.a"], ["why", "one.b"],
      ["list", "steps"], ["list", "runs"], ["log", "one.a"], ["show", "one.a"], ["graph"],
      ["config", "list"], ["store", "fsck", "--json"], ["help"], ["report", "-o", "-"],
    ] {
      let ended = try space.start(verb, by: ["sh", "-c", "exec \"$0\" \"$@\" >/dev/full"]).wait()
      #expect(ended.code == 5, "\(verb): \(ended.code) \(ended.err)")
      #expect(ended.err.contains("No space left on device"), "\(verb): \(ended.err)")
    }
  }

  /// Such a library keeps the environment elsewhere: faketime and others.
  @Test(.enabled(if: TestTools.path(of: "cc") != nil, "needs a C compiler"))
  func argumentsSurviveAPreloadedLibrary_B5() throws {
    let space = try FixtureSpace(Self.graph)
    let library = try space.preloadable(
      """
      #include <stdlib.h>
      extern char **environ;
      __attribute__((constructor)) static void move(void) {
        int count = 0;
        while (environ[count]) count++;
        char **copy = calloc(count + 2, sizeof *copy);
        for (int i = 0; i < count; i++) copy[i] = environ[i];
        copy[count] = "MOVED=1";
        environ = copy;
      }
      """, named: "move")
    let run = try space.run(environment: ["LD_PRELOAD": library])
    #expect(run.code == 0, "\(run.err)")
    #expect(run.statuses == ["one.a": "built", "one.b": "built", "two.c": "built"], "\(run.out)")
  }

  @Test(.enabled(if: TestTools.path(of: "prlimit") != nil))
  func aLimitOfAFilesSizeIsAnErrorInWords_XFSZ() throws {
    let space = try FixtureSpace([
      ["name": "one.big", "tools": ["head"], "script": "head -c 3000000 /dev/zero > $out"]
    ])
    let run = try space.start(["run", "--json"], by: ["prlimit", "--fsize=100000"]).wait()
    #expect([1, 5].contains(run.code) && run.signal == 0, "\(run.code): \(run.err)")
    let said = run.out + run.err
    #expect(
      ["File too large", "File size limit exceeded"].contains { said.contains($0) }, "\(said)")
    // What the program writes itself: each of its files in turn.
    for size in [300, 5000, 40_000] {
      let own = try space.start(["run"], by: ["prlimit", "--fsize=\(size)"]).wait()
      #expect([1, 2, 5].contains(own.code) && own.signal == 0, "\(size): \(own.code) \(own.err)")
    }
    try space.setGraph(Self.graph)
    #expect(try space.run().code == 0)
  }

  @Test func anEmptyPathIsSaid_F27() throws {
    let space = try FixtureSpace([["name": "one.a", "program": "nowhere", "script": "true"]])
    let run = try space.call("run", environment: ["PATH": ""])
    #expect(run.code == 2)
    #expect(run.err.contains("'nowhere' is missing; PATH is empty"), "\(run.err)")
  }

  @Test func aFileThatCannotBeStartedIsPassedOverAndTold_F27() throws {
    let space = try FixtureSpace(Self.graph)
    let bin = space.folder("bin")
    try space.folder.write("no program", to: "bin/cat")
    try space.folder.write("no program", to: "bin/nowhere")
    let run = try space.run(environment: ["PATH": "\(bin):/usr/bin:/bin"])
    #expect(run.code == 0, "\(run.err)")
    try space.setGraph([["name": "one.a", "program": "nowhere", "script": "true"]])
    let missing = try space.call("run", environment: ["PATH": "\(bin):/usr/bin"])
    #expect(missing.err.contains("\(bin)/nowhere (may not be started)"), "\(missing.err)")
  }

  @Test func aLinkForAnOutputIsCalledALink_F27() throws {
    let space = try FixtureSpace([
      ["name": "one.link", "tools": ["ln"], "script": "ln -s nowhere $out"],
      ["name": "two.folder", "tools": ["mkdir"], "script": "mkdir $out"],
    ])
    let run = try space.run("-k")
    let link = run.step("one.link")?["message"]?.string ?? ""
    #expect(
      link.hasPrefix(
        "one.link ended with a symlink for its output 'out': expected a file at outputs/out"),
      "\(link)")
    let folder = run.step("two.folder")?["message"]?.string ?? ""
    #expect(folder.contains("ended with a folder for its output 'out'"), "\(folder)")
  }

  @Test func aMissingWiringFileIsNamed_F27() throws {
    let space = try FixtureSpace(Self.graph)
    try FileManager.default.removeItem(atPath: space.folder("Workshops/Fixture/graph.json"))
    let run = try space.call("run")
    #expect(run.code == 2)
    #expect(
      run.err.contains("cannot read") && run.err.contains("Workshops/Fixture/graph.json")
        && !run.err.contains("CocoaError"), "\(run.err)")
  }
}
