// Lists by keyboard: j and k go down and up, Enter follows, / goes to the search field. A group of choices is a row too: arrows choose.
const typing = (element) => element.closest('input:not([type="radio"]), textarea, select, [contenteditable]');
const row = (element) => element.matches("fieldset") ? element.querySelector("input:checked") ?? element.querySelector("input") : element;
const rows = () => [...document.querySelectorAll('[data-behaviour="keys"]')].flatMap((list) => [...list.querySelectorAll("tbody th a, .rows__main > a, fieldset")].map(row));
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (event.key === "/") {
    const field = document.querySelector('[data-behaviour="find"]') ?? document.querySelector('input[type="search"]');
    if (field) { event.preventDefault(); field.focus(); }
  }
  const step = { j: 1, k: -1 }[event.key];
  if (!step) return;
  const links = rows();
  if (!links.length) return;
  const here = document.activeElement.closest("fieldset");
  const at = links.indexOf(here ? row(here) : document.activeElement);
  links[at < 0 ? (step > 0 ? 0 : links.length - 1) : Math.min(Math.max(at + step, 0), links.length - 1)].focus();
});
