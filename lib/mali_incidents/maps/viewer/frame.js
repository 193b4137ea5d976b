// What of a map a window shows, beside the panel, and what paper does.

const WIDE = 900;
// From this width on, map and dates stand beside the panel, and else below it.
const BESIDE = 641;
// A4 and Letter both hold it in landscape inside margins of 10 mm, in CSS pixels.
const PAPER = [971, 718];
// Of it, for the words below a map.
const FOOT = 62;

viewer.whenSized = (map, act) => {
  if (map.getSize().x && map.getSize().y) act();
  else map.once("resize", () => viewer.whenSized(map, act));
};

viewer.isBeside = (map) => map.getSize().x >= BESIDE;
viewer.isWide = (map) => map.getSize().x >= WIDE;

// What the panel, the dates and the buttons take at the sides, in pixels.
viewer.margins = (map) => {
  const [panel, strip, drawer] = [".mi-panel", ".mi-time", ".mi-drawer"].map((one) => map.getContainer().querySelector(one));
  // An open table stands on the dates; on a small screen it closes before a card.
  const table = drawer && drawer.offsetHeight < map.getSize().y * 0.7 ? drawer.offsetHeight : 0;
  const dates = (strip ? strip.offsetHeight : 100) + table;
  const box = panel ? panel.getBoundingClientRect() : { width: 300, height: 230 };
  return viewer.isBeside(map)
    ? { topLeft: [box.width + 20, 10], bottomRight: [60, dates + 30] }
    : { topLeft: [10, Math.min(box.height, map.getSize().y * 0.4) + 20], bottomRight: [10, dates + 54] };
};

viewer.frame = (map, bounds) => {
  // A frame that is not laid out yet has no size: fit when it has.
  map.setView(L.latLngBounds(bounds).getCenter(), map.getMinZoom());
  viewer.whenSized(map, () => fit(map, bounds));
};

function fit(map, bounds) {
  const free = viewer.margins(map);
  // As large as there is room for, also between the buttons' steps.
  const snap = map.options.zoomSnap;
  map.options.zoomSnap = 0.05;
  map.fitBounds(bounds, { paddingTopLeft: free.topLeft, paddingBottomRight: free.bottomRight, animate: false });
  map.options.zoomSnap = snap;
}

// On paper the map is the window's, scaled: a canvas drawn anew for the paper would wipe out those below it.
viewer.printable = (map, words) => {
  const container = map.getContainer();
  const panel = container.querySelector(".mi-panel");
  const legend = () => panel.querySelector(".mi-legend");
  const foot = viewer.make("p.mi-foot");
  let folded = false;
  container.after(foot);
  window.addEventListener("beforeprint", () => {
    folded = !legend().open;
    legend().open = true;
    foot.textContent = words.printed();
    const { x, y } = map.getSize();
    const [wide, tall] = x > y ? PAPER : PAPER.slice().reverse();
    [container, foot].forEach((one) => one.classList.add("mi-print", x > y ? "mi-landscape" : "mi-portrait"));
    Object.assign(container.style, { width: x + "px", height: y + "px", zoom: Math.min(wide / x, (tall - FOOT) / y) });
    // In a narrow window it would stand on the credits.
    const free = y - (viewer.isBeside(map) ? 24 : 60);
    panel.style.zoom = Math.min(1, free / (panel.scrollHeight + 2));
  });
  window.addEventListener("afterprint", () => {
    legend().open = !folded;
    [container, foot].forEach((one) => one.classList.remove("mi-print", "mi-landscape", "mi-portrait"));
    Object.assign(container.style, { width: "", height: "", zoom: "" });
    panel.style.zoom = "";
  });
};
