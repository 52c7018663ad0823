// <review-board>: around the board of a review. While the focus is on a proposal, j and k go to the next and back, x ticks
// it, a ticks all of the page; and it says how many are ticked. Without this script nothing is missing.

class ReviewBoard extends HTMLElement {
  connectedCallback() {
    this.listeners = new AbortController();
    const signal = this.listeners.signal;
    for (const hint of this.querySelectorAll("[data-keys]")) hint.hidden = false;
    this.addEventListener("keydown", (event) => this.press(event), { signal });
    this.addEventListener("change", () => this.count(), { signal });
    this.count();
  }

  disconnectedCallback() {
    this.listeners.abort();
  }

  get ticks() {
    return [...this.querySelectorAll("input[name=proposals]")];
  }

  press(event) {
    const row = event.target.closest("tr");
    if (!row || event.ctrlKey || event.metaKey || event.altKey) return;
    const does = { j: () => this.go(row, 1), k: () => this.go(row, -1), x: () => this.tick(row), a: () => this.tickAll() };
    if (!does[event.key]) return;
    event.preventDefault();
    does[event.key]();
  }

  go(row, step) {
    const links = [...this.querySelectorAll("[data-row]")];
    links[links.indexOf(row.querySelector("[data-row]")) + step]?.focus();
  }

  tick(row) {
    row.querySelector("input[name=proposals]")?.click();
  }

  tickAll() {
    const ticks = this.ticks;
    const on = ticks.some((tick) => !tick.checked);
    for (const tick of ticks) tick.checked = on;
    this.count();
  }

  count() {
    const place = this.querySelector("[data-count]");
    if (!place) return;
    const number = this.ticks.filter((tick) => tick.checked).length;
    const { none, one, many } = place.dataset;
    place.textContent = number === 0 ? none : number === 1 ? one : many.replace("{number}", number);
  }
}

customElements.define("review-board", ReviewBoard);
