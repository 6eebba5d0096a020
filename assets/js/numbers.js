import { on, each, text } from "./dom.js";

/* Money is typed with the reader's separators and sent as plain digits with a point. */
const vietnamese = !document.documentElement.lang.startsWith("en");
const GROUP = vietnamese ? "." : ",";
const POINT = vietnamese ? "," : ".";
const selector = "input[data-money], .field[data-kind=money] input:not([type=hidden])";

function decimalsOf(input) {
  return Number(input.dataset.decimals ?? input.closest("[data-decimals]")?.dataset.decimals ?? 0);
}

export function pretty(raw, decimals) {
  const minus = raw.trim().startsWith("-") ? "-" : "";
  const [whole, ...rest] = raw.split(POINT);
  const digits = whole.replace(/\D/g, "").replace(/^0+(?=\d)/, "");
  const grouped = digits.replace(/\B(?=(\d{3})+$)/g, GROUP);
  if (!decimals || !rest.length) return minus + grouped;
  return `${minus}${grouped}${POINT}${rest.join("").replace(/\D/g, "").slice(0, decimals)}`;
}

export function plain(shown) {
  return shown.split(GROUP).join("").replace(POINT, ".");
}

function reformat(input) {
  const afterCaret = input.value.length - (input.selectionEnd ?? input.value.length);
  input.value = pretty(input.value, decimalsOf(input));
  const caret = Math.max(0, input.value.length - afterCaret);
  if (document.activeElement === input) input.setSelectionRange(caret, caret);
}

on("input", selector, (event, input) => reformat(input));

each(selector, (input) => {
  if (input.dataset.isMoney) return;
  input.dataset.isMoney = "yes";
  if (input.type === "number") input.type = "text";
  input.inputMode = decimalsOf(input) ? "decimal" : "numeric";
  input.autocomplete = "off";
  const [whole, part = ""] = input.value.split(".");
  const hasFraction = decimalsOf(input) && Number(part);
  input.value = pretty(hasFraction ? `${whole}${POINT}${part}` : whole, decimalsOf(input));
  input.defaultValue = input.value;
});

document.addEventListener("formdata", (event) => {
  for (const input of event.target.querySelectorAll("input[data-is-money]")) {
    if (input.name && !input.disabled) event.formData.set(input.name, plain(input.value));
  }
});

/* Plus and minus around a quantity. */
on("click", "[data-step]", (event, button) => {
  const input = button.closest("[data-quantity]")?.querySelector("input");
  if (!input) return;
  const [low, high] = [Number(input.min || 0), Number(input.max || Infinity)];
  const next = Number(input.value || 0) + Number(button.dataset.step);
  input.value = String(Math.min(high, Math.max(low, next)));
  input.dispatchEvent(new Event("change", { bubbles: true }));
});

/* Copy to the clipboard; without the clipboard right the text is selected for the person. */
on("click", "[data-copy]", async (event, button) => {
  const value = button.dataset.copy || button.textContent.trim();
  try {
    await navigator.clipboard.writeText(value);
  } catch {
    const area = document.createElement("textarea");
    area.value = value;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  const use = button.querySelector("use");
  const href = use?.getAttribute("href");
  button.classList.add("is-copied");
  button.setAttribute("aria-label", text("copied"));
  use?.setAttribute("href", href.replace(/#.*/, "#check"));
  setTimeout(() => {
    button.classList.remove("is-copied");
    button.removeAttribute("aria-label");
    use?.setAttribute("href", href);
  }, 1600);
});
