import Alpine from "@alpinejs/csp";

/* Local state that a template may use under the strict content policy (no inline code). */
Alpine.data("toggle", (open = false) => ({
  open: Boolean(open),
  flip() {
    this.open = !this.open;
  },
  close() {
    this.open = false;
  },
}));

Alpine.data("choice", (first = "") => ({
  value: first,
  pick(event) {
    this.value = event.target.value ?? event.currentTarget.dataset.value;
  },
}));

if (!window.Alpine) {
  window.Alpine = Alpine;
  Alpine.start();
}
