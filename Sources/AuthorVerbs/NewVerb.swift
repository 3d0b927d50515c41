// `atelier new workshop`: creates what one would otherwise copy from a neighbor.
import Atelier
import CommandLine
import Project

package enum NewVerbs {
  /// The group, with verbs of other modules that create something, too.
  package static func group(with others: [any Verb<VerbContext>]) -> VerbGroup<VerbContext> {
    VerbGroup(
      "new", "create a workshop or a step, or import a notebook",
      verbs: [NewWorkshopVerb(), NewStepVerb()] + others)
  }
}

struct NewWorkshopVerb: Verb {
  let name = "workshop"
  let summary = "create a workshop: source, step, config, baseline and test"
  let details = """
    NAME is lower-case letters and digits in parts joined by '-': sales-tax becomes SalesTax in
    Swift. Writes Workshops/SalesTax, Steps/SalesTaxSteps and Tests/SalesTaxTests, then adds a line
    for each to Package.swift: all of it, or on an error nothing. Prints the paths. After
    `make build` the workshop runs, and its baseline holds.
    """
  let examples = [Example("atelier new workshop sales-tax", "then: make sales-tax")]
  let workshopName = Argument("NAME")
  let filesOnly = Flag(
    "files-only", "edit no existing file: print what to add to Package.swift")

  var parameters: [any Parameter] { [workshopName, filesOnly] }

  func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    let name = try NewWorkshopName(call.word(workshopName))
    let root = try ProjectRoot.find(call.directory, context.environment)
    return try NewCheckout.changing(root, context) { try create(name, in: $0, call, context) }
  }

  private func create(
    _ name: NewWorkshopName, in checkout: NewCheckout, _ call: Call, _ context: VerbContext
  ) throws -> Int32 {
    try checkout.refuse(name, context)
    let workshop = NewWorkshop(name)
    let edits = call[filesOnly] ? [] : try checkout.apply(workshop.edits)
    try NewFiles(root: checkout.root, workshop.folders, workshop.files, edits).write()
    for file in workshop.files { try context.output.data(file.path + "\n") }
    for edit in edits { try context.output.data(edit.path + "\n") }
    context.output.message(call[filesOnly] ? Self.byHand(workshop) : Self.next(name))
    return ExitCode.success
  }

  private static func next(_ name: NewWorkshopName) -> String {
    """
    next:
      make \(name.text)
      .build/release/atelier show \(name.text)/totals.sums
      .build/release/atelier check \(name.text)
      make test ONLY=\(name.type)Tests
    """
  }

  private static func byHand(_ workshop: NewWorkshop) -> String {
    "add by hand, then make build:\n" + workshop.edits.map(\.shown).joined(separator: "\n")
  }
}
