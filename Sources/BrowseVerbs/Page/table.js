// A table of any length: only the rows in sight are in the page.
import {el, plain} from "./elements.js";

const ROW = 34;
const SPARE = 6;

/**
 * Columns are `{name, title, width, value(row), text?(row), cell?(row), isNumber?}`: `value` sorts and
 * filters, `cell` gives an element in place of the text. `key(row)` tells rows apart.
 */
export class Table {
  #columns = [];
  #rows = [];
  #order = [];
  #keep = null;
  #key;
  #sort = {name: null, descending: false};
  #shown = new Map();
  #isWaiting = false;

  constructor(label, key, sort = {}) {
    this.#key = key;
    Object.assign(this.#sort, sort);
    this.head = el("div", {role: "row", class: "row", "aria-rowindex": "1"});
    this.body = el("div", {role: "rowgroup", class: "rows"});
    this.table = el("div", {role: "table", class: "grid", "aria-label": label},
      el("div", {role: "rowgroup", class: "heads"}, this.head), this.body);
    this.element = el("div", {
      class: "scroll long", role: "region", "aria-label": `${label}, scrollable`, tabindex: "0",
      on: {scroll: () => this.#later()}}, this.table);
    this.observer = new ResizeObserver(() => this.#later());
    this.observer.observe(this.element);
  }

  /** How many rows the filter lets through. */
  get count() { return this.#order.length; }

  /** Shows rows in columns, with the filter and the order as they are. */
  show(columns, rows) {
    const names = JSON.stringify(columns.map(c => [c.name, c.width]));
    const isNew = names !== this.names;
    this.names = names;
    this.#columns = columns;
    this.#rows = rows;
    if (isNew) this.#heads();
    this.refresh();
  }

  /** Lets through the rows of which `keep` is true; null: all. */
  filter(keep) {
    this.#keep = keep;
    this.element.scrollTop = 0;
    this.refresh();
  }

  /** Orders the rows again and shows them, after their values have changed. */
  refresh() {
    const order = [];
    this.#rows.forEach((row, index) => { if (!this.#keep || this.#keep(row)) order.push(index); });
    const column = this.#columns.find(c => c.name === this.#sort.name);
    if (column) {
      const keys = this.#rows.map(row => column.value(row) ?? null);
      const sign = this.#sort.descending ? -1 : 1;
      order.sort((a, b) => compare(keys[a], keys[b], sign) || a - b);
    }
    this.#order = order;
    this.table.setAttribute("aria-rowcount", order.length + 1);
    this.body.style.height = `${order.length * ROW}px`;
    this.#again();
  }

  #heads() {
    this.table.setAttribute("aria-colcount", this.#columns.length);
    this.table.style.setProperty("--columns", this.#columns.map(c => `${c.width}px`).join(" "));
    this.table.style.width = `${this.#columns.reduce((sum, c) => sum + c.width, 0)}px`;
    this.head.replaceChildren(...this.#columns.map(column => el("div", {
      role: "columnheader", class: column.isNumber ? "num" : "", "data-name": column.name, title: column.title},
      column.isPlain ? el("span", {class: "hidden"}, column.title)
        : el("button", {type: "button", on: {click: () => this.#sortBy(column)}}, column.title,
          el("span", {class: "arrow", "aria-hidden": "true"})))));
    this.#mark();
  }

  #sortBy(column) {
    const isSame = this.#sort.name === column.name;
    this.#sort = {name: column.name, descending: isSame ? !this.#sort.descending : Boolean(column.isNumber)};
    this.#mark();
    this.element.scrollTop = 0;
    this.refresh();
  }

  #mark() {
    for (const head of this.head.children) {
      const isSorted = head.dataset.name === this.#sort.name;
      if (isSorted) head.setAttribute("aria-sort", this.#sort.descending ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    }
  }

  #later() {
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    requestAnimationFrame(() => { this.#isWaiting = false; this.#render(); });
  }

  /** Makes the rows in sight anew; what had the focus keeps it. */
  #again() {
    const active = document.activeElement;
    const focused = this.body.contains(active) ? active.closest("[data-key]") : null;
    const key = focused?.dataset.key;
    const place = focused ? [...focused.querySelectorAll("a, input, button")].indexOf(active) : -1;
    this.#shown.clear();
    this.body.replaceChildren();
    this.#render();
    if (place >= 0) {
      const row = [...this.body.children].find(child => child.dataset.key === key);
      row?.querySelectorAll("a, input, button")[place]?.focus({preventScroll: true});
    }
  }

  #render() {
    const top = Math.max(0, this.element.scrollTop - this.head.offsetHeight);
    const first = Math.max(0, Math.floor(top / ROW) - SPARE);
    const last = Math.min(this.#order.length, Math.ceil((top + (this.element.clientHeight || 600)) / ROW) + SPARE);
    for (const [position, row] of this.#shown) {
      if (position >= first && position < last) continue;
      row.remove();
      this.#shown.delete(position);
    }
    for (let position = first; position < last; position += 1) {
      if (this.#shown.has(position)) continue;
      const row = this.#row(position);
      this.#shown.set(position, row);
      // In the order of the table, for the keyboard.
      let after = null;
      for (let next = position + 1; next < last && !after; next += 1) after = this.#shown.get(next) ?? null;
      this.body.insertBefore(row, after);
    }
  }

  #row(position) {
    const values = this.#rows[this.#order[position]];
    const row = el("div", {role: "row", class: "row", "aria-rowindex": position + 2, "data-key": this.#key(values)},
      this.#columns.map(column => {
        const content = column.cell?.(values) ?? null;
        const text = content ? null : plain(column.text ? column.text(values) : column.value(values) ?? "");
        return el("div", {role: "cell", class: column.isNumber ? "num" : "", title: text && text.length > 12 ? text : null},
          content ?? text);
      }));
    row.style.transform = `translateY(${position * ROW}px)`;
    return row;
  }
}

/** Numbers before texts; what is missing comes last in either direction. */
function compare(a, b, sign) {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  if (typeof a !== typeof b) return typeof a === "number" ? -sign : sign;
  return a < b ? -sign : sign;
}
