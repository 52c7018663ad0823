// <answer-desk>: around the desk on which an agency answers contributions. Adds how many are chosen, the reasons given
// before, and single-key shortcuts with their list, which is in its <template>; without this script nothing is missing.
//
// The shortcuts work while nothing is being typed and no modifier is held, and the tick in the list turns them off for good
// (WCAG 2.1.4); the choice is kept on this device. After an answer the page comes anew, and the focus goes to the card that
// now stands in that place.

const KEPT = "answer-shortcuts";
const PLACE = "answer-place";

class AnswerDesk extends HTMLElement {
  connectedCallback() {
    this.listeners = new AbortController();
    const signal = this.listeners.signal;
    this.form = this.querySelector(".answer-form");
    if (!this.querySelector("[data-give]")) return;
    this.prepend(this.querySelector("template").content.cloneNode(true));
    this.tick = this.querySelector("input[name=shortcuts]");
    this.tick.checked = localStorage.getItem(KEPT) !== "off";
    this.show();
    this.tick.addEventListener("change", () => this.keep(), { signal });
    this.form.addEventListener("change", (event) => this.changed(event), { signal });
    this.form.addEventListener("submit", () => this.remember(), { signal });
    document.addEventListener("keydown", (event) => this.press(event), { signal });
    this.offerReasons(signal);
    this.count();
    this.comeBack();
  }

  disconnectedCallback() {
    this.listeners.abort();
  }

  keep() {
    if (this.tick.checked) localStorage.removeItem(KEPT);
    else localStorage.setItem(KEPT, "off");
    this.show();
  }

  show() {
    this.tick.closest(".shortcuts").classList.toggle("is-off", !this.tick.checked);
  }

  get cards() {
    return [...this.querySelectorAll(".answer-item")];
  }

  get place() {
    return this.cards.findIndex((card) => card.contains(document.activeElement));
  }

  get ticks() {
    return [...this.querySelectorAll("input[name=chosen]")];
  }

  offerReasons(signal) {
    const before = this.querySelector(".reasons");
    if (!before) return;
    before.hidden = false;
    const select = before.querySelector("select");
    select.addEventListener("change", () => this.takeReason(select), { signal });
  }

  takeReason(select) {
    if (!select.value) return;
    this.reason.value = select.value;
    select.value = "";
    this.reason.focus();
  }

  get reason() {
    return this.form.elements.reason;
  }

  changed(event) {
    if (event.target.name === "chosen" || event.target.name === "all") this.count();
  }

  count() {
    for (const tick of this.ticks) tick.closest(".answer-item").classList.toggle("is-chosen", tick.checked);
    const dataset = this.querySelector("[data-words]").dataset;
    const all = this.form.elements.all;
    const number = all?.checked ? Number(all.value) : this.ticks.filter((tick) => tick.checked).length;
    const words = number === 0 ? dataset.none : number === 1 ? dataset.one : dataset.many;
    for (const shown of this.querySelectorAll("[data-count]")) {
      shown.textContent = words.replace("{number}", number.toLocaleString(document.documentElement.lang));
      shown.hidden = false;
    }
    this.querySelector("[data-jump]").hidden = number === 0;
  }

  press(event) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && this.form.contains(event.target)) {
      event.preventDefault();
      this.form.requestSubmit(this.querySelector("[data-give]"));
      return;
    }
    if (!this.tick.checked || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    const typing = "input:not([type=checkbox], [type=radio]), select, textarea, [contenteditable]";
    if (event.target.closest?.(typing)) return;
    if (this.act(event.key.toLowerCase())) event.preventDefault();
  }

  act(key) {
    if (key === "j" || key === "k") this.go(key === "j" ? 1 : -1);
    else if (key === "x") return this.choose();
    else if (key === "a") this.chooseAll();
    else if (key === "o") return this.open();
    else if (key >= "1" && key <= "9") return this.decide(Number(key));
    else return false;
    return true;
  }

  go(step) {
    this.focusOn(Math.max(0, Math.min(this.cards.length - 1, this.place < 0 ? 0 : this.place + step)));
  }

  focusOn(place) {
    const card = this.cards[place];
    if (!card) return;
    card.focus({ preventScroll: true });
    card.scrollIntoView({ block: "nearest" });
  }

  choose() {
    const tick = this.cards[this.place]?.querySelector("input[name=chosen]");
    tick?.click();
    return Boolean(tick);
  }

  chooseAll() {
    const isEvery = this.ticks.every((tick) => tick.checked);
    for (const tick of this.ticks) tick.checked = !isEvery;
    this.count();
  }

  open() {
    const link = this.cards[this.place]?.querySelector("[data-key=o]");
    link?.click();
    return Boolean(link);
  }

  // What was done with those that are chosen; where none is, with the one that has the focus.
  decide(number) {
    const kind = this.querySelectorAll(".answer-kind input")[number - 1];
    if (!kind) return false;
    if (!this.ticks.some((tick) => tick.checked) && !this.form.elements.all?.checked) this.choose();
    kind.checked = true;
    this.here = this.place;
    this.reason.focus();
    return true;
  }

  remember() {
    const chosen = this.cards.findIndex((card) => card.querySelector("input:checked"));
    const place = chosen >= 0 ? chosen : (this.here ?? -1);
    if (place >= 0) sessionStorage.setItem(PLACE, String(place));
  }

  comeBack() {
    const kept = sessionStorage.getItem(PLACE);
    sessionStorage.removeItem(PLACE);
    if (kept === null || this.querySelector(".error-summary")) return;
    this.focusOn(Math.min(Number(kept), this.cards.length - 1));
  }
}

customElements.define("answer-desk", AnswerDesk);
