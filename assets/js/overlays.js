import { htmx } from "./requests.js";
import { on, ready } from "./dom.js";

let opener = null;

function drawerRoot() {
  return document.getElementById("drawer")?.parentElement;
}

function openDrawer() {
  const root = drawerRoot();
  if (!root || root.classList.contains("is-open")) return;
  opener = document.activeElement;
  root.classList.add("is-open");
  document.getElementById("page").inert = true;
  document.getElementById("drawer").focus({ preventScroll: true });
}

export function closeDrawer() {
  const root = drawerRoot();
  if (!root?.classList.contains("is-open")) return;
  root.classList.remove("is-open");
  document.getElementById("page").inert = false;
  setTimeout(() => {
    if (!root.classList.contains("is-open")) document.getElementById("drawer").replaceChildren();
  }, 160);
  if (opener?.isConnected) opener.focus({ preventScroll: true });
}

/** A plain <dialog> may close by its own buttons, Escape, or a press on what is behind it. */
export function openDialog(dialog) {
  if (dialog && !dialog.open) dialog.showModal();
}

document.addEventListener("htmx:afterSwap", (event) => {
  const target = event.detail?.target ?? event.target;
  if (target.id === "drawer") target.childElementCount ? openDrawer() : closeDrawer();
  if (target.id === "dialog") target.childElementCount ? openDialog(target) : target.close();
});

document.addEventListener("closeDrawer", closeDrawer);
document.addEventListener("closeDialog", () => document.getElementById("dialog")?.close());

on("click", "[data-open]", (event, button) => {
  openDialog(document.getElementById(button.dataset.open));
});

on("click", "[data-close]", (event, button) => {
  const dialog = button.closest("dialog");
  if (dialog) dialog.close();
  else closeDrawer();
});

document.addEventListener("mousedown", (event) => {
  if (event.target instanceof HTMLDialogElement && !event.target.hasAttribute("data-sticky")) {
    const box = event.target.getBoundingClientRect();
    const inside =
      event.clientX >= box.left &&
      event.clientX <= box.right &&
      event.clientY >= box.top &&
      event.clientY <= box.bottom;
    if (!inside) event.target.close();
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || document.querySelector("dialog[open]")) return;
  if (document.querySelector("details[data-menu][open]")) return;
  closeDrawer();
});

/* Destructive steps ask first: data-confirm="question" on a button, link, form or htmx element. */
function ask(element) {
  const dialog = document.getElementById("confirm");
  const { confirm, confirmText, confirmOk, confirmTone } = element.dataset;
  const ok = dialog.querySelector("[data-confirm-yes]");
  dialog.querySelector("[data-confirm-title]").textContent = confirm;
  const more = dialog.querySelector("[data-confirm-more]");
  more.textContent = confirmText ?? "";
  more.hidden = !confirmText;
  ok.textContent = confirmOk || ok.dataset.default;
  ok.className = `btn ${confirmTone === "danger" ? "btn-danger-solid" : "btn-primary"}`;
  dialog.returnValue = "";
  element.dataset.asking = "";
  openDialog(dialog);
  return new Promise((resolve) => {
    const answer = () => {
      delete element.dataset.asking;
      resolve(dialog.returnValue === "yes");
    };
    dialog.addEventListener("close", answer, { once: true });
  });
}

document.addEventListener("htmx:confirm", (event) => {
  const asked = event.detail.elt.closest("[data-confirm]");
  if (!asked || event.detail.question) return;
  event.preventDefault();
  ask(asked).then((yes) => yes && event.detail.issueRequest(true));
});

const sentByHtmx = "[hx-get], [hx-post], [hx-put], [hx-patch], [hx-delete]";
const agreed = new WeakSet();

on(
  "click",
  "a[data-confirm], button[data-confirm]",
  (event, element) => {
    if (agreed.delete(element) || element.matches(sentByHtmx)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    ask(element).then((yes) => {
      if (!yes) return;
      agreed.add(element);
      element.click();
    });
  },
  true,
);

on(
  "submit",
  "form[data-confirm]",
  (event, form) => {
    if (agreed.delete(form) || form.matches(sentByHtmx)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const { submitter } = event;
    ask(form).then((yes) => {
      if (!yes) return;
      agreed.add(form);
      form.requestSubmit(submitter);
    });
  },
  true,
);

ready(() => {
  const drawer = document.getElementById("drawer");
  if (drawer?.dataset.src) htmx.ajax("GET", drawer.dataset.src, { target: drawer });
});
