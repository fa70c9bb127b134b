// A popover that htmx has filled opens by itself. Without a script the link that fills it leads to a page of its own.
document.addEventListener("htmx:afterSwap", (event) => {
  const filled = document.getElementById(event.target.id);
  if (filled?.matches("[popover]") && filled.childElementCount && !filled.matches(":popover-open")) filled.showPopover();
});
