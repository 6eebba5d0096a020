import { icon, text } from "./dom.js";

const ICONS = {
  done: "circle-check",
  danger: "octagon-alert",
  attention: "triangle-alert",
  info: "info",
  neutral: "info",
};

/** Show a short message. `action` is {label, run}; a message with an action stays twice as long. */
export function toast({ tone = "neutral", text: message, action = null }) {
  const region = document.getElementById("toasts");
  if (!region || !message) return;
  const box = document.createElement("div");
  box.className = `toast tone-${tone}`;
  if (tone === "danger") box.setAttribute("role", "alert");
  const words = document.createElement("div");
  words.className = "toast-text";
  words.textContent = message;
  box.append(icon(ICONS[tone] ?? "info"), words);
  if (action) box.append(button(action.label, "btn btn-sm", () => (box.remove(), action.run())));
  const close = button("", "btn btn-ghost btn-icon btn-sm", () => box.remove());
  close.setAttribute("aria-label", text("close"));
  close.append(icon("x"));
  box.append(close);
  region.append(box);
  while (region.children.length > 4) region.firstElementChild.remove();
  leaveLater(box, action || tone === "danger" ? 12000 : 6000);
}

function button(label, className, run) {
  const element = document.createElement("button");
  element.type = "button";
  element.className = className;
  element.textContent = label;
  element.addEventListener("click", run);
  return element;
}

function leaveLater(box, milliseconds) {
  let timer = setTimeout(() => box.remove(), milliseconds);
  box.addEventListener("pointerenter", () => clearTimeout(timer));
  box.addEventListener("pointerleave", () => {
    timer = setTimeout(() => box.remove(), milliseconds / 2);
  });
}

document.addEventListener("toast", (event) => {
  const said = event.detail?.value ?? event.detail;
  for (const one of Array.isArray(said) ? said : [said]) toast(one);
});

document.addEventListener("click", (event) => {
  event.target.closest?.("[data-toast-close]")?.closest(".toast")?.remove();
});
