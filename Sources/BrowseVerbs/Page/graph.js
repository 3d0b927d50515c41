// The graph of a run as a drawing; the table of steps says the same in words.
import {plain, statusClass, statusSign, statusWord, svg} from "./elements.js";

// A box of several steps shows the first of these that any of them has.
const WORST = ["failed", "running", "waiting", "skipped", "built", "hit", "delivered", "unchanged", "source", "selected",
  "not-taken", "unknown"];

function path(points) {
  let [x, y] = points[0], d = `M${x} ${y}`;
  for (const [toX, toY] of points.slice(1)) {
    const middle = (y + toY) / 2;
    d += x === toX ? `V${toY}` : `C${x} ${middle} ${toX} ${middle} ${toX} ${toY}`;
    [x, y] = [toX, toY];
  }
  return d;
}

const cut = (text, most) => text.length > most ? text.slice(0, most - 1) + "\u2026" : text;

/** Draws a graph; `status(place)` gives the status of a step, `choose(name)` is called for a box. */
export class Drawing {
  #boxes;
  #status;

  constructor(graph, status, choose) {
    this.#status = status;
    const [width, height] = graph.size ?? [0, 0];
    const [boxWidth, boxHeight] = graph.box ?? [0, 0];
    this.element = svg("svg", {class: "graph", role: "img", viewBox: `0 0 ${width} ${height}`, width, height,
      "aria-label": `${graph.boxes.length} groups of steps and ${graph.wires.length} wires; the table of steps says the same`});
    this.element.append(svg("g", {class: "wires"}, ...graph.wires.filter(w => w.length > 1).map(w => svg("path", {d: path(w)}))));
    this.#boxes = graph.boxes.map(([name, [x, y], members]) => {
      const title = svg("title"), state = svg("text", {class: "state", x: 12, y: 36});
      const box = svg("g", {transform: `translate(${x - boxWidth / 2} ${y - boxHeight / 2})`}, title,
        ...(members.length > 1 ? [svg("rect", {class: "pile", x: 4, y: 4, width: boxWidth, height: boxHeight, rx: 5})] : []),
        svg("rect", {width: boxWidth, height: boxHeight, rx: 5}),
        svg("path", {class: "bar", d: `M3 6v${boxHeight - 12}`}),
        svg("text", {class: "name", x: 12, y: 19}, cut(plain(name), 22)), state);
      box.addEventListener("click", () => choose(name));
      this.element.append(box);
      return {name, members, box, title, state};
    });
    this.update();
  }

  /** Shows the statuses as they are now. */
  update() {
    for (const {name, members, box, title, state} of this.#boxes) {
      const counts = new Map();
      for (const place of members) {
        const status = this.#status(place);
        counts.set(status, (counts.get(status) ?? 0) + 1);
      }
      const sorted = [...counts].sort((a, b) => WORST.indexOf(a[0]) - WORST.indexOf(b[0]));
      const worst = sorted[0]?.[0] ?? "unknown";
      const words = sorted.map(([status, count]) => members.length > 1 ? `${count} ${statusWord(status)}` : statusWord(status)).join(", ");
      box.setAttribute("class", `box ${statusClass(worst)}`);
      state.textContent = `${statusSign(worst)} ${cut(words, 22)}`;
      title.textContent = `${plain(name)}: ${words}`;
    }
  }
}
