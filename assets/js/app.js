import "./theme.js";
import "./toast.js";
import "./requests.js";
import "./overlays.js";
import "./menus.js";
import "./palette.js";
import "./photos.js";
import "./offline.js";
import "./forms.js";
import "./numbers.js";
import "./clocks.js";
import "./live.js";
import "./scanner.js";
import "./estimate.js";
import "./inview.js";
import { each } from "./dom.js";

/* Parts that few pages need come when a page asks for them. */
const loaded = new Set();

function fetchPart(name) {
  const url = document.documentElement.dataset[`${name}Js`];
  if (!url || loaded.has(name)) return;
  loaded.add(name);
  const script = document.createElement("script");
  script.src = url;
  document.head.append(script);
}

each("[x-data]", () => fetchPart("alpine"));
each("[data-signature]", () => fetchPart("signature"));
each("[data-board-list]", () => fetchPart("board"));
each("[data-calendar]", () => fetchPart("calendar"));
each("[data-marks]", () => fetchPart("marks"));
