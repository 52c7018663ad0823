// <annotation-panel src="/annotations/" data-new="/annotations/new/" data-version="7">: what is said of the words in view,
// beside the text; on a phone a sheet from below. It fetches the same pages that work without it, their middle alone.
//
// To <draft-text> it says: "ranges" (what is annotated in an article), "show-words" (look there), "annotated" (one more).

const WIDE = "(min-width: 68rem)";
const PAUSE = 300; // milliseconds: who scrolls past an article does not want its list

class AnnotationPanel extends HTMLElement {
  connectedCallback() {
    this.content = this.querySelector("[data-content]");
    this.sheet = this.querySelector("[data-sheet]");
    this.classList.add("is-alive");
    this.listeners = new AbortController();
    const on = { signal: this.listeners.signal };
    this.addEventListener("click", (event) => this.onClick(event), on);
    this.addEventListener("submit", (event) => this.onSubmit(event), on);
    this.addEventListener("change", (event) => event.target.closest("[data-filter]") && event.target.form.requestSubmit(), on);
    this.addEventListener("keydown", (event) => event.key === "Escape" && this.close(), on);
    this.querySelector("[data-close]").hidden = false;
    this.isPinned = Boolean(this.content.querySelector(".annotation"));
    this.follow();
    if (this.isPinned) {
      this.classList.add("is-open");
      requestAnimationFrame(() => this.showFirst());
    }
  }

  disconnectedCallback() {
    this.listeners.abort();
    this.observer?.disconnect();
  }

  // --- What is in view

  follow() {
    const seen = new Map();
    this.observer = new IntersectionObserver((entries) => {
      for (const entry of entries) seen.set(entry.target, entry.isIntersecting);
      clearTimeout(this.pausing);
      this.pausing = setTimeout(() => {
        const first = [...document.querySelectorAll("draft-text [data-article]")].find((prose) => seen.get(prose) && prose.querySelector("a.note.some"));
        if (first) this.inView(first.dataset.article);
      }, PAUSE);
    }, { rootMargin: "-10% 0px -30% 0px" });
    document.querySelectorAll("draft-text [data-article]").forEach((prose) => this.observer.observe(prose));
  }

  async inView(article) {
    if (this.isPinned || this.shown === article || !matchMedia(WIDE).matches) return;
    this.shown = article;
    await this.load(`${this.getAttribute("src")}?article=${article}`);
  }

  // --- Opening and closing

  async openList(address, from) {
    this.isPinned = true;
    this.from = from;
    this.classList.add("is-open");
    await this.load(address);
    this.focusOn("");
  }

  async open({ article, start, end, purpose }, from) {
    this.isPinned = true;
    this.from = from;
    this.shown = null;
    this.classList.add("is-open");
    const place = new URLSearchParams({ article, start, end });
    if (purpose) place.set("purpose", purpose);
    await this.load(`${purpose ? this.dataset.new : this.getAttribute("src")}?${place}`);
    this.focusOn(purpose ? "textarea" : "");
  }

  close() {
    if (!this.isPinned) return;
    this.isPinned = false;
    this.classList.remove("is-open");
    this.content.replaceChildren();
    this.from?.focus();
    const prose = this.from?.closest("[data-article]");
    if (prose?.querySelector("a.note.some")) this.inView(prose.dataset.article);
  }

  focusOn(selector) {
    const target = (selector && this.content.querySelector(selector)) || this.querySelector("h2");
    target.focus({ preventScroll: matchMedia(WIDE).matches });
  }

  // --- What it shows

  async load(address) {
    const turn = (this.turn = Symbol(address));
    const isOther = this.address !== address;
    this.address = address;
    this.sheet.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(address, { headers: { "X-Requested-With": "fetch" } });
      if (!answer.ok) throw new Error(answer.status);
      const text = await answer.text();
      if (this.turn === turn) this.fill(text);
      if (this.turn === turn && isOther) this.sheet.scrollTop = 0;
    } catch {
      if (this.turn === turn) this.content.replaceChildren(this.querySelector("[data-failed]").content.cloneNode(true));
    } finally {
      if (this.turn === turn) this.sheet.removeAttribute("aria-busy");
    }
  }

  fill(html) {
    this.content.innerHTML = html;
    const list = this.content.querySelector("[data-ranges]");
    if (list) this.tell("ranges", { article: list.dataset.article, ranges: JSON.parse(list.dataset.ranges) });
  }

  tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  showFirst() {
    const item = this.content.querySelector(".annotation");
    if (item?.dataset.article) this.tell("show-words", placeOf(item));
  }

  onClick(event) {
    if (event.target.closest("[data-close]")) {
      this.close();
      return;
    }
    const link = event.target.closest("a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const item = link.closest(".annotation");
    if (link.matches("[data-to-text], .quoted figcaption a") && item?.dataset.article) {
      event.preventDefault();
      if (!matchMedia(WIDE).matches) this.classList.remove("is-open");
      this.tell("show-words", placeOf(item));
      return;
    }
    const address = new URL(link.href);
    const isOurs = link.closest("[data-content]") && address.pathname.startsWith(this.getAttribute("src"));
    if (!isOurs || link.target) return;
    event.preventDefault();
    this.isPinned = true;
    const typed = this.content.querySelector("textarea[name=body]")?.value;
    this.load(address.pathname + address.search).then(() => {
      const body = this.content.querySelector("textarea[name=body]");
      if (body && typed) body.value = typed;
      this.focusOn(body ? "textarea" : "");
    });
  }

  onSubmit(event) {
    const form = event.target;
    if (form.matches("[data-filter]")) {
      event.preventDefault();
      this.isPinned = true;
      this.load(`${form.getAttribute("action")}?${new URLSearchParams(new FormData(form))}`);
    } else if (form.closest("[data-annotate]")) {
      event.preventDefault();
      this.send(form);
    }
  }

  // Sent in the background; where the answer is neither yes nor a fault of the form, as any form is: its page says why.
  async send(form) {
    if (this.isSending) return;
    this.isSending = true;
    const button = form.querySelector("button:not([type=button])");
    button.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { "X-Requested-With": "fetch" } });
      if (answer.status === 201) await this.done(await answer.json(), form.closest("[data-annotate]").dataset);
      else if (answer.status === 400 || answer.status === 409) {
        this.fill(await answer.text());
        this.focusOn("[tabindex='-1'], [aria-invalid], textarea");
      } else throw new Error(answer.status);
    } catch {
      form.submit();
    } finally {
      this.isSending = false;
      button.removeAttribute("aria-busy");
    }
  }

  async done(said, place) {
    await this.load(`${this.getAttribute("src")}?article=${place.article}&start=${place.start}&end=${place.end}`);
    const item = document.getElementById(`annotation-${said.id}`);
    if (item && !said.held) this.tell("annotated", { id: said.id, ...placeOf(item) });
    this.say(said.text);
    this.focusOn("");
  }

  // Somebody else's: those who look at its article see it, the others hear that there is one.
  hear(range) {
    const list = this.content.querySelector("[data-annotations]");
    const isHere = list?.dataset.article === range.article && !this.content.querySelector("[data-annotate]");
    if (isHere && !document.getElementById(`annotation-${range.id}`) && !this.content.contains(document.activeElement)) this.load(this.address);
  }

  // One that was hidden or deleted while one reads.
  leave(range) {
    const item = document.getElementById(`annotation-${range.id}`);
    if (!item || !this.content.contains(item)) return;
    if (item.contains(document.activeElement)) this.focusOn("");
    item.remove();
  }

  say(text) {
    const status = this.querySelector("[data-status]");
    status.hidden = false;
    status.textContent = text;
  }
}

function placeOf(item) {
  return { article: item.dataset.article, start: Number(item.dataset.start), end: Number(item.dataset.end) };
}

customElements.define("annotation-panel", AnnotationPanel);
