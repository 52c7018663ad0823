// <header-menu>: around a <details> that opens over the page. Escape closes it and leads back to its button; so does
// pressing or going elsewhere, without the way back. Without this script its button alone does it.

class HeaderMenu extends HTMLElement {
  connectedCallback() {
    const menu = this.querySelector("details");
    const closeUnlessIn = (place) => place && !menu.contains(place) && (menu.open = false);
    this.listeners = new AbortController();
    const signal = this.listeners.signal;
    this.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !menu.open) return;
      menu.open = false;
      menu.querySelector("summary").focus();
    }, { signal });
    this.addEventListener("focusout", (event) => closeUnlessIn(event.relatedTarget), { signal });
    document.addEventListener("click", (event) => closeUnlessIn(event.target), { signal });
  }

  disconnectedCallback() {
    this.listeners.abort();
  }
}

customElements.define("header-menu", HeaderMenu);
