import { isTyping } from "./dom.js";

/* A barcode scanner is a keyboard that types a code in a blink and presses Enter. When nothing is
   focused the code goes to the page's search. */
let typed = "";
let last = 0;

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
  const now = performance.now();
  if (now - last > 40) typed = "";
  last = now;
  if (event.key.length === 1) typed += event.key;
  if (event.key !== "Enter" || typed.length < 6) return;
  const field = document.querySelector("[data-scan]") ?? document.querySelector("[data-search]");
  if (!field) return;
  event.preventDefault();
  field.focus();
  field.value = typed;
  typed = "";
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
  field.form?.requestSubmit();
});
