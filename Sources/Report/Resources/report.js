// Copies rule texts, and opens short details for print. The page is whole without it.
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
const closed = () => document.querySelectorAll("details:not([open], .artifact, .small)");
let opened = [];
addEventListener("beforeprint", () => {
  opened = [...closed()];
  for (const details of opened) details.open = true;
});
addEventListener("afterprint", () => {
  for (const details of opened) details.open = false;
});
