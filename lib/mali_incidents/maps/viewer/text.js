// Words, numbers and dates in the page's language. Everything here returns plain strings.

const DAY = 86400000;
viewer.joined = (parts, mark = " · ") => parts.filter(Boolean).join(mark);

viewer.text = (messages, lang) => {
  // The day comes first in both languages: British English, not American.
  const locale = lang === "en" ? "en-GB" : lang;
  const plural = new Intl.PluralRules(locale);
  const numbers = new Intl.NumberFormat(locale);
  const format = (parts) => new Intl.DateTimeFormat(locale, { timeZone: "UTC", ...parts });
  const months = format({ month: "long", year: "numeric" });
  // French writes the first of a month as "1er".
  const days = (parts) => {
    const written = format(parts);
    return (at) => written.format(at).replace(/^1(?!\d)/, messages["date.first"]);
  };
  const day = days({ day: "numeric" });
  const dayMonth = days({ day: "numeric", month: "long" });
  const dayMonthYear = days({ day: "numeric", month: "long", year: "numeric" });

  function say(key, values = {}) {
    const form = values.n !== undefined && plural.select(values.n) === "one" ? ".one" : ".other";
    const text = messages[key] ?? messages[key + form];
    if (text === undefined) throw new Error("no message " + key);
    return text.replace(/\{(\w+)\}/g, (whole, name) => {
      const value = values[name] ?? whole;
      return typeof value === "number" ? numbers.format(value) : value;
    });
  }

  // Days since 1970-01-01. No more is said than is known: a month or a year only where the interval is just that.
  function date(start, end, precision) {
    if (start === null) return say("date.unknown");
    const first = new Date(start * DAY);
    const last = new Date((end ?? start) * DAY);
    const lone = first.getTime() === last.getTime();
    if (precision === "day" || precision === null) {
      return lone ? dayMonthYear(first) : range("date.lasted", first, last);
    }
    // A lone day known to a month or a year stands for all of it.
    const span = lone ? precision : calendar(first, last);
    if (span === "year") return String(first.getUTCFullYear());
    if (span === "month") return months.format(first);
    if (lone) return say("date.about", { day: dayMonthYear(first) });
    return range(last - first === DAY ? "date.or" : "date.between", first, last);
  }

  function calendar(first, last) {
    const next = new Date(last.getTime() + DAY);
    if (first.getUTCDate() !== 1 || next.getUTCDate() !== 1) return null;
    const count = 12 * (next.getUTCFullYear() - first.getUTCFullYear()) + next.getUTCMonth() - first.getUTCMonth();
    if (count === 1) return "month";
    return count === 12 && first.getUTCMonth() === 0 ? "year" : null;
  }

  function range(key, first, last) {
    const sameYear = first.getUTCFullYear() === last.getUTCFullYear();
    const sameMonth = sameYear && first.getUTCMonth() === last.getUTCMonth();
    const shorter = sameMonth ? day : sameYear ? dayMonth : dayMonthYear;
    return say(key, { first: shorter(first), last: dayMonthYear(last) });
  }

  function published(written) {
    const at = viewer.dayOf(written);
    return at === null ? written : dayMonthYear(new Date(at * DAY));
  }

  // Never more certain than the record: an end that is missing is open.
  function toll(low, best, high) {
    if (low === null && high === null) {
      return best === null ? say("toll.unknown") : say("toll.best_only", { best });
    }
    if (low === high) return numbers.format(high);
    const reach =
      high === null ? say("toll.at_least", { n: low })
      : low === null ? say("toll.at_most", { n: high })
      : say("toll.range", { low, high });
    const open = high === null || low === null;
    if (best === null || (open && (best === low || best === high))) return reach;
    return say("toll.with_best", { reach, best });
  }

  function distance(metres) {
    if (metres < 1000) return say("distance.m", { m: Math.round(metres) });
    const km = metres / 1000;
    return say("ring.km", { km: km < 10 ? Math.round(km * 10) / 10 : Math.round(km) });
  }

  // As someone types it: "5,000", and in French "5 000" or "2,5".
  function amount(typed) {
    const plain = (lang === "fr" ? typed.replace(",", ".") : typed.replace(/,/g, "")).replace(/\s/g, "");
    return plain !== "" && Number(plain) >= 0 ? Number(plain) : null;
  }

  const when = (incident) => date(incident.start, incident.end, incident.precision);
  const number = (value) => numbers.format(value);
  return { say, date, when, published, toll, distance, amount, number, knows: (key) => Object.hasOwn(messages, key) };
};

// What a page says, in the language it speaks now: use(lang) changes that and tells who asked by changed(act).
viewer.speech = (data) => {
  const told = [];
  let now = viewer.text(data.messages[data.lang], data.lang);
  const text = {
    lang: data.lang,
    caption: (name) => data.captions[text.lang][name],
    reason: (reason) => viewer.payload.reason(reason, data.reasons[text.lang]),
    other: () => Object.keys(data.messages).find((lang) => lang !== text.lang),
    changed: (act) => told.push(act),
    follow(act) {
      told.push(act);
      act();
    },
    use(lang) {
      now = viewer.text(data.messages[lang], lang);
      text.lang = lang;
      told.forEach((act) => act());
    },
  };
  Object.keys(now).forEach((name) => (text[name] = (...given) => now[name](...given)));
  return text;
};
