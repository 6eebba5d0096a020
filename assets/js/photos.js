import { each, icon, on, text } from "./dom.js";
import { openDialog } from "./overlays.js";
import { toast } from "./toast.js";

/* A phone's picture has 4 to 12 MB; on a weak line that is a minute. Two thousand pixels show a scratch. */
const LONGEST = 2000;

async function smaller(file) {
  if (!/^image\/(jpeg|png|webp|heic|heif)$/.test(file.type)) return file;
  let picture;
  try {
    picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    return file;
  }
  const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
  if (scale === 1 && file.size < 600000) return file;
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
  if (!blob || blob.size >= file.size) return file;
  return new File([blob], `${file.name.replace(/\.\w+$/, "")}.jpg`, { type: "image/jpeg" });
}

function setFiles(input, files) {
  const carrier = new DataTransfer();
  files.forEach((file) => carrier.items.add(file));
  input.files = carrier.files;
}

function draw(box, input) {
  const shown = box.querySelector("[data-previews]");
  shown.querySelectorAll("img").forEach((image) => URL.revokeObjectURL(image.src));
  shown.replaceChildren(...[...input.files].map((file, place) => preview(file, place)));
  shown.hidden = input.files.length === 0;
}

function preview(file, place) {
  const frame = document.createElement("div");
  frame.className = "photo";
  if (file.type.startsWith("image/")) {
    const image = document.createElement("img");
    image.src = URL.createObjectURL(file);
    image.alt = file.name;
    frame.append(image);
  } else {
    frame.append(file.name);
  }
  const remove = document.createElement("button");
  remove.type = "button";
  remove.className = "photo-remove";
  remove.dataset.removePhoto = String(place);
  remove.setAttribute("aria-label", `${text("remove")} ${file.name}`);
  remove.append(icon("x"));
  frame.append(remove);
  return frame;
}

async function take(box, input, added) {
  const earlier = input.multiple ? (input.keptFiles ?? []) : [];
  const limit = Number(input.dataset.limit || 20);
  box.dataset.busy = "yes";
  const ready = await Promise.all(added.map(smaller));
  const files = [...earlier, ...ready].slice(0, input.multiple ? limit : 1);
  if (earlier.length + ready.length > files.length) toast({ tone: "attention", text: text("tooMany") });
  setFiles(input, files);
  input.keptFiles = files;
  delete box.dataset.busy;
  draw(box, input);
  box.dispatchEvent(new CustomEvent("photos:ready", { bubbles: true }));
}

on("change", "[data-upload] input[type=file]", (event, input) => {
  take(input.closest("[data-upload]"), input, [...input.files]);
});

on("click", "[data-remove-photo]", (event, button) => {
  const box = button.closest("[data-upload]");
  const input = box.querySelector("input[type=file]");
  input.keptFiles = [...input.files].filter((file, place) => place !== Number(button.dataset.removePhoto));
  setFiles(input, input.keptFiles);
  draw(box, input);
});

on("dragover", "[data-upload]", (event, box) => {
  event.preventDefault();
  box.querySelector(".upload-drop").classList.add("is-over");
});
on("dragleave", "[data-upload]", (event, box) => {
  box.querySelector(".upload-drop").classList.remove("is-over");
});
on("drop", "[data-upload]", (event, box) => {
  event.preventDefault();
  box.querySelector(".upload-drop").classList.remove("is-over");
  take(box, box.querySelector("input[type=file]"), [...event.dataTransfer.files]);
});

document.addEventListener(
  "submit",
  (event) => {
    const busy = event.target.querySelector("[data-upload][data-busy]");
    if (!busy) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const { submitter } = event;
    busy.addEventListener("photos:ready", () => event.target.requestSubmit(submitter), { once: true });
  },
  true,
);

each("[data-upload] [data-previews]:empty", (previews) => {
  previews.hidden = true;
});

/* Photos full screen, with arrow keys. */
let shown = { all: [], at: 0 };

function show(at) {
  const box = document.getElementById("lightbox");
  shown.at = (at + shown.all.length) % shown.all.length;
  const photo = shown.all[shown.at];
  const image = box.querySelector("img");
  image.src = photo.href;
  image.alt = photo.dataset.photo;
  box.querySelector("[data-photo-note]").textContent = photo.dataset.photo;
  box.querySelector("[data-photo-place]").textContent = `${shown.at + 1} / ${shown.all.length}`;
  box.querySelectorAll("[data-photo-step]").forEach((button) => {
    button.hidden = shown.all.length < 2;
  });
}

on("click", "a[data-photo]", (event, photo) => {
  if (event.ctrlKey || event.metaKey || !document.getElementById("lightbox")) return;
  event.preventDefault();
  const group = photo.closest(".photos") ?? photo.parentElement;
  shown = { all: [...group.querySelectorAll("a[data-photo]")], at: 0 };
  show(shown.all.indexOf(photo));
  openDialog(document.getElementById("lightbox"));
});
on("click", "[data-photo-step]", (event, button) => show(shown.at + Number(button.dataset.photoStep)));
on("keydown", "#lightbox", (event) => {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (step) show(shown.at + step);
});
