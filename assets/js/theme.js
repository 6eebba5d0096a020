import { on, ready, writeCookie } from "./dom.js";

const root = document.documentElement;
const CHOICES = ["light", "dark"];

function show(choice) {
  if (CHOICES.includes(choice)) root.dataset.theme = choice;
  else delete root.dataset.theme;
  document.querySelectorAll("[data-set-theme]").forEach((button) => {
    button.setAttribute("aria-pressed", String(button.dataset.setTheme === (choice || "auto")));
  });
}

function current() {
  return root.dataset.theme ?? "";
}

function choose(choice) {
  const kept = CHOICES.includes(choice) ? choice : "";
  // The cookie lets the server draw the first byte in the right theme; storage tells other tabs.
  writeCookie("theme", kept);
  localStorage.setItem("theme", kept);
  show(kept);
}

function isDark() {
  return current() ? current() === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

on("click", "[data-set-theme]", (event, button) => choose(button.dataset.setTheme));
on("click", "[data-toggle-theme]", () => choose(isDark() ? "light" : "dark"));
on("click", "[data-set-language]", (event, button) => {
  writeCookie("language", button.dataset.setLanguage);
  location.reload();
});
window.addEventListener("storage", (event) => {
  if (event.key === "theme") show(event.newValue ?? "");
});
ready(() => show(current()));
