// Units and borders from shared arcs (maps/arcs.py).

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

  const shapes = {};
  return {
    of: (level) => Object.keys(topology.units).filter((id) => id.split("/").length === level + 1),
    shape: (id) => (shapes[id] ??= viewer.shape(topology.units[id].map(ring))),
    // 0 country, 1 region, 2 cercle, 3 commune.
    borders: (level) => lines.filter((line, number) => topology.border[number] === level),
  };
};

// An area by its rings, latitude first; even-odd filling makes holes.
viewer.shape = (rings) => {
  const bounds = L.latLngBounds(rings.flat());
  const holds = (at) => {
    if (!bounds.contains(at)) return false;
    let inside = false;
    rings.forEach((ring) => {
      for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
        const one = ring[i];
        const other = ring[j];
        if (one[0] > at.lat === other[0] > at.lat) continue;
        if (at.lng < ((other[1] - one[1]) * (at.lat - one[0])) / (other[0] - one[0]) + one[1]) inside = !inside;
      }
    });
    return inside;
  };
  return { bounds, holds, outline: viewer.outline(rings) };
};
