// <comment-thread src="/ws/consultations/5/comments/" place="proposal-12" since="2026-11-21T18:00:00Z">: what comments do
// while one looks at them. New ones appear at their place, reactions need no new page, and what one has selected is
// quoted. The page is whole without it.
//
// A frame: {"consultation": 5, "comments": [{"id", "place", "root", "author", "agency", "created_at", "body"}, …]}, the
// newest ones, oldest first. A new card is a copy of <template data-card> with its blanks filled, so that its buttons are
// those that this reader has. On the page of one thread root="<id>" says which.

import { LiveSocket } from "./live-socket.js";

const CLOCKS_DIFFER = 2000; // a comment written just before the page was drawn may not be on it
const QUOTED_AT_MOST = 500; // characters

class CommentThread extends HTMLElement {
  connectedCallback() {
    this.since = Date.parse(this.getAttribute("since")) - CLOCKS_DIFFER;
    this.arrived = new Set(); // ids that came while one looked, and are not all on the screen
    this.listeners = new AbortController();
    const signal = this.listeners.signal;
    this.addEventListener("click", (event) => this.onClick(event), { signal });
    if (!this.hasAttribute("src")) return;
    this.live = new LiveSocket(this.getAttribute("src"), { onFrame: (frame) => this.show(frame.comments) });
  }

  disconnectedCallback() {
    this.listeners.abort();
    this.live?.stop();
  }

  // --- What arrives

  show(comments) {
    this.removeGone(comments);
    const ours = comments.filter((comment) => this.isNewHere(comment));
    if (!ours.length) return;
    for (const comment of ours) {
      this.arrived.add(comment.id);
      this.insert(comment);
    }
    this.announce(ours.at(-1));
  }

  isNewHere(comment) {
    const root = this.getAttribute("root");
    return (
      comment.place === this.getAttribute("place") &&
      (!root || String(comment.root) === root) &&
      Date.parse(comment.created_at) >= this.since &&
      !this.arrived.has(comment.id) &&
      !document.getElementById(`comment-${comment.id}`)
    );
  }

  // What came while one looked, and was hidden or deleted since.
  removeGone(comments) {
    const shown = new Set(comments.map((comment) => String(comment.id)));
    for (const item of this.querySelectorAll("li[data-arrived]")) {
      if (Number(item.dataset.arrived) >= (comments[0]?.id ?? 0) && !shown.has(item.dataset.arrived)) item.remove();
    }
  }

  // At its place, if that is on this page: a thread at the head of the newest ones, a reply at the end of its thread.
  insert(comment) {
    const list = comment.root ? this.listOfReplies(comment.root) : this.querySelector("[data-newest-first]");
    const card = list && this.cardOf(comment);
    if (!card) return;
    const item = document.createElement("li");
    item.dataset.arrived = comment.id;
    item.append(card);
    const stays = firstInSight(this);
    const before = stays?.getBoundingClientRect().top;
    if (comment.root) list.append(item);
    else list.prepend(item);
    // What one reads does not move. Browsers that see to it themselves (overflow-anchor) do it after this.
    if (stays && !CSS.supports("overflow-anchor", "auto")) {
      window.scrollBy(0, stays.getBoundingClientRect().top - before);
    }
  }

  listOfReplies(root) {
    const only = this.querySelector("[data-replies-to]");
    if (only) return only.dataset.repliesTo === String(root) && !only.hasAttribute("data-continues") ? only : null;
    const item = document.getElementById(`comment-${root}`)?.closest("li");
    if (!item || !this.contains(item)) return null;
    let list = item.querySelector(":scope > .thread");
    if (!list) {
      list = document.createElement("ul");
      list.className = "thread";
      item.append(list);
    }
    return list;
  }

  cardOf(comment) {
    const template = this.querySelector(`template[data-card="${comment.agency ? "official" : "citizen"}"]`);
    const card = template?.content.querySelector("article")?.cloneNode(true);
    if (!card || !comment.body) return null;
    card.id = `comment-${comment.id}`;
    card.setAttribute("aria-labelledby", `${card.id}-by`);
    card.querySelector(".byline").id = `${card.id}-by`;
    card.classList.add("is-new");
    for (const element of card.querySelectorAll("[href], [formaction]")) {
      for (const name of ["href", "formaction"]) {
        const address = element.getAttribute(name);
        if (!address || address.includes(".svg")) continue;
        element.setAttribute(name, address.replace("/0/", `/${comment.id}/`).replace("#comment-0", `#comment-${comment.id}`));
      }
    }
    card.querySelector(".byline-name").textContent = comment.agency || comment.author;
    const person = card.querySelector(".byline-person");
    if (person) person.textContent = comment.author;
    const time = card.querySelector("time");
    time.dateTime = comment.created_at;
    time.removeAttribute("title");
    card.querySelector(".prose").innerHTML = comment.body; // cleaned by the server, as on the page
    return card;
  }

  // For those who see and those who hear: how many came, and the way to the last one.
  announce(last) {
    const status = this.querySelector("[data-status]");
    if (!status) return;
    const number = this.arrived.size;
    const words = number === 1 ? this.dataset.one : this.dataset.many.replace("{number}", number);
    const link = status.querySelector("a") ?? status.appendChild(document.createElement("a")); // it may have the focus
    const isHere = document.getElementById(`comment-${last.id}`);
    link.href = `${isHere ? "" : `/comments/${last.id}/`}#comment-${last.id}`;
    link.textContent = words;
    status.hidden = false;
  }

  // --- What one presses

  onClick(event) {
    const quote = event.target.closest("a[data-quote]");
    if (quote) quoteSelection(quote);
    const button = event.target.closest("[data-reactions] button");
    if (button && !event.defaultPrevented) {
      event.preventDefault();
      this.react(button);
    }
  }

  async react(button) {
    const reactions = button.closest("[data-reactions]");
    const index = [...reactions.querySelectorAll("button")].indexOf(button);
    if (reactions.hasAttribute("aria-busy")) return;
    reactions.setAttribute("aria-busy", "true");
    try {
      const body = new FormData(button.form);
      body.set("value", button.value);
      const answer = await fetch(button.formAction, { method: "POST", body, headers: { "X-Requested-With": "fetch" } });
      if (!answer.ok) throw new Error(answer.status);
      const fresh = document.createElement("div");
      fresh.innerHTML = await answer.text();
      reactions.replaceChildren(...fresh.querySelector("[data-reactions]").childNodes);
      reactions.removeAttribute("aria-busy");
      reactions.querySelectorAll("button")[index]?.focus();
    } catch {
      reactions.removeAttribute("aria-busy");
      button.form.requestSubmit(button); // the page that answers says why
    }
  }
}

// The words that one has selected in this comment, into the address of its form.
function quoteSelection(link) {
  const selection = getSelection();
  const article = link.closest("article");
  const words = selection.toString().trim();
  const address = new URL(link.href);
  address.searchParams.set("quote", article.contains(selection.anchorNode) ? words.slice(0, QUOTED_AT_MOST) : "");
  link.href = address;
}

function firstInSight(root) {
  return [...root.querySelectorAll(".comment")].find((comment) => comment.getBoundingClientRect().bottom > 0);
}

customElements.define("comment-thread", CommentThread);
