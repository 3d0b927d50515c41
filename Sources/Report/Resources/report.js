// Copies rule texts, sorts, filters, and keeps labels of pictures whole. The page is whole without it.
"use strict";
const all = (selector, root = document) => root.querySelectorAll(selector);
for (const button of all("button[data-copy]")) {
  button.addEventListener("click", async () => {
    const rule = document.getElementById(button.dataset.copy);
    const status = button.parentElement.querySelector("[role=status]");
    try {
      await navigator.clipboard.writeText(rule.textContent);
      status.textContent = "Copied.";
    } catch {
      getSelection().selectAllChildren(rule);
      status.textContent = "Selected; copy it with Ctrl+C or \u2318C.";
    }
  });
}

// Each cell of the topology gives its rule: the reach of all intervals is there.
for (const picker of all(".picker")) {
  const reach = picker.dataset.reach.split(" ").map(Number);
  const [from, to] = all("input", picker);
  const show = () => {
    const [low, high] = [from, to].map((field) => Math.round(field.valueAsNumber * 100));
    const isInterval = low >= 0 && low <= high && high <= 100;
    // Rows of 101, 100, 99, ... upper borders.
    const users = reach[low * 101 - low * (low - 1) / 2 + high - low];
    picker.querySelector("output").textContent = isInterval
      ? `reaches ${users.toLocaleString("en")}` : "from 0 to 1, and from no higher than to";
    picker.querySelector("pre").textContent = isInterval
      ? picker.dataset.rule.replaceAll("{from}", low / 100).replaceAll("{to}", high / 100) : "";
    picker.querySelector("button").disabled = !isInterval;
  };
  for (const field of [from, to]) field.addEventListener("input", show);
  picker.hidden = false;
  show();
}

// A button that hides what is as it was before.
const filter = document.querySelector(".filter");
if (document.querySelector(".same")) {
  filter.hidden = false;
  filter.addEventListener("click", () => {
    const on = document.body.classList.toggle("changed-only");
    filter.setAttribute("aria-pressed", on);
  });
}

// A box of the graph leads to its row, which may be folded or filtered.
const reveal = () => {
  const row = location.hash.startsWith("#step-") && document.getElementById(location.hash.slice(1));
  if (!row) return;
  if (row.closest(".same") && document.body.classList.contains("changed-only")) filter.click();
  for (let at = row.closest("details"); at; at = at.parentElement.closest("details")) at.open = true;
  row.scrollIntoView({block: "center"});
  row.focus({preventScroll: true});
};
addEventListener("hashchange", reveal);
reveal();

// Sorts the rows below each heading; numbers and times by their size.
const value = (cell) => {
  const text = (cell?.querySelector("data")?.value ?? cell?.textContent ?? "").trim();
  const time = /^(?:(\d+) min )?([\d.]+) s$/.exec(text);
  if (time) return (time[1] ?? 0) * 60 + +time[2];
  const number = Number(text.replace(/[,+%]/g, "").replace("\u2212", "-"));
  return text !== "" && !Number.isNaN(number) ? number : text;
};
const compare = (a, b) => typeof a === "number" && typeof b === "number" ? a - b
  : typeof a === typeof b ? a.localeCompare(b, "en", {numeric: true})
  : typeof a === "number" ? -1 : 1;
for (const table of all("table.sortable")) {
  const heads = [...all("thead th", table)];
  heads.forEach((head, at) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sort";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const up = head.getAttribute("aria-sort") !== "ascending";
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", up ? "ascending" : "descending");
      for (const body of table.tBodies) {
        const rows = [...body.rows].filter((row) => !row.classList.contains("group"));
        rows.sort((a, b) => (up ? 1 : -1) * compare(value(a.cells[at]), value(b.cells[at])));
        body.append(...rows);
      }
    });
  });
}

// Where a font is wider than the one that a picture was drawn for, the picture gets room for its labels.
// Smaller, they may be a little wider again, so it looks twice more.
const fit = (svg) => {
  const box = svg.viewBox.baseVal, shown = svg.getBoundingClientRect();
  if (!box || !box.width || !shown.width) return false;
  const scale = box.width / shown.width;
  let [left, top, right, bottom] = [box.x, box.y, box.x + box.width, box.y + box.height];
  for (const text of all("text", svg)) {
    const at = text.getBoundingClientRect();
    if (!at.width) continue;
    left = Math.min(left, box.x + (at.left - shown.left) * scale);
    top = Math.min(top, box.y + (at.top - shown.top) * scale);
    right = Math.max(right, box.x + (at.right - shown.left) * scale);
    bottom = Math.max(bottom, box.y + (at.bottom - shown.top) * scale);
  }
  if (right - left <= box.width && bottom - top <= box.height) return false;
  svg.setAttribute("viewBox", [left - 1, top - 1, right - left + 2, bottom - top + 2].join(" "));
  return true;
};
for (const svg of all(".drawing svg, svg.graph")) fit(svg) && fit(svg) && fit(svg);

// A picture wider than the page begins with its middle.
for (const region of all(".scroll.picture")) {
  region.scrollLeft = (region.scrollWidth - region.clientWidth) / 2;
}
