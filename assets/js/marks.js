import { each, icon, on } from "./dom.js";

/* Marks on the drawing of a vehicle: choose what it is, tap where it is. The marks are kept as JSON in a hidden field,
   each with its place in percent of the drawing; the list below is the way for the keyboard. */
const NAMESPACE = "http://www.w3.org/2000/svg";

const read = (box) => JSON.parse(box.querySelector("[data-marks-field]").value || "[]");

function write(box, marks) {
  const field = box.querySelector("[data-marks-field]");
  field.value = JSON.stringify(marks);
  field.dispatchEvent(new Event("change", { bubbles: true }));
  draw(box);
}

const labelOf = (box, kind) => box.querySelector(`[name=mark_kind][value="${kind}"]`)?.dataset.label ?? kind;
const viewOf = (box, view) => box.querySelector(`svg[data-view="${view}"]`)?.dataset.label ?? view;

function dot(mark, place) {
  const group = document.createElementNS(NAMESPACE, "g");
  group.setAttribute("class", `mark mark-${mark.kind}`);
  group.setAttribute("transform", `translate(${mark.x * 2} ${mark.y})`);
  const circle = document.createElementNS(NAMESPACE, "circle");
  circle.setAttribute("r", "6.5");
  const number = document.createElementNS(NAMESPACE, "text");
  number.setAttribute("dy", "2.7");
  number.textContent = String(place + 1);
  group.append(circle, number);
  return group;
}

function line(box, mark, place) {
  const row = document.createElement("li");
  row.className = `mark-row mark-${mark.kind}`;
  const number = document.createElement("span");
  number.className = "mark-number";
  number.textContent = String(place + 1);
  const words = document.createElement("span");
  words.className = "mark-words";
  words.textContent = `${labelOf(box, mark.kind)} · ${viewOf(box, mark.view)}`;
  const note = document.createElement("input");
  note.className = "input";
  note.maxLength = 80;
  note.value = mark.note ?? "";
  note.placeholder = box.dataset.noteHint;
  note.setAttribute("aria-label", `${box.dataset.noteHint} ${place + 1}`);
  note.dataset.markNote = String(place);
  const remove = document.createElement("button");
  remove.type = "button";
  remove.className = "btn btn-ghost btn-icon";
  remove.dataset.markRemove = String(place);
  remove.setAttribute("aria-label", `${box.dataset.removeLabel} ${place + 1}`);
  remove.append(icon("x"));
  row.append(number, words, note, remove);
  return row;
}

function draw(box) {
  const marks = read(box);
  box.querySelectorAll(".mark").forEach((old) => old.remove());
  marks.forEach((mark, place) => box.querySelector(`svg[data-view="${mark.view}"]`)?.append(dot(mark, place)));
  box.querySelector("[data-marks-list]").replaceChildren(...marks.map((mark, place) => line(box, mark, place)));
  box.querySelector("[data-marks-empty]").hidden = marks.length > 0;
}

const percent = (value) => Math.round(Math.min(100, Math.max(0, value)) * 10) / 10;

function add(box, view, x, y) {
  const kind = box.querySelector("[name=mark_kind]:checked")?.value ?? "scratch";
  write(box, [...read(box), { view, x: percent(x), y: percent(y), kind, note: "" }]);
}

on("click", "[data-marks] svg[data-view]", (event, drawing) => {
  const frame = drawing.getBoundingClientRect();
  const x = ((event.clientX - frame.left) / frame.width) * 100;
  const y = ((event.clientY - frame.top) / frame.height) * 100;
  add(drawing.closest("[data-marks]"), drawing.dataset.view, x, y);
});
on("keydown", "[data-marks] svg[data-view]", (event, drawing) => {
  if (event.key !== "Enter" && event.key !== " ") return;
  event.preventDefault();
  add(drawing.closest("[data-marks]"), drawing.dataset.view, 50, 50);
});
on("click", "[data-mark-remove]", (event, button) => {
  const box = button.closest("[data-marks]");
  write(box, read(box).filter((mark, place) => place !== Number(button.dataset.markRemove)));
});
on("change", "[data-mark-note]", (event, note) => {
  event.stopPropagation();
  const box = note.closest("[data-marks]");
  const marks = read(box);
  marks[Number(note.dataset.markNote)].note = note.value;
  box.querySelector("[data-marks-field]").value = JSON.stringify(marks);
});

/* The fuel gauge shows the number that its slider stands on. */
const WORDS = { 0: "E", 25: "¼", 50: "½", 75: "¾", 100: "F" };
function gauge(slider) {
  const shown = slider.closest("[data-fuel]").querySelector("output");
  const value = Number(slider.value);
  shown.textContent = WORDS[value] ? `${WORDS[value]} · ${value}%` : `${value}%`;
}
on("input", "[data-fuel] input[type=range]", (event, slider) => gauge(slider));

each("[data-marks]", draw);
each("[data-fuel] input[type=range]", gauge);

/* The reason for a lower odometer is asked for as soon as it is one. */
on("input", "[name=odometer_km]", (event, field) => {
  const last = Number(document.querySelector("[data-last-km]")?.dataset.lastKm ?? 0);
  const typed = Number(field.value.replace(/\D/g, ""));
  const box = field.form.querySelector("[data-odometer-reason]");
  if (box && last) box.hidden = !field.value || typed >= last;
});
