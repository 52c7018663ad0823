// <cast-ballot>: around the card of a poll whose ballot can be sent. As soon as something else is chosen than what was
// sent, the card says that it does not count yet; and it says how much is chosen, where there is a limit. Without this
// script the card says the same in a sentence above the ballot. Where options have a cost, it adds up what is chosen.
//
// What it moves: the card's class "pending"; [data-pending], hidden until then; [data-chosen], with its words in
// data-words ("{chosen} of at most {allowed} chosen."); [data-cost-so-far], with the total and the sign of the money in its data.

import { money } from "./money.js";

class CastBallot extends HTMLElement {
  connectedCallback() {
    this.listeners = new AbortController();
    const signal = this.listeners.signal;
    this.addEventListener("change", () => this.show(), { signal });
    window.addEventListener("pageshow", () => this.show(), { signal }); // the browser may have kept what was chosen
    this.show();
  }

  disconnectedCallback() {
    this.listeners.abort();
  }

  show() {
    const boxes = [...this.querySelectorAll(".choices input")];
    const controls = [...this.querySelectorAll(":is(.choices, .ballot-rows, .mark-row) :is(input, select)")];
    const isPending = this.querySelector("[data-draft]") !== null || controls.some(isChanged);
    this.querySelector(".vote").classList.toggle("pending", isPending);
    const pending = this.querySelector("[data-pending]");
    if (pending) pending.hidden = !isPending;
    this.count(boxes.filter((box) => box.checked).length);
    this.addUp(controls.filter((control) => control.dataset.cost && (control.type === "number" ? Number(control.value) : control.checked)));
  }

  addUp(chosen) {
    const words = this.querySelector("[data-cost-so-far]");
    if (!words) return;
    const { sign, total } = words.dataset;
    const cents = chosen.reduce((sum, control) => sum + Number(control.dataset.cost), 0);
    words.hidden = false;
    const says = words.dataset.words.replace("{chosen}", () => money(sign, cents)).replace("{total}", () => money(sign, Number(total)));
    if (words.textContent !== says) words.textContent = says;
  }

  count(chosen) {
    const words = this.querySelector("[data-chosen]");
    if (!words) return;
    const whole = new Intl.NumberFormat(document.documentElement.lang, { useGrouping: "always" });
    words.hidden = false;
    const says = words.dataset.words.replace("{chosen}", whole.format(chosen)).replace("{allowed}", whole.format(words.dataset.allowed));
    if (words.textContent !== says) words.textContent = says;
    words.classList.toggle("field-error", chosen > Number(words.dataset.allowed));
  }
}

function isChanged(control) {
  if (control.type === "radio" || control.type === "checkbox") return control.checked !== control.defaultChecked;
  if (control.tagName === "SELECT") return [...control.options].some((option) => option.defaultSelected !== (option.selected && option.value !== ""));
  return control.value !== control.defaultValue;
}

customElements.define("cast-ballot", CastBallot);
