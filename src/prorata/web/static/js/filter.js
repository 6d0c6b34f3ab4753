// Hides the rows of a table that do not contain the words typed above it.

const plain = (text) => text.normalize("NFD").replace(/\p{Diacritic}/gu, "").toLowerCase();

function attach(field) {
  const body = document.getElementById(field.dataset.filter)?.tBodies[0];
  if (!body) return;
  const nothing = body.querySelector(".table-nothing");
  const rows = [...body.rows].filter((row) => row !== nothing);
  const texts = rows.map((row) => plain(row.textContent));
  const count = field.parentElement.querySelector("[data-filter-count]");

  field.addEventListener("input", () => {
    const words = plain(field.value).split(/\s+/).filter(Boolean);
    let shown = 0;
    rows.forEach((row, place) => {
      row.hidden = !words.every((word) => texts[place].includes(word));
      if (!row.hidden) shown += 1;
    });
    nothing.hidden = shown > 0;
    count.textContent = words.length
      ? count.dataset.filterCount.replace("{shown}", String(shown)).replace("{all}", String(rows.length))
      : "";
  });
}

for (const field of document.querySelectorAll("[data-filter]")) attach(field);
