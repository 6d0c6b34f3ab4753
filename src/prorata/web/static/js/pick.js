// Says how many of a list are still to be picked, while boxes are ticked. Without this file the server says it.

function attach(form) {
  const count = form.querySelector(".pick-count");
  const wanted = Number(form.dataset.pick);

  const tell = () => {
    const picked = form.querySelectorAll('input[type="checkbox"]:checked').length;
    const more = Math.max(wanted - picked, 0);
    const words = more === 0 ? count.dataset.done : more === 1 ? count.dataset.one : count.dataset.many;
    count.textContent = words.replace("{picked}", String(picked)).replace("{more}", String(more));
  };

  form.addEventListener("change", tell);
  tell();
}

for (const form of document.querySelectorAll("form[data-pick]")) attach(form);
