// Answers for test_state.py: what the viewer's state makes of filters, read and told as JSON.
"use strict";
const viewer = require("../js/viewer.cjs")("state", "address");
const { rows, sequences } = JSON.parse(require("fs").readFileSync(0, "utf8"));
const data = viewer.digest(rows);

const told = function (state) {
  const result = viewer.select(data, state);
  const counts = Object.fromEntries(viewer.FACETS.map((facet) => [facet, Array.from(result.counts[facet])]));
  const back = viewer.fromAddress(viewer.toAddress(state) + "&unknown=1&km");
  return { ...result, counts: counts, state: state, back: viewer.toAddress(back) === viewer.toAddress(state) };
};

const answers = sequences.map(function (steps) {
  const store = viewer.store(data, viewer.EVERYTHING);
  return steps.map(function (step) {
    if (step.undo) store.undo();
    else store.change(step.patch, step.gesture);
    return told(store.state());
  });
});
process.stdout.write(JSON.stringify(answers));
