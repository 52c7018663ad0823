// <live-tally poll="12" src="/ws/polls/12/" number="4210" percent="{number} %">: moves the numbers and bars inside it as
// frames arrive. It replaces no row, asks for nothing twice, and what stands in the page is right without it.
//
// A frame: {"poll": 12, "number": 4210, "voters": 4198, "blank": 12, "counts": {"31": 2000}, "sealed_at": "…", "final": false}
// Where ballots weigh more than 1 it has their "weight" together, too, and shares are of that.
// What it moves: [data-option] with [data-count] [data-share] [data-bar]; [data-voters] [data-weight] [data-blank] [data-blank-share]
// [data-turnout] [data-number] [data-sealed] [data-state] [data-status] [data-announce]. Its words come from its attributes.

import { LiveSocket } from "./live-socket.js";

const BETWEEN_ANNOUNCEMENTS = 10000;
const UNITS = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];

class LiveTally extends HTMLElement {
  connectedCallback() {
    const language = document.documentElement.lang || "es-AR";
    this.whole = new Intl.NumberFormat(language, { useGrouping: "always" });
    this.tenths = new Intl.NumberFormat(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
    this.relative = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
    this.number = Number(this.getAttribute("number")) || 0;
    this.eligible = Number(this.getAttribute("eligible")) || 0;
    this.each = Number(this.getAttribute("each")) || 1; // the most that one voter can give to an option
    this.clock = setInterval(() => this.showAge(), 1000);
    this.showAge();
    this.live = new LiveSocket(this.getAttribute("src"), {
      onFrame: (frame) => String(frame.poll) === this.getAttribute("poll") && this.show(frame),
      onDrop: (isRefused) => this.tell(isRefused ? this.dataset.refused : this.dataset.reconnecting),
    });
  }

  disconnectedCallback() {
    clearInterval(this.clock);
    clearTimeout(this.announcing);
    this.live.stop();
  }

  // --- What one sees

  show(frame) {
    this.tell("");
    if (frame.number < this.number && !frame.final) return; // late: something newer is shown already
    this.number = frame.number;
    for (const row of this.querySelectorAll("[data-option]")) {
      const count = frame.counts[row.dataset.option] ?? 0;
      const share = shareOf(count, (frame.weight ?? frame.voters) * this.each);
      put(row, "[data-count]", this.whole.format(count).replace("-", "−"));
      put(row, "[data-share]", this.inPercent(share));
      const bar = row.querySelector("[data-bar]");
      bar?.setAttribute("width", `${Math.min(Math.abs(share ?? 0), 100)}%`);
      bar?.classList.toggle("below", count < 0);
    }
    put(this, "[data-voters]", this.whole.format(frame.voters));
    put(this, "[data-weight]", this.whole.format(frame.weight ?? frame.voters));
    put(this, "[data-blank]", this.whole.format(frame.blank));
    put(this, "[data-blank-share]", this.inPercent(shareOf(frame.blank, frame.voters)));
    put(this, "[data-turnout]", this.inPercent(shareOf(frame.voters, this.eligible)));
    put(this, "[data-number]", this.whole.format(frame.number));
    const sealed = this.querySelector("[data-sealed]");
    if (sealed && frame.sealed_at) sealed.dateTime = frame.sealed_at;
    this.showAge();
    if (frame.final) this.finish();
    this.announceSoon();
  }

  finish() {
    this.setAttribute("state", "final");
    put(this, "[data-state]", this.dataset.final);
    this.live.stop();
  }

  showAge() {
    const sealed = this.querySelector("[data-sealed]");
    if (!sealed?.dateTime) return;
    const seconds = Math.max(Math.floor((Date.now() - Date.parse(sealed.dateTime)) / 1000), 0);
    const [unit, length] = UNITS.find(([, length]) => seconds >= length) ?? UNITS.at(-1);
    write(sealed, this.relative.format(-Math.floor(seconds / length), unit));
  }

  tell(words) {
    const status = this.querySelector("[data-status]");
    if (status) {
      write(status, words);
      status.hidden = !words;
    }
    if (words) this.setAttribute("state", "dropped");
    else this.removeAttribute("state");
  }

  // For those who hear the page: the newest numbers, politely, and not more often than every ten seconds.
  announceSoon() {
    if (this.announcing) return;
    const wait = Math.max((this.announcedAt ?? 0) + BETWEEN_ANNOUNCEMENTS - Date.now(), 0);
    this.announcing = setTimeout(() => {
      this.announcing = null;
      this.announcedAt = Date.now();
      const rows = [...this.querySelectorAll(".tally-row")];
      const shares = rows.map((row) => `${text(row, "[data-label]")} ${text(row, "[data-share]")}`).join(", ");
      const words = this.dataset.announcement ?? "{shares}";
      put(this, "[data-announce]", words.replace("{number}", this.whole.format(this.number)).replace("{shares}", shares));
    }, wait);
  }

  inPercent(share) {
    return share === null ? "–" : (this.getAttribute("percent") ?? "{number}%").replace("{number}", this.tenths.format(share).replace("-", "−"));
  }
}

// In per cent with one decimal, halves up, as the page was drawn (frontend/figures.py); null of nothing.
function shareOf(part, whole) {
  return whole ? Math.floor((part * 2000 + whole) / (2 * whole)) / 10 : null;
}

function put(root, selector, words) {
  for (const element of root.querySelectorAll(selector)) write(element, words);
}

function write(element, words) {
  if (element.textContent !== words) element.textContent = words;
}

function text(root, selector) {
  return root.querySelector(selector)?.textContent.trim() ?? "";
}

customElements.define("live-tally", LiveTally);
