// What the verb `new` takes.

extension CommandSpec {
  static let newVerb = CommandSpec(
    name: "new", summary: "begin a workshop: source, step, config, baseline and test",
    arguments: "workshop NAME", count: 2...2,
    options: [
      OptionSpec(
        name: "files-only",
        help: "edit no file that is there: say what to add to Package.swift and the program's lists"
      )
    ],
    details: """
      NAME is lower-case letters and digits in parts joined by '-': sales-tax becomes SalesTax in
      Swift. Writes Workshops/SalesTax, Steps/SalesTaxSteps and Tests/SalesTaxTests, then adds a line
      for each to Package.swift, Families.swift and Workshops.swift: all of it, or on an error
      nothing. Prints the paths. After `make build` the workshop runs, and its baseline holds.
      """,
    examples: [
      ("atelier new workshop sales-tax", "then: make sales-tax")
    ])
}
