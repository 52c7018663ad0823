// <rank-ballot most="4" equals>: around options that are ranked by a select each. Adds buttons and a handle to move an
// option, and says what is wrong before it is sent. Without this script the selects do it all.
//
// What it moves: the order of [data-row] when a button or the handle is used; [data-fault], [data-said] (what is heard).
// Its words: data-equal, data-skipped, data-too-many (attributes written by the page), data-moved, data-unplaced.

class RankBallot extends HTMLElement {
  connectedCallback() {
    this.list = this.querySelector("ul");
    this.most = Number(this.getAttribute("most"));
    this.listeners = new AbortController();
    const signal = this.listeners.signal;
    for (const row of this.rows) {
      row.querySelector("[data-moves]").hidden = false;
      row.querySelector("[data-up]").addEventListener("click", (event) => this.step(row, -1, event.currentTarget), { signal });
      row.querySelector("[data-down]").addEventListener("click", (event) => this.step(row, 1, event.currentTarget), { signal });
      row.querySelector("[data-handle]").addEventListener("pointerdown", (event) => this.grip(row, event), { signal });
    }
    this.addEventListener("change", () => this.check(), { signal });
    this.closest("form").addEventListener("submit", (event) => this.refuse(event), { signal });
  }

  disconnectedCallback() {
    this.listeners.abort();
  }

  get rows() {
    return [...this.list.querySelectorAll("[data-row]")];
  }

  // The rows that have a place, in its order.
  get placed() {
    return this.rows.filter((row) => placeOf(row)).sort((one, other) => placeOf(one) - placeOf(other));
  }

  // --- Moving

  step(row, by, button) {
    const order = this.placed;
    const at = order.indexOf(row);
    if (at < 0 && by < 0 && order.length < this.most) order.push(row);
    else if (at >= 0 && at + by >= 0) {
      order.splice(at, 1);
      if (at + by <= order.length) order.splice(at + by, 0, row); // the last one, moved down, has no place any more
    }
    this.put(order, row);
    button.focus();
  }

  grip(row, event) {
    event.preventDefault();
    const handle = event.currentTarget;
    handle.setPointerCapture(event.pointerId);
    row.classList.add("is-dragged");
    const move = (moved) => {
      const over = this.rows.find((other) => other !== row && isWithin(other, moved.clientY));
      if (!over) return;
      const isBelow = this.rows.indexOf(over) > this.rows.indexOf(row);
      this.list.insertBefore(row, isBelow ? over.nextSibling : over);
    };
    const drop = () => {
      handle.removeEventListener("pointermove", move);
      row.classList.remove("is-dragged");
      const before = this.rows.slice(0, this.rows.indexOf(row)).filter((other) => placeOf(other));
      const order = this.placed.filter((other) => other !== row);
      order.splice(before.length, 0, row);
      this.put(order.slice(0, this.most), row);
    };
    handle.addEventListener("pointermove", move);
    handle.addEventListener("lostpointercapture", drop, { once: true });
  }

  // Give the rows of ``order`` their places, and show them in it; the others follow as they are.
  put(order, moved) {
    for (const row of this.rows) row.querySelector("select").value = order.includes(row) ? String(order.indexOf(row) + 1) : "";
    for (const row of [...order, ...this.rows.filter((row) => !order.includes(row))]) this.list.append(row);
    const place = placeOf(moved);
    const words = place ? this.dataset.moved : this.dataset.unplaced;
    this.querySelector("[data-said]").textContent = words.replace("{option}", nameOf(moved)).replace("{place}", place);
    this.dispatchEvent(new Event("change", { bubbles: true }));
  }

  // --- What is wrong

  fault() {
    const placed = this.placed;
    if (placed.length > this.most) return fill(this.dataset.tooMany, { chosen: placed.length, allowed: this.most });
    for (const [at, row] of placed.entries()) {
      const before = placed[at - 1];
      const last = before ? placeOf(before) : 0;
      if (before && last === placeOf(row) && !this.hasAttribute("equals"))
        return fill(this.dataset.equal, { place: last, one: nameOf(before), other: nameOf(row) });
      if (placeOf(row) > last + 1) return fill(this.dataset.skipped, { place: last + 1 });
    }
    return "";
  }

  check() {
    const says = this.fault();
    const fault = this.querySelector("[data-fault]");
    if (fault.textContent !== says) fault.textContent = says;
    fault.hidden = !says;
    return says;
  }

  refuse(event) {
    if (!this.check()) return;
    event.preventDefault();
    this.querySelector("[data-fault]").focus();
  }
}

function placeOf(row) {
  return Number(row.querySelector("select").value);
}

function nameOf(row) {
  return row.querySelector("[data-label]").textContent.trim();
}

function isWithin(row, y) {
  const box = row.getBoundingClientRect();
  return y >= box.top && y <= box.bottom;
}

function fill(words, values) {
  return words.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

customElements.define("rank-ballot", RankBallot);
