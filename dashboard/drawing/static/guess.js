// @ts-check
// Guess, then see: the reader draws how it goes on, and then it happens.
import { html, useEffect, useRef, useState } from "htm/preact";
import { areasOf, ends, GAP, range, stacked } from "./charts.js";
import { clamp, extent, signed } from "./dom.js";
import { axes, path, room, scales, YEAR } from "./figure.js";
import { added, smooth } from "./state.js";

/** @typedef {import("./state.js").State} State */

const DRAWS = 1800;

/** Heights of words, each moved up as far as it must to stand clear of those below. @param {number[]} heights */
export function apart(heights) {
  const order = heights.map((_, k) => k).sort((a, b) => heights[b] - heights[a]);
  const found = [...heights];
  order.forEach((k, n) => {
    if (n) found[k] = Math.min(found[k], found[order[n - 1]] - GAP);
  });
  return found;
}

export function Guess(
  /** @type {{ state: State, width: number, height: number, still: boolean }} */ { state, width, height, still },
) {
  const { frame, scene, words } = state;
  const asked = frame.question;
  const trust = asked.measure === "trust";
  const parts = trust ? null : added(state);
  const [watched, other] = (state.series.trust_ties ?? [[], []]).map((line) =>
    smooth(line, words.smooth).map((value) => 100 * value),
  );
  const whole = parts ? parts[0].map((_, w) => parts.reduce((sum, part) => sum + part[w], 0)) : watched;
  const begins = asked.begins;
  const there = frame.week >= begins && whole.length >= begins;
  const known = asked.guess !== null && frame.week >= asked.ends;
  const start = whole[begins - 1] ?? 0;
  const first = () => Array.from({ length: YEAR + 1 }, () => start);
  const [drawn, setDrawn] = useState(/** @type {number[] | null} */ (null));
  const [shown, setShown] = useState(0);
  const last = useRef(/** @type {[number, number] | null} */ (null));
  useEffect(() => {
    setDrawn(null);
    setShown(0);
  }, [asked.name]);
  useEffect(() => {
    if (!known) return undefined;
    if (still) {
      setShown(YEAR);
      return undefined;
    }
    const began = performance.now();
    let pending = 0;
    const tick = (/** @type {number} */ now) => {
      setShown(Math.min(YEAR, (YEAR * (now - began)) / DRAWS));
      if (now - began < DRAWS) pending = requestAnimationFrame(tick);
    };
    pending = requestAnimationFrame(tick);
    return () => cancelAnimationFrame(pending);
  }, [known, asked.name]);

  const curve = drawn ?? first();
  const upTo = known ? Math.round(begins + shown) : Math.min(begins, whole.length);
  const narrow = width < 500;
  const margin = { left: 34, right: narrow ? 128 : 124, top: 14, bottom: 24 };
  // After many years only the last two are shown, so that a year has room; until then, the years as they pass.
  const late = begins > 4 * YEAR;
  const from = late && there ? begins - 2 * YEAR : 0;
  const cut = (/** @type {number[]} */ line) => line.slice(from, upTo);
  const bounds = trust
    ? { low: 0, high: 100, ticks: [0, 50, 100] }
    : range(extent([cut(whole)], 0, 0)[0], extent([cut(whole), curve], 1, 1)[1]);
  const axis = {
    width,
    height,
    margin,
    weeks: late ? (there ? asked.ends : begins) - from : Math.max(room(begins), asked.ends) - 4,
    low: bounds.low,
    high: bounds.high,
    begins: scene.begins,
    first: from / YEAR,
  };
  const at = scales(axis);
  const x = (/** @type {number} */ week) => at.x(week - from);
  const move = (/** @type {PointerEvent} */ event) => {
    if (known || !there || !(event.buttons & 1)) return;
    const box = /** @type {Element} */ (event.currentTarget).getBoundingClientRect();
    const k = Math.round(at.week(((event.clientX - box.left) * width) / box.width) + from - begins);
    const value = clamp(at.value(((event.clientY - box.top) * height) / box.height), bounds.low, bounds.high);
    if (k < 1 || k > YEAR + 3) return;
    const to = Math.min(YEAR, k);
    const next = [...curve];
    const [k0, v0] = last.current ?? [to, value];
    for (let j = Math.min(k0, to); j <= Math.max(k0, to); j++)
      next[j] = k0 === to ? value : v0 + ((value - v0) * (j - k0)) / (to - k0);
    // What is still to be drawn goes on from where the pen is.
    for (let j = to + 1; j <= YEAR; j++) if (!drawn || to >= k0) next[j] = value;
    for (let j = 1; j < Math.min(k0, to); j++) if (!drawn) next[j] = start + ((value - start) * j) / to;
    last.current = [to, value];
    setDrawn(next);
  };
  const key = (/** @type {KeyboardEvent} */ event) => {
    const by = { ArrowUp: 1, ArrowDown: -1, PageUp: 10, PageDown: -10 }[event.key];
    if (!by || known) return;
    event.preventDefault();
    event.stopPropagation();
    const end = clamp(curve[YEAR] + (by * (bounds.high - bounds.low)) / 100, bounds.low, bounds.high);
    setDrawn(first().map((value, k) => value + ((end - value) * (1 - Math.exp(-k / 15))) / (1 - Math.exp(-YEAR / 15))));
  };
  const end = curve[YEAR];
  const number = (/** @type {number} */ value) => (trust ? value.toFixed(0) : signed(value));
  const line = curve.map((value, k) => `${x(begins + k).toFixed(1)} ${at.y(value).toFixed(1)}`).join("L");
  const final = whole[asked.ends - 1];
  const unwatched = trust ? at.y(other[Math.min(upTo, other.length) - 1] ?? 0) + 4 : at.y(0) + 14;
  const [yOther, yGuess, yTruth] = apart([
    unwatched,
    at.y(end) + 4,
    known ? at.y(final) + 4 : Number.NEGATIVE_INFINITY,
  ]);
  const areas = parts ? stacked(parts.map(cut)) : null;
  const onTheWay = !there || (asked.guess !== null && !known);
  return html`<section class="gh-panel gh-guess" aria-label="Guess, then see">
    <div class="gh-head"><span class="gh-note">Question ${asked.number} of ${asked.of}</span>
      <button type="button" class="gh-button is-quiet" onClick=${() => state.ask("unask")}>${known && !asked.next ? "Close" : "Skip the questions"}</button></div>
    <h2 class="gh-question">${known && shown >= YEAR ? asked.became : asked.heading}</h2>
    <p class="gh-lead">${known ? (trust ? "Trust in neighbours, of 100" : "More acts that follow the rules, of 100, than in the unwatched world") : `Finish the curve: draw with mouse or finger, or move its end with the arrow keys. ${asked.lead}`}</p>
    <svg class="gh-draw" viewBox=${`0 0 ${width} ${height}`} height=${height} role="slider" tabindex=${known ? -1 : 0} aria-label="Your guess of what it is a year later"
      aria-valuemin=${bounds.low} aria-valuemax=${bounds.high} aria-valuenow=${end} aria-valuetext=${`${number(end)} a year later`}
      onPointerDown=${(/** @type {any} */ e) => {
        last.current = null;
        e.currentTarget.setPointerCapture(e.pointerId);
        move(e);
      }} onPointerMove=${move} onKeyDown=${key}>
      ${axes(axis, bounds.ticks, (value) => (trust || value === 0 ? String(value) : signed(value).replace(".0", "")))}
      ${!known && (there || !late) && html`<rect x=${x(begins)} y=${margin.top} width=${x(asked.ends) - x(begins)} height=${height - margin.top - margin.bottom} fill="var(--wash)" />`}
      ${known && areas && areasOf(words.parts, areas, at, width)}
      ${(!known || trust) && html`<path d=${path(cut(whole), at)} fill="none" stroke="var(--ink)" stroke-width="2.5" />`}
      ${trust && html`<path d=${path(other.slice(from, Math.max(upTo, 1)), at)} fill="none" stroke="var(--ink2)" stroke-width="1.5" stroke-dasharray="4 3" />`}
      ${!trust && html`<line x1=${margin.left} x2=${width - margin.right} y1=${at.y(0)} y2=${at.y(0)} stroke="var(--ink)" stroke-width="1.5" />`}
      <text class="gh-zero" x=${width - margin.right + 8} y=${yOther}>${scene.other ? "other world" : "unwatched"}</text>
      ${ends({ off: begins - from, at, top: margin.top, bottom: height - margin.bottom, right: known, words: trust ? "reports end" : "switched off" })}
      ${!known && there && html`<text x=${(x(begins) + x(asked.ends)) / 2} y=${margin.top + 16} text-anchor="middle">${drawn ? "" : "draw here"}</text>`}
      ${
        there &&
        html`${known && html`<path d=${`M${line}`} fill="none" stroke="var(--paper)" stroke-width="6" stroke-linecap="round" />`}
        <path d=${`M${line}`} fill="none" stroke="var(--ink)" stroke-width="2.5" stroke-dasharray="7 5" stroke-linecap="round" />
        <circle cx=${x(asked.ends)} cy=${at.y(end)} r="9" fill="var(--panel)" stroke="var(--ink)" stroke-width="2.5" />
        <text class="gh-name" x=${x(asked.ends) + 16} y=${yGuess} style="fill:var(--ink)">your guess ${number(end)}</text>`
      }
      ${known && shown >= YEAR && html`<text class="gh-name" x=${x(asked.ends) + 16} y=${yTruth} style="fill:var(--ink)">it was ${number(final)}</text>`}
    </svg>
    ${known && shown >= YEAR && html`<p class="gh-said">${asked.says}</p>`}
    ${onTheWay && html`<p class="gh-note" role="status">${there ? "They live the year that you guessed …" : `They live to week ${begins.toLocaleString("en")} …`} week ${frame.week.toLocaleString("en")}</p>`}
    <div class="gh-buttons">
      ${
        !known &&
        html`<button type="button" class="gh-button is-main" disabled=${!there || onTheWay} onClick=${() => state.ask("answer", { guess: end })}>Show what happened</button>
        <button type="button" class="gh-button" disabled=${!drawn} onClick=${() => setDrawn(null)}>Draw again</button>`
      }
      ${known && asked.next && html`<button type="button" class="gh-button is-main" onClick=${() => state.ask("ask", { question: asked.next.name })}>Next: ${asked.next.short.replace(/^And/, "and").replace(/^What/, "what")}</button>`}
      ${known && !asked.next && html`<button type="button" class="gh-button is-main" onClick=${() => state.ask("again")}>Begin again</button>`}
      ${known && html`<button type="button" class="gh-button" onClick=${() => state.ask("unask")}>Play on from here</button>`}
    </div>
  </section>`;
}
