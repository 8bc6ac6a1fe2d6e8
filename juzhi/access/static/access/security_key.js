// Asks the browser for a security key and sends its answer with the form. Without JavaScript the form stays without a button, and the page says what else to do.
const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
const text = (buffer) => buffer ? btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "") : undefined;
const known = (keys) => (keys ?? []).map((key) => ({ ...key, id: bytes(key.id) }));

const make = async ({ publicKey }) => navigator.credentials.create({
  publicKey: {
    ...publicKey,
    challenge: bytes(publicKey.challenge),
    user: { ...publicKey.user, id: bytes(publicKey.user.id) },
    excludeCredentials: known(publicKey.excludeCredentials),
  },
});
const ask = async ({ publicKey }) => navigator.credentials.get({
  publicKey: { ...publicKey, challenge: bytes(publicKey.challenge), allowCredentials: known(publicKey.allowCredentials) },
});

const written = (key) => ({
  type: key.type,
  id: key.id,
  rawId: text(key.rawId),
  authenticatorAttachment: key.authenticatorAttachment ?? undefined,
  clientExtensionResults: key.getClientExtensionResults(),
  response: {
    clientDataJSON: text(key.response.clientDataJSON),
    attestationObject: text(key.response.attestationObject),
    authenticatorData: text(key.response.authenticatorData),
    signature: text(key.response.signature),
    userHandle: text(key.response.userHandle),
    transports: key.response.getTransports?.(),
  },
});

document.querySelectorAll('[data-behaviour="security-key"]').forEach((form) => {
  const ready = form.querySelector('[data-part="ready"]');
  const failed = form.querySelector('[data-part="failed"]');
  const data = JSON.parse(document.getElementById("security-key").textContent);
  const button = ready.querySelector("button");
  ready.hidden = false;
  button.addEventListener("click", async () => {
    failed.hidden = true;
    button.disabled = true;
    try {
      const key = form.dataset.deed === "create" ? await make(data.creation_options) : await ask(data.request_options);
      form.elements.credential.value = JSON.stringify(written(key));
      form.submit();
    } catch {
      failed.hidden = false;
      failed.focus();
      button.disabled = false;
    }
  });
});
