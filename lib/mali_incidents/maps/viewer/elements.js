// Elements of the page, built in one way. Record text only ever becomes text nodes.

const PAGE = 25;

// Properties, attributes and styles: a style is set as the policy of the page allows.
function set(element, given) {
  Object.entries(given).forEach(([name, value]) => {
    if (name === "style") Object.assign(element.style, value);
    else if (name in element) element[name] = value;
    else element.setAttribute(name, value);
  });
  return element;
}

// Parts: texts, elements, lists of these, and objects of what the element is given; empty ones are left out.
function put(element, ...parts) {
  parts.flat(Infinity).filter(Boolean).forEach((part) => {
    if (part instanceof Node || typeof part === "string") element.append(part);
    else set(element, part);
  });
  return element;
}

// make("p.mi-note", …): by its tag and classes.
function make(kind, ...parts) {
  const [tag, ...classes] = kind.split(".");
  return put(document.createElement(tag), classes.length && { className: classes.join(" ") }, parts);
}

const add = (parent, ...made) => parent.appendChild(make(...made));
const label = (element, words) => set(element, { "aria-label": words });
// A title is seen as well.
const entitle = (element, words) => label(set(element, { title: words }), words);
const button = (words, onclick, kind = "") => make("button" + kind, { type: "button", onclick }, words);
const field = (words, ...controls) => make("label.mi-field", make("span", words), controls);
// values: each with its words.
const dropdown = (values, onchange) => make("select", { onchange }, values.map(([value, words]) => make("option", { value }, words)));

// Two buttons with where one is between them.
function stepper(words, step) {
  const [back, on] = words.map((one, i) => button(one, () => step(2 * i - 1)));
  const where = make("span.mi-page");
  const tell = (at, last, said) => {
    back.disabled = at <= 0;
    on.disabled = at >= last;
    where.textContent = said;
  };
  return { parts: [back, where, on], tell };
}

// Rows a page at a time: draw(rows, number of the first, whether a reader turned to them).
function pages({ say }, draw) {
  let all = [];
  let page = 0;
  const last = () => Math.max(0, Math.ceil(all.length / PAGE) - 1);
  const step = (by) => {
    if (page + by >= 0 && page + by <= last()) turn(page + by, true);
  };
  const { parts, tell } = stepper(["‹", "›"], step);
  function turn(to, turned) {
    page = Math.max(0, Math.min(to, last()));
    label(parts[0], say("table.back"));
    label(parts[2], say("table.next"));
    tell(page, last(), say("table.page", { page: page + 1, pages: last() + 1 }));
    draw(all.slice(page * PAGE, (page + 1) * PAGE), page * PAGE, turned);
  }
  const show = (rows, to = 0) => {
    all = rows;
    turn(to);
  };
  return { parts, step, show, page: () => page };
}

// What is done in an element is not done to the map below it. A click that replaces the button it
// came from would look to Leaflet like one on the map, which closes the popup.
function shield(element) {
  L.DomEvent.disableClickPropagation(element);
  L.DomEvent.disableScrollPropagation(element);
  L.DomEvent.on(element, "click", L.DomEvent.stopPropagation);
}

Object.assign(viewer, { set, put, make, add, label, entitle, button, field, dropdown, stepper, pages, PAGE, shield });
