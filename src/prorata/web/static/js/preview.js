// Shows what a form would do while somebody types: the same page is asked for with the form's values, and one region
// of the answer takes the place of the old one. Without this file the form's own button does the same.

const PAUSE = 180; // milliseconds without a key before asking

function attach(form) {
  const region = document.getElementById(form.dataset.preview);
  if (!region) return;
  let timer = 0;
  let request = null;
  let wanted = null; // the values of what is shown or on its way

  const rest = (resting) => {
    region.setAttribute("aria-busy", String(resting));
    for (const button of region.querySelectorAll("button, a.button")) {
      // What is on screen answers older values: it must not be confirmed.
      if (resting) button.setAttribute("inert", "");
      else button.removeAttribute("inert");
    }
  };

  const typed = () => new URLSearchParams(new FormData(form));

  // Addresses are kept by the browser and by whoever passes them on: not everything that is typed belongs there.
  const address = () => {
    const url = new URL(form.action, document.baseURI);
    const said = typed();
    for (const name of ["shown_account", ...(form.dataset.unsaid ?? "").split(" ")]) said.delete(name);
    url.search = said.toString();
    return url;
  };

  const ask = (url, signal) => {
    const headers = { "X-Fragment": region.id };
    if (form.method !== "post") return fetch(url, { headers, signal });
    return fetch(form.action, { method: "POST", body: typed(), headers, signal });
  };

  // What was wrong with the values that were sent is no longer true of those that are typed now.
  const forget = () => {
    for (const words of form.querySelectorAll(".error-summary, .field-error")) words.remove();
    for (const field of form.querySelectorAll(".field-wrong")) field.classList.remove("field-wrong");
    for (const input of form.querySelectorAll("[aria-invalid]")) input.removeAttribute("aria-invalid");
  };

  const failed = () => {
    wanted = null;
    region.removeAttribute("aria-busy");
    if (!region.querySelector(".preview-failed")) {
      const words = document.createElement("p");
      words.className = "preview-failed";
      words.textContent = region.dataset.previewFailed ?? "";
      region.prepend(words);
    }
    form.querySelector("[data-preview-show]")?.classList.remove("without-script");
  };

  const show = async () => {
    request?.abort();
    const mine = new AbortController();
    request = mine;
    const url = address();
    try {
      const answer = await ask(url, mine.signal);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById(region.id);
      if (mine.signal.aborted) return;
      if (!fresh) throw new Error("the answer has no such region");
      region.replaceChildren(...fresh.childNodes);
      rest(false);
      // A reload shows the same, and so does what leads back here: the switch of languages, the clock.
      history.replaceState(history.state, "", url);
      for (const back of document.querySelectorAll('input[name="next"]')) back.value = url.pathname + url.search;
    } catch (error) {
      if (error.name !== "AbortError") failed();
    }
  };

  const soon = (pause) => {
    // Leaving a field says "change" once more: a button of the region that was just clicked must not be taken away.
    if (typed().toString() === wanted) return;
    wanted = typed().toString();
    request?.abort();
    forget();
    rest(true);
    clearTimeout(timer);
    timer = setTimeout(show, pause);
  };

  wanted = typed().toString();
  form.addEventListener("input", () => soon(PAUSE));
  form.addEventListener("change", () => soon(0));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    soon(0);
  });
}

for (const form of document.querySelectorAll("form[data-preview]")) attach(form);
