// A verb of the program, and verbs in groups: a tree of declarations that also run.

/// A command line to show in help, with what it does.
package struct Example: Hashable, Sendable {
  package let command: String
  package let meaning: String

  package init(_ command: String, _ meaning: String) {
    self.command = command
    self.meaning = meaning
  }
}

/// One verb: its parameters are stored properties of the types `Flag`, `Option` and `Argument`.
package protocol Verb<Context>: Sendable {
  /// What the program hands to its verbs.
  associatedtype Context

  var name: String { get }
  /// One line, for lists of verbs.
  var summary: String { get }
  /// Paragraphs for the verb's own page.
  var details: String { get }
  var examples: [Example] { get }
  /// Whether lists leave it out.
  var isHidden: Bool { get }
  /// The stored parameters, in the order in which help lists them.
  ///
  /// Written out, since a look by reflection takes longer than the rest of a short command; a test
  /// compares the list with the properties.
  var parameters: [any Parameter] { get }

  /// Does the work and gives the exit code.
  func run(_ call: Call, _ context: Context) throws -> Int32
}

extension Verb {
  package var details: String { "" }
  package var examples: [Example] { [] }
  package var isHidden: Bool { false }
}

/// A word that stands before verbs, such as `store` in `store gc`.
package struct VerbGroup<Context>: Sendable {
  package let name: String
  package let summary: String
  package let details: String
  package let verbs: [any Verb<Context>]
  /// Whether the group's word alone means its first verb.
  package let isFirstDefault: Bool

  package init(
    _ name: String, _ summary: String, details: String = "", isFirstDefault: Bool = false,
    verbs: [any Verb<Context>]
  ) {
    self.name = name
    self.summary = summary
    self.details = details
    self.isFirstDefault = isFirstDefault
    self.verbs = verbs
  }

  /// The verb that the group's word alone means.
  var standard: (any Verb<Context>)? { isFirstDefault ? verbs.first : nil }
}

/// A word of the first level.
package enum VerbNode<Context>: Sendable {
  case verb(any Verb<Context>)
  case group(VerbGroup<Context>)

  package var name: String {
    switch self {
    case .verb(let verb): verb.name
    case .group(let group): group.name
    }
  }

  package var summary: String {
    switch self {
    case .verb(let verb): verb.summary
    case .group(let group): group.summary
    }
  }

  package var isHidden: Bool {
    switch self {
    case .verb(let verb): verb.isHidden
    case .group: false
    }
  }

  /// The verbs in it, each with the words that call it.
  package var verbs: [(path: [String], verb: any Verb<Context>)] {
    switch self {
    case .verb(let verb): [([verb.name], verb)]
    case .group(let group): group.verbs.map { ([group.name, $0.name], $0) }
    }
  }
}

/// A word of the first level whose verbs are made when somebody asks for them.
///
/// To make all verbs takes a third of a call in which nothing is to be done.
package struct VerbEntry<Context>: Sendable {
  package let name: String
  /// Has the entry's name.
  package let make: @Sendable () -> VerbNode<Context>

  package static func verb(
    _ name: String, _ verb: @autoclosure @escaping @Sendable () -> any Verb<Context>
  ) -> Self {
    VerbEntry(name: name) { .verb(verb()) }
  }

  package static func group(
    _ name: String, _ group: @autoclosure @escaping @Sendable () -> VerbGroup<Context>
  ) -> Self {
    VerbEntry(name: name) { .group(group()) }
  }
}

/// The whole command line of a program.
package struct CommandTree<Context>: Sendable {
  /// Verbs that belong together, for the overview.
  package struct Section: Sendable {
    package let title: String
    package let entries: [VerbEntry<Context>]

    package init(_ title: String, _ entries: [VerbEntry<Context>]) {
      self.title = title
      self.entries = entries
    }

    package var nodes: [VerbNode<Context>] { entries.map { $0.make() } }
  }

  package let program: String
  package let version: String
  package let summary: String
  package let sections: [Section]
  /// Words of the first level that mean a verb of a group, such as `promote` for `model promote`: they
  /// are accepted, and no list shows them.
  package let shortForms: [String: [String]]
  /// Options that every verb takes, before or after the verb.
  package let globals: any ParameterGroup

  package init(
    program: String, version: String, summary: String, globals: any ParameterGroup,
    shortForms: [String: [String]] = [:], sections: [Section]
  ) {
    self.program = program
    self.version = version
    self.summary = summary
    self.globals = globals
    self.shortForms = shortForms
    self.sections = sections
  }

  /// The verb of a group that a short form means, with its words.
  func verb(shortForm word: String) -> (path: [String], verb: any Verb<Context>)? {
    guard let path = shortForms[word], path.count == 2, case .group(let group)? = node(path[0]),
      let verb = group.verbs.first(where: { $0.name == path[1] })
    else { return nil }
    return (path, verb)
  }

  /// The words of the first level.
  package var nodes: [VerbNode<Context>] { sections.flatMap(\.nodes) }

  /// The first-level words that lists show.
  package var names: [String] { nodes.filter { !$0.isHidden }.map(\.name) }

  /// The word of the first level; no other one is made.
  package func node(_ name: String) -> VerbNode<Context>? {
    for section in sections {
      if let entry = section.entries.first(where: { $0.name == name }) { return entry.make() }
    }
    return nil
  }

  /// The options that every verb takes.
  package var globalParameters: [any Parameter] { globals.parameters }
}
