// Feature groups and endpoints.
import {el, get, moment} from "./elements.js";
import {facts, notes, section, shortTable} from "./parts.js";

/** Shows the feature groups in an element. */
export async function features(main, _, signal) {
  const heading = el("h1", {tabindex: "-1"}, "Feature groups");
  const status = el("p", {role: "status", class: "note"}, "Reading the feature groups.");
  main.append(heading, status);
  const groups = await get("features", {}, signal);
  status.textContent = groups.length ? `${groups.length} feature ${groups.length === 1 ? "group" : "groups"}` : "No feature group is kept yet.";
  main.append(...groups.map(group => section(group.group,
    facts([["Workshop", group.workshop], ["Version", group.version], ["Records", group.records], ["Identifiers", group.ids],
      ["First", moment(group.first)], ["Last", moment(group.last)], ["Record identifier", group.recordIdentifier],
      ["Event time", group.eventTime], ["Location", group.place]]),
    shortTable(`Features of ${group.group}`, ["Feature", "Type", "Since version"],
      group.features.map(feature => [feature.name, feature.type, feature.sinceVersion])),
    el("h3", {}, "Ingestions"),
    shortTable(`Ingestions of ${group.group}`, ["Number", "Time", "Records", "Dates", "Run", "By"],
      group.ingestions.map(one => [one.number, moment(one.time), one.records,
        one.dates.length > 1 ? `${one.dates[0]} to ${one.dates.at(-1)}` : one.dates[0] ?? "", one.run, one.host])))));
  return null;
}

/** Shows the endpoints in an element. */
export async function endpoints(main, _, signal) {
  main.append(el("h1", {tabindex: "-1"}, "Endpoints"));
  const list = await get("endpoints", {}, signal);
  if (!list.length) main.append(...notes(["There is no endpoint yet; atelier serve makes one."]));
  main.append(...list.map(one => section(one.name,
    facts([["Served at", one.url ?? "nothing serves it now"], ["Model", one.model ? el("code", {}, one.model) : ""],
      ["Serving", one.served && one.served !== one.model ? el("code", {}, one.served) : ""], ["Why not the new one", one.reason],
      ["From", one.source], ["Predicts", one.objective], ["Features", one.features], ["Updated", moment(one.updatedAt)],
      ["Before", one.previous ? el("code", {}, one.previous) : ""]]),
    one.problem ? el("p", {role: "alert"}, one.problem) : null)));
  return null;
}
