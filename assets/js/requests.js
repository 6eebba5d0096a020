import htmx from "htmx.org/dist/htmx.esm.js";
import { csrfToken, newKey, text } from "./dom.js";
import { toast } from "./toast.js";

Object.assign(htmx.config, {
  allowEval: false,
  includeIndicatorStyles: false,
  selfRequestsOnly: true,
  historyCacheSize: 0,
  defaultSettleDelay: 0,
  timeout: 30000,
  scrollIntoViewOnBoost: false,
});
window.htmx = htmx;

const SAFE = new Set(["get", "head", "options"]);

document.addEventListener("htmx:configRequest", (event) => {
  const { verb, headers, elt } = event.detail;
  if (SAFE.has(verb)) return;
  headers["X-CSRFToken"] = csrfToken();
  const keyed = elt.closest("[data-idempotent]");
  if (keyed) headers["Idempotency-Key"] = keyed.dataset.key ||= newKey();
});

document.addEventListener("htmx:afterRequest", (event) => {
  const keyed = event.detail.elt.closest?.("[data-idempotent]");
  if (keyed && event.detail.xhr.status) delete keyed.dataset.key;
});

function isFragment(xhr) {
  const type = xhr.getResponseHeader("Content-Type") ?? "";
  return type.includes("text/html") && !/^\s*<(!doctype|html)/i.test(xhr.responseText);
}

/** The reason a refused answer gives, whether it came as JSON or as plain text. */
export function reasonOf(body, contentType) {
  if (contentType?.includes("json")) {
    try {
      const data = JSON.parse(body);
      return data.error?.message ?? data.message ?? data.detail ?? "";
    } catch {
      return "";
    }
  }
  return contentType?.includes("text/plain") ? body.slice(0, 240) : "";
}

document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  if (xhr.status < 400) return;
  if (xhr.status === 401) {
    const door = document.documentElement.dataset.logIn || "/login/";
    location.assign(`${door}?next=${encodeURIComponent(location.pathname + location.search)}`);
    return;
  }
  if (!isFragment(xhr) || !xhr.responseText.trim()) return;
  event.detail.isError = false;
  const refusal = reasonIn(xhr.responseText);
  const opens = ["drawer", "dialog"].includes(event.detail.target.id);
  if (refusal && !opens) showRefusal(event.detail.elt, refusal);
  else event.detail.shouldSwap = true;
});

/** A bare refusal says why and changes nothing on the page, so it must not replace what was there. */
function reasonIn(html) {
  const root = new DOMParser().parseFromString(html, "text/html").body.firstElementChild;
  return root?.matches("[data-reason]") ? root : null;
}

function showRefusal(sender, refusal) {
  const place = sender.closest("form, .drawer-panel, dialog")?.querySelector("[data-refusal]");
  if (place) {
    place.replaceChildren(refusal);
    refusal.scrollIntoView({ block: "nearest" });
    return;
  }
  const tone = refusal.classList.contains("tone-attention") ? "attention" : "danger";
  toast({ tone, text: refusal.textContent.trim() });
}

document.addEventListener("htmx:responseError", (event) => {
  const { xhr } = event.detail;
  // A screen that fails to refresh itself keeps what it shows; the connection's mark says the rest.
  if (event.detail.requestConfig?.triggeringEvent?.type === "live") return;
  if (xhr.status === 401 || /toast/.test(xhr.getResponseHeader("HX-Trigger") ?? "")) return;
  const reason = reasonOf(xhr.responseText, xhr.getResponseHeader("Content-Type"));
  const known = { 403: text("forbidden"), 404: text("missing"), 429: text("slowDown") };
  toast({ tone: "danger", text: reason || known[xhr.status] || text("failed") });
});

function lost(event) {
  const { elt, requestConfig } = event.detail;
  // A live refresh is asked for again by itself when the connection is back.
  if (requestConfig?.triggeringEvent?.type === "live") return;
  toast({
    tone: "attention",
    text: text("offline"),
    action: { label: text("retry"), run: () => again(elt, requestConfig) },
  });
}

function again(elt, config) {
  if (!elt.isConnected) return;
  if (elt instanceof HTMLFormElement) elt.requestSubmit();
  else if (config?.triggeringEvent?.type) htmx.trigger(elt, config.triggeringEvent.type);
  else elt.click();
}

document.addEventListener("htmx:sendError", lost);
document.addEventListener("htmx:timeout", lost);

let running = 0;
const bar = () => document.getElementById("page-bar");
document.addEventListener("htmx:beforeSend", (event) => {
  if (event.detail.requestConfig?.triggeringEvent?.type === "live") return;
  running += 1;
  setTimeout(() => running > 0 && bar()?.classList.add("is-on"), 250);
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.requestConfig?.triggeringEvent?.type === "live") return;
  running = Math.max(0, running - 1);
  if (!running) bar()?.classList.remove("is-on");
});

export { htmx };
