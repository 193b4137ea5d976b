// What opens of incidents: a card of one, with the way to those beside it in time, or a list.

const { make, joined } = viewer;
// With less room than this, what opens covers panel and dates as well.
const CRAMPED = 160;
const FRAME = 40;
const focus = (element) => element.focus({ preventScroll: true });

viewer.Incidents.include({
  choose(incident, opener) {
    const located = incident.lat !== null;
    const drawn = located || [...this.areas, ...this.outlined].includes(incident);
    const spot = located ? [incident.lat, incident.lon] : [incident.labelLat, incident.labelLon];
    this._show(drawn ? L.latLng(spot) : this._map.getCenter(), [{ group: [incident] }], { untipped: !drawn, opener });
  },

  // Of an area, all that may lie at a point of it.
  open(drawn, at) {
    if (drawn.places) return this._show(L.latLng(drawn.group[0]), [drawn]);
    const here = [...this._areas, ...this._shades].filter((one) => one !== drawn && one.holds(at));
    const groups = [drawn, ...here].flatMap((one) => one.around);
    return this._show(at, groups.map((group) => ({ group })));
  },

  _unitAt(at) {
    const shape = this.choropleth.at(at);
    if (shape?.group.length) this._show(at, [{ group: shape.group, name: this._naming("units", shape.unit) }]);
    return Boolean(shape);
  },

  // sections: groups of one place, of several, or of a unit by its name.
  _show(spot, sections, { untipped, opener = document.activeElement } = {}) {
    const map = this._map;
    const text = this._text;
    if (this._popup) map.closePopup(this._popup);
    if (!map.getBounds().contains(spot)) map.panTo(spot, { animate: false });
    const body = make("div.mi-content", { tabIndex: -1 });
    viewer.shield(body);
    const popup = popupFor(map, untipped).setLatLng(spot);
    const all = sections.flatMap((section) => section.group);
    // One incident, or the list, in which the focus returns to that it comes from.
    const turn = (one, from, still) => {
      const back = all.length > 1 && viewer.button(text.say("list.back", { n: all.length }), () => turn(null, one), ".mi-back");
      body.replaceChildren();
      viewer.put(body, one
        ? [back, this._stepper(one), viewer.card(one, text)]
        : sections.map((section, number) => this._section(section, number, turn, from)));
      const marked = one ? [one] : sections[0].group;
      this._card = one;
      this._select(marked);
      this.fire("chosen", { incident: marked.length === 1 ? marked[0] : null });
      this._again = () => turn(one, from, true);
      if (!popup.isOpen()) return;
      popup.update();
      const next = body.querySelector(".mi-back") || [...body.querySelectorAll(".mi-list button")].find((entry) => entry.incident === from);
      if (!still) focus(next || body);
    };
    turn(all.length > 1 ? null : all[0]);
    popup.setContent(body).openOn(map);
    Object.assign(this, { _popup: popup, _opener: opener, _listed: all });
    focus(body);
  },

  _section({ group, places, name }, number, choose, from) {
    return [
      number === 1 && make("p.mi-wider", this._text.say("list.wider")),
      make("h2.mi-heading", this._heading(group, places, name)),
      !name && !(places?.length > 1) && make("p.mi-precision", viewer.precision(group[0], this._text)),
      viewer.list(group, this._text, choose, from),
    ];
  },

  _heading(group, places, name = group[0].placed) {
    return this._text.say(places?.length > 1 ? "place.close" : "place.incidents", { n: group.length, place: name || "" });
  },

  _stepper(one) {
    const { say } = this._text;
    const { parts, tell } = viewer.stepper([say("step.earlier"), say("step.later")], (by) => this._step(by));
    this._tellStep = () => {
      const order = this._inTime();
      const at = order.indexOf(one);
      tell(at, order.length - 1, say("step.where", { at: at + 1, n: order.length }));
    };
    this._tellStep();
    return make("div.mi-tools.mi-stepper", parts);
  },

  // Those without a date at the end: sorted as numbers, which is fast.
  _inTime() {
    const keys = () => Float64Array.from(this.chosen, (row, i) => ((row.start ?? 4e6) + 1e6) * 2 ** 20 + i).sort();
    this._timed ??= Array.from(keys(), (key) => this.chosen[key % 2 ** 20]);
    return this._timed;
  },

  _step(by) {
    const order = this._inTime();
    // In a list at its entry first; without a card on from the last one.
    const entry = document.activeElement.incident || this._popup?.getElement().querySelector(".mi-list button")?.incident;
    const from = order.indexOf(this._card || entry || this._last);
    const at = from < 0 ? (by > 0 ? 0 : order.length - 1) : !this._card && entry ? from : from + by;
    const next = order[at];
    if (!next) return;
    // The same button again; what opened the first card keeps the focus to come.
    const buttons = () => [...(this._popup?.getElement().querySelectorAll(".mi-stepper button") || [])];
    const pressed = buttons().indexOf(document.activeElement);
    const opener = this._popup ? this._opener : undefined;
    this._opener = null;
    this.choose(next, opener);
    const again = buttons()[pressed];
    if (again && !again.disabled) focus(again);
    const where = this._text.say("step.where", { at: at + 1, n: order.length });
    this._said.textContent = where + ": " + joined([next.type.name, this._text.when(next), next.placed], ", ");
  },

  _pressed(event) {
    const map = this._map.getContainer();
    const { key, target } = event;
    if (key === "Escape" && this._popup) this._map.closePopup(this._popup);
    const by = { ArrowLeft: -1, ArrowRight: 1 }[key];
    if (!by || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    // Elsewhere arrows have a meaning of their own; with Shift they move the map.
    const whole = this._popup || map.offsetHeight >= window.innerHeight;
    if (!(target === document.body ? whole : target === map || (map.contains(target) && target.closest(".mi-popup, .mi-list")))) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this._step(by);
  },

  // Popups of other layers are closed with the same words.
  _nameClosing({ popup }) {
    const close = popup.getElement().querySelector(".leaflet-popup-close-button");
    if (close) viewer.label(close, this._text.say("popup.close"));
  },

  _closed({ popup }) {
    if (popup !== this._popup) return;
    const opener = this._opener;
    const active = document.activeElement;
    Object.assign(this, { _popup: null, _opener: null, _last: this._card, _card: null });
    this._map.getContainer().classList.remove("mi-reading");
    this._select(null);
    this.fire("chosen", { incident: null });
    // A filter that closes what it leaves out keeps the focus.
    const free = active === document.body || popup.getElement()?.contains(active);
    if (free && opener && document.contains(opener)) focus(opener);
  },
});

// It fits into what panel and buttons leave free, or else into the window.
function popupFor(map, untipped) {
  const size = map.getSize();
  const within = ({ topLeft, bottomRight }) => ({
    wide: size.x - topLeft[0] - bottomRight[0] - FRAME,
    tall: size.y - topLeft[1] - bottomRight[1] - FRAME - 20,
    autoPanPaddingTopLeft: topLeft,
    autoPanPaddingBottomRight: bottomRight,
  });
  let room = within(viewer.margins(map));
  const cramped = Math.min(room.wide, room.tall) < CRAMPED;
  map.getContainer().classList.toggle("mi-reading", cramped);
  if (cramped) room = within({ topLeft: [6, 6], bottomRight: [6, 6] });
  const maxWidth = Math.min(360, room.wide);
  const className = "mi-popup" + (untipped ? " mi-untipped" : "");
  return L.popup({ ...room, className, maxWidth, minWidth: Math.min(maxWidth, 280), maxHeight: Math.min(460, room.tall) });
}
