// <guarded-form>: around a form whose steps are saved by its buttons. Who has typed something and leaves by a link, the
// breadcrumb, the back button or by closing the window, is asked first; the browser has its own words for that.
//
// changed: the page came back with what was typed and is not saved yet. Without this script the buttons save as ever.

class GuardedForm extends HTMLElement {
  connectedCallback() {
    this.listeners = new AbortController();
    const signal = this.listeners.signal;
    this.isChanged = this.hasAttribute("changed");
    this.addEventListener("input", () => (this.isChanged = true), { signal });
    this.addEventListener("submit", () => (this.isChanged = false), { signal });
    addEventListener("beforeunload", (event) => this.isChanged && event.preventDefault(), { signal });
  }

  disconnectedCallback() {
    this.listeners.abort();
  }
}

customElements.define("guarded-form", GuardedForm);
