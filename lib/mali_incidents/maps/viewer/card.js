// What a reader sees of one incident, and of a list of them.

const { make, button, joined } = viewer;

viewer.swatch = (type) => {
  const canvas = make("canvas.mi-swatch", { "aria-hidden": "true" });
  const pen = viewer.penOf(canvas, 16, 16, 2);
  viewer.trace(pen, type.shape, 8, 8, 5);
  viewer.fill(pen, type.colour);
  return canvas;
};

function source([name, url, published], text) {
  const link = /^https?:\/\/[^\s]+$/i.test(url || "")
    ? make("a.mi-source", { href: url, target: "_blank", rel: "noopener noreferrer" }, name)
    : make("span.mi-source", name);
  return make("div", link, published && make("span.mi-published", " " + text.published(published)));
}

viewer.precision = ({ how, radius }, text) =>
  text.say("precision." + how, { distance: radius === null ? undefined : text.distance(radius) });

viewer.card = (incident, text) => {
  const { say } = text;
  const facts = {
    deaths: text.toll(incident.low, incident.best, incident.high),
    injured: incident.injured && text.number(incident.injured),
    abducted: incident.abducted && text.number(incident.abducted),
    target: incident.target,
    actor: joined([incident.actor, incident.attribution && say("attribution." + incident.attribution)]),
    verification: incident.verification && say("verification." + incident.verification),
    reported: incident.reported,
    located: [incident.placed && make("div", incident.placed), make("div.mi-precision", viewer.precision(incident, text))],
    why: incident.reason,
    sources: incident.sources.map((one) => source(one, text)),
  };
  return make("article.mi-card", { dir: "ltr" },
    make("header", viewer.swatch(incident.type), make("div",
      make("strong", joined([incident.type.name, incident.subType])), make("span.mi-date", text.when(incident)))),
    incident.summary && make("p.mi-summary", incident.summary),
    make("dl", Object.entries(facts).map(([key, value]) => value?.length && [make("dt", say("card." + key)), make("dd", value)])),
    make("footer.mi-id", incident.id));
};

// Latest first, beginning with the page of `from`; choose(incident) is called when one is taken.
viewer.list = (incidents, text, choose, from) => {
  const entry = (incident) => {
    const line = make("span.mi-line", incident.summary || incident.reported || incident.id);
    const words = make("span", make("span.mi-date", text.when(incident)), line);
    return make("li", Object.assign(button([viewer.swatch(incident.type), words], () => choose(incident)), { incident }));
  };
  const list = make("ol.mi-list");
  const { parts, step, show } = viewer.pages(text, (rows, first, turned) => {
    list.start = first + 1;
    list.replaceChildren(...rows.map(entry));
    if (turned) list.querySelector("button").focus();
  });
  const latest = [...incidents].sort((one, other) => (other.start || 0) - (one.start || 0));
  show(latest, Math.floor(latest.indexOf(from) / viewer.PAGE));
  if (incidents.length <= viewer.PAGE) return list;
  const onkeydown = (event) => {
    const by = { PageUp: -1, PageDown: 1 }[event.key];
    if (!by) return;
    event.preventDefault();
    step(by);
  };
  return make("div", { onkeydown }, list, make("div.mi-tools.mi-pages", parts));
};
