// Passkeys: the one thing that needs a script. Forms marked data-passkey-… stay hidden where the browser cannot do it.
(() => {
  "use strict";

  // A passkey belongs to a name: on a bare address such as 127.0.0.1 every browser refuses to make one.
  const named = !/^[\d.]+$|:/.test(location.hostname);
  const able = () => named && window.isSecureContext && window.PublicKeyCredential && navigator.credentials;

  const bytes = (text) =>
    Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));

  const text = (buffer) => {
    let letters = "";
    for (const byte of new Uint8Array(buffer)) letters += String.fromCharCode(byte);
    return btoa(letters).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  };

  const withBytes = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));

  const toMake = ({ publicKey }) => ({
    publicKey: {
      ...publicKey,
      challenge: bytes(publicKey.challenge),
      user: { ...publicKey.user, id: bytes(publicKey.user.id) },
      excludeCredentials: withBytes(publicKey.excludeCredentials),
    },
  });

  const toShow = ({ publicKey }) => ({
    publicKey: {
      ...publicKey,
      challenge: bytes(publicKey.challenge),
      allowCredentials: withBytes(publicKey.allowCredentials),
    },
  });

  const made = (credential) => {
    const answer = { clientDataJSON: text(credential.response.clientDataJSON) };
    for (const part of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (credential.response[part]) answer[part] = text(credential.response[part]);
    }
    return {
      id: credential.id,
      rawId: text(credential.rawId),
      type: credential.type,
      response: answer,
      clientExtensionResults: credential.getClientExtensionResults(),
      authenticatorAttachment: credential.authenticatorAttachment,
    };
  };

  const wire = (form, ask) => {
    const problem = form.querySelector("[data-passkey-problem]");
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      if (form.elements.credential.value) return;
      event.preventDefault();
      problem.hidden = true;
      try {
        form.elements.credential.value = JSON.stringify(made(await ask()));
        form.requestSubmit();
      } catch (fault) {
        problem.hidden = false;
      }
    });
  };

  if (!able()) return;

  for (const form of document.querySelectorAll("form[data-passkey-sign-in]")) {
    wire(form, async () => {
      const answer = await fetch(form.dataset.passkeySignIn, { headers: { accept: "application/json" } });
      if (!answer.ok) throw new Error("no challenge");
      return navigator.credentials.get(toShow(await answer.json()));
    });
  }
  for (const form of document.querySelectorAll("form[data-passkey-add]")) {
    for (const note of document.querySelectorAll("[data-passkey-missing]")) note.hidden = true;
    wire(form, () => navigator.credentials.create(toMake(JSON.parse(form.dataset.passkeyAdd))));
  }
})();
