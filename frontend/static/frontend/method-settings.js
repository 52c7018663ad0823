// <method-settings>: around the methods of a poll and the fields that belong to some of them. Shows the fields of the
// chosen method as soon as it is chosen; without this script the button in [data-without-script] asks the server for them.

class MethodSettings extends HTMLElement {
  connectedCallback() {
    this.listeners = new AbortController();
    const signal = this.listeners.signal;
    this.querySelector("[data-without-script]").hidden = true;
    this.addEventListener("change", (event) => event.target.name === "method" && this.show(), { signal });
    window.addEventListener("pageshow", () => this.show(), { signal }); // the browser may have kept another choice
    this.show();
  }

  disconnectedCallback() {
    this.listeners.abort();
  }

  show() {
    const method = this.querySelector("input[name=method]:checked")?.value;
    for (const row of this.querySelectorAll("[data-methods]")) {
      row.hidden = !row.dataset.methods.split(" ").includes(method) && !row.querySelector(".is-wrong");
    }
  }
}

customElements.define("method-settings", MethodSettings);
