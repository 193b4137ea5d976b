// From the data block of a page to the layers that draw it, and what of the map a window shows.
(function () {
  "use strict";
  const viewer = (window.maliIncidents = window.maliIncidents || {});
  // From this width on the panel stands open beside the map; in a narrower window it is folded.
  const WIDE = 900;
  // What both A4 and Letter hold in landscape inside margins of 10 mm, in CSS pixels.
  const PAPER = [971, 718];

  viewer.read = function (id) {
    const data = JSON.parse(document.getElementById(id).textContent);
    const text = viewer.text(data.messages, data.lang);
    const units = viewer.units(data.topology);
    let incidents = null;
    const names = new viewer.Labels(() => (incidents ? incidents.boxes() : []));
    const makeIncidents = function () {
      incidents = incidents || new viewer.Incidents(data.incidents, units, text, names);
      return incidents;
    };
    return {
      data: data,
      basemap: () => new viewer.Basemap(data.basemap, units, names),
      rings: () => new viewer.Rings(data.rings, text, names),
      incidents: makeIncidents,
      panel: () => new viewer.Panel(Object.assign({ area: data.incidents.area }, data.panel), makeIncidents(), text, names),
    };
  };

  viewer.whenSized = function (map, act) {
    if (map.getSize().x && map.getSize().y) act();
    else map.once("resize", () => viewer.whenSized(map, act));
  };

  viewer.isWide = (map) => map.getSize().x >= WIDE;

  // What the panel and the buttons leave free: pixels at the left and top, at the right and bottom.
  viewer.margins = function (map) {
    const panel = map.getContainer().querySelector(".mi-panel");
    const box = panel ? panel.getBoundingClientRect() : { width: 300, height: 130 };
    return viewer.isWide(map)
      ? { topLeft: [box.width + 20, 10], bottomRight: [60, 24] }
      : { topLeft: [10, Math.min(box.height, 140) + 20], bottomRight: [10, 44] };
  };

  // Fit a view beside the panel on a wide window, and below it on a narrow one.
  viewer.frame = function (map, bounds) {
    // A frame that is not laid out yet has no size: fit when it has.
    map.setView(L.latLngBounds(bounds).getCenter(), map.getMinZoom());
    viewer.whenSized(map, () => fit(map, bounds));
    printable(map);
  };

  function fit(map, bounds) {
    const free = viewer.margins(map);
    map.fitBounds(bounds, { paddingTopLeft: free.topLeft, paddingBottomRight: free.bottomRight, animate: false });
  }

  // On paper the map is what the window shows, scaled: a canvas drawn anew for the paper would
  // wipe out those below it.
  function printable(map) {
    const container = map.getContainer();
    window.addEventListener("beforeprint", function () {
      const size = map.getSize();
      const paper = size.x > size.y ? PAPER : PAPER.slice().reverse();
      const scale = Math.min(paper[0] / size.x, paper[1] / size.y);
      container.classList.add("mi-print", size.x > size.y ? "mi-landscape" : "mi-portrait");
      Object.assign(container.style, { width: size.x + "px", height: size.y + "px", zoom: scale });
    });
    window.addEventListener("afterprint", function () {
      container.classList.remove("mi-print", "mi-landscape", "mi-portrait");
      Object.assign(container.style, { width: "", height: "", zoom: "" });
    });
  }
})();
