// <draft-text version="7" place="document-3" since="2026-11-21T18:00:00Z" src="/ws/consultations/5/comments/">: a draft text that one annotates while
// one reads. A sentence answers to tap, click and keyboard, a selection of words to any of them; both offer the toolbar
// that stands behind the text. Without it each sentence has its control all the same: a link.

import { LiveSocket } from "./live-socket.js";
import { change, paint } from "./text-marks.js";
import { BLOCKS, domRange, elementOf, finder, offsetIn, rangeOf, rangeOfSentence, textOf, trimmed, wordEdges } from "./text-places.js";

const SETTLED = 250; // a selection that has not moved for so long is meant
const WRITING = 1000; // milliseconds that an annotation may take from its time to its place in the database
const SHADES = [1, 3, 8, 20]; // as in comments/annotations/marking.py

class DraftText extends HTMLElement {
  connectedCallback() {
    this.toolbar = document.querySelector("[data-toolbar]");
    this.panel = document.querySelector("annotation-panel");
    if (!this.toolbar || !this.panel) return;
    this.classList.add("is-alive");
    this.known = new Set();
    this.gone = new Set();
    this.opened = Date.parse(this.getAttribute("since")) - WRITING; // by the server's clock
    this.listeners = new AbortController();
    const on = { signal: this.listeners.signal };
    this.rove();
    this.addEventListener("click", (event) => this.onClick(event), on);
    this.addEventListener("keydown", (event) => this.onKey(event), on);
    this.addEventListener("focusin", (event) => this.onFocus(event), on);
    this.toolbar.addEventListener("click", (event) => this.onTool(event), on);
    document.addEventListener("selectionchange", () => this.onSelection(), on);
    document.addEventListener("keydown", (event) => event.key === "Escape" && this.hideToolbar(), on);
    this.panel.addEventListener("ranges", (event) => this.paint(event.detail), on);
    this.panel.addEventListener("show-words", (event) => this.show(event.detail), on);
    this.panel.addEventListener("annotated", (event) => this.arrive(event.detail), on);
    if (!this.hasAttribute("src")) return;
    this.live = new LiveSocket(this.getAttribute("src"), { onFrame: (frame) => this.hear(frame) });
  }

  disconnectedCallback() {
    this.listeners?.abort();
    this.live?.stop();
  }

  // --- Sentences

  // One stop of the Tab key for each article; the arrow keys go from sentence to sentence.
  rove() {
    for (const prose of this.querySelectorAll("[data-article]")) {
      prose.querySelectorAll("a.note").forEach((note, index) => (note.tabIndex = index ? -1 : 0));
    }
  }

  onClick(event) {
    const note = event.target.closest("a.note");
    if (note && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      this.open(rangeOf(note), "", note);
      return;
    }
    const whole = event.target.closest("a.article-notes");
    if (whole && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      this.panel.openList(whole.href, whole);
    }
    if (event.target.closest("a, button, summary") || !getSelection().isCollapsed) return;
    const sentence = event.target.closest(".sentence");
    if (sentence) this.offer(rangeOfSentence(sentence), false, event.clientY);
    else this.hideToolbar();
  }

  onFocus(event) {
    const note = event.target.closest("a.note");
    if (!note) return;
    const range = rangeOf(note);
    const pieces = this.piecesOf(range);
    pieces.forEach((piece, index) => (piece.id ||= `s-${range.article}-${range.start}-${index}`));
    note.setAttribute("aria-describedby", pieces.map((piece) => piece.id).join(" "));
    this.mark(range);
  }

  onKey(event) {
    const note = event.target.closest("a.note");
    if (!note || event.ctrlKey || event.metaKey) return;
    if (event.shiftKey && (event.key === "ArrowLeft" || event.key === "ArrowRight")) {
      event.preventDefault();
      this.stretch(note, event.key === "ArrowRight" ? 1 : -1, event.altKey);
    } else if (event.key === "Enter" && this.chosen?.note === note) {
      event.preventDefault();
      this.open(this.chosen, "", note);
    } else if (event.key === " ") {
      event.preventDefault();
      this.open(this.chosen?.note === note ? this.chosen : rangeOf(note), "", note);
    } else if (!event.altKey && !event.shiftKey) {
      this.step(event, note);
    }
  }

  step(event, note) {
    const inArticle = [...note.closest("[data-article]").querySelectorAll("a.note")];
    const all = [...this.querySelectorAll("a.note")];
    const steps = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };
    let to;
    if (event.key in steps) to = all[all.indexOf(note) + steps[event.key]];
    else if (event.key === "Home") to = inArticle[0];
    else if (event.key === "End") to = inArticle.at(-1);
    if (!to) return;
    event.preventDefault();
    note.tabIndex = -1;
    to.tabIndex = 0;
    this.chosen = null;
    to.focus();
  }

  // Shift and an arrow: the words of the sentence that are meant, from its end; with Alt from its beginning.
  stretch(note, step, fromStart) {
    const chosen = this.chosen?.note === note ? this.chosen : { ...rangeOf(note), note };
    const text = textOf(this.prose(chosen.article));
    const edges = wordEdges(text);
    if (fromStart) {
      const starts = edges.map((edge) => edge[0]);
      const next = step > 0 ? starts.find((at) => at > chosen.start) : starts.findLast((at) => at < chosen.start);
      if (next !== undefined && next < chosen.end) chosen.start = next;
    } else {
      const ends = edges.map((edge) => edge[1]);
      const next = step > 0 ? ends.find((at) => at > chosen.end) : ends.findLast((at) => at < chosen.end);
      if (next !== undefined && next > chosen.start) chosen.end = next;
    }
    this.chosen = chosen;
    this.mark(chosen);
    this.offer(chosen, true);
  }

  // --- The toolbar

  onSelection() {
    clearTimeout(this.settling);
    this.settling = setTimeout(() => {
      const range = this.selected();
      if (range) this.offer(range, true);
    }, SETTLED);
  }

  // What is selected, in code points of one article; null where nothing of it is, or more than one article.
  selected() {
    const selection = getSelection();
    if (selection.isCollapsed || !selection.rangeCount) return null;
    const range = selection.getRangeAt(0);
    if (!range.intersectsNode(this)) return null;
    const prose = elementOf(range.startContainer).closest("[data-article]") ?? [...this.querySelectorAll("[data-article]")].find((one) => range.intersectsNode(one));
    const blocks = prose ? [...prose.querySelectorAll(BLOCKS)].filter((block) => range.intersectsNode(block)) : [];
    if (!blocks.length) return null;
    const [first, last] = [blocks[0], blocks.at(-1)];
    const start = first.contains(range.startContainer) ? offsetIn(first, range.startContainer, range.startOffset) : Number(first.dataset.start);
    const end = last.contains(range.endContainer) ? offsetIn(last, range.endContainer, range.endOffset) : Number(last.dataset.end);
    return trimmed({ article: prose.dataset.article, start, end }, textOf(prose));
  }

  offer(range, isSelection = false, at = null) {
    this.current = range;
    if (!isSelection) this.mark(range);
    const count = isSelection ? 0 : this.countOn(range);
    this.toolbar.querySelector("[data-said]").textContent = isSelection ? this.wordsSaid(range) : this.sentenceSaid(count);
    this.toolbar.querySelector("[data-read]").hidden = !count;
    this.toolbar.hidden = false;
    this.place(range, at);
  }

  // In the document behind the words, so that the Tab key finds it there; on the screen below the line that one tapped
  // (at), or below the words.
  place(range, at) {
    const found = domRange(finder(this.prose(range.article)), range.start, range.end);
    const block = elementOf(found.endContainer).closest("p, li, table, pre, h3, h4, h5, h6, blockquote") ?? this.prose(range.article);
    const outer = block.closest("table, ul, ol") ?? block;
    if (this.toolbar.previousElementSibling !== outer) outer.after(this.toolbar);
    const box = found.getBoundingClientRect();
    const frame = this.toolbar.offsetParent?.getBoundingClientRect() ?? { left: 0, top: 0, width: innerWidth };
    const left = Math.max(0, Math.min(box.left - frame.left, frame.width - this.toolbar.offsetWidth));
    this.toolbar.style.setProperty("left", `${left}px`);
    const below = Math.min(at === null ? box.bottom + 6 : at + 18, innerHeight - this.toolbar.offsetHeight - 8);
    this.toolbar.style.setProperty("top", `${Math.max(below, box.top + 24) - frame.top}px`);
  }

  hideToolbar() {
    this.toolbar.hidden = true;
    this.current = null;
    this.mark(null);
  }

  onTool(event) {
    const button = event.target.closest("button");
    if (!button || !this.current) return;
    this.open(this.current, button.dataset.purpose ?? "", this.noteOf(this.current));
    this.toolbar.hidden = true;
  }

  open(range, purpose, from) {
    this.mark(range);
    this.panel.open({ article: range.article, start: range.start, end: range.end, purpose }, from);
  }

  wordsSaid(range) {
    const text = [...textOf(this.prose(range.article))].slice(range.start, range.end).join("");
    const number = text.split(/\s+/).filter(Boolean).length;
    return number === 1 ? this.dataset.oneWord : this.dataset.words.replace("{number}", number);
  }

  sentenceSaid(count) {
    if (!count) return this.dataset.none;
    return count === 1 ? this.dataset.one : this.dataset.many.replace("{number}", count);
  }

  // --- Words on the screen

  prose(article) {
    return this.querySelector(`[data-article="${article}"]`);
  }

  piecesOf(range) {
    const found = this.prose(range.article)?.querySelectorAll(".sentence") ?? [];
    return [...found].filter((piece) => Number(piece.dataset.start) < range.end && Number(piece.dataset.end) > range.start);
  }

  noteOf(range) {
    return this.notesOn(range).at(-1);
  }

  countOn(range) {
    const note = this.noteOf(range);
    return note ? Number(note.dataset.count ?? note.textContent.replace(/\D/g, "")) || 0 : 0;
  }

  notesOn(range) {
    const notes = this.prose(range.article)?.querySelectorAll("a.note") ?? [];
    return [...notes].filter((note) => {
      const its = rangeOf(note);
      return its.start < range.end && its.end > range.start;
    });
  }

  // The words that one is about to annotate, or looks at.
  mark(range) {
    this.querySelectorAll(".is-current").forEach((piece) => piece.classList.remove("is-current"));
    if (!window.CSS?.highlights) {
      if (range) this.piecesOf(range).forEach((piece) => piece.classList.add("is-current"));
      return;
    }
    CSS.highlights.delete("annotated-current");
    const found = range && domRange(finder(this.prose(range.article)), range.start, range.end);
    if (found) CSS.highlights.set("annotated-current", new Highlight(found));
  }

  paint({ article, ranges }) {
    const prose = this.prose(article);
    if (prose) paint(prose, ranges);
  }

  show(range) {
    const prose = this.prose(range.article);
    if (!prose) return;
    const piece = this.piecesOf(range)[0] ?? prose;
    piece.scrollIntoView({ block: "center" }); // at once: what is far has no size yet, and gets it on the way
    this.noteOf(range)?.focus({ preventScroll: true });
    this.mark(range); // last: who comes to a control marks its sentence
  }

  // --- What others write meanwhile

  hear(frame) {
    const comments = frame.comments.filter((one) => !one.root && Date.parse(one.created_at) >= this.opened);
    for (const range of this.ours(comments)) {
      if (this.known.has(range.id)) continue;
      this.arrive(range);
      this.panel.hear(range);
    }
    for (const range of this.ours(frame.gone ?? [])) this.leave(range);
  }

  // Where what a frame tells of stands in this version.
  ours(told) {
    const version = this.getAttribute("version");
    return told
      .filter((one) => one.place === this.getAttribute("place") && one.places?.[version])
      .map((one) => ({ id: one.id, at: Date.parse(one.gone_at), article: String(one.places[version][0]), start: one.places[version][1], end: one.places[version][2] }));
  }

  // One more annotation on these words: the counts of their sentences say so.
  arrive(range) {
    if (this.known.has(range.id)) return;
    this.known.add(range.id);
    this.count(range, 1);
  }

  // One fewer: it was hidden or deleted while one reads. What was before one came is not on the page.
  leave(range) {
    if (this.gone.has(range.id) || range.at < this.opened) return;
    this.gone.add(range.id);
    this.count(range, -1);
    this.panel.leave(range);
  }

  count(range, more) {
    const prose = this.prose(range.article);
    if (prose) change(prose, range, more);
    for (const note of this.notesOn(range)) {
      const its = rangeOf(note);
      const count = Math.max(0, this.countOn(its) + more);
      note.dataset.count = count;
      note.textContent = count || "";
      note.classList.toggle("some", count > 0);
      note.classList.toggle("is-new", more > 0);
      note.setAttribute("aria-label", this.sentenceSaid(count));
      const shade = SHADES.filter((from) => from <= count).length;
      this.piecesOf(its).forEach((piece) => (piece.className = `sentence s${shade}`));
    }
  }
}

customElements.define("draft-text", DraftText);
