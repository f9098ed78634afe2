// What pages do better with a script. Everything works without it: forms, links, a reload.

const wait = ms => new Promise(done => setTimeout(done, ms));

// Likes count up in place. A like is no idempotent call, so it is sent once and never again by itself.
document.addEventListener("submit", async event => {
  const form = event.target;
  if (!form.matches("[data-like]")) return;
  event.preventDefault();
  const button = form.querySelector("button");
  if (button.getAttribute("aria-disabled") === "true") return;
  button.setAttribute("aria-disabled", "true");
  try {
    const answer = await fetch(form.action, { method: "POST", headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(answer.status);
    const { likes } = await answer.json();
    if (likes !== undefined) form.querySelector("[data-likes]").textContent = likes.toLocaleString("en-US");
    button.classList.add("liked");
  } catch {
    form.querySelector("[data-likes]").textContent = "Not counted, try again";
  } finally {
    button.removeAttribute("aria-disabled");
  }
});

// Parts that renew themselves: the page is read again, and its part with the same id takes the place of this one when
// it differs. Slower while the page is hidden or the store does not answer.
async function renew(part) {
  const every = Number(part.dataset.renew) * 1000;
  let pause = every;
  for (;;) {
    await wait(document.hidden ? every * 5 : pause);
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      if (!answer.ok) throw new Error(answer.status);
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(part.id);
      if (!fresh) return;
      if (fresh.innerHTML !== part.innerHTML && !part.contains(document.activeElement)) {
        part.replaceChildren(...fresh.childNodes);
      }
      if (!fresh.dataset.renew) return;
      pause = every;
    } catch {
      pause = Math.min(pause * 2, 60000);
    }
  }
}

document.querySelectorAll("[data-renew][id]").forEach(renew);
