import { isTyping, on } from "./dom.js";
import { openDialog } from "./overlays.js";

let asked = null;
let timer = 0;

const box = () => document.getElementById("palette");
const items = () => [...box().querySelectorAll("[role=option]")];

function open() {
  const dialog = box();
  if (!dialog || dialog.open) return;
  const input = dialog.querySelector("input");
  openDialog(dialog);
  input.value = "";
  input.focus();
  look("");
}

function select(index) {
  const all = items();
  const input = box().querySelector("input");
  all.forEach((item, place) => {
    item.id ||= `palette-${place}`;
    item.tabIndex = -1;
    item.setAttribute("aria-selected", String(place === index));
  });
  const chosen = all[index];
  if (!chosen) return input.removeAttribute("aria-activedescendant");
  input.setAttribute("aria-activedescendant", chosen.id);
  chosen.scrollIntoView({ block: "nearest" });
}

async function look(query) {
  asked?.abort();
  asked = new AbortController();
  const list = box().querySelector(".palette-list");
  const url = `${box().dataset.url}?q=${encodeURIComponent(query)}`;
  try {
    const answer = await fetch(url, { headers: { "HX-Request": "true" }, signal: asked.signal });
    if (!answer.ok) return;
    list.innerHTML = await answer.text();
    select(0);
  } catch (error) {
    if (error.name !== "AbortError") list.textContent = list.dataset.offline;
  }
}

on("input", "#palette input", (event, input) => {
  clearTimeout(timer);
  timer = setTimeout(() => look(input.value.trim()), 120);
});

on("keydown", "#palette", (event) => {
  const all = items();
  const now = all.findIndex((item) => item.getAttribute("aria-selected") === "true");
  if (event.key === "ArrowDown") select((now + 1) % all.length);
  else if (event.key === "ArrowUp") select((now - 1 + all.length) % all.length);
  else if (event.key === "Enter") all[now]?.click();
  // A search field would first empty itself and wait for a second Escape.
  else if (event.key === "Escape") box().close();
  else return;
  event.preventDefault();
});

on("click", "#palette [role=option]", () => box().close());
on("click", "[data-palette]", open);

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    open();
  }
  if (event.key === "/" && !isTyping(event.target) && !event.ctrlKey && !event.metaKey) {
    const search = document.querySelector("[data-search]");
    event.preventDefault();
    if (search) search.focus(), search.select();
    else open();
  }
});
