"""Prints what parliament, a linter of IAM policies, says of documents: a line for each finding.

    python policies.py < DOCUMENTS      a JSON object: documents by name

A document whose statements name principals is the policy of a resource, or a role's trust, which
parliament does not read; of these the actions, conditions and their keys are still checked, as if they
were a principal's.
"""

import json
import re
import sys

from parliament import analyze_policy_string

# Said of every policy that is no bare minimum, or of actions newer than the linter's tables.
IGNORED = {"RESOURCE_STAR", "RESOURCE_POLICY_PRIVILEGE_ESCALATION"}


def identity(document):
    """The document without principals, which only the policy of a resource has."""
    statements = []
    for statement in document["Statement"]:
        statement = dict(statement)
        statement.pop("Principal", None)
        # It cuts ARNs at each colon, also at one in a variable.
        resources = statement.get("Resource", "*")
        resources = resources if isinstance(resources, list) else [resources]
        statement["Resource"] = [re.sub(r"\$\{[^}]*\}", "variable", one) for one in resources]
        statements.append(statement)
    return {**document, "Statement": statements}


for name, document in sorted(json.load(sys.stdin).items()):
    policy = analyze_policy_string(json.dumps(identity(document)), name)
    for finding in policy.findings:
        if finding.issue not in IGNORED:
            print(f"{name}: {finding.issue}: {finding.detail}")
