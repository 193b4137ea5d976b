// What opens of incidents: a card of one, in turn with those before and after it in time, or a list.

const { add, make } = viewer;
// A window with less room than this is covered by what opens, panel and dates as well.
const CRAMPED = 200;

viewer.Incidents.include({
  // Open one incident by itself, wherever it is listed.
  choose(incident, opener) {
    const located = incident.lat !== null;
    const drawn = located || this._layerOf(incident);
    const spot = located ? [incident.lat, incident.lon] : [incident.labelLat, incident.labelLon];
    this._show(drawn ? L.latLng(spot) : this._map.getCenter(), [{ group: [incident] }], { untipped: !drawn, opener });
  },

  // Open what a sign stands for; of an area, all that may lie at a point of it.
  open(layer, at) {
    if (layer.places) {
      this._show(layer.getLatLng(), [layer]);
      return;
    }
    const here = [...this._areas, ...this._shades].filter((one) => one !== layer && one.holds(at));
    const groups = [layer, ...here].flatMap((one) => one.around);
    this._show(at, groups.map((group) => ({ group })));
  },

  // Open the list of what lies in the unit at a point, while units are shaded.
  _unitAt(at) {
    const shape = this.choropleth.at(at);
    if (shape?.group.length) this._show(at, [{ group: shape.group, name: this._naming("units", shape.unit) }]);
    return Boolean(shape);
  },

  // sections: lists of incidents, each a group of one place, of several, or of a unit by its name.
  _show(spot, sections, { untipped, opener = document.activeElement } = {}) {
    const map = this._map;
    if (this._popup) map.closePopup(this._popup);
    if (!map.getBounds().contains(spot)) map.panTo(spot, { animate: false });
    const body = make("div", "mi-content");
    body.tabIndex = -1;
    viewer.shield(body);
    const popup = popupFor(map, untipped).setLatLng(spot);
    const all = sections.flatMap((section) => section.group);
    // One incident, or the list of all, in which the focus returns to that it comes from.
    const turn = (one, from, still) => {
      const parts = one ? [this._stepper(one), viewer.card(one, this._text)] : sections.flatMap((section, number) => this._section(section, number, turn, from));
      if (one && all.length > 1) parts.unshift(viewer.button("mi-back", this._text.say("list.back", { n: all.length }), () => turn(null, one)));
      body.replaceChildren(...parts);
      const marked = one ? [one] : sections[0].group;
      this._card = one;
      this._select(marked);
      this.fire("chosen", { incident: marked.length === 1 ? marked[0] : null });
      this._again = () => turn(one, from, true);
      if (!popup.isOpen()) return;
      // Its size has changed: fit it into the window again.
      popup.update();
      const next = body.querySelector(".mi-back") || [...body.querySelectorAll(".mi-list button")].find((entry) => entry.incident === from);
      if (!still) (next || body).focus({ preventScroll: true });
    };
    turn(all.length > 1 ? null : all[0]);
    popup.setContent(body).openOn(map);
    Object.assign(this, { _popup: popup, _opener: opener, _listed: all });
    body.focus({ preventScroll: true });
  },

  _section({ group, places, name }, number, choose, from) {
    const parts = [make("h2", "mi-heading", this._heading(group, places, name))];
    if (number === 1) parts.unshift(make("p", "mi-wider", this._text.say("list.wider")));
    if (!name && !(places?.length > 1)) parts.push(make("p", "mi-precision", viewer.precision(group[0], this._text)));
    return [...parts, viewer.list(group, this._text, choose, from)];
  },

  _heading(group, places, name = group[0].placed) {
    const key = places?.length > 1 ? "place.close" : "place.incidents";
    return this._text.say(key, { n: group.length, place: name || "" });
  },

  // Where an incident stands in time among those shown, with the way to those beside it.
  _stepper(one) {
    const { say } = this._text;
    const line = make("div", "mi-tools mi-stepper");
    const step = (by, key) => line.appendChild(viewer.button("", say(key), () => this._step(by)));
    const earlier = step(-1, "step.earlier");
    const where = add(line, "span");
    const later = step(1, "step.later");
    this._tellStep = () => {
      const order = this._inTime();
      const at = order.indexOf(one);
      where.textContent = say("step.where", { at: at + 1, n: order.length });
      earlier.disabled = at <= 0;
      later.disabled = at === order.length - 1;
    };
    this._tellStep();
    return line;
  },

  // What is shown from the first to the last, those without a date at the end: sorted as numbers.
  _inTime() {
    const keys = () => Float64Array.from(this.chosen, (row, i) => ((row.start ?? 4e6) + 1e6) * 2 ** 20 + i).sort();
    this._timed ??= Array.from(keys(), (key) => this.chosen[key % 2 ** 20]);
    return this._timed;
  },

  _step(by) {
    const order = this._inTime();
    const at = order.indexOf(this._card) + by;
    if (!order[at]) return;
    // The same button again, for who goes on; what opened the first card keeps the focus to come.
    const buttons = () => [...this._popup.getElement().querySelectorAll(".mi-stepper button")];
    const pressed = buttons().indexOf(document.activeElement);
    const opener = this._opener;
    this._opener = null;
    this.choose(order[at], opener);
    const next = buttons()[pressed];
    if (next && !next.disabled) next.focus({ preventScroll: true });
    const what = [order[at].type.name, this._text.when(order[at]), order[at].placed].filter(Boolean).join(", ");
    this._said.textContent = this._text.say("step.where", { at: at + 1, n: order.length }) + ": " + what;
  },

  _pressed(event) {
    if (!this._popup) return;
    if (event.key === "Escape") this._map.closePopup(this._popup);
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!by || !this._card || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.target !== document.body && !this._popup.getElement().contains(event.target)) return;
    event.preventDefault();
    this._step(by);
  },

  // Popups of other layers are closed with the same words.
  _nameClosing({ popup }) {
    const close = popup.getElement().querySelector(".leaflet-popup-close-button");
    if (close) viewer.label(close, this._text.say("popup.close"));
  },

  _closed(event) {
    if (event.popup !== this._popup) return;
    const opener = this._opener;
    const active = document.activeElement;
    Object.assign(this, { _popup: null, _opener: null, _card: null });
    this._map.getContainer().classList.remove("mi-reading");
    this._select(null);
    this.fire("chosen", { incident: null });
    // A filter that closes what it leaves out keeps the focus.
    const free = active === document.body || event.popup.getElement()?.contains(active);
    if (free && opener && document.contains(opener)) opener.focus({ preventScroll: true });
  },
});

// A popup that fits into what the panel and the buttons leave free, or else into the window.
function popupFor(map, untipped) {
  const size = map.getSize();
  // What Leaflet adds round the content.
  const frame = 40;
  const within = ({ topLeft, bottomRight }) => ({
    wide: size.x - topLeft[0] - bottomRight[0] - frame,
    tall: size.y - topLeft[1] - bottomRight[1] - frame - 20,
    autoPanPaddingTopLeft: topLeft,
    autoPanPaddingBottomRight: bottomRight,
  });
  let room = within(viewer.margins(map));
  const cramped = Math.min(room.wide, room.tall) < CRAMPED - frame;
  map.getContainer().classList.toggle("mi-reading", cramped);
  if (cramped) room = within({ topLeft: [6, 6], bottomRight: [6, 6] });
  const width = Math.min(360, room.wide);
  return L.popup({
    ...room,
    className: "mi-popup" + (untipped ? " mi-untipped" : ""),
    maxWidth: width,
    minWidth: Math.min(width, 280),
    maxHeight: Math.min(460, room.tall),
  });
}
