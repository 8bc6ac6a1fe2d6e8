// A menu is a <details>; a press elsewhere or Escape closes it.
const open = () => [...document.querySelectorAll('details[data-behaviour="menu"][open]')];
document.addEventListener("click", (event) => open().forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; }));
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") open().forEach((menu) => { menu.open = false; menu.querySelector("summary").focus(); });
});
