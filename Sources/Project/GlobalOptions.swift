// The options that every verb takes, and those that several verbs share.
import CommandLine
import Terminal

/// Options of every verb, before or after it.
package struct GlobalOptions: ParameterGroup {
  package static let all = GlobalOptions()

  package let workshop = Option(
    "workshop", short: "w", value: "NAME", completion: .named("workshops"),
    "the workshop (default: the first one, or the one that a target names)")
  package let config = Option(
    "config", value: "FILE", completion: .files, "read this file instead of the config.ini")
  package let directory = Option(
    "directory", short: "C", aliases: ["project"], value: "DIR", completion: .files,
    "the project: the folder that holds Workshops/")
  package let set = Option(
    "set", value: "Section.key=value", repeats: true, completion: .named("assignments"),
    "a setting for this call")
  package let verbose = Flag("verbose", short: "v", "more output")
  package let quiet = Flag("quiet", short: "q", "only data and errors")
  package let color = Option<ColorChoice>(
    "color", value: "WHEN", "color text: auto (default), always, never")
  package let help = Flag("help", short: "h", "show help")
  package let version = Flag("version", short: "V", "print the version")

  package var parameters: [any Parameter] {
    [workshop, config, directory, set, verbose, quiet, color, help, version]
  }
}

extension Call {
  package var isVerbose: Bool { self[GlobalOptions.all.verbose] }
  package var isQuiet: Bool { self[GlobalOptions.all.quiet] }
  package var color: ColorChoice { self[GlobalOptions.all.color] ?? .auto }
  /// The project's folder as it was typed.
  package var directory: String? { self[GlobalOptions.all.directory] }
  /// Another file than the workshop's own config.ini.
  package var configFile: String? { self[GlobalOptions.all.config] }
  /// The workshop that `--workshop` names.
  package var workshop: String? { self[GlobalOptions.all.workshop] }

  /// What `--set` says, in order; throws `UsageError` for a text of another form.
  package var assignments: [(name: String, value: String)] {
    get throws { try all(GlobalOptions.all.set).map(Session.assignment) }
  }
}

/// Parameters that several verbs have.
package enum Shared {
  package static let json = Flag("json", "print JSON, one object per line")
  package static let jobs = Option(
    "jobs", short: "j", in: 1...1024, "steps at a time (default: [Atelier] jobs, else cores)")
  package static let noPager = Flag("no-pager", "never page what is longer than the terminal")
  package static let targets = Argument(
    "[workshop/]stage-or-step ...", count: 0...100_000, completion: .named("targets"))
  package static let workshop = Argument(
    "workshop", count: 0...1, completion: .named("workshops"))

  /// An option for how many rows of a table are shown.
  package static func limit(_ help: String) -> Option<Int> {
    Option("limit", value: "ROWS", in: 1...1_000_000_000, help)
  }
}
