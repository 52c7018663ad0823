// <points-ballot sum="10" most="10">: around options that are given points. Says how many are left as one gives them, adds
// buttons for one point more or less, and says what is wrong before it is sent. Without this script the fields do it all.
//
// What it moves: [data-left] (its words in data-left, "{left} of {sum} points left."), [data-fault] (data-too-many).

class PointsBallot extends HTMLElement {
  connectedCallback() {
    this.sum = Number(this.getAttribute("sum")) || Infinity; // none: each option has its own most, and that is all
    this.most = Number(this.getAttribute("most"));
    this.whole = new Intl.NumberFormat(document.documentElement.lang, { useGrouping: "always" });
    this.listeners = new AbortController();
    const signal = this.listeners.signal;
    for (const row of this.querySelectorAll("[data-row]")) {
      for (const [name, by] of [["[data-less]", -1], ["[data-more]", 1]]) {
        const button = row.querySelector(name);
        button.hidden = false;
        button.addEventListener("click", () => this.step(row.querySelector("input"), by), { signal });
      }
    }
    this.addEventListener("input", () => this.check(), { signal });
    this.closest("form").addEventListener("submit", (event) => this.refuse(event), { signal });
    window.addEventListener("pageshow", () => this.check(), { signal }); // the browser may have kept what was typed
    this.check();
  }

  disconnectedCallback() {
    this.listeners.abort();
  }

  get given() {
    return [...this.querySelectorAll("input")].reduce((sum, input) => sum + (Number(input.value) || 0), 0);
  }

  step(input, by) {
    const before = Number(input.value) || 0;
    const after = Math.min(Math.max(before + by, 0), this.most);
    if (by > 0 && this.given - before + after > this.sum) return;
    input.value = after || "";
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  check() {
    const given = this.given;
    const isTooMany = given > this.sum;
    const left = this.querySelector("[data-left]");
    left.hidden = isTooMany || this.sum === Infinity;
    write(left, this.dataset.left.replace("{left}", this.whole.format(this.sum - given)).replace("{sum}", this.whole.format(this.sum)));
    const fault = this.querySelector("[data-fault]");
    const says = this.dataset.tooMany.replace("{given}", this.whole.format(given)).replace("{allowed}", this.whole.format(this.sum));
    write(fault, isTooMany ? says : "");
    fault.hidden = !isTooMany;
    return isTooMany;
  }

  refuse(event) {
    if (!this.check()) return;
    event.preventDefault();
    this.querySelector("[data-fault]").focus();
  }
}

function write(element, words) {
  if (element.textContent !== words) element.textContent = words;
}

customElements.define("points-ballot", PointsBallot);
