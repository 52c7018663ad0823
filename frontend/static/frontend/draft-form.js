// <draft-form saves>: around the form of a proposal. Saves it as a draft a few seconds after the last change, and when
// the person leaves the page for another. The button does the same without this script.
//
// What it moves: [data-saved], which says when it was saved. The form has a key, so what is saved twice is one draft.

const PAUSE = 4000; // milliseconds without a key pressed

class DraftForm extends HTMLElement {
  connectedCallback() {
    if (!this.hasAttribute("saves")) return;
    this.listeners = new AbortController();
    const signal = this.listeners.signal;
    this.form = this.querySelector("form");
    this.form.addEventListener("input", () => this.soon(), { signal });
    this.form.addEventListener("submit", () => this.stop(), { signal });
    document.addEventListener("visibilitychange", () => document.hidden && this.isChanged && this.save(), { signal });
  }

  disconnectedCallback() {
    this.listeners?.abort();
    this.stop();
  }

  soon() {
    this.isChanged = true;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), PAUSE);
  }

  stop() {
    clearTimeout(this.timer);
    this.isChanged = false;
  }

  async save() {
    this.stop();
    const data = new FormData(this.form);
    data.set("save", "");
    try {
      const answer = await fetch(location.href, { method: "POST", body: data, headers: { Accept: "application/json" }, keepalive: true });
      if (!answer.ok) throw new Error(answer.status);
      const { says, address } = await answer.json();
      history.replaceState(null, "", address); // who loads the page again goes on with the draft
      this.querySelector("[data-saved]").textContent = says;
    } catch {
      this.isChanged = true; // the next change tries again; the button always can
    }
  }
}

customElements.define("draft-form", DraftForm);
