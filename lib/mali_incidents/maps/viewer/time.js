// When: a histogram of incidents with a window of dates that is dragged, stepped or played.

const { make, button, label, entitle } = viewer;
const DAY = 86400000;
const LENGTH = { month: 30.44, week: 7, day: 1 };
const CHOICES = { step: Object.keys(LENGTH), mode: ["moving", "growing"], speed: [1, 2, 4] };
const PACE = 800;
const TALL = 36;
// In pixels: a narrower window could not be taken hold of.
const LEAST = 32;
const KEYS = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -12, PageUp: 12, Home: -1e5, End: 1e5 };

// The same day so many months on, or the last of a shorter month; or day `of` it.
function month(day, by, of) {
  const at = new Date(day * DAY);
  const begins = (months) => Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + months, 1) / DAY;
  return Math.min(begins(by) + (of || at.getUTCDate()) - 1, begins(by + 1) - 1);
}

const moved = (day, step, by) => (step === "month" ? month(day, by) : day + by * LENGTH[step]);

function first(day, step) {
  if (step === "month") return month(day, 0, 1);
  return step === "week" ? day - ((((day + 3) % 7) + 7) % 7) : day;
}

function nearest(day, step) {
  const low = first(Math.floor(day), step);
  const high = moved(low, step, 1);
  return day - low < high - day ? low : high;
}

function shift([from, to], name, days, step, whole) {
  if (name === "from") return [Math.min(nearest(from + days, step), first(to, step)), to];
  if (name === "to") return [from, Math.max(nearest(to + 1 + days, step), moved(first(from, step), step, 1)) - 1];
  const by = Math.round(days / LENGTH[step]);
  const next = [moved(from, step, by), moved(to + 1, step, by) - 1];
  if (next[0] < whole[0]) return [whole[0], whole[0] + to - from];
  return next[1] > whole[1] ? [whole[1] - to + from, whole[1]] : next;
}

viewer.whole = (rows) => {
  const span = viewer.span(rows);
  return span && [month(span[0], 0, 1), month(span[1], 1, 1) - 1];
};

viewer.time = ({ store, text, whole }, stood) => {
  const { say } = text;
  const control = new L.Control({ position: "bottomright" });
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const size = whole[1] + 1 - whole[0];
  // A bar a month, or a week or a day where there are few.
  const unit = size > 900 ? "month" : size > 120 ? "week" : "day";
  const begins = store.data.start.map((day) => first(day, unit));
  const play = button("", () => (timer ? stop() : start()), ".mi-play");
  const period = make("span.mi-period");
  const every = button("", () => set(whole), ".mi-all");
  const heading = make("summary");
  const selects = Object.entries(CHOICES).map(([name, values]) => viewer.set(viewer.dropdown(values.map((one) => [one]), null), { name }));
  const [step, mode, speed] = selects;
  const options = make("details.mi-steps", heading, make("div", selects));
  const mark = make("summary", "?");
  const note = make("p.mi-note");
  const canvas = make("canvas", { "aria-hidden": "true" });
  const slides = Object.fromEntries(["window", "from", "to"].map((name) => [name, slide(name)]));
  const track = make("div.mi-track", canvas, Object.values(slides));
  const bar = make("div.mi-time-bar", play, period, every, options, make("details.mi-about", mark, note));
  const box = make("section.mi-time", bar, track);
  let gestures = 0;
  let timer = null;
  // A change by others stops what plays.
  let mine = false;

  const within = (day) => Math.min(Math.max(day, whole[0]), whole[1]);
  const ends = () => [within(store.state().from ?? whole[0]), within(store.state().to ?? whole[1])];

  // All dates are no window: incidents without a date are shown then as well.
  function set(next, gesture) {
    const [from, to] = next.map(within);
    const all = from === whole[0] && to === whole[1];
    mine = true;
    store.change(all ? viewer.lifted(["time"]) : { from, to }, gesture);
    mine = false;
  }

  function slide(name) {
    const move = (before, days, gesture) => set(shift(before, name, days, step.value, whole), gesture);
    const onkeydown = (event) => {
      if (!KEYS[event.key]) return;
      event.preventDefault();
      event.stopPropagation();
      stop();
      move(ends(), KEYS[event.key] * LENGTH[step.value], "keys " + name);
    };
    const onpointerdown = (event) => {
      event.preventDefault();
      stop();
      one.focus();
      one.setPointerCapture(event.pointerId);
      const before = ends();
      const gesture = "drag " + (gestures += 1);
      const scale = size / track.clientWidth;
      one.onpointermove = (moving) => move(before, (moving.clientX - event.clientX) * scale, gesture);
      one.onpointerup = one.onpointercancel = () => (one.onpointermove = null);
    };
    const one = make("div.mi-slide.mi-slide-" + name, { tabIndex: 0, role: "slider", onkeydown, onpointerdown });
    return one;
  }

  // Where no movement is wanted, a press is one step.
  function start() {
    const gesture = "play " + (gestures += 1);
    const [from, to] = ends();
    // From the beginning where nothing is chosen, or the end is reached.
    if (moved(to, step.value, 1) <= whole[1]) tick(gesture);
    else set([whole[0], from > whole[0] && mode.value === "moving" ? whole[0] + to - from : moved(whole[0], step.value, 1) - 1], gesture);
    if (!calm) timer = setTimeout(tick, PACE, gesture);
    paused();
  }

  function tick(gesture) {
    if (ends()[1] >= whole[1]) {
      stop();
      return;
    }
    set(shift(ends(), mode.value === "growing" ? "to" : "window", LENGTH[step.value], step.value, whole), gesture);
    if (timer) timer = setTimeout(tick, PACE / speed.value, gesture);
  }

  function stop() {
    clearTimeout(timer);
    timer = null;
    paused();
  }

  function paused() {
    play.textContent = timer ? "❚❚" : "►";
    entitle(play, calm ? say("time.next") : timer ? say("time.pause") : say("time.play"));
  }

  function draw() {
    const [from, to] = ends();
    const wide = track.clientWidth;
    const x = (day) => ((day - whole[0]) / size) * wide;
    period.textContent = text.date(from, to, "day");
    every.hidden = !viewer.isSet(store.state(), "time");
    // Its ends stand outside the window, so that each can be taken hold of.
    const room = Math.max(x(to + 1) - x(from), LEAST);
    const left = Math.min(Math.max((x(from) + x(to + 1) - room) / 2, 0), wide - room);
    slides.window.style.width = room + "px";
    const tell = (one, at, day, last) => viewer.set(one, {
      style: { left: at + "px" }, "aria-valuemin": whole[0], "aria-valuemax": whole[1],
      "aria-valuenow": day, "aria-valuetext": text.date(day, last, "day"),
    });
    tell(slides.window, left, from, to);
    tell(slides.from, left, from, null);
    tell(slides.to, left + room, to, null);
    bars(x, from, to, wide);
  }

  function bars(x, from, to, wide) {
    const counts = new Map();
    for (let day = first(whole[0], unit); day <= whole[1]; day = moved(day, unit, 1)) counts.set(day, 0);
    // What is known only to an interval stands where that begins.
    store.result().untimed.forEach((i) => counts.has(begins[i]) && counts.set(begins[i], counts.get(begins[i]) + 1));
    const most = Math.max(...counts.values());
    const pen = viewer.penOf(canvas, wide, TALL + 16);
    const paint = (colour) => {
      pen.fillStyle = colour;
      counts.forEach((count, day) => {
        const width = x(moved(day, unit, 1)) - x(day);
        const tall = count && Math.max((count / most) * (TALL - 12), 1.5);
        pen.fillRect(x(day), TALL - tall, Math.max(width - (width > 3 ? 1 : 0), 0.75), tall);
      });
    };
    paint("#C3C7CC");
    pen.save();
    pen.beginPath();
    pen.rect(x(from), 0, x(to + 1) - x(from), TALL);
    pen.clip();
    paint("#3B5B92");
    pen.restore();
    pen.fillStyle = "#565A5F";
    pen.fillRect(0, TALL, wide, 0.75);
    pen.font = "10.5px " + viewer.FONT;
    if (most) pen.fillText(say("time.most." + unit, { n: most }), 10, 9);
    // Years, or months of a short time, as many as there is room for.
    const named = unit === "month" ? "year" : "month";
    let free = 0;
    for (let day = whole[0]; day <= whole[1]; day = month(day, 1)) {
      const words = text.date(day, day, named);
      const end = x(day) + pen.measureText(words).width;
      if (x(day) < free || end > wide || (named === "year" && new Date(day * DAY).getUTCMonth())) continue;
      pen.fillRect(x(day), TALL, 0.75, 5);
      pen.fillText(words, x(day) + 3, TALL + 13);
      free = end + 14;
    }
  }

  function fit() {
    const map = control._map;
    const panel = map.getContainer().querySelector(".mi-panel");
    options.open = viewer.isWide(map);
    options.classList.toggle("mi-wide", options.open);
    box.style.width = map.getSize().x - (viewer.isBeside(map) ? panel.offsetWidth + 20 : 0) - 20 + "px";
    draw();
  }

  function speak() {
    paused();
    label(box, say("time.title"));
    every.textContent = say("time.all");
    heading.textContent = say("time.options");
    selects.forEach((select) => {
      entitle(select, say("time." + select.name));
      [...select.options].forEach((one) => (one.text = select === speed ? one.value + "×" : say("time." + one.value)));
    });
    entitle(mark, say("time.about"));
    note.textContent = say("time.note");
    Object.entries(slides).forEach(([name, one]) => label(one, say("time." + name)));
    draw();
  }

  control.onAdd = (map) => {
    speed.hidden = calm;
    viewer.shield(box);
    map.on("resize", fit);
    // It has no width before it stands in its place.
    setTimeout(() => viewer.whenSized(map, () => {
      fit();
      stood();
      text.follow(speak);
      store.listen(() => {
        if (timer && !mine) stop();
        draw();
      });
    }));
    return box;
  };
  return control;
};
