// A field with a list of what was found beneath it: arrow keys go from the field into the list, choosing writes the name into the field, Escape closes.
// Without this file the list is still there: one chooses from it and sends the form.
const parts = (element) => {
  const whole = element.closest?.('[data-behaviour="picker"]');
  return whole ? { field: whole.querySelector("input:not([type=radio])"), list: whole.querySelector(".picks"), radios: [...whole.querySelectorAll("input[type=radio]")] } : null;
};
document.addEventListener("keydown", (event) => {
  const found = parts(event.target);
  if (!found) return;
  if (event.key === "Escape" && found.list.childElementCount) {
    event.preventDefault();
    found.list.replaceChildren();
    found.field.focus();
  } else if (event.key === "ArrowDown" && event.target === found.field && found.radios.length) {
    event.preventDefault();
    (found.radios.find((radio) => radio.checked) ?? found.radios[0]).focus();
  } else if (event.key === "ArrowUp" && event.target === found.radios[0]) {
    event.preventDefault();
    found.field.focus();
  } else if (event.key === "Enter" && event.target.type === "radio") {
    event.preventDefault();
    event.target.checked = true;
    take(event.target);
  }
});
// The name shows in the field; the chosen key stays in the form.
function take(radio) {
  const found = parts(radio);
  found.field.value = radio.dataset.name;
  for (const other of found.radios) if (other !== radio) other.closest("li").remove();
  found.field.focus();
  if (radio.dataset.href) location.assign(radio.dataset.href);
}
document.addEventListener("click", (event) => {
  // Arrow keys in a group of radio buttons also click; only a real pointer chooses at once.
  const label = event.target.closest?.(".picks label");
  if (label && event.detail > 0) {
    const radio = label.querySelector("input");
    radio.checked = true;
    take(radio);
  }
});
document.addEventListener("input", (event) => {
  const found = parts(event.target);
  if (found && event.target === found.field) for (const radio of found.radios) radio.checked = false;
});
