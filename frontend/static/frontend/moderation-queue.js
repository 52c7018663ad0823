// <moderation-queue>: around the cards of the moderators' queue. Adds single-key shortcuts and their list, which is in its
// <template>; everything they do can be done with the buttons, and without this script nothing is missing.
//
// They work while nothing is being typed and no modifier is held, and the tick in the list turns them off for good
// (WCAG 2.1.4); the choice is kept on this device. A card says by data-key what a key does in it: a button is pressed, a
// link followed, a field gets the focus (in a list of choices Enter then presses the first button of its form), a <summary>
// opens and shuts. After a decision the page comes anew, and the focus
// goes to the card that now stands in that place.

const KEPT = "moderation-shortcuts";
const PLACE = "moderation-place";

class ModerationQueue extends HTMLElement {
  connectedCallback() {
    this.listeners = new AbortController();
    const signal = this.listeners.signal;
    this.prepend(this.querySelector("template").content.cloneNode(true));
    this.tick = this.querySelector("input[name=shortcuts]");
    this.tick.checked = localStorage.getItem(KEPT) !== "off";
    this.show();
    this.tick.addEventListener("change", () => this.choose(), { signal });
    document.addEventListener("keydown", (event) => this.press(event), { signal });
    document.addEventListener("submit", () => this.remember(), { signal });
    this.comeBack();
  }

  disconnectedCallback() {
    this.listeners.abort();
  }

  choose() {
    if (this.tick.checked) localStorage.removeItem(KEPT);
    else localStorage.setItem(KEPT, "off");
    this.show();
  }

  show() {
    this.tick.closest(".shortcuts").classList.toggle("is-off", !this.tick.checked);
  }

  get cards() {
    return [...this.querySelectorAll(".queue-item")];
  }

  get place() {
    return this.cards.findIndex((card) => card.contains(document.activeElement));
  }

  press(event) {
    if (!this.tick.checked || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (event.key === "Enter" && event.target.matches?.("select[data-key]")) {
      event.preventDefault(); // a browser would open the list: the arrows choose in it, and Space opens it
      event.target.form.requestSubmit(event.target.form.querySelector("button"));
      return;
    }
    const typing = "input:not([type=checkbox], [type=radio]), select, textarea, [contenteditable]";
    if (event.target.closest?.(typing)) return;
    const key = event.key.toLowerCase();
    if (key === "j" || key === "k") this.go(key === "j" ? 1 : -1);
    else if (!this.act(key)) return;
    event.preventDefault();
  }

  go(step) {
    const next = Math.max(0, Math.min(this.cards.length - 1, this.place < 0 ? 0 : this.place + step));
    this.focus(next);
  }

  focus(place) {
    const card = this.cards[place];
    if (!card) return;
    card.focus({ preventScroll: true });
    card.scrollIntoView({ block: "nearest" });
  }

  act(key) {
    const scope = key === "u" ? document : this.cards[this.place];
    const found = scope?.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (!found) return false;
    if (found.matches("select, input, textarea")) found.focus();
    else found.click();
    return true;
  }

  remember() {
    if (this.place >= 0) sessionStorage.setItem(PLACE, String(this.place));
  }

  comeBack() {
    const kept = sessionStorage.getItem(PLACE);
    sessionStorage.removeItem(PLACE);
    if (kept !== null && this.cards.length) this.focus(Math.min(Number(kept), this.cards.length - 1));
  }
}

customElements.define("moderation-queue", ModerationQueue);
