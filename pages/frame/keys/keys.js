// What a button opened is reached next after it with Tab, and left again to what follows the button: browsers have it at the end of the page.
const REACHED = "button, input, textarea, a[href], [tabindex]";
const OPENED = "[data-testid=stPopoverBody]";

export default function () {
  if (window.followsPopovers) return;
  window.followsPopovers = true;
  document.addEventListener("keydown", follow, true);
}

function follow(event) {
  const body = document.querySelector(OPENED);
  if (!body || event.key !== "Tab" || event.altKey || event.ctrlKey || event.metaKey) return;
  const button = document.querySelector("[data-testid=stPopover] [aria-expanded=true]");
  const inside = reached(body);
  const to = button && inside.length ? next(document.activeElement, button, inside, event.shiftKey) : null;
  if (!to) return;
  event.preventDefault();
  event.stopPropagation();
  to.focus();
}

function next(now, button, inside, back) {
  if (back) return now === inside[0] ? button : null;
  if (now === button) return inside[0];
  if (now !== inside.at(-1)) return null;
  const page = reached(document.body).filter((each) => !each.closest(OPENED));
  return page[page.indexOf(button) + 1] ?? null;
}

function reached(place) {
  return [...place.querySelectorAll(REACHED)].filter((each) => each.tabIndex >= 0 && !each.disabled && each.getClientRects().length);
}
