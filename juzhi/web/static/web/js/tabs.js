// Arrow keys walk along a row of tabs; they stay links.
document.addEventListener("keydown", (event) => {
  const list = event.target.closest?.('[data-behaviour="tabs"]');
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!list || !step) return;
  const tabs = [...list.querySelectorAll("a")];
  event.preventDefault();
  tabs[(tabs.indexOf(event.target) + step + tabs.length) % tabs.length].focus();
});
// The current tab is in view on a narrow screen.
for (const current of document.querySelectorAll('[data-behaviour="tabs"] [aria-current]')) {
  const list = current.parentElement;
  list.scrollLeft = current.offsetLeft - (list.clientWidth - current.offsetWidth) / 2;
}
