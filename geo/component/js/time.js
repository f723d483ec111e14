// The time bar: histogram, window with two handles, presets, typed dates, playback.

import { dayOf, histogram, isoOf, monthName, partsOf, sayDays, startOfMonth } from "./data.js";
import { button, el } from "./dom.js";

const PRESETS = [["24 h", 1], ["7 days", 7], ["30 days", 30], ["90 days", 90], ["Year", 365], ["All", null]];
const STEPS = { day: 1, week: 7, month: null }; // days; months have as many as they have
const PACES = [["slow", 700], ["medium", 350], ["fast", 120]];
const UNITS = { 1: "a day", 7: "a week", 14: "a fortnight", 365: "a year" };
const HEIGHT = 74; // px of the histogram
const THUMB = 12; // px, as in the style sheet: a handle's centre stands on the edge of its day

/** `onWindow(start, end)` is called at once with every change; `state` is read for what is set elsewhere. */
export class TimeBar {
  constructor(store, state, { onWindow, onSwitch, colours }) {
    Object.assign(this, { store, state, onWindow, onSwitch, colours });
    this.element = el("section", { class: "im-time", "aria-label": "Time" }, this.head(), this.chart(), this.tools());
    this.drag();
    this.show();
  }

  head() {
    this.label = el("output", { class: "im-window", "aria-live": "off" });
    this.presets = PRESETS.map(([name, days]) =>
      button(name, () => this.preset(days), { "aria-pressed": "false", title: days ? `The last ${name} of the data` : "All days" }),
    );
    return el("div", { class: "im-time-head" }, this.label, el("div", { class: "im-presets", role: "group", "aria-label": "Window" }, ...this.presets));
  }

  chart() {
    const { firstDay, lastDay, dated } = this.store;
    const handle = (name) =>
      el("input", {
        type: "range", min: firstDay, max: lastDay, step: 1, "aria-label": name, disabled: !dated,
        on: { input: () => this.moved(name), keydown: (event) => this.key(event) },
      });
    this.from = handle("Window start");
    this.to = handle("Window end");
    this.from.className = "im-from";
    this.to.className = "im-to";
    this.canvas = el("canvas", { class: "im-bars", height: HEIGHT, "aria-hidden": "true" });
    this.shade = el("div", { class: "im-shade" });
    this.box = el("div", { class: "im-chart" }, this.canvas, this.shade, this.from, this.to);
    return this.box;
  }

  tools() {
    const typed = (name, set) => {
      const input = el("input", { type: "date", "aria-label": name, disabled: !this.store.dated, on: { change: () => set(dayOf(input.value)) } });
      return input;
    };
    this.typedFrom = typed("First day", (day) => day !== null && this.set(day, Math.max(day, this.state.end)));
    this.typedTo = typed("Last day", (day) => day !== null && this.set(Math.min(day, this.state.start), day));
    const stepButton = (text, name, sign) => button(text, () => (this.stop(), this.shift(sign)), { class: "im-step-by", "aria-label": name, title: `${name} (Shift and an arrow on a handle)`, disabled: !this.store.dated });
    this.playButton = button("▶ Play", () => this.toggle(), { class: "im-play", "aria-pressed": "false", disabled: !this.store.dated });
    const choice = (name, options) => el("select", { "aria-label": name }, ...options.map(([text, value]) => el("option", { value }, text)));
    this.mode = choice("Window while playing", [["moving", "moving"], ["growing", "growing"]]);
    this.step = choice("Step of playing", Object.keys(STEPS).map((name) => [`by ${name}`, name]));
    this.pace = choice("Speed of playing", PACES);
    this.pace.value = "350";
    const days = this.store.lastDay - this.store.firstDay;
    this.step.value = days > 900 ? "month" : days > 120 ? "week" : "day";
    const check = (text, name, title) => {
      const input = el("input", { type: "checkbox", on: { change: () => this.onSwitch(name, input.checked) } });
      this[name] = input;
      return el("label", { class: "im-check", title }, input, text);
    };
    const undated = this.store.n - this.store.dated;
    return el("div", { class: "im-time-tools" },
      el("span", { class: "im-dates" }, this.typedFrom, "–", this.typedTo),
      el("span", { class: "im-player" }, stepButton("‹", "Window back by a step", -1), this.playButton, stepButton("›", "Window on by a step", 1), this.mode, this.step, this.pace),
      el("span", { class: "im-checks" },
        check("certainly inside", "certain", "Only incidents whose whole interval lies within the window"),
        undated ? check(`undated (${undated})`, "undated", "Show incidents without a date as well") : null,
      ),
    );
  }

  preset(days) {
    this.stop();
    const { firstDay, lastDay } = this.store;
    this.set(days === null ? firstDay : Math.max(firstDay, lastDay - days + 1), lastDay);
  }

  /** A handle was moved: the other gives way. */
  moved(name) {
    this.stop();
    const [from, to] = [Number(this.from.value), Number(this.to.value)];
    if (name === "Window start") this.set(from, Math.max(from, to));
    else this.set(Math.min(from, to), to);
  }

  /** With Shift the arrows move the window whole, by the step; the space bar plays. */
  key(event) {
    const sign = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
    if (event.key !== " " && !(sign && event.shiftKey)) return;
    event.preventDefault();
    if (event.key === " ") return this.toggle();
    this.stop();
    this.shift(sign);
  }

  /** Moves the window by a step, as far as there are days. */
  shift(sign) {
    const { firstDay, lastDay } = this.store;
    const { start, end } = this.state;
    const [s, e] = shifted(start, end, this.step.value, sign);
    if (s < firstDay) return this.set(firstDay, firstDay + end - start);
    this.set(Math.min(s, lastDay), e); // the last window may be cut short
  }

  set(start, end) {
    const { firstDay, lastDay } = this.store;
    const within = (day) => Math.max(firstDay, Math.min(lastDay, day));
    this.onWindow(within(start), within(end));
  }

  /** Shows the window that the state holds. */
  show() {
    const { firstDay, lastDay, dated } = this.store;
    const { start, end } = this.state;
    this.from.value = start;
    this.to.value = end;
    this.from.setAttribute("aria-valuetext", dated ? isoOf(start) : "no dates");
    this.to.setAttribute("aria-valuetext", dated ? isoOf(end) : "no dates");
    const span = Math.max(1, lastDay - firstDay + 1);
    this.from.style.width = this.to.style.width = `calc(${((span - 1) / span) * 100}% + ${THUMB}px)`;
    this.from.style.left = `${-THUMB / 2}px`;
    this.to.style.left = `calc(${100 / span}% - ${THUMB / 2}px)`;
    this.shade.style.left = `${((start - firstDay) / span) * 100}%`;
    this.shade.style.width = `${((end + 1 - start) / span) * 100}%`;
    this.shade.hidden = !dated;
    this.label.textContent = dated ? sayDays(start, end) : "No incident has a date";
    if (this.typedFrom.getRootNode().activeElement !== this.typedFrom) this.typedFrom.value = dated ? isoOf(start) : "";
    if (this.typedTo.getRootNode().activeElement !== this.typedTo) this.typedTo.value = dated ? isoOf(end) : "";
    PRESETS.forEach(([, days], i) => {
      const first = days === null ? firstDay : Math.max(firstDay, lastDay - days + 1);
      const pressed = dated && end === lastDay && start === first && (days === null || first > firstDay);
      this.presets[i].setAttribute("aria-pressed", String(Boolean(pressed)));
      this.presets[i].disabled = !dated;
    });
    for (const name of ["certain", "undated"]) if (this[name]) this[name].checked = this.state[name];
  }

  /** Dragging the window itself moves it; a drag elsewhere draws a new one. */
  drag() {
    let grip = null;
    const dayAt = (event) => {
      const { left, width } = this.box.getBoundingClientRect();
      const { firstDay, lastDay } = this.store;
      return firstDay + Math.floor(((event.clientX - left) / width) * (lastDay - firstDay + 1));
    };
    this.canvas.addEventListener("pointerdown", (event) => {
      if (!this.store.dated || event.button) return;
      this.stop();
      const day = dayAt(event);
      const { start, end } = this.state;
      const whole = start === this.store.firstDay && end === this.store.lastDay;
      grip = { day, start, end, move: !whole && day >= start && day <= end, moved: false };
      this.canvas.setPointerCapture(event.pointerId);
    });
    this.canvas.addEventListener("pointermove", (event) => {
      if (!grip) return;
      const day = dayAt(event);
      if (day === grip.day && !grip.moved) return;
      grip.moved = true;
      if (!grip.move) return this.set(Math.min(grip.day, day), Math.max(grip.day, day));
      const { firstDay, lastDay } = this.store;
      const shift = Math.max(firstDay - grip.start, Math.min(lastDay - grip.end, day - grip.day));
      this.set(grip.start + shift, grip.end + shift);
    });
    for (const event of ["pointerup", "pointercancel"]) this.canvas.addEventListener(event, () => (grip = null));
  }

  // --- playback ----------------------------------------------------------------------------------------------------

  toggle() {
    if (this.playing) return this.stop();
    const { firstDay, lastDay } = this.store;
    const growing = this.mode.value === "growing";
    if (this.state.end >= lastDay) {
      const wide = growing || (this.state.start === firstDay && this.state.end === lastDay);
      this.set(firstDay, wide ? firstStep(firstDay, this.step.value) : firstDay + this.state.end - this.state.start);
    }
    this.playing = setInterval(() => this.tick(), Number(this.pace.value));
    this.playButton.textContent = "❚❚ Pause";
    this.playButton.setAttribute("aria-pressed", "true");
  }

  tick() {
    const { start, end } = this.state;
    if (end >= this.store.lastDay) return this.stop();
    const [s, e] = shifted(start, end, this.step.value, 1);
    this.set(this.mode.value === "growing" ? start : s, e);
  }

  stop() {
    if (!this.playing) return;
    clearInterval(this.playing);
    this.playing = null;
    this.playButton.textContent = "▶ Play";
    this.playButton.setAttribute("aria-pressed", "false");
  }

  // --- the histogram -----------------------------------------------------------------------------------------------

  /** Draws the bars of the incidents that the other filters leave. */
  draw(mask) {
    const width = this.box.clientWidth;
    if (!width) return;
    const ratio = globalThis.devicePixelRatio || 1;
    const colour = this.colours();
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(HEIGHT * ratio);
    const context = this.canvas.getContext("2d");
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const floor = HEIGHT - 16;
    context.fillStyle = colour.axis;
    context.fillRect(0, floor, width, 1);
    if (!this.store.dated) return;
    const days = this.store.lastDay - this.store.firstDay + 1;
    const bars = histogram(this.store, mask, width);
    this.bars(context, bars, width / days, floor);
    context.fillStyle = colour.muted;
    context.font = `11px ${colour.font}`;
    if (bars.top) context.fillText(`highest: ${most(bars.top)} ${UNITS[bars.size] ?? `in ${bars.size} days`}`, 4, 11);
    this.axis(context, width, days, floor, colour);
  }

  bars(context, { size, bins, values, top }, dayWidth, floor) {
    const classes = this.store.types.length;
    const gap = size * dayWidth > 5 ? 1 : 0;
    for (let bin = 0; bin < bins; bin++) {
      let y = floor;
      for (let t = 0; t < classes; t++) {
        const height = (values[bin * classes + t] / top) * (floor - 14);
        if (!height) continue;
        context.fillStyle = this.store.types[t].colour;
        context.fillRect(bin * size * dayWidth, y - height, Math.max(1, size * dayWidth - gap), Math.max(height, 0.5));
        y -= height;
      }
    }
  }

  axis(context, width, days, floor, colour) {
    context.font = `11px ${colour.font}`;
    context.fillStyle = colour.muted;
    context.textBaseline = "alphabetic";
    const { firstDay } = this.store;
    let free = -1;
    for (const [day, text] of ticks(firstDay, days, width)) {
      const x = ((day - firstDay) / days) * width;
      context.fillRect(x, floor, 1, 4);
      const w = context.measureText(text).width;
      const left = Math.max(0, Math.min(width - w, x + 3));
      if (left < free) continue;
      context.fillText(text, left, HEIGHT - 3);
      free = left + w + 10;
    }
  }
}

const most = (top) => (top >= 10 || Math.abs(top - Math.round(top)) < 0.05 ? Math.round(top).toLocaleString("en") : top.toFixed(1));

/** A window moved by a step; one of a calendar month becomes the next or the last calendar month. */
function shifted(start, end, step, sign) {
  if (STEPS[step] !== null) return [start + sign * STEPS[step], end + sign * STEPS[step]];
  if (end - start >= 31) return [months(start, sign), months(end + 1, sign) - 1];
  const { year, month } = partsOf(sign > 0 ? end + 1 : start - 1);
  return partsOf(end + 1).day === 1 ? [startOfMonth(year, month), startOfMonth(year, month + 1) - 1] : [months(start, sign), months(end + 1, sign) - 1];
}

/** The same day of another month, or its last where it has fewer. */
function months(day, n) {
  const { year, month, day: d } = partsOf(day);
  return Math.min(startOfMonth(year, month + n) + d - 1, startOfMonth(year, month + n + 1) - 1);
}

/** The last day of the first step: of a month, that month's. */
function firstStep(day, step) {
  const { year, month } = partsOf(day);
  return STEPS[step] === null ? startOfMonth(year, month + 1) - 1 : day + STEPS[step] - 1;
}

/** Days with a tick and what it says: years, months or days, as many as have room. */
function* ticks(firstDay, days, width) {
  const perDay = width / days;
  const { year, month, day } = partsOf(firstDay);
  if (perDay * 365 < 500) {
    const every = Math.max(1, Math.ceil(50 / (perDay * 365)));
    const quarters = perDay * 365 > 200;
    if (!quarters && day + month > 1) yield [firstDay, monthYear(firstDay)];
    for (let y = year; startOfMonth(y, 0) < firstDay + days; y += quarters ? 1 : every) {
      for (const m of quarters ? [0, 3, 6, 9] : [0]) {
        const at = startOfMonth(y, m);
        if (at >= firstDay && at < firstDay + days) yield [at, m ? monthName(m).slice(0, 3) : String(y)];
      }
    }
  } else if (perDay * 30 < 420) {
    if (day > 1) yield [firstDay, `${day} ${monthYear(firstDay)}`];
    for (let m = month; ; m++) {
      const at = startOfMonth(year, m);
      if (at >= firstDay + days) return;
      if (at >= firstDay) yield [at, m % 12 === 0 || at === firstDay ? monthYear(at) : monthName(m % 12).slice(0, 3)];
    }
  } else {
    const every = Math.max(1, Math.ceil(58 / perDay));
    for (let at = firstDay; at < firstDay + days; at += every) {
      const p = partsOf(at);
      yield [at, `${p.day} ${monthName(p.month).slice(0, 3)}${at === firstDay ? ` ${p.year}` : ""}`];
    }
  }
}

function monthYear(day) {
  const { year, month } = partsOf(day);
  return `${monthName(month).slice(0, 3)} ${year}`;
}
