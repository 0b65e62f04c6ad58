// @ts-check
// Axes and lines of charts, as SVG.
import { html } from "htm/preact";

export const YEAR = 52;
const MOST = 300;

/**
 * @typedef {object} Frame
 * @property {number} width
 * @property {number} height
 * @property {{ left: number, right: number, top: number, bottom: number }} margin
 * @property {number} weeks Weeks that the axis has room for.
 * @property {number} low
 * @property {number} high
 * @property {number | null} [begins] Year of week 1, where weeks have dates.
 * @property {number} [first] Years that have passed where the axis begins.
 */

/** Where values lie. @param {Frame} frame */
export function scales({ width, height, margin, weeks, low, high }) {
  const across = width - margin.left - margin.right;
  const down = height - margin.top - margin.bottom;
  return {
    x: (/** @type {number} */ week) => margin.left + (across * week) / weeks,
    y: (/** @type {number} */ value) => margin.top + (down * (high - value)) / (high - low),
    week: (/** @type {number} */ x) => ((x - margin.left) / across) * weeks,
    value: (/** @type {number} */ y) => high - ((y - margin.top) / down) * (high - low),
  };
}

/** The next larger number that is 1, 2 or 5 times a power of ten. @param {number} value */
export function nice(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5, 10].find((k) => k * power >= value * 0.999) ?? 10) * power;
}

/** Weeks that an axis has room for: what was lived, and some to come. @param {number} week @param {number} [more] */
export const room = (week, more = 40) => Math.max(3 * YEAR, Math.ceil((week + more) / YEAR) * YEAR) + 4;

/** Years that are named on an axis. @param {number} weeks @param {number} most */
export function years(weeks, most) {
  const every = Math.max(1, nice(weeks / YEAR / most));
  return Array.from({ length: Math.floor(weeks / YEAR / every) + 1 }, (_, k) => k * every);
}

/** @param {number} year @param {number | null | undefined} begins @param {boolean} short */
export function yearName(year, begins, short) {
  if (begins) return String(begins + year);
  if (year === 0) return "start";
  return short ? String(year) : `${year} ${year === 1 ? "year" : "years"}`;
}

/** Places of a line that are drawn: some three hundred. @param {number} count */
export function places(count) {
  const every = Math.max(1, Math.ceil(count / MOST));
  const found = [];
  for (let k = 0; k < count; k += every) found.push(k);
  if (count && found[found.length - 1] !== count - 1) found.push(count - 1);
  return found;
}

/**
 * A line, week k of it at place k + 1; where there is no value it breaks.
 * @param {number[]} values @param {ReturnType<typeof scales>} at @param {number} [first]
 */
export function path(values, at, first = 1) {
  let pen = "M";
  let found = "";
  for (const k of places(values.length)) {
    if (!Number.isFinite(values[k])) {
      pen = "M";
      continue;
    }
    found += `${pen}${at.x(k + first).toFixed(1)} ${at.y(values[k]).toFixed(1)}`;
    pen = "L";
  }
  return found;
}

/** The ground between two lines. @param {number[]} low @param {number[]} high @param {ReturnType<typeof scales>} at */
export function area(low, high, at) {
  const ks = places(high.length);
  if (!ks.length) return "";
  const over = ks.map((k) => `${at.x(k + 1).toFixed(1)} ${at.y(high[k]).toFixed(1)}`);
  const under = ks.reverse().map((k) => `${at.x(k + 1).toFixed(1)} ${at.y(low[k]).toFixed(1)}`);
  return `M${[...over, ...under].join("L")}Z`;
}

/**
 * Years below and values at the side, with hairlines.
 * @param {Frame} frame @param {number[]} ticks @param {(value: number) => string} name @param {boolean} [short]
 */
export function axes(frame, ticks, name, short = false) {
  const at = scales(frame);
  const { width, height, margin } = frame;
  const named = years(frame.weeks, Math.max(2, Math.floor((width - margin.left - margin.right) / (short ? 44 : 72))));
  return html`${ticks.map(
    (
      value,
    ) => html`<line x1=${margin.left} x2=${width - margin.right} y1=${at.y(value)} y2=${at.y(value)} stroke="var(--line)" />
      <text x=${margin.left - 6} y=${at.y(value) + 4} text-anchor="end">${name(value)}</text>`,
  )}
  ${named.map(
    (year) =>
      html`<text x=${at.x(year * YEAR)} y=${height - 5} text-anchor=${year === 0 ? "start" : "middle"}>${yearName(year + (frame.first ?? 0), frame.begins, short)}</text>`,
  )}`;
}
