// Words, numbers and dates in the page's language. Everything here returns plain strings.
(function () {
  "use strict";
  const viewer = (window.maliIncidents = window.maliIncidents || {});
  const DAY = 86400000;

  viewer.text = function (messages, lang) {
    const plural = new Intl.PluralRules(lang);
    const numbers = new Intl.NumberFormat(lang);
    const days = new Intl.DateTimeFormat(lang, { dateStyle: "long", timeZone: "UTC" });
    const months = new Intl.DateTimeFormat(lang, { month: "long", year: "numeric", timeZone: "UTC" });

    function say(key, values) {
      let text = messages[key];
      if (text === undefined && values && values.n !== undefined) {
        text = messages[key + "." + (plural.select(values.n) === "one" ? "one" : "other")];
      }
      if (text === undefined) throw new Error("no message " + key);
      return text.replace(/\{(\w+)\}/g, function (whole, name) {
        const value = values ? values[name] : undefined;
        if (value === undefined) return whole;
        return typeof value === "number" ? numbers.format(value) : String(value);
      });
    }

    // A day number counts days since 1970-01-01.
    function date(start, end, precision) {
      if (start === null) return say("date.unknown");
      const first = new Date(start * DAY);
      const last = new Date((end === null ? start : end) * DAY);
      if (precision === "year") return String(first.getUTCFullYear());
      if (precision === "month") return months.format(first);
      if (first.getTime() === last.getTime()) return days.format(first);
      const range = days.formatRange(first, last);
      return precision === "day" || precision === null ? range : say("date.within", { range: range });
    }

    // A toll as a range, never more certain than the record.
    function toll(low, best, high) {
      if (low === null && best === null && high === null) return say("toll.unknown");
      const least = low === null ? (best === null ? high : best) : low;
      const most = high === null ? (best === null ? low : best) : high;
      if (low === null && best === null) return say("toll.at_most", { n: most });
      if (high === null && best === null) return say("toll.at_least", { n: least });
      if (least === most) return say("toll.exact", { n: most });
      return best === null || best === least || best === most
        ? say("toll.range", { low: least, high: most, n: most })
        : say("toll.range_best", { low: least, high: most, best: best, n: most });
    }

    return { say: say, date: date, toll: toll, number: (value) => numbers.format(value) };
  };
})();
