// Brings the summary of errors into view and under the reader's voice, on a whole page and after a swap.
const focus = (root) => root.querySelector?.('[data-behaviour="focus"]')?.focus();
focus(document);
document.addEventListener("htmx:after:swap", (event) => focus(event.target));
