// <budget-ballot data-keep="/polls/12/draft/">: around the form of a budget's ballot. Keeps what is ticked on the server from
// the first tick on, fills the bar of the money, and takes back a tick that would spend more than there is, saying why.
// Without this script "Keep for later" keeps it ([data-by-hand]), and the server refuses what is too much.
//
// From the map (places-map.js) a place is ticked as its row is; where the list shows it on another part, it gets a row among
// what is chosen ([data-elsewhere], of the template [data-row]).
//
// What it moves: the bar (.money with [data-bar], [data-spent], [data-left]); [data-refused], why a tick was taken back
// (its words in data-over, or data-too-dear where it alone is too much); [data-left-said], what is left, for the ear (data-words); [data-said], whether it was kept (data-kept, data-not-kept).

import { money } from "./money.js";

const SOON = 700; // milliseconds without another tick

class BudgetBallot extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.money = this.querySelector(".money[data-total]"); // not the sentence about the cost of an approval ballot
    this.listeners = new AbortController();
    const signal = this.listeners.signal;
    this.querySelector("[data-by-hand]").hidden = true;
    this.form.addEventListener("change", (event) => this.changed(event.target), { signal });
    this.form.addEventListener("submit", () => this.stop(), { signal });
    this.form.addEventListener("place-toggled", (event) => this.toggle(event.detail), { signal });
    this.form.querySelector(".ballot-map")?.addEventListener("toggle", (event) => (this.form.elements.view.value = event.target.open ? "map" : ""), { signal });
    window.addEventListener("pageshow", () => this.show(), { signal }); // the browser may have kept what was ticked
    document.addEventListener("visibilitychange", () => document.hidden && this.waiting && this.keep(), { signal });
    this.show();
  }

  disconnectedCallback() {
    this.listeners.abort();
    clearTimeout(this.waiting);
  }

  get spent() {
    return [...this.form.querySelectorAll("input[data-cost]:checked")].reduce((sum, box) => sum + Number(box.dataset.cost), 0);
  }

  changed(control) {
    if (["q", "category", "view"].includes(control.name)) return;
    if (this.money) this.refuse(control);
    this.show();
    if (this.money) this.sayLeft();
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.keep(), SOON);
  }

  toggle([, , , title, cents, option, words]) {
    const box = this.form.querySelector(`input[name=option][value="${option}"]`) ?? this.addRow(title, cents, option, words);
    box.click();
  }

  addRow(title, cents, option, words) {
    const elsewhere = this.form.querySelector("[data-elsewhere]");
    const row = this.form.querySelector("template[data-row]").content.firstElementChild.cloneNode(true);
    const box = row.querySelector("input");
    box.value = option;
    box.dataset.cost = cents;
    row.querySelector(".choice-text").prepend(title);
    row.querySelector(".choice-hint").textContent = words;
    elsewhere.querySelector(".choices").append(row);
    elsewhere.hidden = false;
    return box;
  }

  // A tick that would spend more than there is, is taken back.
  refuse(box) {
    const refused = this.money.querySelector("[data-refused]");
    const total = Number(this.money.dataset.total);
    const over = this.spent - total;
    refused.hidden = !(box.checked && over > 0);
    if (refused.hidden) return;
    box.checked = false;
    const words = { over: this.words(over), cost: this.words(Number(box.dataset.cost)), left: this.words(Math.max(0, total - this.spent)) };
    const name = box.closest("label").querySelector(".choice-text").firstChild.textContent.trim();
    const says = Number(box.dataset.cost) > total ? this.dataset.tooDear : this.dataset.over;
    refused.textContent = says.replace(/\{(\w+)\}/g, (_, key) => (key === "option" ? name : words[key]));
  }

  words(cents) {
    return money(this.money.dataset.sign, cents);
  }

  show() {
    if (!this.money) return;
    const total = Number(this.money.dataset.total);
    const left = total - this.spent;
    this.money.querySelector("[data-bar]").setAttribute("width", `${Math.min(100, total ? (this.spent / total) * 100 : 0)}%`);
    this.money.querySelector("[data-spent]").textContent = this.words(this.spent);
    this.money.querySelector("[data-left]").textContent = this.words(Math.abs(left));
    this.money.classList.toggle("is-over", left < 0);
    for (const box of this.form.querySelectorAll("input[data-cost]"))
      box.closest("label").classList.toggle("does-not-fit", !box.checked && Number(box.dataset.cost) > left);
  }

  // For whoever does not see the bar.
  sayLeft() {
    const left = this.words(Number(this.money.dataset.total) - this.spent);
    const said = this.money.querySelector("[data-left-said]");
    write(said, said.dataset.words.replace("{left}", () => left));
  }

  async keep() {
    clearTimeout(this.waiting);
    this.waiting = null;
    this.request?.abort();
    this.request = new AbortController();
    const said = this.querySelector("[data-said]");
    try {
      const answer = await fetch(this.dataset.keep, { method: "POST", body: new FormData(this.form), headers: { Accept: "application/json" }, signal: this.request.signal, keepalive: true });
      if (!answer.ok) throw new Error(String(answer.status));
      write(said, (await answer.json()).kept ? this.dataset.kept : "");
    } catch (fault) {
      if (fault.name !== "AbortError") write(said, this.dataset.notKept);
    }
  }

  // What is being cast is no draft any more.
  stop() {
    clearTimeout(this.waiting);
    this.waiting = null;
    this.request?.abort();
  }
}

function write(element, words) {
  if (element.textContent !== words) element.textContent = words;
}

customElements.define("budget-ballot", BudgetBallot);
