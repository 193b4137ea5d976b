// What a reader sees of one incident, and of a list of them. Record text only ever becomes text
// nodes; a source becomes a link only where its address is http or https.
(function () {
  "use strict";
  const viewer = (window.maliIncidents = window.maliIncidents || {});

  function make(tag, className, text) {
    const element = document.createElement(tag);
    if (className) element.className = className;
    if (text !== undefined && text !== null) element.textContent = text;
    return element;
  }
  viewer.make = make;
  viewer.add = (parent, ...made) => parent.appendChild(make(...made));

  viewer.button = function (className, words, act) {
    const button = make("button", className, words);
    button.type = "button";
    button.addEventListener("click", act);
    return button;
  };

  viewer.safeLink = function (name, url) {
    if (!/^https?:\/\/[^\s]+$/i.test(url || "")) return make("span", "mi-source", name);
    const link = make("a", "mi-source", name);
    link.href = url;
    link.target = "_blank";
    link.rel = "noopener noreferrer";
    return link;
  };

  // A symbol as on the map, for lists and the legend.
  viewer.swatch = function (type) {
    const canvas = make("canvas", "mi-swatch");
    const dense = 2;
    canvas.width = canvas.height = 16 * dense;
    canvas.setAttribute("aria-hidden", "true");
    const pen = canvas.getContext("2d");
    pen.scale(dense, dense);
    viewer.trace(pen, type.shape, 8, 8, 5);
    pen.fillStyle = type.colour;
    pen.fill();
    return canvas;
  };

  function row(list, name, value) {
    if (value === null || value === undefined || value === "") return;
    list.appendChild(make("dt", "", name));
    const cell = make("dd");
    if (value instanceof Node) cell.appendChild(value);
    else cell.textContent = value;
    list.appendChild(cell);
  }

  viewer.card = function (incident, text) {
    const say = text.say;
    const card = make("article", "mi-card");
    card.setAttribute("dir", "ltr");
    const head = make("header");
    head.appendChild(viewer.swatch(incident.type));
    const kind = make("div");
    const types = [incident.type.name, incident.subType].filter(Boolean);
    kind.appendChild(make("strong", "", types.join(" · ")));
    kind.appendChild(make("span", "mi-date", text.date(incident.start, incident.end, incident.precision)));
    head.appendChild(kind);
    card.appendChild(head);
    if (incident.summary) card.appendChild(make("p", "mi-summary", incident.summary));

    const facts = make("dl");
    row(facts, say("card.deaths"), text.toll(incident.low, incident.best, incident.high));
    if (incident.injured) row(facts, say("card.injured"), text.number(incident.injured));
    if (incident.abducted) row(facts, say("card.abducted"), text.number(incident.abducted));
    row(facts, say("card.target"), incident.target);
    const actor = [incident.actor, incident.attribution && say("attribution." + incident.attribution)];
    row(facts, say("card.actor"), actor.filter(Boolean).join(" · "));
    if (incident.verification) row(facts, say("card.verification"), say("verification." + incident.verification));
    row(facts, say("card.reported"), incident.reported);
    const where = make("div");
    if (incident.placed) where.appendChild(make("div", "", incident.placed));
    where.appendChild(make("div", "mi-precision", viewer.precision(incident, text)));
    row(facts, say("card.located"), where);
    if (incident.reason) row(facts, say("card.why"), incident.reason);
    if (incident.sources.length) {
      const links = make("div");
      incident.sources.forEach(function (source) {
        const line = make("div");
        line.appendChild(viewer.safeLink(source[0], source[1]));
        if (source[2]) line.appendChild(make("span", "mi-published", " " + text.published(source[2])));
        links.appendChild(line);
      });
      row(facts, say("card.sources"), links);
    }
    card.appendChild(facts);
    card.appendChild(make("footer", "mi-id", incident.id));
    return card;
  };

  viewer.precision = function (incident, text) {
    const distance = incident.radius === null ? undefined : text.distance(incident.radius);
    return text.say("precision." + incident.how, { distance: distance });
  };

  // A list of incidents, latest first; choose(incident) is called when one is taken.
  viewer.list = function (incidents, text, choose) {
    const list = make("ol", "mi-list");
    incidents
      .slice()
      .sort((one, other) => (other.start || 0) - (one.start || 0))
      .forEach(function (incident) {
        const item = make("li");
        const button = make("button");
        button.type = "button";
        button.incident = incident;
        button.appendChild(viewer.swatch(incident.type));
        const words = make("span");
        words.appendChild(make("span", "mi-date", text.date(incident.start, incident.end, incident.precision)));
        words.appendChild(make("span", "mi-line", incident.summary || incident.reported || incident.id));
        button.appendChild(words);
        button.addEventListener("click", () => choose(incident));
        item.appendChild(button);
        list.appendChild(item);
      });
    return list;
  };
})();
