import { each } from "./dom.js";

const running = new Set();

/** h:mm:ss since a moment plus seconds already worked before it. */
function elapsed(element, now) {
  const worked = Number(element.dataset.clockBase || 0);
  const since = element.dataset.clockStart ? (now - Date.parse(element.dataset.clockStart)) / 1000 : 0;
  const total = Math.max(0, Math.floor(worked + since));
  const two = (number) => String(number).padStart(2, "0");
  return `${Math.floor(total / 3600)}:${two(Math.floor(total / 60) % 60)}:${two(total % 60)}`;
}

// The phone's own clock may be wrong by minutes; the page carries the server's.
const skew = (() => {
  const served = Date.parse(document.documentElement.dataset.now ?? "");
  const drift = served ? served - Date.now() : 0;
  return Math.abs(drift) > 30000 ? drift : 0;
})();

function tick() {
  const now = Date.now() + skew;
  for (const element of running) {
    if (element.isConnected) element.textContent = elapsed(element, now);
    else running.delete(element);
  }
}

each("[data-clock-start], [data-clock-base]", (element) => {
  element.textContent = elapsed(element, Date.now() + skew);
  if (element.dataset.clockStart) running.add(element);
});
setInterval(tick, 1000);

const UNITS = [
  ["day", 86400],
  ["hour", 3600],
  ["minute", 60],
];
const words = new Intl.RelativeTimeFormat(document.documentElement.lang || "vi", { numeric: "auto" });
const relative = new Set();

function phrase(element) {
  const seconds = (Date.parse(element.dateTime) - Date.now() - skew) / 1000;
  const [unit, size] = UNITS.find(([, length]) => Math.abs(seconds) >= length) ?? ["minute", 60];
  const amount = Math.round(seconds / size);
  // After a week the date itself says more than "9 days ago".
  if (unit === "day" && Math.abs(amount) > 7) return element.dataset.full;
  return words.format(amount, unit);
}

function refresh() {
  for (const element of relative) {
    if (element.isConnected) element.textContent = phrase(element);
    else relative.delete(element);
  }
}

each("time[data-relative]", (element) => {
  element.dataset.full ||= element.textContent.trim();
  element.title ||= element.dataset.full;
  relative.add(element);
  element.textContent = phrase(element);
});
setInterval(refresh, 30000);

// On paper "3 hours ago" says nothing.
window.addEventListener("beforeprint", () => {
  for (const element of relative) element.textContent = element.dataset.full;
});
window.addEventListener("afterprint", refresh);
