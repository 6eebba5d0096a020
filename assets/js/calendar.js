import { csrfToken, each, text } from "./dom.js";
import { triggers } from "./answers.js";

/* Dragging an appointment to a free time asks the server; a refusal says why and everything stays where it was. The
   keyboard's way is the Move button of the appointment. */
const QUARTER_MINUTES = 15;

const say = (tone, message) =>
  document.body.dispatchEvent(new CustomEvent("toast", { detail: { tone, text: message }, bubbles: true }));

let held = null;

function quarterHeight(column) {
  return parseFloat(getComputedStyle(column).gridAutoRows) || 14;
}

/** The free time of this column on which the upper edge of the dragged block lies. */
function slotAt(column, event) {
  const y = event.clientY - column.getBoundingClientRect().top - held.offset;
  const row = Math.round(y / quarterHeight(column) / 2) * 2;
  return { row, slot: column.querySelector(`.cal-free[data-row="${row}"]`) };
}

function startOf(column, row) {
  const calendar = column.closest("[data-calendar]");
  const minutes = Number(calendar.dataset.first) * 60 + row * QUARTER_MINUTES;
  return `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
}

function showTarget(column, row) {
  held.ghost.remove();
  held.ghost.dataset.row = String(row);
  held.ghost.textContent = startOf(column, row);
  column.append(held.ghost);
}

function take(event) {
  const block = event.target.closest?.(".cal-block[data-move-url]");
  if (!block) return;
  const ghost = document.createElement("div");
  ghost.className = "cal-drop";
  ghost.dataset.rows = block.dataset.rows;
  held = { block, ghost, offset: event.clientY - block.getBoundingClientRect().top };
  block.classList.add("is-dragged");
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", block.querySelector("strong").textContent);
}

function over(event) {
  const column = event.target.closest?.("[data-bay]");
  if (!held || !column) return;
  event.preventDefault();
  const { row } = slotAt(column, event);
  if (row >= 0) showTarget(column, row);
}

function letGo() {
  if (!held) return;
  held.ghost.remove();
  held.block.classList.remove("is-dragged");
  held = null;
}

async function drop(event) {
  const column = event.target.closest?.("[data-bay]");
  if (!held || !column) return;
  event.preventDefault();
  const { block } = held;
  const { row } = slotAt(column, event);
  const isHome = column.contains(block) && Number(block.dataset.row) === row;
  const at = momentOf(column, row);
  letGo();
  if (!isHome) await move(block, column.dataset.bay, at);
}

/** The moment of a row, with the offset of the zone that the calendar is in. */
function momentOf(column, row) {
  const { day, zone } = column.closest("[data-calendar]").dataset;
  return `${day}T${startOf(column, row)}:00${zone}`;
}

async function move(block, bay, at) {
  const body = new URLSearchParams({ bay, at, version: block.dataset.version });
  try {
    const answer = await fetch(block.dataset.moveUrl, {
      method: "POST",
      credentials: "same-origin",
      headers: {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-CSRFToken": csrfToken(),
        "HX-Request": "true",
        Accept: "application/json",
      },
      body: body.toString(),
    });
    if (!answer.ok) {
      const refused = await answer.json().catch(() => ({}));
      throw new Error(refused.error?.message || text("failed"));
    }
    triggers(answer);
    window.htmx.trigger("#calendar", "live");
  } catch (error) {
    block.classList.add("is-refused");
    setTimeout(() => block.classList.remove("is-refused"), 2500);
    say("danger", error instanceof TypeError ? text("offline") : error.message);
  }
}

/* The line of the present moves with the minutes. */
function placeNow() {
  for (const line of document.querySelectorAll("[data-now-line]")) {
    const now = new Date();
    const column = line.parentElement;
    line.style.marginTop = `${((now.getMinutes() % QUARTER_MINUTES) / QUARTER_MINUTES) * quarterHeight(column)}px`;
    const { first } = column.closest("[data-calendar]").dataset;
    const row = Math.floor(((now.getHours() - Number(first)) * 60 + now.getMinutes()) / QUARTER_MINUTES);
    if (row >= 0) line.dataset.row = String(row);
  }
}

document.addEventListener("dragstart", take);
document.addEventListener("dragover", over);
document.addEventListener("drop", drop);
document.addEventListener("dragend", letGo);
setInterval(placeNow, 30000);
each("[data-calendar]", placeNow);
