// Parts that several pages have.
import {el} from "./elements.js";

/** Names and values. */
export function facts(pairs) {
  return el("dl", {class: "facts"}, pairs.filter(pair => pair[1] !== "" && pair[1] !== null && pair[1] !== undefined)
    .map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value))));
}

/** A short table, all of it in the page. */
export function shortTable(label, heads, rows) {
  return el("div", {class: "scroll", role: "region", tabindex: "0", "aria-label": label},
    el("table", {}, el("thead", {}, el("tr", {}, heads.map(head => el("th", {scope: "col"}, head)))),
      el("tbody", {}, rows.map(row => el("tr", {}, row.map(cell => el("td", {}, cell)))))));
}

/** A part of the page below a heading of the second level. */
export const section = (title, ...children) => el("section", {}, el("h2", {}, title), ...children);

/** What is left out or missing, a sentence each. */
export const notes = list => (list ?? []).map(text => el("p", {class: "note"}, text));

/** The field in which one types to see fewer rows. */
export function filterField(label, hint, change) {
  const input = el("input", {type: "search", placeholder: hint, autocomplete: "off", spellcheck: "false",
    on: {input: () => change(input.value)}});
  return el("label", {class: "filter"}, el("span", {}, label), input);
}
