// Two runs side by side.
import {badge, duration, el, get, hash, moment, number} from "./elements.js";
import {facts, notes, section, shortTable} from "./parts.js";

/** Shows two runs in an element. */
export async function compare(main, [old, id], signal) {
  const found = await get("compare", {old, id}, signal);
  main.append(el("h1", {tabindex: "-1"}, "Two runs"), el("div", {class: "sides"}, found.runs.map((run, place) =>
    el("div", {class: "card"}, el("h2", {}, place === 0 ? "Earlier" : "Later"),
      el("p", {}, el("a", {href: hash("run", run.id)}, `${run.series}, ${moment(run.startedAt)} `), badge(run.status)),
      facts([["Time", duration(run.seconds)], ["Steps", run.steps], ["By", run.host]])))));
  const heads = ["Earlier", "Later"];
  const value = text => text === null ? "\u2013" : text;
  main.append(section("Settings that differ", found.settings.length
    ? shortTable("Settings that differ", ["Setting", ...heads], found.settings.map(([name, a, b]) => [name, value(a), value(b)]))
    : notes(["No setting differs."])));
  main.append(section("Numbers", found.numbers.length
    ? shortTable("Numbers", ["Number", ...heads, "Change", "Percent"], found.numbers.map(([name, a, b]) => {
      const isBoth = a !== null && b !== null && a !== b;
      return [name, number(a), number(b), isBoth ? (b > a ? "+" : "") + number(b - a) : "",
        isBoth && a !== 0 ? `${((b - a) / Math.abs(a) * 100).toFixed(2)} %` : ""];
    }))
    : notes(["Neither run has short outputs with numbers."])));
  const more = [`${found.equal} ${found.equal === 1 ? "step is" : "steps are"} equal.`];
  if (found.left) more.push(`${found.left} more steps that differ are not shown.`);
  main.append(section("Steps that differ", found.steps.length
    ? shortTable("Steps that differ", ["Step", "How", ...heads, "Fields", "Outputs with other bytes"], found.steps.map(step => [
      el("a", {href: hash("run", step.new === null ? old : id, "step", step.name)}, step.name), step.kind,
      step.old === null ? "\u2013" : badge(step.old), step.new === null ? "\u2013" : badge(step.new),
      el("div", {}, step.changes.map(change => el("div", {class: "change"}, change))), step.outputs.join(", ")]))
    : notes(["No step differs."]), notes(more)));
  return null;
}
