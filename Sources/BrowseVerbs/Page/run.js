// One run, recorded or active, and one of its steps.
import {badge, duration, el, follow, get, hash, moment, number, size, statusWord} from "./elements.js";
import {filter} from "./filter.js";
import {Drawing} from "./graph.js";
import {facts, filterField, notes, section, shortTable} from "./parts.js";
import {Table} from "./table.js";

const ENDED = step => step.status !== "waiting" && step.status !== "running";

/** Shows a run in an element; gives what ends it. */
export async function run(main, [id], signal) {
  const summary = await get("run", {id}, signal);
  const steps = summary.steps.map(([name, status, milliseconds, cause], place) => ({name, status, milliseconds, cause, place, percent: null}));
  const places = new Map(steps.map(step => [step.name, step]));
  const state = el("p", {role: "status", class: "note"});
  const bar = el("progress", {"aria-label": "progress of the run"});
  const heading = el("h1", {tabindex: "-1"}, `Run of ${summary.series} `, badge(summary.status));
  main.append(heading,
    facts([["Started", moment(summary.startedAt)], ["Time", summary.isLive ? "" : duration(summary.seconds)],
      ["Targets", (summary.targets ?? []).join(", ")], ["By", summary.host], ["Platform", summary.platform], ["Run", el("code", {}, id)]]),
    summary.isLive ? el("div", {class: "live"}, bar, state)
      : el("p", {class: "links"}, el("a", {href: `report?${new URLSearchParams({id})}`, target: "_blank", rel: "noopener"}, "Report"),
        summary.previous ? el("a", {href: hash("compare", summary.previous, id)}, "Compare with the run before") : null));

  // The graph.
  const drawn = el("div", {class: "scroll picture", role: "region", tabindex: "0", "aria-label": "Graph of the run"});
  const field = filterField("Filter", "name, status=failed", value => table.filter(filter(value, columns)));
  let drawing = null;
  const chooseBox = name => {
    const input = field.querySelector("input");
    input.value = name.replace(/\*$/, "");
    input.dispatchEvent(new Event("input"));
  };
  const graph = section("Graph", drawn);
  main.append(graph);

  // Its steps.
  const seconds = step => step.status === "running" ? Math.max(0, (Date.now() - step.milliseconds) / 1000) : step.milliseconds / 1000;
  const columns = [
    {name: "place", title: "Step", width: 300, value: step => step.place, filter: step => step.name,
      cell: step => el("a", {href: hash("run", id, "step", step.name), title: step.name}, step.name)},
    {name: "status", title: "Status", width: 170, value: step => step.status, filter: step => statusWord(step.status),
      cell: step => step.percent === null ? badge(step.status)
        : el("span", {}, badge(step.status), ` ${step.percent} %`)},
    {name: "time", title: "Time", width: 110, isNumber: true, value: seconds,
      text: step => step.status === "waiting" || step.milliseconds === 0 ? "" : duration(seconds(step))},
    {name: "cause", title: "Why", width: 280, value: step => step.cause},
  ];
  const table = new Table("Steps", step => step.name, {name: "place", descending: false});
  table.show(columns, steps);
  main.append(section(`Steps (${steps.length})`, el("div", {class: "tools"}, field), table.element));

  const more = el("div");
  main.append(more, section("Settings", summary.settings.length
    ? shortTable("Settings", ["Setting", "Value", "From"], summary.settings) : notes(["No setting is recorded."])));

  const drawAll = async () => {
    const plan = await get("graph", {id}, signal);
    drawing = new Drawing(plan, place => steps[place]?.status ?? "unknown", chooseBox);
    drawn.replaceChildren(drawing.element);
    drawn.scrollLeft = (drawn.scrollWidth - drawn.clientWidth) / 2;
    graph.append(...notes(plan.notes));
  };
  const quietly = work => work().catch(error => {
    if (error.name !== "AbortError") more.append(el("p", {class: "note", role: "alert"}, error.message));
  });
  quietly(drawAll);
  if (!summary.isLive) {
    quietly(async () => more.append(...numbers(await get("numbers", {id}, signal))));
    quietly(async () => more.append(outputs(id, await get("outputs", {id}, signal))));
    return null;
  }
  return followRun(id, {steps, places, table, state, bar, main, signal, draw: () => drawing?.update()});
}

/** Shows how a run goes on, and then what it left. */
function followRun(id, {steps, places, table, state, bar, main, signal, draw}) {
  let isDue = false;
  const tell = () => {
    const ended = steps.filter(ENDED).length, running = steps.filter(step => step.status === "running");
    bar.max = steps.length || 1;
    bar.value = ended;
    const failed = steps.filter(step => step.status === "failed").length;
    state.textContent = `${ended} of ${steps.length} steps ended, ${running.length} running` + (failed ? `, ${failed} failed` : "");
  };
  const timer = setInterval(() => {
    if (!isDue && !steps.some(step => step.status === "running")) return;
    if (isDue) { draw(); tell(); }
    isDue = false;
    table.refresh();
  }, 250);
  tell();
  const close = follow({id}, {
    steps: list => {
      for (const [name, status, milliseconds, percent] of list) {
        const step = places.get(name);
        if (step) Object.assign(step, {status, milliseconds, percent});
      }
      isDue = true;
    },
    ended: async () => {
      end();
      try {
        main.replaceChildren();
        const ending = await run(main, [id], signal);
        if (signal.aborted) ending?.();
      } catch (error) {
        if (error.name === "AbortError") return;
        main.replaceChildren(el("h1", {tabindex: "-1"}, "The run has ended"),
          el("p", {role: "status"}, "It changed nothing, so it left no record."), el("p", {}, el("a", {href: hash("runs")}, "All runs")));
      }
    },
  });
  const end = () => { clearInterval(timer); close(); };
  return end;
}

function numbers({groups, notes: left}) {
  if (!groups.length) return [];
  return [section("Numbers", groups.map(group => [el("h3", {}, group.name), shortTable(group.name,
    ["Number", "Value", "Change", "Percent", "Earlier runs"], group.numbers.map(([name, value, difference, percent, history]) =>
      [name, value, difference, percent, history.slice(0, -1).slice(-5).map(number).filter(Boolean).join(", ")]))]).flat(), notes(left))];
}

function outputs(id, {outputs: list}) {
  const rows = list.map(([step, name, mediaType, bytes, digest]) => ({step, name, mediaType, bytes, digest}));
  const columns = [
    {name: "name", title: "Output", width: 320, value: row => `${row.step}.${row.name}`,
      cell: row => el("a", {href: hash("run", id, "step", row.step)}, `${row.step}.${row.name}`)},
    {name: "type", title: "Type", width: 220, value: row => row.mediaType},
    {name: "size", title: "Size", width: 100, isNumber: true, value: row => row.bytes, text: row => size(row.bytes)},
    {name: "digest", title: "Digest", width: 260, value: row => row.digest},
  ];
  const table = new Table("Outputs", row => `${row.step}.${row.name}`);
  table.show(columns, rows);
  return section(`Outputs (${rows.length})`, table.element);
}

/** Shows a step of a run in an element; gives what ends it. */
export async function step(main, [id, name], signal) {
  const found = await get("step", {id, step: name}, signal);
  const state = el("span", {}, badge(found.status));
  main.append(el("p", {class: "kicker"}, el("a", {href: hash("run", id)}, `Run ${id}`)),
    el("h1", {tabindex: "-1"}, `${name} `, state),
    facts([["Node", found.node], ["Job", found.job], ["Key", found.key ? el("code", {}, found.key) : ""]]));
  if (found.message) main.append(el("pre", {class: "message"}, ...lines(found.message)));
  for (const warning of found.warnings) main.append(el("p", {class: "note"}, `Warning: ${warning}`));
  if (found.reasons.length) main.append(section("Why it ran", el("pre", {class: "message"}, ...lines(found.reasons.join("\n")))));
  if (found.parameters) main.append(section("Parameters", el("pre", {class: "message"}, ...lines(found.parameters))));
  const log = el("pre", {class: "log", role: "log", tabindex: "0", "aria-label": "Log"});
  const previews = el("div");
  main.append(section("Log", log, notes(["Grows while the step runs."])), previews);
  get("outputs", {id}, signal).then(({outputs: list}) => {
    const own = list.filter(output => output[0] === name);
    if (own.length) previews.append(section("Outputs", own.map(output => preview(id, output, signal))));
  }).catch(() => {});
  return follow({id, step: name}, {
    steps: list => {
      const own = list.find(row => row[0] === name);
      if (own) state.replaceChildren(badge(own[1]));
    },
    log: ({text, isFresh}) => {
      const isAtEnd = log.scrollTop + log.clientHeight >= log.scrollHeight - 8;
      if (isFresh) log.replaceChildren();
      log.append(...lines(text));
      if (isAtEnd) log.scrollTop = log.scrollHeight;
    },
  });
}

/** Lines of a text; only their ends stay as they are, and colours of terminals are left out. */
function lines(text) {
  const own = text.replace(/\u001b\[[0-9;]*m/g, "").split("\n");
  return own.flatMap((line, place) => place < own.length - 1
    ? [el("span", {}, line.replaceAll("\t", "    ")), document.createTextNode("\n")] : line ? [el("span", {}, line.replaceAll("\t", "    "))] : []);
}

/** One output, which is read when it is opened. */
function preview(id, [step, output, mediaType, bytes, digest], signal) {
  const body = el("div");
  const details = el("details", {class: "artifact"},
    el("summary", {}, el("span", {}, `${step}.${output}`), el("small", {}, ` ${mediaType}, ${size(bytes)}`)),
    el("p", {}, el("code", {}, digest)), body);
  details.addEventListener("toggle", async () => {
    if (!details.open || body.firstChild) return;
    body.append(el("p", {class: "note", role: "status"}, "Reading."));
    try {
      const found = await get("output", {id, step, output}, signal);
      const values = new URLSearchParams({id, step, output});
      body.replaceChildren(
        ...(found.isPicture ? [el("img", {src: `picture?${values}`, alt: `The picture ${step}.${output}`})] : []),
        ...(found.table ? [shortTable(`Beginning of ${step}.${output}`, found.table.columns, found.table.rows)] : []),
        ...(found.text !== undefined ? [el("pre", {class: "log", role: "region", tabindex: "0", "aria-label": "Text"}, ...lines(found.text))] : []),
        ...notes(found.note ? [found.note] : []));
    } catch (error) {
      if (error.name !== "AbortError") body.replaceChildren(el("p", {class: "note", role: "alert"}, error.message));
    }
  });
  return details;
}
