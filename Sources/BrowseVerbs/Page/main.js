// Shows the page that the address names. Each page ends what it follows before the next one begins.
import {compare} from "./compare.js";
import {el} from "./elements.js";
import {endpoints, features} from "./lists.js";
import {run, step} from "./run.js";
import {runs} from "./runs.js";

const main = document.getElementById("main");
let end = null;
let aborter = null;

function choose(parts) {
  const [page, id, more, name] = parts;
  if (page === "run" && more === "step") return [step, [id, name], "Step"];
  if (page === "run") return [run, [id], "Run"];
  if (page === "compare") return [compare, [id, more], "Two runs"];
  if (page === "features") return [features, [], "Features"];
  if (page === "endpoints") return [endpoints, [], "Endpoints"];
  return [runs, [], "Runs"];
}

async function show() {
  if (location.hash === "#main") return;
  end?.();
  aborter?.abort();
  aborter = new AbortController();
  const {signal} = aborter;
  end = null;
  const parts = location.hash.replace(/^#\/?/, "").split("/").map(decodeURIComponent);
  const [page, values, title] = choose(parts);
  document.title = `${title} \u2013 Atelier`;
  for (const link of document.querySelectorAll("nav a")) {
    const isHere = link.getAttribute("href") === `#/${parts[0] || "runs"}`;
    if (isHere) link.setAttribute("aria-current", "page"); else link.removeAttribute("aria-current");
  }
  const content = el("div", {class: "page"});
  main.replaceChildren(content);
  try {
    const ending = await page(content, values, signal);
    if (signal.aborted) ending?.(); else end = ending ?? null;
  } catch (error) {
    if (error.name === "AbortError") return;
    content.replaceChildren(el("h1", {tabindex: "-1"}, "Not shown"), el("p", {role: "alert"}, error.message));
  }
  if (!signal.aborted && hasMoved) content.querySelector("h1")?.focus({preventScroll: true});
}

let hasMoved = false;
document.querySelector(".skip").addEventListener("click", event => {
  event.preventDefault();
  main.focus();
});
addEventListener("hashchange", () => { hasMoved = true; scrollTo(0, 0); show(); });
show();
