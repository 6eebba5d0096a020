import { each } from "./dom.js";

/* Rows that scroll sideways show where one stands. */
each(".tabs, .stepper", (row) => {
  const here = row.querySelector("[aria-current]");
  if (here && row.scrollWidth > row.clientWidth) {
    row.scrollLeft = here.offsetLeft - row.offsetLeft - (row.clientWidth - here.clientWidth) / 2;
  }
});
