// Some of the viewer's scripts in node, as page.py puts them into a page.
const { readFileSync } = require("fs");
const folder = __dirname + "/../../lib/mali_incidents/maps/viewer/";

module.exports = (...names) => {
  const viewer = {};
  names.forEach((name) => new Function("viewer", '"use strict";' + readFileSync(folder + name + ".js", "utf8"))(viewer));
  return viewer;
};
