// Turns light and dark at once and keeps the choice on the server; without this file the same button posts the form.
const dark = document.getElementById("dark");
document.addEventListener("click", (event) => {
  const button = event.target.closest('[data-behaviour="theme"]');
  if (!button || !dark || document.documentElement.dataset.theme) return;
  event.preventDefault();
  const theme = matchMedia(dark.media).matches ? "light" : "dark";
  dark.media = theme === "dark" ? "screen" : "not all";
  document.querySelector('meta[name="color-scheme"]').content = theme;
  const body = new FormData(button.form);
  body.set("theme", theme);
  fetch(button.form.action, { method: "POST", body, redirect: "manual" });
});
