// <cast-ballot>: around the card of a poll whose ballot can be sent. As soon as something else is chosen than what was
// sent, the card says that it does not count yet; and it says how much is chosen, where there is a limit. Without this
// script the card says the same in a sentence above the ballot.
//
// What it moves: the card's class "pending"; [data-pending], hidden until then; [data-chosen], with its words in
// data-words ("{chosen} of at most {allowed} chosen.").

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
    const isPending = boxes.some((box) => box.checked !== box.defaultChecked);
    this.querySelector(".vote").classList.toggle("pending", isPending);
    const pending = this.querySelector("[data-pending]");
    if (pending) pending.hidden = !isPending;
    this.count(boxes.filter((box) => box.checked).length);
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

customElements.define("cast-ballot", CastBallot);
