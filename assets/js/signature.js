import { each, on } from "./dom.js";

/* A signature drawn by finger or mouse ends as PNG data in a hidden field; typing one's name is the
   other way for those who cannot draw. */
const INK = "#10242a";

function fit(canvas) {
  const ratio = Math.min(window.devicePixelRatio || 1, 2);
  const { width, height } = canvas.getBoundingClientRect();
  if (!width) return false;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const pen = canvas.getContext("2d");
  pen.scale(ratio, ratio);
  Object.assign(pen, { lineCap: "round", lineJoin: "round", lineWidth: 2.4, strokeStyle: INK });
  return true;
}

function redraw(canvas, strokes) {
  const pen = canvas.getContext("2d");
  pen.clearRect(0, 0, canvas.width, canvas.height);
  for (const points of strokes) {
    pen.beginPath();
    pen.moveTo(points[0].x, points[0].y);
    for (let at = 1; at < points.length; at += 1) {
      const [from, to] = [points[at - 1], points[at]];
      pen.quadraticCurveTo(from.x, from.y, (from.x + to.x) / 2, (from.y + to.y) / 2);
    }
    const end = points[points.length - 1];
    pen.lineTo(end.x + 0.01, end.y);
    pen.stroke();
  }
}

function setUp(box) {
  if (box.pad) return;
  const canvas = box.querySelector("canvas");
  const field = box.querySelector("[data-signature-data]");
  const pad = canvas.parentElement;
  const strokes = [];
  let current = null;
  box.pad = { strokes, clear };

  const point = (event) => {
    const frame = canvas.getBoundingClientRect();
    return { x: event.clientX - frame.left, y: event.clientY - frame.top };
  };

  function finish() {
    pad.classList.toggle("is-signed", strokes.length > 0);
    field.value = strokes.length ? canvas.toDataURL("image/png") : "";
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function clear() {
    strokes.length = 0;
    redraw(canvas, strokes);
    finish();
  }

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button > 0) return;
    if (!strokes.length) fit(canvas);
    canvas.setPointerCapture(event.pointerId);
    current = [point(event)];
    strokes.push(current);
    pad.classList.add("is-signed");
    redraw(canvas, strokes);
    event.preventDefault();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!current) return;
    const moves = event.getCoalescedEvents?.() ?? [];
    current.push(...(moves.length ? moves : [event]).map(point));
    redraw(canvas, strokes);
  });
  for (const type of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(type, () => {
      if (!current) return;
      current = null;
      finish();
    });
  }
  new ResizeObserver(() => {
    if (current || !fit(canvas)) return;
    redraw(canvas, strokes);
  }).observe(canvas);
}

on("click", "[data-signature-clear]", (event, button) => {
  button.closest("[data-signature]").pad?.clear();
});

on("click", "[data-signature-mode]", (event, button) => {
  const box = button.closest("[data-signature]");
  const typing = button.dataset.signatureMode === "type";
  box.querySelectorAll("[data-signature-draw], [data-signature-type]").forEach((part) => {
    part.hidden = part.hasAttribute("data-signature-type") !== typing;
  });
  if (typing) {
    box.pad?.clear();
    box.querySelector("[data-signature-type] input").focus();
  } else {
    box.querySelector("[data-signature-type] input").value = "";
  }
});

each("[data-signature]", setUp);
