// `atelier accounts policies`: the documents that decide, for review and for linters.
import AccessPolicies
import AccountCalls
import Accounts
import CommandLine
import Content
import Project
import Terminal

package struct PoliciesVerb: Verb {
  package let name = "policies"
  package let summary = "print the policies that decide who may do what, as JSON"
  package let details = """
    One object, documents by name: each permission set, and with --project what the project's role may
    do in each account, who may become it, and the policies of the project's bucket and key. They are
    what `atelier accounts access` evaluates.
    """
  package let examples = [
    Example("atelier accounts policies --project churn", "all documents of a project")
  ]
  let project = Option(
    "project-name", value: "NAME",
    "with the documents of this project; --project NAME means the same")

  package var parameters: [any Parameter] { [project] }

  package init() {}

  package func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    let set = try Session(call, context).accountSet()
    let names = AccessNames(set)
    var documents: [String: JSONValue] = [:]
    for permissions in PermissionSet.allCases {
      documents["permission set \(permissions.name(names))"] = permissions.policy(names)
    }
    if let project = call[project] {
      let sharing = try set.sharing(project)
      let dev = sharing.account
      let role = names.role(of: project)
      documents["trust of role \(role)"] = sharing.roleTrust
      documents["policy of role \(role) in \(dev)"] = sharing.rolePolicy()
      for reader in sharing.readers {
        documents["policy of role \(role) in \(reader)"] = sharing.rolePolicy(in: reader)
      }
      documents["policy of bucket \(names.bucket(of: project, account: dev))"] =
        sharing.bucketPolicy
      documents["policy of the key of \(project)"] = sharing.keyPolicy
    }
    try context.output.data(JSONValue.object(documents).canonicalText() + "\n")
    return ExitCode.success
  }
}
