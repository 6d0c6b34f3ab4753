// Renews a part of a page while what it shows goes on: the same page is asked for, and the element of that id takes the
// place of the old one, until the answer's has no data-renew (seconds) any more. Without this file a link does it.

function attach(region) {
  const renew = async () => {
    if (document.hidden) return again(region);
    try {
      const answer = await fetch(location.href, { headers: { "X-Fragment": region.id } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById(region.id);
      if (!answer.ok || !fresh) return again(region);
      // What the reader has the focus on stays where it is.
      if (region.contains(document.activeElement)) return again(region);
      region.replaceWith(fresh);
      if (fresh.dataset.renew) attach(fresh);
    } catch {
      again(region);
    }
  };
  const again = (element) => setTimeout(renew, Number(element.dataset.renew) * 1000);
  again(region);
}

for (const region of document.querySelectorAll("[data-renew]")) attach(region);
