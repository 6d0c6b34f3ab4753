// Asks the device for a passkey: the server puts the question, the device answers it, the server says what follows.
// Without this file, and in browsers without passkeys, a mailed code does the same.

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));

const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");

const named = (keys) => (keys ?? []).map((key) => ({ ...key, id: bytes(key.id) }));

// What the device is asked: bytes travel as text.
function question(options) {
  const asked = { ...options, challenge: bytes(options.challenge) };
  if (options.user) asked.user = { ...options.user, id: bytes(options.user.id) };
  asked.excludeCredentials = named(options.excludeCredentials);
  asked.allowCredentials = named(options.allowCredentials);
  return asked;
}

// What it answered; a device gives these parts of it, as the kind of question is.
function answer(credential) {
  const response = {};
  for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[part]) response[part] = text(credential.response[part]);
  }
  return JSON.stringify({ id: credential.id, rawId: text(credential.rawId), type: credential.type, response });
}

async function send(address, fields) {
  const reply = await fetch(address, { method: "POST", body: new URLSearchParams(fields) });
  // Who is not in any more is led to the door.
  if (reply.redirected) return { go: reply.url };
  return reply.json();
}

function attach(region) {
  const { passkey: kind, ask, answer: to, next, stopped, there, failed } = region.dataset;
  const button = region.querySelector("button");
  const problem = region.querySelector(".passkey-problem");

  const tell = (words) => {
    problem.replaceChildren();
    if (!words) return;
    const line = document.createElement("p");
    line.className = "field-error";
    line.textContent = words;
    problem.append(line);
  };

  const reasons = { NotAllowedError: stopped, AbortError: stopped, InvalidStateError: there };

  const go = async () => {
    const asked = await send(ask, {});
    if (!asked.options) return asked;
    const credential = await navigator.credentials[kind]({ publicKey: question(asked.options) });
    return send(to, { answer: answer(credential), next });
  };

  button.addEventListener("click", async () => {
    // Not `disabled`: that would take the focus away from whoever uses the keyboard.
    if (button.getAttribute("aria-disabled")) return;
    button.setAttribute("aria-disabled", "true");
    tell("");
    try {
      const { go: address, problem: words } = await go();
      if (address) location.assign(address);
      else tell(words ?? failed);
    } catch (error) {
      tell(reasons[error.name] ?? failed);
    }
    button.removeAttribute("aria-disabled");
  });

  if (!window.PublicKeyCredential) {
    button.hidden = true;
    region.querySelector("[data-passkey-none]").hidden = false;
  }
}

for (const region of document.querySelectorAll("[data-passkey]")) attach(region);
