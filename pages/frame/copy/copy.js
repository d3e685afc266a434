// Puts a table on the clipboard as HTML (Word and Excel paste a table) and as text with tabs. Works without https too.
export default function (component) {
  const { data, parentElement } = component;
  const root = parentElement.querySelector(".copy") ?? parentElement.appendChild(document.createElement("div"));
  root.className = "copy";
  let button = root.querySelector("button");
  if (!button) {
    button = root.appendChild(document.createElement("button"));
    button.type = "button";
    root.appendChild(document.createElement("span")).setAttribute("role", "status");
  }
  const said = root.querySelector("span");
  button.textContent = data.label;
  said.textContent = "";
  button.onclick = async () => {
    said.textContent = "";
    const done = (await written(data)) || selected(data);
    said.textContent = done ? data.done : data.failed;
  };
}

async function written({ html, text }) {
  if (!navigator.clipboard?.write || !window.ClipboardItem) return false; // plain http
  const part = (content, type) => new Blob([content], { type });
  try {
    await navigator.clipboard.write([
      new ClipboardItem({ "text/html": part(html, "text/html"), "text/plain": part(text, "text/plain") }),
    ]);
    return true;
  } catch {
    return false;
  }
}

function selected({ html, text }) {
  const onCopy = (event) => {
    event.clipboardData.setData("text/html", html);
    event.clipboardData.setData("text/plain", text);
    event.preventDefault();
  };
  document.addEventListener("copy", onCopy, { once: true, capture: true });
  const held = document.body.appendChild(document.createElement("span")); // a browser copies only where something is selected
  held.textContent = "\u00a0";
  held.style.cssText = "position:fixed;left:-9999px;user-select:text";
  getSelection().selectAllChildren(held);
  const done = document.execCommand("copy");
  getSelection().removeAllRanges();
  held.remove();
  document.removeEventListener("copy", onCopy, { capture: true });
  return done;
}
