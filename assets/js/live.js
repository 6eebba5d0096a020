import { htmx } from "./requests.js";
import { isTyping, ready } from "./dom.js";

/* Screens that follow the server. An element says which topics it shows (data-live="a b"); when one
   of them moves, the element gets a `live` event and its own hx-get draws it again. */
const topics = new Map();
const waiting = new Set();
const timers = new WeakMap();
let socket = null;
let delay = 300;
let timer = 0;
let connectedBefore = false;
let lastHeard = 0;

const topicsOf = (element) => element.dataset.live.split(/\s+/).filter(Boolean);
const listeners = (topic) =>
  [...document.querySelectorAll("[data-live]")].filter((element) => topicsOf(element).includes(topic));

function showState(state) {
  document.querySelectorAll("[data-live-state]").forEach((dot) => {
    dot.hidden = topics.size === 0;
    dot.dataset.liveState = state;
    const words = dot.querySelector("span");
    if (words) words.textContent = dot.dataset[state];
    dot.title = dot.dataset[state];
  });
}

/* What the finger or the mouse is on: a click needs the same element at its end. */
let pressed = null;
document.addEventListener("pointerdown", (event) => (pressed = event.target), true);
for (const type of ["pointerup", "pointercancel"]) {
  document.addEventListener(type, () => setTimeout(() => (pressed = null)), true);
}

const AT_WORK = "details[data-menu][open], dialog[open], .is-dragged, [data-busy], [data-asking], .htmx-request";

/** Somebody is writing in it, choosing from it, answering it or dragging in it, or it is sending something: do not
    pull it away. */
function isBusy(element) {
  const focused = document.activeElement;
  if (focused !== element && isTyping(focused) && element.contains(focused)) return true;
  if (pressed && element.contains(pressed)) return true;
  return element.matches("[data-asking]") || Boolean(element.querySelector(AT_WORK));
}

function fire(element) {
  clearTimeout(timers.get(element));
  timers.set(
    element,
    setTimeout(() => {
      if (!element.isConnected) return;
      if (isBusy(element)) waiting.add(element);
      else element.dispatchEvent(new CustomEvent("live"));
    }, 60),
  );
}

function retryWaiting() {
  for (const element of waiting) {
    if (!element.isConnected) waiting.delete(element);
    else if (!isBusy(element)) {
      waiting.delete(element);
      fire(element);
    }
  }
}
document.addEventListener("focusout", () => setTimeout(retryWaiting, 50));
setInterval(retryWaiting, 500);

function shownNumber(element, topic) {
  const numbers = element.dataset.liveNumber?.split(/\s+/);
  const shown = numbers?.[topicsOf(element).indexOf(topic)];
  return shown === undefined || shown === "" ? null : Number(shown);
}

function subscribe(topic) {
  const known = topics.get(topic);
  const message = { type: "subscribe", topic };
  if (known.epoch !== undefined) Object.assign(message, { last: known.number, epoch: known.epoch });
  socket.send(JSON.stringify(message));
}

function onSubscribed({ topic, number, epoch }) {
  const known = topics.get(topic);
  if (!known) return;
  const again = known.epoch !== undefined;
  Object.assign(known, { number: again ? Math.max(known.number, number) : number, epoch });
  for (const element of listeners(topic)) {
    const shown = shownNumber(element, topic);
    const missed = shown === null ? number > 0 && performance.now() > 2000 : shown !== number;
    if (again || missed) fire(element);
  }
}

function onEvent(message) {
  const known = topics.get(message.topic);
  if (!known) return;
  const seen = known.epoch === message.epoch && message.number <= known.number;
  if (seen && message.type === "event") return;
  Object.assign(known, { number: message.number, epoch: message.epoch });
  listeners(message.topic).forEach(fire);
  document.dispatchEvent(new CustomEvent("baylink:live", { detail: message }));
}

const answers = {
  subscribed: onSubscribed,
  event: onEvent,
  reset: onEvent,
  ping: () => socket.send('{"type":"pong"}'),
  error: ({ topic }) => topics.delete(topic),
};

function connect() {
  clearTimeout(timer);
  if (socket || !topics.size) return;
  showState("connecting");
  socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws/`);
  socket.onopen = () => {
    delay = 300;
    lastHeard = Date.now();
    showState("on");
    topics.forEach((known, topic) => subscribe(topic));
    connectedBefore = true;
  };
  socket.onmessage = (event) => {
    lastHeard = Date.now();
    const message = JSON.parse(event.data);
    answers[message.type]?.(message);
  };
  socket.onclose = () => {
    socket = null;
    showState(connectedBefore && navigator.onLine ? "connecting" : "off");
    timer = setTimeout(connect, delay * (0.75 + Math.random() / 2));
    delay = Math.min(delay * 2, 10000);
  };
}

/** A phone that slept keeps a dead socket for minutes; make a new one at once. */
function refreshConnection() {
  if (socket && Date.now() - lastHeard > 25000) socket.close();
  if (!socket) {
    delay = 300;
    connect();
  }
}

function look() {
  const shown = new Set([...document.querySelectorAll("[data-live]")].flatMap(topicsOf));
  for (const topic of shown) {
    if (topics.has(topic)) continue;
    topics.set(topic, { number: 0, epoch: undefined });
    if (socket?.readyState === WebSocket.OPEN) subscribe(topic);
  }
  if (topics.size) connect();
}

function catchUp(root) {
  const inside = [...root.querySelectorAll("[data-live]")];
  if (root.matches?.("[data-live]")) inside.push(root);
  for (const element of inside) {
    for (const topic of topicsOf(element)) {
      const shown = shownNumber(element, topic);
      const known = topics.get(topic);
      if (known?.epoch !== undefined && shown !== null && shown < known.number) fire(element);
    }
  }
}

/* What somebody has typed, and where they stood, outlive the redraw. */
const fieldKey = (field) =>
  field.id || (field.name ? `${field.form?.getAttribute("action") ?? field.form?.id ?? ""}|${field.name}|${field.type === "radio" ? field.value : ""}` : "");
const isDirty = (field) =>
  field.type === "checkbox" || field.type === "radio"
    ? field.checked !== field.defaultChecked
    : field.tagName === "SELECT"
      ? [...field.options].some((option) => option.selected !== option.defaultSelected)
      : field.type !== "file" && field.type !== "hidden" && field.value !== field.defaultValue;
const focusables = (root) => [...root.querySelectorAll("a[href], button, summary, input, select, textarea")];

/* By the id of the place: several places may be redrawn at once. */
const kept = new Map();

function keep(element) {
  const fields = [...element.querySelectorAll("input, textarea, select")].filter(isDirty);
  const place = focusables(element).indexOf(document.activeElement);
  kept.set(element.id, {
    fields: fields.map((field) => ({ key: fieldKey(field), value: field.value, checked: field.checked })),
    place,
    tag: place < 0 ? "" : document.activeElement.tagName,
  });
}

function restore(element) {
  const last = kept.get(element?.id);
  if (!last) return;
  kept.delete(element.id);
  const byKey = new Map([...element.querySelectorAll("input, textarea, select")].map((f) => [fieldKey(f), f]));
  for (const { key, value, checked } of last.fields) {
    const field = key && byKey.get(key);
    if (!field || field.disabled) continue;
    if (field.type === "checkbox" || field.type === "radio") field.checked = checked;
    else field.value = value;
  }
  const target = last.place < 0 ? null : focusables(element)[last.place];
  if (target?.tagName === last.tag && document.activeElement === document.body) {
    target.focus({ preventScroll: true });
  }
}

const isLive = (event) => event.detail.requestConfig?.triggeringEvent?.type === "live";

document.addEventListener("htmx:beforeSwap", (event) => {
  if (!isLive(event) || !event.detail.shouldSwap) return;
  const { target } = event.detail;
  if (isBusy(target)) {
    event.detail.shouldSwap = false;
    waiting.add(event.detail.elt ?? target);
    return;
  }
  keep(target);
});
document.addEventListener("htmx:load", (event) => {
  restore(event.detail.elt);
  look();
  catchUp(event.detail.elt);
});

window.addEventListener("online", refreshConnection);
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") refreshConnection();
});
ready(() => {
  look();
  showState("connecting");
});

/** Redraw everything on the page that follows the server. */
export function refreshAll() {
  document.querySelectorAll("[data-live][hx-get]").forEach((element) => htmx.trigger(element, "live"));
}
