// <places-map>: a map beside what says the same in words (components/map.html). Shows the places of proposals, or marks
// one into a form. In a form whose boxes "option" are those places (chooses) its popups ask for a tick: the event
// "place-toggled", whose detail is the point, bubbles to who knows how; here is only shown what is ticked. Leaflet is fetched when the map comes near the screen. Without tiles, districts and places stand on an
// empty ground. Whatever fails, the page has it all in words, and the map stays away.

import { money } from "./money.js";

const NEAR = 44; // pixels: places nearer than that are one number, until one comes closer
const FEW = 60; // up to so many are never put together
const NARROW = 64; // pixels: a district that is less wide has no name on the map

class PlacesMap extends HTMLElement {
  connectedCallback() {
    this.hidden = false;
    this.leaving = new AbortController();
    this.ground = this.appendChild(element("div", "map-ground"));
    this.ground.setAttribute("role", "region");
    this.ground.setAttribute("aria-label", this.getAttribute("label"));
    this.seen = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && this.start(), { rootMargin: "300px" });
    this.seen.observe(this);
  }

  disconnectedCallback() {
    this.seen?.disconnect();
    this.leaving.abort();
    this.map?.remove();
    this.replaceChildren();
  }

  async start() {
    this.seen.disconnect();
    try {
      const [, boundaries, places] = await Promise.all([leaflet(this), this.read("boundaries"), this.read("places")]);
      if (!this.isConnected) return;
      this.draw(boundaries, places);
      this.dataset.ready = "";
    } catch (fault) {
      this.hidden = true;
      console.warn("The map cannot be drawn", fault);
    }
  }

  async read(name) {
    const url = this.getAttribute(name);
    if (!url) return null;
    const answer = await fetch(url, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
    return answer.json();
  }

  draw(boundaries, places) {
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.map = L.map(this.ground, { zoomControl: false, zoomAnimation: !still, fadeAnimation: false, minZoom: 3, maxZoom: 18, zoomSnap: 0.25, scrollWheelZoom: false });
    this.map.attributionControl.setPrefix(false);
    L.control.zoom({ zoomInTitle: this.getAttribute("words-zoom-in"), zoomOutTitle: this.getAttribute("words-zoom-out") }).addTo(this.map);
    if (this.getAttribute("tiles")) L.tileLayer(this.getAttribute("tiles"), { attribution: text(this.getAttribute("credit")), maxZoom: 18 }).addTo(this.map);
    this.map.on("popupopen", ({ popup }) => popup.getElement().querySelector(".leaflet-popup-close-button").setAttribute("aria-label", this.getAttribute("words-close")));
    this.map.createPane("names").style.zIndex = 620; // above the places, and no click is theirs
    this.map.setView([-38.4, -63.6], 4);
    this.drawDistricts(boundaries);
    if (places) this.drawPlaces(places);
    if (this.hasAttribute("chooses")) this.closest("form").addEventListener("change", () => this.showChosen(), { signal: this.leaving.signal });
    if (this.hasAttribute("pick")) this.startPicking();
    this.fit();
  }

  drawDistricts(boundaries) {
    // A part for everybody covers the others: it is drawn below them.
    const features = [...(boundaries?.features ?? [])].sort((one, other) => other.properties.is_for_all - one.properties.is_for_all);
    this.districts = L.geoJSON(features, {
      interactive: false,
      style: () => ({ className: "map-district", weight: 1.5 }),
    }).addTo(this.map);
    this.names = L.layerGroup().addTo(this.map);
    this.map.on("zoomend", () => this.placeNames());
  }

  // At the upper edge of its district and no wider than that; where it would be a syllable, it waits until one comes closer.
  placeNames() {
    this.names.clearLayers();
    for (const layer of this.districts.getLayers()) {
      const bounds = layer.getBounds();
      const [west, east] = [bounds.getNorthWest(), bounds.getNorthEast()];
      const width = this.map.project(east).x - this.map.project(west).x;
      if (width < NARROW) continue;
      const name = element("span", "", layer.feature.properties.name);
      name.style.maxWidth = `${width}px`;
      const icon = L.divIcon({ className: "map-name", html: name, iconSize: [0, 0] });
      this.names.addLayer(L.marker([west.lat, (west.lng + east.lng) / 2], { icon, pane: "names", interactive: false, keyboard: false }));
    }
  }

  fit() {
    const own = this.districts.getLayers().filter((layer) => layer.feature.id === Number(this.getAttribute("district")));
    own[0]?.getElement()?.classList.add("is-chosen");
    const drawn = L.featureGroup(own.length ? own : [this.districts, ...(this.bounds ? [L.rectangle(this.bounds)] : [])]).getBounds();
    if (drawn.isValid()) this.map.fitBounds(drawn, { padding: [16, 16], maxZoom: 15, animate: false });
  }

  // --- Places of proposals

  drawPlaces(places) {
    this.places = places;
    this.dots = L.layerGroup().addTo(this.map);
    if (places.points.length) this.bounds = L.latLngBounds(places.points.map(([, lat, lng]) => [lat, lng]));
    this.moneySign = places.money_sign;
    this.map.on("zoomend", () => this.placeDots());
    this.ground.addEventListener("keydown", ({ key }) => key === "Escape" && this.map.closePopup()); // Leaflet: only while the map itself is focused
    this.map.whenReady(() => this.placeDots());
  }

  placeDots() {
    this.dots.clearLayers();
    for (const group of this.groups()) this.dots.addLayer(group.length === 1 ? this.dot(group[0]) : this.many(group));
  }

  // By squares of the screen: one pass, however many there are.
  groups() {
    const points = this.places.points;
    if (points.length <= FEW || this.map.getZoom() >= 17) return points.map((point) => [point]);
    const squares = new Map();
    for (const point of points) {
      const { x, y } = this.map.project([point[1], point[2]]).divideBy(NEAR).floor();
      const square = `${x} ${y}`;
      if (squares.has(square)) squares.get(square).push(point);
      else squares.set(square, [point]);
    }
    return squares.values();
  }

  dot(point) {
    const [pk, lat, lng, title, cents] = point;
    const className = `map-place${this.isChosen(point) ? " is-chosen" : ""}`;
    const dot = L.circleMarker([lat, lng], { radius: 9, className, pane: "markerPane" }).bindPopup(() => {
      const box = element("div");
      const link = box.appendChild(element("a", "", title));
      link.href = this.places.proposal.replace("/0/", `/${pk}/`);
      if (this.moneySign && cents !== null) box.appendChild(element("p", "", money(this.moneySign, cents)));
      if (this.hasAttribute("chooses")) box.append(this.chooser(point));
      return box;
    });
    dot.point = point;
    return dot.on("add", () => this.reach(dot, title));
  }

  // With the keyboard too: Enter opens what it says, and closing that leads back to it.
  reach(dot, title) {
    const place = dot.getElement();
    for (const [name, value] of [["tabindex", "0"], ["role", "button"], ["aria-label", title]]) place.setAttribute(name, value);
    place.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      dot.openPopup().getPopup().getElement().querySelector("a[href^='/']").focus();
    });
    dot.on("popupclose", () => document.activeElement === document.body && place.focus());
  }

  // --- Choosing

  isChosen(point) {
    return Boolean(this.closest("form")?.querySelector(`input[name=option][value="${point[5]}"]:checked`));
  }

  showChosen() {
    this.dots?.eachLayer((dot) => dot.point && dot.getElement()?.classList.toggle("is-chosen", this.isChosen(dot.point)));
  }

  chooser(point) {
    const button = element("button", "button secondary small");
    button.type = "button";
    const show = () => (button.textContent = this.getAttribute(this.isChosen(point) ? "words-take-away" : "words-choose"));
    button.addEventListener("click", () => {
      this.dispatchEvent(new CustomEvent("place-toggled", { bubbles: true, detail: point }));
      show();
    });
    show();
    return button;
  }

  many(group) {
    const middle = L.latLngBounds(group.map(([, lat, lng]) => [lat, lng]));
    const size = 30 + Math.min(20, Math.round(Math.log2(group.length) * 3));
    const icon = L.divIcon({ className: "map-many", html: element("span", "", String(group.length)), iconSize: [size, size] });
    const words = `${group.length} ${this.getAttribute("words-many")}`;
    const comeCloser = () => this.map.fitBounds(middle, { maxZoom: 17, padding: [24, 24] });
    return L.marker(middle.getCenter(), { icon, title: words, alt: words }).on("click", comeCloser).on("keypress", ({ originalEvent }) => {
      if (originalEvent.key !== "Enter") return;
      this.ground.focus(); // this number goes, and others come
      comeCloser();
    });
  }

  // --- Marking one place

  startPicking() {
    this.fields = ["latitude", "longitude"].map((name) => document.getElementById(`id_${name}`));
    this.showMiddle();
    this.append(this.buttons());
    this.ground.setAttribute("aria-description", this.getAttribute("words-keys"));
    this.map.on("click", (event) => this.pick(event.latlng));
    this.ground.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.target !== this.ground) return;
      event.preventDefault();
      this.map.stop(); // where it stands now, not where an arrow still carries it
      this.pick(this.map.getCenter());
    });
    for (const field of this.fields) field.addEventListener("change", () => this.showMark());
    this.district = document.getElementById("id_district");
    this.district?.addEventListener("change", () => this.chooseDistrict());
    this.chooseDistrict();
    this.showMark();
  }

  // Where Enter marks: shown while the map has the keyboard.
  showMiddle() {
    const cross = element("span", "map-middle", "✛");
    cross.setAttribute("aria-hidden", "true");
    cross.hidden = true;
    this.ground.addEventListener("focus", () => (cross.hidden = !this.ground.matches(":focus-visible")));
    this.ground.addEventListener("blur", () => (cross.hidden = true));
    this.ground.append(cross);
  }

  buttons() {
    const row = element("div", "map-buttons");
    const mark = row.appendChild(element("button", "button secondary small", this.getAttribute("words-mark")));
    mark.addEventListener("click", () => this.pick(this.map.getCenter()));
    this.clear = row.appendChild(element("button", "button quiet small", this.getAttribute("words-clear")));
    this.clear.addEventListener("click", () => {
      this.write("", "");
      mark.focus(); // this one is away now
    });
    for (const button of [mark, this.clear]) button.type = "button";
    this.said = row.appendChild(element("span", "soft small"));
    this.said.setAttribute("role", "status");
    return row;
  }

  pick({ lat, lng }) {
    this.write(lat.toFixed(5), L.Util.wrapNum(lng, [-180, 180], true).toFixed(5));
  }

  write(...values) {
    this.fields.forEach((field, number) => {
      field.value = values[number];
      field.dispatchEvent(new Event("input", { bubbles: true })); // who saves drafts hears of it
    });
    this.showMark();
  }

  showMark() {
    const [lat, lng] = this.fields.map((field) => parseFloat(field.value.replace(",", ".")));
    this.mark?.remove();
    const isThere = Math.abs(lat) <= 90 && Math.abs(lng) <= 180;
    this.clear.hidden = !isThere;
    this.said.textContent = isThere ? `${this.getAttribute("words-marked")} ${lat}, ${lng}` : "";
    if (!isThere) return;
    this.mark = L.circleMarker([lat, lng], { radius: 11, className: "map-place map-mark", pane: "markerPane", interactive: false }).addTo(this.map);
    if (!this.map.getBounds().contains([lat, lng])) this.map.panTo([lat, lng], { animate: false });
  }

  chooseDistrict() {
    const chosen = Number(this.district?.value);
    this.districts.eachLayer((layer) => {
      const isChosen = layer.feature.id === chosen;
      layer.getElement()?.classList.toggle("is-chosen", isChosen);
      if (isChosen && !this.fields[0].value) this.map.fitBounds(layer.getBounds(), { padding: [16, 16], animate: false });
    });
  }
}

function element(name, className = "", words = "") {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.textContent = words;
  return made;
}

// Leaflet takes markup for a credit: this gives it none.
function text(words) {
  return element("span", "", words ?? "").innerHTML;
}

let loading;

function leaflet(map) {
  loading ??= new Promise((resolve, reject) => {
    const style = element("link");
    document.head.prepend(style); // before ours, which says some things otherwise
    style.rel = "stylesheet";
    style.href = map.getAttribute("leaflet-style");
    const script = element("script");
    script.src = map.getAttribute("leaflet");
    let waiting = 2;
    const come = () => --waiting || resolve();
    style.onload = script.onload = come;
    style.onerror = script.onerror = reject;
    document.head.append(script);
  });
  return loading;
}

customElements.define("places-map", PlacesMap);
