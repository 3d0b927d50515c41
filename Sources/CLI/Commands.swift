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
            .verb(RunVerb()), .verb(StatusVerb()), .verb(VerifyVerb()), .verb(CheckVerb()),
            .verb(WatchVerb()),
          ]),
        .init(
          "results and their reasons",
          [
            .verb(ShowVerb()), .verb(ExplainVerb()), .verb(WhyVerb()), .verb(LogVerb()),
            .verb(DiffVerb()), .verb(ReportVerb()), .verb(ShellVerb()),
          ]),
        .init(
          "models and features",
          [
            .group(ModelVerbs.group(version: version, with: [InvokeVerb()])), .verb(ServeVerb()),
            .group(FeatureVerbs.group),
          ]),
        .init("store", [.group(StoreVerbs.group(with: [UIVerb()]))]),
        .init("engine", [.group(EngineVerbs.group)]),
        .init(
          "cloud",
          [
            .group(CompileVerbs.group), .group(ImageVerbs.group(version: version)),
            .group(WorkflowVerbs.group), .group(EndpointVerbs.group),
            .group(StackVerbs.group), .group(PlatformVerbs.group),
          ]),
        .init(
          "accounts",
          [
            .group(AccountVerbs.group(with: [AccessVerb(), PoliciesVerb()])),
            .group(ProjectVerbs.group),
          ]),
        .init(
          "project",
          [
            .group(ListVerbs.group), .verb(GraphVerb()), .group(ConfigVerbs.group),
            .group(NewVerbs.group(with: [ImportVerb()])), .group(EnvironmentVerbs.group),
            .verb(DevVerb()),
          ]),
      ])
  }
}
