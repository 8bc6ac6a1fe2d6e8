// A toast can be put away, and goes by itself after 8 seconds unless it is hovered or holds the focus.
const ready = (toast) => {
  const close = toast.querySelector(".toast__close");
  if (!close?.hidden) return;
  close.hidden = false;
  close.addEventListener("click", () => toast.remove());
  if (!toast.closest(".toasts") || toast.classList.contains("toast--error")) return;
  const leave = () => toast.matches(":hover, :focus-within") ? setTimeout(leave, 2000) : toast.remove();
  setTimeout(leave, 8000);
};
const all = (root) => root.querySelectorAll?.('[data-behaviour="toast"]').forEach(ready);
all(document);
document.addEventListener("htmx:after:swap", () => all(document));
