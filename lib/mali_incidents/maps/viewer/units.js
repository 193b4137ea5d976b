// Units and their borders from shared arcs: every border is carried once (see maps/arcs.py).

viewer.units = (topology) => {
  const lines = viewer.payload.lines(topology.arcs, topology.scale);

  function ring(numbers) {
    const points = [];
    numbers.forEach((number) => {
      const arc = number < 0 ? lines[~number].slice().reverse() : lines[number];
      for (let i = points.length ? 1 : 0; i < arc.length; i += 1) points.push(arc[i]);
    });
    return points;
  }

  return {
    // The rings of a unit, latitude first as Leaflet takes them; even-odd filling makes holes.
    rings: (id) => topology.units[id].map(ring),
    // The borders of one level: 0 country, 1 region, 2 cercle, 3 commune.
    borders: (level) => lines.filter((line, number) => topology.border[number] === level),
  };
};
