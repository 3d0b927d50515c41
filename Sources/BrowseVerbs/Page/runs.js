// The table of runs, and the runs that are active.
import {badge, duration, el, follow, get, hash, moment, number, statusWord} from "./elements.js";
import {filter} from "./filter.js";
import {facts, filterField, section} from "./parts.js";
import {Table} from "./table.js";

const MOST_COLUMNS = 60;

const fields = ["id", "series", "status", "startedAt", "seconds", "steps", "built", "failed", "host", "own", "numbers"];
const named = values => Object.fromEntries(fields.map((field, place) => [field, values[place]]));

/** Shows the page in an element; gives what ends it. */
export function runs(main, _, signal) {
  const chosen = new Set();
  const rows = [];
  let bases = {}, next = 0, isReading = false, text = "";
  const table = new Table("Runs", row => row.id, {name: "started", descending: true});
  const status = el("p", {role: "status", class: "note"}, "Reading the runs.");
  const compare = el("button", {type: "button", class: "button", disabled: true,
    on: {click: () => { location.hash = hash("compare", ...[...chosen].sort()); }}}, "Compare two runs");
  const live = el("div", {class: "live"});
  main.append(el("h1", {tabindex: "-1"}, "Runs"), live,
    el("div", {class: "tools"},
      filterField("Filter", "text, status=failed, auc>0.8", value => { text = value; choose(); }), compare),
    status, table.element);

  const setting = (row, name) => name in row.own ? row.own[name] : bases[row.series.split(" ")[0]]?.[name] ?? null;
  const asNumber = value => value !== null && value !== "" && !Number.isNaN(Number(value)) ? Number(value) : value;

  function columns() {
    const settings = new Set(), numbers = new Set();
    for (const row of rows) {
      for (const name in row.own) settings.add(name);
      for (const name in row.numbers) numbers.add(name);
    }
    return [
      {name: "choice", title: "Choose two to compare", width: 40, isPlain: true, value: row => chosen.has(row.id) ? 1 : 0,
        filter: () => "", cell: box},
      {name: "started", title: "Started", width: 190, value: row => row.id, text: row => moment(row.startedAt),
        cell: row => el("a", {href: hash("run", row.id)}, moment(row.startedAt) || row.id)},
      {name: "status", title: "Status", width: 120, value: row => row.status, filter: row => statusWord(row.status),
        cell: row => badge(row.status)},
      {name: "workshop", title: "Workshop", width: 150, value: row => row.series},
      {name: "time", title: "Time", width: 110, isNumber: true, value: row => row.seconds, text: row => duration(row.seconds)},
      {name: "ran", title: "Steps run", width: 110, isNumber: true, value: row => row.built, text: row => `${row.built} of ${row.steps}`},
      {name: "failed", title: "Failed", width: 90, isNumber: true, value: row => row.failed},
      ...[...numbers].sort().slice(0, MOST_COLUMNS).map(name => ({
        name: `number ${name}`, title: name, width: Math.min(320, 60 + name.length * 8), isNumber: true,
        value: row => row.numbers[name] ?? null, text: row => number(row.numbers[name])})),
      ...[...settings].sort().slice(0, MOST_COLUMNS).map(name => ({
        name: `setting ${name}`, title: name, width: Math.min(280, 60 + name.length * 8),
        value: row => asNumber(setting(row, name)), text: row => setting(row, name) ?? ""})),
      {name: "host", title: "By", width: 220, value: row => row.host},
    ];
  }

  function box(row) {
    const input = el("input", {type: "checkbox", "aria-label": `compare the run of ${moment(row.startedAt)}`, on: {
      change: () => {
        if (input.checked) chosen.add(row.id); else chosen.delete(row.id);
        // The one that was chosen first makes room.
        if (chosen.size > 2) chosen.delete(chosen.values().next().value);
        compare.disabled = chosen.size < 2;
        table.refresh();
      }}});
    input.checked = chosen.has(row.id);
    return input;
  }

  function choose() {
    table.filter(filter(text, columns()));
    tell(true);
  }

  function tell(isComplete) {
    const all = rows.length === 1 ? "1 run" : `${rows.length} runs`;
    const shown = table.count === rows.length ? all : `${table.count} of ${all}`;
    status.textContent = rows.length === 0 && isComplete ? "No run is recorded in this store yet." : isComplete ? shown : `${shown}; reading more`;
  }

  async function read() {
    if (isReading) return;
    isReading = true;
    try {
      for (let isComplete = false; !isComplete;) {
        const page = await get("runs", {from: next}, signal);
        bases = page.bases;
        next = page.next;
        isComplete = page.isComplete;
        for (const values of page.rows) rows.push(named(values));
        table.show(columns(), rows);
        tell(isComplete);
      }
    } catch (error) {
      if (error.name !== "AbortError") status.textContent = error.message;
    } finally {
      isReading = false;
    }
  }

  function showLive(list) {
    if (!list.length) return live.replaceChildren();
    live.replaceChildren(section("Active now", el("ul", {class: "cards"}, list.map(
      ([id, series, startedAt, nodes, ended, running, failed]) => el("li", {class: "card"},
        el("a", {href: hash("run", id)}, series),
        el("progress", {max: nodes, value: ended, "aria-label": `progress of ${series}`}),
        facts([["Started", moment(startedAt)], ["Ended", `${ended} of ${nodes}`], ["Running", running], ["Failed", failed]]))))));
  }

  read();
  return follow({}, {store: ({rows: count, live}) => {
    showLive(live);
    if (count > next) read();
  }});
}
