// Opens a native dialog; without this file its button is a link to a page that asks the same.
document.addEventListener("click", (event) => {
  const opener = event.target.closest('[data-behaviour="dialog"]');
  const dialog = opener && document.getElementById(opener.dataset.dialog);
  if (!dialog?.showModal || event.metaKey || event.ctrlKey) return;
  event.preventDefault();
  dialog.showModal();
});
// A press on the backdrop closes it, as Escape does.
document.addEventListener("click", (event) => {
  if (event.target instanceof HTMLDialogElement && event.target.open) event.target.close();
});
