// What is asked beside a form while somebody types never takes the form away: an error leaves the
// page as it stands, and so does the end of a session.
document.addEventListener("htmx:beforeSwap", (event) => {
  const asked = event.detail.requestConfig.elt;
  if (event.detail.isError && asked.closest("[data-beside]")) {
    event.detail.shouldSwap = false;
  }
});
