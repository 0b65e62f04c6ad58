// @ts-check
// What the watching adds, as parts stacked from zero; and levels of both worlds.
import { html } from "htm/preact";
import { choice, clamp, extent, isShare, memo, plainly, signed } from "./dom.js";
import { area, axes, nice, path, room, scales } from "./figure.js";
import { added, smooth } from "./state.js";

/** @typedef {import("./state.js").State} State */

/** Least distance of words above each other. */
export const GAP = 15;

/**
 * Parts upon each other: what adds rises from zero, what takes away falls below it.
 * @typedef {{ low: number[], high: number[], over: number[], under: number[] }} Band Of a part: what it adds lies
 * between low and high, what it takes away between over and under.
 * @param {number[][]} parts @returns {Band[]}
 */
export function stacked(parts) {
  let up = new Array(parts[0].length).fill(0);
  let down = new Array(parts[0].length).fill(0);
  return parts.map((part) => {
    const [low, over] = [up, down];
    up = part.map((value, w) => low[w] + Math.max(0, value));
    down = part.map((value, w) => over[w] + Math.min(0, value));
    return { low, high: up, over, under: down };
  });
}

/** Highest and lowest value of an axis, and its ticks. @param {number} low @param {number} high */
export function range(low, high) {
  const step = nice(Math.max(high - low, 0.5) / 2.2);
  const top = Math.max(step, Math.ceil((high + 0.02) / step) * step);
  const bottom = low < -0.15 ? Math.floor(low / (step / 2)) * (step / 2) : -step / 10;
  const ticks = [];
  for (let value = 0; value <= top + 1e-9; value += step) ticks.push(value);
  for (let value = -step; value >= bottom - 1e-9; value -= step) ticks.unshift(value);
  return { low: bottom, high: top, ticks };
}

/** @param {number} value */
const tick = (value) => (value === 0 ? "0" : `${value < 0 ? "−" : "+"}${plainly(Math.abs(value))}`);

/** Where it was switched off, or changed otherwise, as dotted lines. */
export function ends(/** @type {any} */ { off, at, top, bottom, words = "switched off", right = true }) {
  if (off === null || off === undefined) return null;
  return html`<line x1=${at.x(off)} x2=${at.x(off)} y1=${top - 4} y2=${bottom} stroke="var(--ink)" stroke-width="1.5" stroke-dasharray="2 3" />
    ${words && html`<text x=${at.x(off) + (right ? 6 : -6)} y=${top + 6} text-anchor=${right ? "start" : "end"} style="fill:var(--ink)">${words}</text>`}`;
}

/**
 * Areas of the parts, with their names inside where there is room, else beside.
 * @param {any[]} parts @param {Band[]} areas @param {ReturnType<typeof scales>} at
 * @param {number} right Where names that stand beside begin.
 * @param {boolean} [narrow] Whether these are one word only.
 */
export function areasOf(parts, areas, at, right, narrow = false) {
  const weeks = areas[0].high.length;
  const beside = /** @type {{ y: number, part: any }[]} */ ([]);
  const inside = parts.map((part, k) => {
    const { low, high } = areas[k];
    const wide = 7.6 * part.label.length;
    let best = -1;
    let most = 0;
    for (let w = Math.ceil(weeks * 0.3); w < weeks; w++) {
      if (at.x(w + 1) - wide / 2 < at.x(1) + 4 || at.x(w + 1) + wide / 2 > at.x(weeks) - 4) continue;
      // At its own height the name must fit at its middle and at both of its ends.
      const reach = Math.round((at.week(wide) - at.week(0)) / 2);
      const middle = (at.y(low[w]) + at.y(high[w])) / 2;
      const thick = Math.min(
        ...[w - reach, w, Math.min(weeks - 1, w + reach)].map(
          (v) => 2 * Math.min(middle - at.y(high[v]), at.y(low[v]) - middle),
        ),
      );
      if (thick > most) {
        most = thick;
        best = w;
      }
    }
    if (best >= 0 && most >= 19) {
      const y = (at.y(low[best]) + at.y(high[best])) / 2 + 4.5;
      return html`<text class="gh-within" x=${at.x(best + 1)} y=${y} text-anchor="middle">${part.label}</text>`;
    }
    const { over, under } = areas[k];
    const [from, to] = high[weeks - 1] > low[weeks - 1] ? [low, high] : [over, under];
    if (weeks && Math.abs(to[weeks - 1] - from[weeks - 1]) > 0.05) {
      beside.push({ y: (at.y(from[weeks - 1]) + at.y(to[weeks - 1])) / 2 + 4, part });
    }
    return null;
  });
  // Clear of each other, and of what stands at the line of zero.
  const zero = at.y(0) + 4;
  let last = zero;
  for (const one of beside.filter(({ y }) => y <= zero).sort((a, b) => b.y - a.y)) {
    one.y = Math.min(one.y, last - GAP);
    last = one.y;
  }
  last = zero;
  for (const one of beside.filter(({ y }) => y > zero).sort((a, b) => a.y - b.y)) {
    one.y = Math.max(one.y, last + GAP);
    last = one.y;
  }
  return html`${parts.map(
    (part, k) =>
      html`<path class="gh-area" data-part=${part.token} d=${area(areas[k].low, areas[k].high, at) + area(areas[k].under, areas[k].over, at)} fill=${`var(--${part.token})`} stroke="var(--paper)" stroke-width=".8" />`,
  )}
  ${inside}
  ${beside.map((one) => html`<text class="gh-name" x=${right} y=${one.y} style=${`fill:var(--${one.part.token})`}>${narrow ? one.part.label.split(" ").pop() : one.part.label}</text>`)}`;
}

/** What the watching adds, by part. */
const Difference = memo(
  (
    /** @type {{ state: State, width: number, height: number, run: any, dark: boolean }} */ { state, width, height },
  ) => {
    const { frame, scene, words } = state;
    const parts = added(state);
    const weeks = parts[0].length;
    const areas = stacked(parts);
    const [least, most] = extent(
      areas.flatMap(({ high, under }) => [high, under]),
      0,
      0,
    );
    const { low, high, ticks } = range(least, most);
    const axis = {
      width,
      height,
      margin: { left: 32, right: 74, top: 14, bottom: 24 },
      weeks: room(weeks, frame.off === null ? 40 : 0),
      low,
      high,
      begins: scene.begins,
    };
    const at = scales(axis);
    const sum = weeks ? parts.reduce((total, part) => total + part[weeks - 1], 0) : 0;
    const beside = scene.other ? "other world" : "unwatched";
    return html`<svg viewBox=${`0 0 ${width} ${height}`} height=${height} role="img" aria-label=${`What the watching adds: ${signed(sum)} of 100 acts in week ${weeks}`}>
    ${axes(axis, ticks, tick)}
    ${weeks > 0 && areasOf(words.parts, areas, at, at.x(weeks) + 8, width < 340)}
    <line x1=${axis.margin.left} x2=${width - axis.margin.right} y1=${at.y(0)} y2=${at.y(0)} stroke="var(--ink)" stroke-width="1.5" />
    <text class="gh-zero" x=${width - axis.margin.right + 6} y=${at.y(0) + 4}>${beside}</text>
    ${ends({ off: frame.off, at, top: axis.margin.top, bottom: height - axis.margin.bottom })}
    ${weeks > 0 && frame.off === null && html`<circle cx=${at.x(weeks)} cy=${at.y(sum)} r="4" fill="var(--panel)" stroke="var(--ink)" stroke-width="2" />`}
  </svg>`;
  },
);

/**
 * A measure in both worlds.
 *
 * Given: name; share, whether it is one and stands from 0 to 100; named, whether lines are named.
 */
export const Levels = memo((/** @type {any} */ { state, name, width, height, share, named = true }) => {
  const { frame, scene, words } = state;
  const times = share ? 100 : 1;
  const [watched, other] = (state.series[name] ?? [[], []]).map((/** @type {number[]} */ line) =>
    smooth(line, words.smooth).map((value) => times * value),
  );
  const [least, highest] = extent([watched, other], 0, 1e-6);
  const most = share ? 100 : nice(highest);
  const axis = {
    width,
    height,
    margin: { left: 30, right: 6, top: 8, bottom: 20 },
    weeks: room(watched.length, frame.off === null ? 40 : 0),
    low: least < -0.001 ? -nice(-least) : 0,
    high: most,
    begins: scene.begins,
  };
  const at = scales(axis);
  const end = watched.length - 1;
  const [a, b] = [watched[end], other[end]];
  const middle = Math.max(0, Math.floor((frame.off ?? end) * 0.45));
  const above = watched[middle] >= other[middle];
  const apart = Math.abs(at.y(watched[middle]) - at.y(other[middle])) > 3;
  // Clear of the values at the side and of the years below.
  const across = Math.max(at.x(middle), axis.margin.left + 34);
  const down = (/** @type {number} */ y) => clamp(y, axis.margin.top + 9, height - axis.margin.bottom - 4);
  return html`<svg viewBox=${`0 0 ${width} ${height}`} height=${height} role="img" aria-label=${`${name}: ${plainly(a ?? 0)}, unwatched ${plainly(b ?? 0)}`}>
    ${axes(axis, axis.low < 0 ? [axis.low, 0, most] : [0, most / 2, most], plainly, true)}
    <path d=${path(other, at)} fill="none" stroke="var(--ink2)" stroke-width="1.5" stroke-dasharray="4 3" />
    <path d=${path(watched, at)} fill="none" stroke="var(--ink)" stroke-width="2" />
    ${named && end > 8 && Number.isFinite(watched[middle]) && html`<text class="gh-line-name" x=${across} y=${down(at.y(watched[middle]) + (above ? -7 : 16))} text-anchor="middle" style="fill:var(--ink);font-weight:700">watched</text>`}
    ${named && apart && end > 8 && Number.isFinite(other[middle]) && html`<text class="gh-line-name" x=${across} y=${down(at.y(other[middle]) + (above ? 16 : -7))} text-anchor="middle">${scene.other ? "other" : "unwatched"}</text>`}
    ${ends({ off: frame.off, at, top: 8, bottom: height - 20, words: "" })}
  </svg>`;
});

/** The charts beside the society. */
export function Rail(
  /** @type {{ state: State, width: number, ui: any, set: (changes: any) => void, run: any }} */ {
    state,
    width,
    ui,
    set,
    run,
  },
) {
  const { scene, words } = state;
  const half = Math.max(80, (width - 20) / 2);
  const small = (/** @type {any} */ { name, label, of, share, height = width < 320 ? 96 : 118 }) =>
    html`<div key=${name}><h3>${label}</h3><p class="gh-note">${of}</p>
      <${Levels} state=${state} name=${name} width=${half} height=${height} share=${share} run=${run} /></div>`;
  const costs = words.costs.map((/** @type {any} */ { name, label, of }) =>
    small({ name, label, of: `${of}, of 100`, share: true }),
  );
  const shows = scene.shows.map((/** @type {any} */ one) =>
    small({
      name: one.name,
      label: one.label,
      of: isShare(one.unit) ? `${one.unit}, of 100` : one.unit,
      share: isShare(one.unit),
    }),
  );
  // What has ended answers the first question already.
  const next = scene.questions.find(
    (/** @type {any} */ one) => !ui.answered.includes(one.name) && (one.name !== "end" || state.frame.off === null),
  );
  const nth = ["Guess, then see", "The second question", "The third question"];
  return html`<section class="gh-panel gh-rail" aria-label="Charts">
    <div class="gh-head"><h2>${{ difference: "What the watching adds", levels: "Both worlds", look: "Look at" }[/** @type {"difference"} */ (ui.chart)]}</h2>
      ${choice({
        label: "Charts show",
        value: ui.chart,
        choices: [
          ["difference", "Difference"],
          ["levels", "Levels"],
          ["look", "Look at"],
        ],
        choose: (chart) => set({ chart }),
      })}</div>
    ${
      ui.chart === "difference" &&
      html`<p class="gh-note">More acts that follow the rules, of 100, than in ${scene.otherName === scene.name ? "this society unchanged" : scene.other ? html`“${scene.other}”` : "the unwatched world"}</p>
      <${Difference} state=${state} width=${width} height=${width < 320 ? 196 : 236} run=${run} />
      <div class="gh-two">${costs}</div>`
    }
    ${
      ui.chart === "levels" &&
      html`<p class="gh-note">Acts that follow the rules, of 100</p>
      <${Levels} state=${state} name="compliance" width=${width} height=${width < 320 ? 190 : 220} share=${true} run=${run} />
      <div class="gh-two">${costs}</div>`
    }
    ${ui.chart === "look" && html`<p class="gh-look">${scene.lookAt}</p><div class="gh-two">${shows}</div>`}
    ${
      next &&
      html`<div class="gh-ask"><span><span class="gh-note">${nth[Math.min(2, ui.answered.length)]}</span><span class="gh-serif">${next.short}</span></span>
      <button type="button" class="gh-button" onClick=${() => state.ask("ask", { question: next.name })}>Guess</button></div>`
    }
  </section>`;
}
