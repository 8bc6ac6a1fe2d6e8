// Asks before leaving a form that was changed and not saved. A second press on its button sends nothing twice.
const changed = new Set();
document.addEventListener("input", (event) => {
  const form = event.target.closest('form[data-behaviour="unsaved"]');
  if (form) changed.add(form);
});
document.addEventListener("submit", (event) => {
  const form = event.target;
  changed.delete(form);
  if (form.dataset.behaviour !== "unsaved" || event.defaultPrevented) return;
  const button = event.submitter;
  if (button?.getAttribute("aria-busy")) { event.preventDefault(); return; }
  button?.setAttribute("aria-busy", "true");
});
addEventListener("pageshow", () => document.querySelectorAll("form [aria-busy]").forEach((button) => button.removeAttribute("aria-busy")));
addEventListener("beforeunload", (event) => {
  if ([...changed].some((form) => form.isConnected)) event.preventDefault();
});
