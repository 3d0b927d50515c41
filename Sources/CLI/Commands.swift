// The tree of all verbs: what `atelier --help` lists, in its sections.
import AccessVerbs
import AccountVerbs
import AuthorVerbs
import BrowseVerbs
import EnvironmentVerbs
import ImageVerbs
import ImportVerbs
import CommandLine
import CompileVerbs
import EndpointVerbs
import EngineVerbs
import FeatureVerbs
import ModelVerbs
import PlatformVerbs
import Project
import ProjectVerbs
import ReadVerbs
import RunVerbs
import ServeVerbs
import StackVerbs
import StoreVerbs
import WorkflowVerbs

package enum Commands {
  package static func tree(version: String) -> CommandTree<VerbContext> {
    CommandTree(
      program: "atelier", version: version,
      summary: "reproducible pipelines in place of notebooks", globals: GlobalOptions.all,
      shortForms: [
        "access": ["accounts", "access"],
        "completion": ["config", "completion"], "import": ["new", "import"],
        "invoke": ["model", "invoke"],
        "ui": ["store", "ui"],
        "validate": ["stack", "validate"],
      ].merging(ModelVerbs.shortForms) { $1 },
      sections: [
        .init(
          "run",
          [
            .verb("run", RunVerb()), .verb("status", StatusVerb()), .verb("verify", VerifyVerb()),
            .verb("check", CheckVerb()),
            .verb("watch", WatchVerb()),
          ]),
        .init(
          "results and their reasons",
          [
            .verb("show", ShowVerb()), .verb("explain", ExplainVerb()), .verb("why", WhyVerb()),
            .verb("log", LogVerb()),
            .verb("diff", DiffVerb()), .verb("report", ReportVerb()), .verb("shell", ShellVerb()),
          ]),
        .init(
          "models and features",
          [
            .group("model", ModelVerbs.group(version: version, with: [InvokeVerb()])),
            .verb("serve", ServeVerb()),
            .group("features", FeatureVerbs.group),
          ]),
        .init("store", [.group("store", StoreVerbs.group(with: [UIVerb()]))]),
        .init("engine", [.group("engine", EngineVerbs.group)]),
        .init(
          "cloud",
          [
            .group("compile", CompileVerbs.group),
            .group("image", ImageVerbs.group(version: version)),
            .group("workflow", WorkflowVerbs.group), .group("endpoint", EndpointVerbs.group),
            .group("stack", StackVerbs.group), .group("aep", PlatformVerbs.group),
          ]),
        .init(
          "accounts",
          [
            .group("accounts", AccountVerbs.group(with: [AccessVerb(), PoliciesVerb()])),
            .group("project", ProjectVerbs.group),
          ]),
        .init(
          "project",
          [
            .group("list", ListVerbs.group), .verb("graph", GraphVerb()),
            .group("config", ConfigVerbs.group),
            .group("new", NewVerbs.group(with: [ImportVerb()])),
            .group("environment", EnvironmentVerbs.group),
            .verb("dev", DevVerb()),
          ]),
      ])
  }
}
