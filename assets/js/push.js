import { csrfToken, each } from "./dom.js";

/* Messages in this browser: ask, subscribe, tell the server. The page shows which of the four states holds. */
const supported = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;

const bytes = (key) =>
  Uint8Array.from(atob(key.replace(/-/g, "+").replace(/_/g, "/").padEnd(Math.ceil(key.length / 4) * 4, "=")), (c) => c.charCodeAt(0));

function show(box, state) {
  box.querySelectorAll("[data-push-state]").forEach((part) => (part.hidden = part.dataset.pushState !== state));
  box.querySelector("[data-push-on]").hidden = state !== "off";
  box.querySelector("[data-push-off]").hidden = state !== "on";
}

async function tell(box, body) {
  const answer = await fetch(box.dataset.url, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": csrfToken() },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(String(answer.status));
}

async function switchOn(box) {
  if ((await Notification.requestPermission()) !== "granted") return show(box, "denied");
  const registration = await navigator.serviceWorker.register(box.dataset.worker);
  await navigator.serviceWorker.ready;
  const found = await registration.pushManager.subscribe({
    userVisibleOnly: true,
    applicationServerKey: bytes(box.dataset.key),
  });
  await tell(box, found.toJSON());
  location.reload();
}

async function switchOff(box) {
  const registration = await navigator.serviceWorker.getRegistration("/");
  const found = await registration?.pushManager.getSubscription();
  if (found) {
    await tell(box, { gone: true, endpoint: found.endpoint });
    await found.unsubscribe();
  }
  location.reload();
}

async function setUp(box) {
  if (!supported) return show(box, "unsupported");
  box.querySelector("[data-push-on]").addEventListener("click", () => switchOn(box).catch(() => show(box, "denied")));
  box.querySelector("[data-push-off]").addEventListener("click", () => switchOff(box));
  if (Notification.permission === "denied") return show(box, "denied");
  const registration = await navigator.serviceWorker.getRegistration("/");
  const found = await registration?.pushManager.getSubscription();
  show(box, found ? "on" : "off");
}

each("[data-push]", setUp);
