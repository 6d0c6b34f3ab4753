// Picking some of many: says how many are still to be picked, and finds people by the words typed above the list.
// What is hidden stays picked. Without this file the server says how many are missing.

const plain = (text) => text.normalize("NFD").replace(/\p{Diacritic}/gu, "").toLowerCase();

function attach(form) {
  if (form.dataset.picking) return;
  form.dataset.picking = "yes";
  const count = form.querySelector(".pick-count");
  const filter = form.querySelector("[data-pick-filter]");
  const people = [...form.querySelectorAll(".check")].map((row) => ({ row, text: plain(row.textContent) }));
  const wanted = Number(form.dataset.pick);

  const tell = () => {
    const picked = form.querySelectorAll('input[type="checkbox"]:checked').length;
    const more = Math.max(wanted - picked, 0);
    const words = more === 0 ? count.dataset.done : more === 1 ? count.dataset.one : count.dataset.many;
    count.textContent = words.replace("{picked}", String(picked)).replace("{more}", String(more));
  };

  const find = () => {
    const words = plain(filter.value).split(/\s+/).filter(Boolean);
    for (const { row, text } of people) row.hidden = !words.every((word) => text.includes(word));
  };

  form.addEventListener("change", tell);
  filter.addEventListener("input", find);
  // Enter in the filter is no decision.
  filter.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
  tell();
}

const attachAll = () => document.querySelectorAll("[data-pick]").forEach(attach);

attachAll();
// A preview that is renewed brings a list of its own.
for (const region of document.querySelectorAll(".preview"))
  new MutationObserver(attachAll).observe(region, { childList: true });
