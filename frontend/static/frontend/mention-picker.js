// <mention-picker label="People of this conversation">: around the form of a comment. Whoever types @ in it is offered the
// names that it lists as [data-mention], and those that stand on the page where among="…" (a selector) says; without="…"
// is who writes. Arrows choose, Enter or Tab takes, Escape leaves. Nothing is asked of the server, and nobody is offered
// who is not on the page. Without this script one types the name, which does the same.

const TYPED = /(?:^|[^\p{L}\p{N}_@.])@([^\n@]{0,60})$/u; // from the last @ to the caret
const OFFERED = 6;

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

class MentionPicker extends HTMLElement {
  connectedCallback() {
    this.listed = [...this.querySelectorAll("[data-mention]")].map((found) => found.textContent.trim().slice(1));
    this.field = this.querySelector("textarea");
    if (!this.field || !(this.listed.length || this.hasAttribute("among"))) return;
    this.list = document.createElement("ul");
    this.list.id = `${this.field.id}_people`;
    this.list.className = "mention-list";
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", this.getAttribute("label"));
    this.list.hidden = true;
    this.field.after(this.list);
    this.field.setAttribute("aria-autocomplete", "list");
    this.field.setAttribute("aria-controls", this.list.id);
    this.listeners = new AbortController();
    const signal = this.listeners.signal;
    this.field.addEventListener("input", () => this.offer(), { signal });
    this.field.addEventListener("click", () => this.offer(), { signal });
    this.field.addEventListener("keydown", (event) => this.onKey(event), { signal });
    this.field.addEventListener("blur", () => this.close(), { signal });
    // The field keeps the focus while one presses a name.
    this.list.addEventListener("pointerdown", (event) => event.preventDefault(), { signal });
    this.list.addEventListener("click", (event) => this.take(event.target.closest("[role=option]")), { signal });
  }

  disconnectedCallback() {
    this.listeners?.abort();
    this.list?.remove();
  }

  // Read anew each time: new comments arrive while one writes.
  get names() {
    const among = this.getAttribute("among");
    const around = among ? [...document.querySelectorAll(among)].map((found) => found.textContent.trim()) : [];
    return [...new Set([...this.listed, ...around])].filter((name) => name !== this.getAttribute("without"));
  }

  offer() {
    const { value, selectionStart, selectionEnd } = this.field;
    const found = selectionStart === selectionEnd && TYPED.exec(value.slice(0, selectionStart));
    const typed = found && plain(found[1]);
    const fits = (name) => plain(name).startsWith(typed) || plain(name).split(" ").some((word) => word.startsWith(typed));
    const names = found ? this.names.filter(fits).slice(0, OFFERED) : [];
    if (!names.length || names.some((name) => plain(name) === typed)) return this.close();
    this.start = selectionStart - found[1].length;
    this.list.replaceChildren(...names.map((name, number) => this.option(name, number)));
    this.list.hidden = false;
    this.choose(0);
  }

  option(name, number) {
    const option = document.createElement("li");
    option.id = `${this.list.id}_${number}`;
    option.setAttribute("role", "option");
    option.textContent = name;
    return option;
  }

  choose(number) {
    const options = [...this.list.children];
    this.chosen = options.at(number % options.length);
    for (const option of options) option.setAttribute("aria-selected", option === this.chosen);
    this.field.setAttribute("aria-activedescendant", this.chosen.id);
  }

  onKey(event) {
    if (this.list.hidden || event.isComposing) return;
    const number = [...this.list.children].indexOf(this.chosen);
    if (event.key === "ArrowDown") this.choose(number + 1);
    else if (event.key === "ArrowUp") this.choose(number - 1);
    else if (event.key === "Enter" || event.key === "Tab") this.take(this.chosen);
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
  }

  take(option) {
    if (!option) return;
    this.field.setRangeText(`${option.textContent} `, this.start, this.field.selectionStart, "end");
    this.close();
  }

  close() {
    this.list.hidden = true;
    this.field.removeAttribute("aria-activedescendant");
  }
}

customElements.define("mention-picker", MentionPicker);
