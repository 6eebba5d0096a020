/** Fires the client events that an answer names in HX-Trigger. */
export function triggers(answer) {
  const header = answer.headers.get("HX-Trigger");
  if (!header?.startsWith("{")) return;
  for (const [name, detail] of Object.entries(JSON.parse(header))) {
    document.body.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
  }
}
