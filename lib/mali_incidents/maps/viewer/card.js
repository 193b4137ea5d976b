// What a reader sees of one incident, and of a list of them. Record text only ever becomes text
// nodes; a source becomes a link only where its address is http or https.

const PAGE = 25;

function make(tag, className, text) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined && text !== null) element.textContent = text;
  return element;
}
const add = (parent, ...made) => parent.appendChild(make(...made));
// What an element is called where its words do not tell; a title is seen as well.
const label = (element, words) => element.setAttribute("aria-label", words);
const entitle = (element, words) => {
  element.title = words;
  label(element, words);
};
Object.assign(viewer, { make, add, label, entitle });

viewer.button = (className, words, act) => {
  const button = make("button", className, words);
  button.type = "button";
  button.addEventListener("click", act);
  return button;
};

// What is done in an element is not done to the map below it. A click that replaces the button it
// came from would look to Leaflet like one on the map, which closes the popup.
viewer.shield = (element) => {
  L.DomEvent.disableClickPropagation(element);
  L.DomEvent.disableScrollPropagation(element);
  L.DomEvent.on(element, "click", L.DomEvent.stopPropagation);
};

viewer.safeLink = (name, url) => {
  if (!/^https?:\/\/[^\s]+$/i.test(url || "")) return make("span", "mi-source", name);
  const link = make("a", "mi-source", name);
  link.href = url;
  link.target = "_blank";
  link.rel = "noopener noreferrer";
  return link;
};

// A symbol as on the map, for lists and the legend.
viewer.swatch = (type) => {
  const canvas = make("canvas", "mi-swatch");
  const dense = 2;
  canvas.width = canvas.height = 16 * dense;
  canvas.setAttribute("aria-hidden", "true");
  const pen = canvas.getContext("2d");
  pen.scale(dense, dense);
  viewer.trace(pen, type.shape, 8, 8, 5);
  viewer.fill(pen, type.colour);
  return canvas;
};

viewer.card = (incident, text) => {
  const say = text.say;
  const card = make("article", "mi-card");
  card.setAttribute("dir", "ltr");
  const head = add(card, "header");
  head.appendChild(viewer.swatch(incident.type));
  const kind = add(head, "div");
  add(kind, "strong", "", [incident.type.name, incident.subType].filter(Boolean).join(" · "));
  add(kind, "span", "mi-date", text.when(incident));
  if (incident.summary) add(card, "p", "mi-summary", incident.summary);

  const facts = add(card, "dl");
  // What is empty is left out.
  const fact = (key, value) => {
    if (!value) return null;
    add(facts, "dt", "", say("card." + key));
    return add(facts, "dd", "", value === true ? "" : value);
  };
  fact("deaths", text.toll(incident.low, incident.best, incident.high));
  ["injured", "abducted"].forEach((key) => fact(key, incident[key] && text.number(incident[key])));
  fact("target", incident.target);
  fact("actor", [incident.actor, incident.attribution && say("attribution." + incident.attribution)].filter(Boolean).join(" · "));
  fact("verification", incident.verification && say("verification." + incident.verification));
  fact("reported", incident.reported);
  const where = fact("located", true);
  if (incident.placed) add(where, "div", "", incident.placed);
  add(where, "div", "mi-precision", viewer.precision(incident, text));
  fact("why", incident.reason);
  const links = fact("sources", incident.sources.length > 0);
  incident.sources.forEach(([name, url, published]) => {
    const line = add(links, "div");
    line.appendChild(viewer.safeLink(name, url));
    if (published) add(line, "span", "mi-published", " " + text.published(published));
  });
  add(card, "footer", "mi-id", incident.id);
  return card;
};

viewer.precision = (incident, text) => {
  const distance = incident.radius === null ? undefined : text.distance(incident.radius);
  return text.say("precision." + incident.how, { distance });
};

// A list of incidents, latest first, a page at a time, beginning where `from` stands;
// choose(incident) is called when one is taken.
viewer.list = (incidents, text, choose, from) => {
  const latest = incidents.slice().sort((one, other) => (other.start || 0) - (one.start || 0));
  const entryOf = (incident) => {
    const entry = viewer.button("", null, () => choose(incident));
    entry.incident = incident;
    entry.appendChild(viewer.swatch(incident.type));
    const words = add(entry, "span");
    add(words, "span", "mi-date", text.when(incident));
    add(words, "span", "mi-line", incident.summary || incident.reported || incident.id);
    return entry;
  };
  const box = make("div");
  const list = add(box, "ol", "mi-list");
  const last = Math.ceil(latest.length / PAGE) - 1;
  let page = Math.max(0, Math.floor(latest.indexOf(from) / PAGE));
  const fill = () => {
    list.start = page * PAGE + 1;
    list.replaceChildren(...latest.slice(page * PAGE, (page + 1) * PAGE).map((incident) => {
      const item = make("li");
      item.appendChild(entryOf(incident));
      return item;
    }));
  };
  fill();
  if (last < 1) return box;

  const bar = add(box, "div", "mi-tools mi-pages");
  const turn = (by) => {
    if (page + by < 0 || page + by > last) return;
    page += by;
    fill();
    tell();
    list.querySelector("button").focus();
  };
  const back = bar.appendChild(viewer.button("", "‹", () => turn(-1)));
  const where = add(bar, "span");
  const on = bar.appendChild(viewer.button("", "›", () => turn(1)));
  viewer.label(back, text.say("table.back"));
  viewer.label(on, text.say("table.next"));
  const tell = () => {
    where.textContent = text.say("table.page", { page: page + 1, pages: last + 1 });
    back.disabled = page === 0;
    on.disabled = page === last;
  };
  tell();
  box.addEventListener("keydown", (event) => {
    const by = { PageUp: -1, PageDown: 1 }[event.key];
    if (!by) return;
    event.preventDefault();
    turn(by);
  });
  return box;
};
