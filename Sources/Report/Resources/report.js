// Copies rule texts. The page is whole without it.
"use strict";
for (const button of document.querySelectorAll("button[data-copy]")) {
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
// A picture wider than the page begins with its middle.
for (const region of document.querySelectorAll(".scroll.picture")) {
  region.scrollLeft = (region.scrollWidth - region.clientWidth) / 2;
}
