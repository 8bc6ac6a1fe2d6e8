// Opens the browser's print dialogue; without this file people print with the browser's own command.
document.addEventListener("click", (event) => {
  if (event.target.closest('[data-behaviour="print"]')) window.print();
});
