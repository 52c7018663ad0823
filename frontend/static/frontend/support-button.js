// A press on "Support" without loading the page again. Without this script the form does the same.
// Each .support has a form that posts; [data-count] and [data-words] say how many. After the press the page is fetched
// quietly and the same .support of it put in place, so that the button says what the server says; and the same .threshold
// beside it, which says how many supports are missing.

document.addEventListener("submit", async (event) => {
  const form = event.target;
  const box = form.closest(".support");
  if (!box || form.method !== "post") return;
  event.preventDefault();
  const button = form.querySelector("button");
  if (button.getAttribute("aria-disabled") === "true") return;
  button.setAttribute("aria-disabled", "true");
  try {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form) });
    if (!answer.ok) throw new Error(answer.status);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const place = new URL(form.elements.next.value, location.href).hash.slice(1);
    const there = page.getElementById(place);
    const fresh = there?.querySelector(".support") ?? page.getElementById("support");
    if (!fresh) throw new Error("not on the page");
    const missing = there?.querySelector(".threshold");
    if (missing) document.getElementById(place)?.querySelector(".threshold")?.replaceWith(missing);
    box.replaceWith(fresh);
    fresh.querySelector("button")?.focus();
  } catch {
    form.submit(); // the page that answers says what is the matter
  }
});
