// From the data block of a page to the layers that draw it.
(function () {
  "use strict";
  const viewer = (window.maliIncidents = window.maliIncidents || {});

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
    const subtitle = function () {
      const panel = data.panel;
      return text.say("subtitle.whole", {
        incidents: text.say("subtitle.incidents", { n: panel.total }),
        attacks: text.say("subtitle.attacks", { n: panel.attacks }),
        approximate: text.say("subtitle.approximate", { n: panel.approximate }),
        period: text.period(panel.first, panel.last),
      });
    };
    return {
      data: data,
      basemap: () => new viewer.Basemap(data.basemap, units, names),
      rings: () => new viewer.Rings(data.rings, text, names),
      incidents: makeIncidents,
      panel: () => new viewer.Panel(Object.assign({ subtitle: subtitle(), area: data.incidents.area }, data.panel), makeIncidents(), text),
    };
  };

  // Fit a view beside the panel on a wide window, and in the whole window on a narrow one.
  viewer.frame = function (map, bounds) {
    const wide = map.getSize().x >= 900;
    map.fitBounds(bounds, { paddingTopLeft: wide ? [320, 8] : [8, 60], paddingBottomRight: [8, 20] });
  };
})();
