// Builds the page's elements. Text of others becomes text and nothing else.

// Controls, marks of reading direction and what is invisible are shown by their number.
const HIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb]|[\u{e0000}-\u{e0fff}]/gu;

/** A text in which everything can be seen. */
export function plain(value) {
  return String(value ?? "").replace(HIDDEN, c =>
    `\u2039U+${c.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}\u203a`);
}

/** An element with attributes (`on` holds listeners) and children; texts are made plain. */
export function el(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (key === "on") {
      for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
    } else {
      element.setAttribute(key, value === true ? "" : plain(value));
    }
  }
  for (const child of children.flat()) {
    if (child === undefined || child === null || child === false) continue;
    element.append(child instanceof Node ? child : plain(child));
  }
  return element;
}

/** An address below this page's, with each part encoded. */
export const hash = (...parts) => "#/" + parts.map(encodeURIComponent).join("/");

const SVG = "http://www.w3.org/2000/svg";

/** An element of SVG. */
export function svg(name, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, plain(value));
  for (const child of children) element.append(child instanceof Node ? child : plain(child));
  return element;
}

/** What the server says about a path below `api/`; throws an `Error` with words for people. */
export async function get(path, values = {}, signal) {
  let answer;
  try {
    answer = await fetch(`api/${path}?${new URLSearchParams(values)}`, {signal});
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Error("The server does not answer. Start atelier ui again and open the URL that it prints.");
  }
  if (answer.status === 403) throw new Error("This page is no longer valid. Open the URL that atelier ui printed last.");
  if (answer.status === 404) throw new Error("The store does not hold this any more.");
  const value = await answer.json();
  if (!answer.ok) throw new Error(value.error ?? `The server answered with ${answer.status}.`);
  return value;
}

/** Follows what happens; `handlers` are functions of an event's data by its name. Gives what ends it. */
export function follow(values, handlers) {
  const source = new EventSource(`events?${new URLSearchParams(values)}`);
  const status = document.getElementById("connection");
  source.addEventListener("open", () => { status.textContent = ""; });
  source.addEventListener("error", () => { status.textContent = "No connection to atelier ui; trying again."; });
  for (const [name, handler] of Object.entries(handlers)) {
    source.addEventListener(name, event => handler(JSON.parse(event.data)));
  }
  return () => source.close();
}

// Words and signs of a step's status, and of a run's.
const STATUS = {
  failed: ["\u2715", "failed"], running: ["\u25B6", "running"], skipped: ["\u25CB", "not run"],
  waiting: ["\u2026", "waiting"], built: ["\u25B2", "ran"], hit: ["\u2713", "cached"],
  delivered: ["\u2192", "delivered"], unchanged: ["\u2192", "delivered before"], source: ["\u25A0", "source"],
  selected: ["\u25C7", "arm chosen"], "not-taken": ["\u2013", "arm not taken"], unknown: ["\u2013", "unknown"],
  ok: ["\u2713", "ok"], cancelled: ["\u25CB", "cancelled"],
};
export const statusWord = status => STATUS[status]?.[1] ?? status;
export const statusSign = status => STATUS[status]?.[0] ?? "\u2013";
export const statusClass = status => "s-" + (STATUS[status] ? status : "unknown");

/** A status as a coloured word with a sign. */
export function badge(status) {
  return el("span", {class: `badge ${statusClass(status)}`},
    el("span", {"aria-hidden": "true"}, statusSign(status)), ` ${statusWord(status)}`);
}

/** Seconds in words. */
export function duration(seconds) {
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds), hours = Math.floor(whole / 3600), minutes = Math.floor(whole % 3600 / 60);
  return hours ? `${hours} h ${minutes} min` : `${minutes} min ${whole % 60} s`;
}

/** Bytes in words. */
export function size(bytes) {
  for (const unit of ["B", "kB", "MB", "GB"]) {
    if (bytes < 1000 || unit === "GB") return `${unit === "B" ? bytes : bytes.toFixed(1)} ${unit}`;
    bytes /= 1000;
  }
}

/** An RFC 3339 moment without its letters. */
export const moment = text => plain(text).replace("T", " ").replace(/(\.\d+)?Z$/, "");

/** A number with at most six digits that count. */
export const number = value =>
  value === null || value === undefined ? "" : Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)));
