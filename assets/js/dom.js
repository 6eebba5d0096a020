/** Listen on the document for events that come from an element matching the selector. */
export function on(type, selector, handler, options) {
  document.addEventListener(
    type,
    (event) => {
      const from = event.target instanceof Element ? event.target.closest(selector) : null;
      if (from) handler(event, from);
    },
    options,
  );
}

/** Run for every matching element now and in everything that is swapped in later. */
export function each(selector, setUp) {
  const run = (root) => {
    if (root.matches?.(selector)) setUp(root);
    root.querySelectorAll(selector).forEach(setUp);
  };
  ready(() => run(document));
  document.addEventListener("htmx:load", (event) => run(event.detail.elt));
}

export function ready(run) {
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", run);
  else run();
}

export function text(key) {
  return document.getElementById("ui-text")?.dataset[key] ?? "";
}

export function readCookie(name) {
  const found = document.cookie.split("; ").find((part) => part.startsWith(`${name}=`));
  return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
}

export function writeCookie(name, value) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  const age = value ? 31536000 : 0;
  document.cookie = `${name}=${encodeURIComponent(value)}; Path=/; Max-Age=${age}; SameSite=Lax${secure}`;
}

export function csrfToken() {
  return (
    readCookie(document.documentElement.dataset.csrfCookie || "csrftoken") ||
    document.querySelector("input[name=csrfmiddlewaretoken]")?.value ||
    ""
  );
}

/** crypto.randomUUID needs a secure origin; phones reach a garage's own server by plain http. */
export function newKey() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function icon(name, extra = "") {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  svg.setAttribute("class", `icon ${extra}`.trim());
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `${document.documentElement.dataset.icons}#${name}`);
  svg.append(use);
  return svg;
}

export function isTyping(element) {
  return Boolean(
    element?.matches?.(
      "textarea, select, [contenteditable=true], input:not([type=checkbox], [type=radio], [type=button], [type=submit], [type=file], [type=range])",
    ),
  );
}
