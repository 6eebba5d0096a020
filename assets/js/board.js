import Sortable from "sortablejs";
import { csrfToken, each, newKey, text } from "./dom.js";

/* Dragging a card is asking for a legal step. A refused card goes back to where it came from, with
   the reason; the keyboard's way is the card's menu. */
const legal = (card, list) =>
  card.dataset.moves === undefined || card.dataset.moves.split(/\s+/).includes(list.dataset.state);

const say = (tone, message) =>
  document.body.dispatchEvent(new CustomEvent("toast", { detail: { tone, text: message }, bubbles: true }));

function mark(card, from) {
  document.querySelectorAll("[data-board-list]").forEach((list) => {
    const column = list.closest(".board-col");
    column.classList.toggle("is-refusing", list !== from && !legal(card, list));
    column.classList.toggle("is-welcoming", list !== from && legal(card, list));
  });
}

function unmark() {
  document.querySelectorAll(".board-col").forEach((column) => {
    column.classList.remove("is-refusing", "is-welcoming");
  });
}

async function reasonFrom(answer) {
  const body = await answer.text();
  try {
    const data = JSON.parse(body);
    return data.error?.message ?? data.message ?? data.detail ?? "";
  } catch {
    const shown = new DOMParser().parseFromString(body, "text/html");
    return (shown.querySelector("[data-reason]") ?? shown.body).textContent.trim().slice(0, 240);
  }
}

async function move(card, state) {
  const answer = await fetch(card.dataset.moveUrl, {
    method: "POST",
    credentials: "same-origin",
    headers: {
      "Content-Type": "application/x-www-form-urlencoded",
      "X-CSRFToken": csrfToken(),
      "Idempotency-Key": newKey(),
      "HX-Request": "true",
      Accept: "application/json, text/html;q=0.9",
    },
    body: new URLSearchParams({ to: state }).toString(),
  });
  const redirect = answer.headers.get("HX-Redirect");
  if (redirect) location.assign(redirect);
  if (!answer.ok) throw new Error((await reasonFrom(answer)) || text("failed"));
  const trigger = answer.headers.get("HX-Trigger");
  if (trigger?.startsWith("{")) {
    for (const [name, detail] of Object.entries(JSON.parse(trigger))) {
      document.body.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
    }
  }
}

function putBack(event) {
  const before = event.from.children[event.oldIndex] ?? null;
  event.from.insertBefore(event.item, before);
}

async function dropped(event) {
  const { item: card, from, to } = event;
  card.classList.remove("is-dragged");
  unmark();
  if (from === to) return putBack(event);
  if (!legal(card, to)) {
    putBack(event);
    return say("attention", card.dataset.refusal || text("notAllowed"));
  }
  card.classList.add("is-moving");
  try {
    await move(card, to.dataset.state);
  } catch (error) {
    putBack(event);
    card.classList.add("is-refused");
    setTimeout(() => card.classList.remove("is-refused"), 2500);
    say("danger", error instanceof TypeError ? text("offline") : error.message);
  } finally {
    card.classList.remove("is-moving");
  }
}

each("[data-board-list]", (list) => {
  if (Sortable.get(list)) return;
  Sortable.create(list, {
    group: list.closest("[data-board]")?.dataset.board || "board",
    draggable: ".board-card[data-move-url]",
    filter: ".menu, .btn",
    preventOnFilter: false,
    animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 120,
    delay: 180,
    delayOnTouchOnly: true,
    ghostClass: "is-ghost",
    onStart: ({ item, from }) => {
      item.classList.add("is-dragged");
      mark(item, from);
    },
    onEnd: dropped,
  });
});
