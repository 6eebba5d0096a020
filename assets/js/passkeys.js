/* Passkeys: asks the site for options, the device for its answer, and posts that answer with the form. */

const toBytes = (text) => {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (char) => char.charCodeAt(0));
};

const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");

const withIds = (list) => (list ?? []).map((one) => ({ ...one, id: toBytes(one.id) }));

async function make(options) {
  const made = await navigator.credentials.create({
    publicKey: {
      ...options,
      challenge: toBytes(options.challenge),
      user: { ...options.user, id: toBytes(options.user.id) },
      excludeCredentials: withIds(options.excludeCredentials),
    },
  });
  return describe(made, {
    clientDataJSON: toText(made.response.clientDataJSON),
    attestationObject: toText(made.response.attestationObject),
  });
}

async function use(options) {
  const used = await navigator.credentials.get({
    publicKey: { ...options, challenge: toBytes(options.challenge), allowCredentials: withIds(options.allowCredentials) },
  });
  return describe(used, {
    clientDataJSON: toText(used.response.clientDataJSON),
    authenticatorData: toText(used.response.authenticatorData),
    signature: toText(used.response.signature),
  });
}

const describe = (credential, response) => ({
  id: credential.id,
  rawId: toText(credential.rawId),
  type: credential.type,
  response,
  clientExtensionResults: credential.getClientExtensionResults(),
});

async function answer(form) {
  const token = form.elements.csrfmiddlewaretoken.value;
  const asked = await fetch(form.dataset.options, { method: "POST", headers: { "X-CSRFToken": token } });
  if (asked.redirected) {
    location.assign(asked.url);
    return false;
  }
  if (!asked.ok) throw new Error(String(asked.status));
  const { publicKey } = await asked.json();
  const credential = form.dataset.passkey === "create" ? await make(publicKey) : await use(publicKey);
  form.elements.credential.value = JSON.stringify(credential);
  return true;
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const error = form.querySelector("[data-passkey-error]");
  const refuse = () => {
    error.textContent = form.dataset.failed;
    error.hidden = false;
  };
  form.addEventListener("submit", async (event) => {
    if (form.elements.credential.value) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    error.hidden = true;
    if (!window.PublicKeyCredential) return refuse();
    try {
      if (await answer(form)) form.submit();
    } catch {
      refuse();
    }
  });
}
