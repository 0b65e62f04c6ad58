// @ts-check
// Small things that every part of the page uses.
import { Component, html } from "htm/preact";

/** @typedef {Record<string, any>} Props */

/**
 * A component that is drawn anew only where something that it is given has changed.
 * @param {(props: any) => any} draws
 */
export function memo(draws) {
  return class extends Component {
    /** @param {Props} next */
    shouldComponentUpdate(next) {
      const now = /** @type {Props} */ (this.props);
      const names = Object.keys(next);
      return names.length !== Object.keys(now).length || names.some((name) => next[name] !== now[name]);
    }

    /** @param {Props} props */
    render(props) {
      return draws(props);
    }
  };
}

/** @param {number} value @param {number} low @param {number} high */
export const clamp = (value, low, high) => Math.min(high, Math.max(low, value));

/** A number of points with its sign. @param {number} value */
export const signed = (value) => {
  const rounded = Math.round(value * 10) / 10 + 0;
  return `${rounded < 0 ? "−" : "+"}${Math.abs(rounded).toFixed(1)}`;
};

/** Whether a unit is that of a share, which is read in percent. @param {string} unit */
export const isShare = (unit) => /^(share|probability)/.test(unit);

/**
 * Lowest and highest of many numbers and of two that are always among them; what is no number is left out. A call has no
 * room for as many arguments as a long course has weeks.
 * @param {number[][]} lists @param {number} low @param {number} high @returns {[number, number]}
 */
export function extent(lists, low, high) {
  let [least, most] = [low, high];
  for (const list of lists)
    for (const value of list) {
      if (value < least) least = value;
      if (value > most) most = value;
    }
  return [least, most];
}

/** A number as one reads it: three digits, a minus that is one. @param {number} value */
export const plainly = (value) => {
  const text = Math.abs(value) >= 1000 ? Math.round(value).toLocaleString("en") : String(Number(value.toPrecision(3)));
  return text.replace("-", "−");
};

const SHAPES = {
  play: "M2 1l11 6-11 6z",
  pause: "M2 1h4v12H2zM8 1h4v12H8z",
  back: "M1 1h3v12H1zM13 1L5 7l8 6z",
  step: "M1 1l8 6-8 6zM10 1h3v12h-3z",
};

/** @param {keyof typeof SHAPES} name */
export const icon = (name) =>
  html`<svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true"><path d=${SHAPES[name]} fill="currentColor" /></svg>`;

const LINES = {
  down: "M2 4l4 4 4-4",
  close: "M2 2l10 10M12 2L2 12",
  power: "M7 1v6M3.6 3.2a5.2 5.2 0 1 0 6.8 0",
  link: "M6 8.5a3 3 0 0 0 4.3.2l2-2A3 3 0 0 0 8 2.4l-1 1M8 5.5a3 3 0 0 0-4.3-.2l-2 2A3 3 0 0 0 6 11.6l1-1",
  save: "M7 1v8M3.5 5.8L7 9.3l3.5-3.5M1.5 12.5h11",
  moon: "M12 8.6A5.4 5.4 0 0 1 5.4 2 5.4 5.4 0 1 0 12 8.6z",
};

/** @param {keyof typeof LINES} name */
export const sign = (name) =>
  html`<svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="1.7"><path d=${LINES[name]} /></svg>`;

/**
 * A row of choices of which one is made.
 * @param {{ label: string, value: any, choices: [any, string][], choose: (value: any) => void, extra?: string }} props
 */
export const choice = ({ label, value, choices, choose, extra = "" }) =>
  html`<span class=${`gh-segments ${extra}`} role="group" aria-label=${label}>
    ${choices.map(
      ([one, words]) =>
        html`<button type="button" key=${one} aria-pressed=${one === value} onClick=${() => choose(one)}>${words}</button>`,
    )}
  </span>`;
