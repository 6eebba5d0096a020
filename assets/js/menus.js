import { on, writeCookie } from "./dom.js";

function place(menu) {
  const list = menu.querySelector(".menu-list");
  const anchor = menu.querySelector("summary").getBoundingClientRect();
  list.style.left = "0";
  list.style.top = "0";
  const box = list.getBoundingClientRect();
  const fromRight = menu.dataset.menu === "end" || anchor.left + box.width > innerWidth - 8;
  const left = fromRight ? anchor.right - box.width : anchor.left;
  const above = anchor.bottom + box.height + 8 > innerHeight && anchor.top > box.height + 8;
  const top = above ? anchor.top - box.height - 4 : anchor.bottom + 4;
  // An ancestor with a filter or a transform is the frame of fixed boxes, not the window.
  list.style.left = `${Math.max(8, Math.min(left, innerWidth - box.width - 8)) - box.left}px`;
  list.style.top = `${Math.max(8, top) - box.top}px`;
}

function closeAll(except) {
  document.querySelectorAll("details[data-menu][open]").forEach((menu) => {
    if (menu !== except) menu.open = false;
  });
}

document.addEventListener(
  "toggle",
  (event) => {
    const menu = event.target;
    if (!menu.matches?.("details[data-menu]")) return;
    menu.querySelector("summary").setAttribute("aria-expanded", String(menu.open));
    if (!menu.open) return;
    closeAll(menu);
    place(menu);
  },
  true,
);

document.addEventListener("click", (event) => {
  const inside = event.target.closest?.("details[data-menu]");
  if (!inside) closeAll();
  else if (event.target.closest(".menu-item:not([data-stay])")) inside.open = false;
});

document.addEventListener("scroll", (event) => {
  if (!event.target.closest?.(".menu-list")) closeAll();
}, { capture: true, passive: true });

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.("details[data-menu]");
  if (!menu?.open) return;
  if (event.key === "Escape") {
    menu.open = false;
    menu.querySelector("summary").focus();
    event.stopPropagation();
    return;
  }
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const items = [...menu.querySelectorAll(".menu-item:not([disabled])")];
  const now = items.indexOf(document.activeElement);
  const next = now < 0 && step < 0 ? items.length - 1 : now + step;
  items[(next + items.length) % items.length]?.focus();
});

/* The rail of the desk: folded to icons on wide screens, a sheet on narrow ones. */
const rail = () => document.querySelector(".rail");

on("click", "[data-rail-open]", () => {
  rail().classList.add("is-open");
  rail().querySelector("a, button")?.focus();
});
on("click", "[data-rail-close]", () => rail().classList.remove("is-open"));
on("click", "[data-rail-fold]", () => {
  const root = document.documentElement;
  const mini = root.dataset.rail !== "mini";
  if (mini) root.dataset.rail = "mini";
  else delete root.dataset.rail;
  writeCookie("rail", mini ? "mini" : "");
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !rail()?.classList.contains("is-open")) return;
  rail().classList.remove("is-open");
  document.querySelector("[data-rail-open]")?.focus();
});
