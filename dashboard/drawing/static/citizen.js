// @ts-check
// The card of a citizen: a sentence, what moves her, what she did, her year, her neighbours.
import { html, useEffect, useRef } from "htm/preact";
import { plainly, sign } from "./dom.js";
import { mark } from "./marks.js";

/** @typedef {import("./state.js").State} State */

/** Her last year, a column a week: reported above, sanctioned below. */
function Year(/** @type {{ card: any, kinds: any[], width: number }} */ { card, kinds, width }) {
  const each = width / 52;
  const deviates = kinds.length - 1;
  const first = 52 - card.year.length;
  return html`<svg class="gh-year" viewBox=${`0 0 ${width} 42`} height="42" role="img" aria-label="Her last year, week by week">
    ${card.year.map((/** @type {number} */ kind, /** @type {number} */ w) => {
      const x = (first + w) * each;
      const known = kinds[kind];
      return html`${
        known &&
        (known.shape === "ring"
          ? html`<rect x=${x + 1} y="10" width=${each - 2} height="18" fill="none" stroke=${`var(--${known.token})`} stroke-width="1.8" />`
          : html`<rect x=${x + 0.5} y=${kind === deviates ? 19 : 9} width=${each - 1} height=${kind === deviates ? 10 : 20} fill=${`var(--${known.token})`} />`)
      }
        ${card.reported[w] > 0 && html`<circle cx=${x + each / 2} cy="4" r="2.2" fill="var(--ink)" />`}
        ${card.sanctioned[w] && html`<circle cx=${x + each / 2} cy="36" r="3.2" fill="none" stroke="var(--ink)" stroke-width="1.4" />`}`;
    })}</svg>`;
}

/** @param {number} value */
const two = (value) => `${value < -0.004 ? "−" : value > 0.004 ? "+" : ""}${Math.abs(value).toFixed(2)}`;

export function Card(/** @type {{ state: State, width: number, close: () => void }} */ { state, width, close }) {
  const { frame, words, scene } = state;
  const { card } = frame;
  const { kinds } = words;
  // One scale for a citizen in both worlds and all weeks, so that bars can be compared.
  const scale = useRef({ citizen: -1, largest: 0.3 });
  if (scale.current.citizen !== card.citizen) scale.current = { citizen: card.citizen, largest: 0.3 };
  scale.current.largest = Math.max(
    scale.current.largest,
    ...(card.terms ?? []).map((/** @type {any} */ term) => Math.abs(term.value)),
  );
  const { largest } = scale.current;
  // Where the card lies below what was touched, as on a phone, it comes into sight.
  const place = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => {
    const box = place.current?.getBoundingClientRect();
    if (box && box.top > window.innerHeight - 160) place.current?.scrollIntoView({ block: "start" });
  }, [card.citizen]);
  const count = (/** @type {any[]} */ list) => list.reduce((sum, one) => sum + Number(one), 0);
  const other = scene.other ? "in the other world" : "unwatched";
  const follows = frame.playing && frame.speed === 1;
  return html`<section class="gh-panel gh-card" ref=${place} aria-label="A citizen">
    <div class="gh-head"><span class="gh-note">Citizen ${card.citizen}, ${card.where}, week ${frame.week}${frame.world ? `, ${other}` : ""}</span>
      <button type="button" class="gh-icon" aria-label="Close the card" onClick=${close}>${sign("close")}</button></div>
    <p class="gh-sentence">${card.says}</p>
    ${
      card.terms &&
      html`<div class="gh-terms">${card.terms.map((/** @type {any} */ { name, term, value }) => {
        const wide = (48 * Math.abs(value)) / largest;
        return html`<span key=${term} title=${term}>${name}</span><span class="gh-term"><i style=${`left:${value < 0 ? 50 - wide : 50}%;width:${Math.max(0.7, wide)}%;background:var(--${words.terms[term]})`}></i></span><b>${two(value)}</b>`;
      })}
      <span class="gh-sum"><span>← ${card.ends[0]} · ${card.ends[1]} →</span><span>together <b>${two(card.utility)}</b></span></span></div>`
    }
    ${card.does && html`<h3>This week she</h3><div class="gh-acts">${card.does.map((/** @type {string} */ does, /** @type {number} */ d) => html`<span key=${d}>${mark(kinds[card.acts[d]], 11)} ${does}</span>`)}</div>`}
    <h3 class="gh-spread"><span>Her last year</span><span class="gh-small">● reported ${count(card.reported)}   ○ sanctioned ${count(card.sanctioned)}</span></h3>
    <${Year} card=${card} kinds=${kinds} width=${width} />
    <div class="gh-ends"><span>a year ago</span><span>now</span></div>
    ${card.company && html`<h3 class="gh-company"><span>Her ${plainly(card.company.length)} ${card.company.length === 1 ? "neighbour" : "neighbours"}</span>${card.company.map((/** @type {number} */ kind, /** @type {number} */ k) => html`<span key=${k}>${kinds[kind] && mark(kinds[kind], 13)}</span>`)}</h3>`}
    <div class="gh-buttons">
      <button type="button" class="gh-button is-main" aria-pressed=${follows} onClick=${() => {
        state.ask("speed", { speed: 1 });
        state.ask("play", { on: !follows });
      }}>${follows ? "Stop following her" : "Follow her"}</button>
      <button type="button" class="gh-button" onClick=${() => state.ask("view", { world: frame.world ? 0 : 1 })}>${frame.world ? (frame.off === null ? "See her watched" : "See her as she is now") : `See her ${other}`}</button></div>
  </section>`;
}
