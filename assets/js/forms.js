import { each, on } from "./dom.js";

/* Submit once: the second press of an impatient thumb does nothing. */
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method === "dialog") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  delete form.dataset.dirty;
  event.submitter?.classList.add("is-busy");
  // A download answers without leaving the page.
  setTimeout(() => release(form), form.hasAttribute("data-download") ? 1500 : 20000);
});

function release(form) {
  delete form.dataset.sent;
  form.querySelectorAll(".is-busy").forEach((button) => button.classList.remove("is-busy"));
}

window.addEventListener("pageshow", () => document.querySelectorAll("form").forEach(release));
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.detail.elt.closest?.("form");
  if (form) release(form);
});

/* Unsaved work: form[data-guard] asks before the page is left. */
on("input", "form[data-guard]", (event, form) => {
  form.dataset.dirty = "yes";
});
window.addEventListener("beforeunload", (event) => {
  if (document.querySelector("form[data-guard][data-dirty]")) event.preventDefault();
});

/* The first wrong field is where the person wants to be. */
each("form", (form) => {
  const wrong = form.querySelector("[aria-invalid=true]:not([type=hidden])");
  if (wrong && !document.activeElement?.closest("dialog, .drawer-panel form")) wrong.focus();
});

/* Filters send themselves. */
on("change", "form[data-auto]", (event, form) => form.requestSubmit());

/* One tap answers: a form whose radio is the whole question. */
on("change", "form[data-one-tap] input[type=radio]", (event, input) => input.form.requestSubmit());

/* An answer that was given by the link itself (five stars in the email) goes off at once. */
each("form[data-send-now]", (form) => form.requestSubmit());

/* Tabs on one page; tabs that are links need no script. */
function choose(tab) {
  const list = tab.closest("[role=tablist]");
  for (const other of list.querySelectorAll("[role=tab]")) {
    const chosen = other === tab;
    other.setAttribute("aria-selected", String(chosen));
    other.tabIndex = chosen ? 0 : -1;
    document.getElementById(other.getAttribute("aria-controls")).hidden = !chosen;
  }
}
on("click", "[role=tab][aria-controls]", (event, tab) => choose(tab));
on("keydown", "[role=tab][aria-controls]", (event, tab) => {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  const all = [...tab.closest("[role=tablist]").querySelectorAll("[role=tab]")];
  const next = all[(all.indexOf(tab) + step + all.length) % all.length];
  choose(next);
  next.focus();
});

/* Choosing rows of a list for an action on all of them. */
function countChosen(scope) {
  const boxes = [...scope.querySelectorAll("[data-select-row]")];
  const chosen = boxes.filter((box) => box.checked).length;
  const all = scope.querySelector("[data-select-all]");
  if (all) {
    all.checked = chosen > 0 && chosen === boxes.length;
    all.indeterminate = chosen > 0 && chosen < boxes.length;
  }
  const bar = scope.querySelector("[data-bulk-bar]");
  if (bar) bar.hidden = chosen === 0;
  scope.querySelectorAll("[data-selected-count]").forEach((place) => {
    place.textContent = String(chosen);
  });
}
on("change", "[data-select-all]", (event, all) => {
  const scope = all.closest("[data-bulk]");
  scope.querySelectorAll("[data-select-row]").forEach((box) => {
    box.checked = all.checked;
  });
  countChosen(scope);
});
on("change", "[data-select-row]", (event, box) => countChosen(box.closest("[data-bulk]")));
on("click", "[data-select-none]", (event, button) => {
  const scope = button.closest("[data-bulk]");
  scope.querySelectorAll("[data-select-row]").forEach((box) => {
    box.checked = false;
  });
  countChosen(scope);
});

/* Numbers in headings follow the stacked cards on narrow screens. */
each(".table-stack:not([data-labelled])", (table) => {
  table.dataset.labelled = "yes";
  const heads = [...table.querySelectorAll("thead th")].map((head) => head.textContent.trim());
  for (const row of table.querySelectorAll("tbody tr")) {
    [...row.cells].forEach((cell, place) => {
      const head = cell.matches(".cell-head, .cell-check, [data-label]") ? "" : heads[place];
      if (head) cell.dataset.label = head;
    });
  }
});

on("click", "[data-print]", () => window.print());
