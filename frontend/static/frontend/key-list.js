// <key-list>: while the focus is in the list, j and k (or the arrows) go from one [data-row] to the next. Tab and Enter
// work without this script. Nowhere else on the page do single letters mean anything, for who dictates or mistypes.

class KeyList extends HTMLElement {
  connectedCallback() {
    this.listeners = new AbortController();
    this.addEventListener("keydown", (event) => this.move(event), { signal: this.listeners.signal });
  }

  disconnectedCallback() {
    this.listeners.abort();
  }

  move(event) {
    const step = { j: 1, k: -1, ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea")) return;
    const rows = [...this.querySelectorAll("[data-row]")];
    const next = rows[rows.indexOf(document.activeElement) + step];
    event.preventDefault();
    next?.focus();
  }
}

customElements.define("key-list", KeyList);
