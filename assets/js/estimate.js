import { on } from "./dom.js";

/* The customer's running total: what is approved so far, and a reason field for what is not. */
on("change", "form[data-estimate] input[type=radio]", (event, input) => {
  const form = input.form;
  const reason = input.closest("[data-estimate-line]").querySelector("[data-estimate-reason]");
  if (reason) reason.hidden = input.value !== "declined" || !input.checked;
  let total = 0;
  for (const line of form.querySelectorAll("[data-estimate-line]")) {
    const approved = line.querySelector("[data-approved], input[value=approved]:checked");
    if (approved) total += Number(line.dataset.gross);
  }
  const currency = form.dataset.currency;
  const digits = currency === "VND" ? 0 : 2;
  const format = new Intl.NumberFormat(document.documentElement.lang, { style: "currency", currency, minimumFractionDigits: digits, maximumFractionDigits: digits });
  form.querySelector("[data-estimate-total]").textContent = format.format(total).replace(/ /g, " ");
});
