// `atelier model`: what becomes of models after they were trained.
import CommandLine
import Project
import PromotionVerbs

/// The verbs about models: the registry, what made them, where they are used, what they cost.
package enum ModelVerbs {
  /// The group, with verbs of other modules about models; `version` is the program's own.
  package static func group(
    version: String, with others: [any Verb<VerbContext>]
  ) -> VerbGroup<VerbContext> {
    VerbGroup(
      "model", "models: list, approve, attest, promote; what runs cost",
      details: """
        Each model that a recorded run made is in the registry, pending until somebody decides. Decisions
        are kept in the store, or where results are shared. promote, attest, verify-attestation and cost
        need no word model before them. Exits 1 when a model or an attestation is refused, 2 when the call
        is invalid, 5 when a store is unreachable, 6 when a record of a decision is damaged.
        """,
      verbs: [
        ModelList(), ModelShow(), ModelAdd(), ModelDecision(.approve), ModelDecision(.reject),
        ModelAttest(version: version), ModelVerify(), ModelPromote(), ModelTiers(), ModelCost(),
      ] + others)
  }

  /// Words of the first level that stand for a verb of the group.
  package static let shortForms = [
    "promote": ["model", "promote"], "attest": ["model", "attest"],
    "verify-attestation": ["model", "verify-attestation"], "cost": ["model", "cost"],
  ]
}
