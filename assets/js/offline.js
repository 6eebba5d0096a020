import { csrfToken, newKey, on, ready, text } from "./dom.js";
import { refreshAll } from "./live.js";
import { htmx, reasonOf } from "./requests.js";
import { toast } from "./toast.js";

/* Under a car the connection drops. A form with data-queue is kept on the phone and sent again with
   the same key until the server has answered, so that the clock starts once, at the moment of the tap. */
const STORE = "baylink.queue";
let sending = false;
let delay = 1000;
let timer = 0;

const load = () => JSON.parse(localStorage.getItem(STORE) ?? "[]");
const save = (queue) => localStorage.setItem(STORE, JSON.stringify(queue));

function showBar() {
  const bar = document.getElementById("offline");
  if (!bar) return;
  const count = load().length;
  bar.hidden = navigator.onLine && count === 0;
  bar.querySelector("[data-offline-text]").textContent = navigator.onLine
    ? text("sending")
    : text("offlineShort");
  const kept = bar.querySelector("[data-queue-count]");
  kept.textContent = count ? `${text("kept")} ${count}` : "";
}

function post(item) {
  return fetch(item.url, {
    method: "POST",
    credentials: "same-origin",
    signal: AbortSignal.timeout?.(20000),
    headers: {
      "Content-Type": "application/x-www-form-urlencoded",
      "X-CSRFToken": csrfToken(),
      "Idempotency-Key": item.key,
      "HX-Request": "true",
    },
    body: item.body,
  });
}

async function finish(item, answer) {
  const body = await answer.text();
  const type = answer.headers.get("Content-Type") ?? "";
  for (const [name, detail] of Object.entries(triggers(answer))) {
    document.body.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
  }
  const redirect = answer.headers.get("HX-Redirect");
  if (redirect) return location.assign(redirect);
  const target = item.target && document.querySelector(item.target);
  if (!answer.ok && !(type.includes("html") && target)) {
    toast({ tone: "danger", text: reasonOf(body, type) || text("failed") });
  }
  if (target && type.includes("html") && body.trim() && !answer.redirected) {
    htmx.swap(target, body, { swapStyle: item.swap });
  } else {
    refreshAll();
  }
}

function triggers(answer) {
  const header = answer.headers.get("HX-Trigger");
  if (!header) return {};
  return header.startsWith("{") ? JSON.parse(header) : { [header]: {} };
}

async function drain() {
  clearTimeout(timer);
  if (sending) return;
  sending = true;
  try {
    for (let queue = load(); queue.length; queue = load()) {
      const [item] = queue;
      const answer = await post(item);
      // Only an answer of the application itself ends the item; a tired gateway is asked again.
      if (answer.status >= 502 || answer.status === 429) throw new Error("busy");
      save(load().filter((other) => other.key !== item.key));
      delay = 1000;
      await finish(item, answer);
    }
  } catch {
    timer = setTimeout(drain, delay);
    delay = Math.min(delay * 2, 30000);
  } finally {
    sending = false;
    showBar();
  }
}

on(
  "submit",
  "form[data-queue]",
  (event, form) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    if (form.dataset.sent) return;
    form.dataset.sent = "yes";
    event.submitter?.classList.add("is-busy");
    const fields = new URLSearchParams(new FormData(form, event.submitter));
    fields.delete("csrfmiddlewaretoken");
    fields.set("occurred_at", new Date().toISOString());
    const item = {
      url: form.action,
      body: fields.toString(),
      key: newKey(),
      target: form.dataset.target ?? "",
      swap: form.dataset.swap ?? "outerHTML",
    };
    save([...load(), item]);
    showBar();
    drain();
    setTimeout(() => {
      delete form.dataset.sent;
      event.submitter?.classList.remove("is-busy");
    }, 4000);
  },
  true,
);

window.addEventListener("online", () => {
  delay = 1000;
  showBar();
  drain();
});
window.addEventListener("offline", showBar);
ready(() => {
  showBar();
  if (load().length) drain();
});
