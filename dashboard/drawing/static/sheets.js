// @ts-check
// Sheets over the page: scenarios, how to read it, what can be taken away, a small sweep.
import { html, useEffect, useRef, useState } from "htm/preact";
import { plainly, sign } from "./dom.js";
import { scales } from "./figure.js";

/** @typedef {import("./state.js").State} State */

/** A sheet that holds the focus until it is closed. */
function Sheet(/** @type {any} */ { title, close, children, extra, message }) {
  const box = useRef(/** @type {HTMLDialogElement | null} */ (null));
  useEffect(() => {
    box.current?.showModal();
    return () => box.current?.close();
  }, []);
  return html`<dialog class="gh-sheet" ref=${box} aria-label=${title} onCancel=${(/** @type {Event} */ e) => {
    e.preventDefault();
    close();
  }}
      onClick=${(/** @type {MouseEvent} */ e) => {
        if (e.target === box.current) close();
      }}>
    <div class="gh-sheet-in"><div class="gh-sheet-head"><h2>${title}</h2>${extra}<button type="button" class="gh-icon" aria-label="Close" onClick=${close}>${sign("close")}</button></div>${message && html`<p class="gh-fault" role="alert">${message}</p>`}${children}</div>
  </dialog>`;
}

export function Scenarios(/** @type {{ state: State, close: () => void }} */ { state, close }) {
  const { words, scene } = state;
  const [search, setSearch] = useState("");
  const wanted = search.toLowerCase().split(/\s+/).filter(Boolean);
  const groups = words.sheet.map((/** @type {any} */ { group, scenarios }) => ({
    group,
    scenarios: scenarios.filter((/** @type {any} */ one) =>
      wanted.every((word) => `${one.title} ${one.line} ${one.all}`.toLowerCase().includes(word)),
    ),
  }));
  const all = words.sheet.flatMap((/** @type {any} */ group) => group.scenarios);
  const found = groups.some((/** @type {any} */ group) => group.scenarios.length);
  return html`<${Sheet} title="Choose a scenario" close=${close} message=${state.frame.message} extra=${html`<input class="gh-find" type="search" aria-label="Search scenarios" placeholder=${`Search ${all.length} scenarios`} value=${search} onInput=${(/** @type {any} */ e) => setSearch(e.target.value)} />`}>
    <div class="gh-groups">${groups.map(
      (/** @type {any} */ { group, scenarios }) =>
        scenarios.length > 0 &&
        html`<div class="gh-group" key=${group}><h3>${group}</h3>${scenarios.map(
          (/** @type {any} */ one) =>
            html`<button type="button" class="gh-scenario" key=${one.name} aria-current=${one.name === scene.name} onClick=${() => {
              state.ask("choose", { scenario: one.name });
              close();
            }}>${one.title}<span>${one.line}</span></button>`,
        )}</div>`,
    )}</div>
    ${!found && html`<p class="gh-note">No scenario has these words.</p>`}
    <div class="gh-sheet-foot">
      <label>Beside it <select value=${scene.otherName} onChange=${(/** @type {any} */ e) => {
        state.ask("beside", { scenario: e.target.value });
      }}>
        <option value="">the same people, unwatched</option>
        ${all.map((/** @type {any} */ one) => html`<option key=${one.name} value=${one.name}>${one.title}</option>`)}</select></label>
      <label>Other people, other luck: seed <input type="number" min="0" step="1" value=${scene.seed} onChange=${(
        /** @type {any} */ e,
      ) => {
        if (e.target.value !== "") state.ask("seed", { seed: Number(e.target.value) });
      }} /></label>
    </div>
  </${Sheet}>`;
}

/** A source, its DOI a link. @param {string} source */
function linked(source) {
  return source
    .split(/(doi:10\.[^\s;,]+)/)
    .map((part) =>
      part.startsWith("doi:")
        ? html`<a href=${`https://doi.org/${part.slice(4)}`} target="_blank" rel="noopener">${part}</a>`
        : part,
    );
}

export function Reading(/** @type {{ state: State, close: () => void }} */ { state, close }) {
  const { words, scene } = state;
  return html`<${Sheet} title="How to read this" close=${close}>
    <div class="gh-reading">${words.reading.map((/** @type {[string, string]} */ [heading, text]) => html`<div key=${heading}><h3>${heading}</h3><p>${text}</p></div>`)}
      <div><h3>${scene.title}</h3><p>${scene.about}</p><p>Look at: ${scene.lookAt}</p></div>
      <div><h3>Sources of this scenario</h3>${scene.sources.map((/** @type {string} */ source) => html`<p key=${source}>${linked(source)}</p>`)}</div></div>
  </${Sheet}>`;
}

const FILES = [
  ["scenario.toml", "Scenario", "All settings and changes; glasshouse run lives it again, bit for bit"],
  ["picture.svg", "This chart, SVG", "What the watching adds, with its sentence and numbers as on the page"],
  ["picture.png", "This chart, PNG", "The same, for a slide"],
  ["history.csv", "History, CSV", "Every measure in every week, of both worlds"],
  ["history.parquet", "History, Parquet", "The same, smaller"],
  ["figure.svg", "All measures, SVG", "Panels of the watched world, for a paper"],
  ["figure.png", "All measures, PNG", "The same, for a slide"],
];

export function Away(/** @type {{ state: State, close: () => void }} */ { state, close }) {
  return html`<${Sheet} title="Take it away" close=${close} message=${state.frame.message}>
    <p class="gh-note">Everything up to week ${state.frame.week.toLocaleString("en")}. It is made when you ask for it.</p>
    <div class="gh-files">${FILES.map(([file, name, says]) => html`<button type="button" key=${file} class="gh-scenario" onClick=${() => state.ask("take", { file })}>${name}<span>${says}</span></button>`)}</div>
    <p class="gh-note">The address of the page itself restores both worlds with all that was changed: <code>${state.frame.link.slice(0, 60)}…</code></p>
  </${Sheet}>`;
}

/** A setting over its range: means with their intervals. */
function SweepChart(/** @type {{ sweep: any }} */ { sweep }) {
  const { values, means, halves, name, unit, outcome } = sweep;
  const [width, height] = [620, 300];
  const low = Math.min(...means.map((/** @type {number} */ m, /** @type {number} */ k) => m - halves[k]));
  const high = Math.max(...means.map((/** @type {number} */ m, /** @type {number} */ k) => m + halves[k]));
  const gap = high - low || 0.1;
  const axis = {
    width,
    height,
    margin: { left: 62, right: 16, top: 14, bottom: 52 },
    weeks: values[values.length - 1] - values[0] || 1,
    low: low - 0.08 * gap,
    high: high + 0.08 * gap,
  };
  const at = scales(axis);
  const x = (/** @type {number} */ k) => at.x(values[k] - values[0]);
  const points = (/** @type {number} */ side) =>
    means.map(
      (/** @type {number} */ m, /** @type {number} */ k) =>
        `${x(k).toFixed(1)} ${at.y(m + side * halves[k]).toFixed(1)}`,
    );
  return html`<svg class="gh-sweep" xmlns="http://www.w3.org/2000/svg" viewBox=${`0 0 ${width} ${height}`} width=${width} height=${height} role="img" aria-label=${`${outcome} against ${name}`}>
    <path d=${`M${points(1).join("L")}L${points(-1).reverse().join("L")}Z`} fill="var(--line)" />
    <path d=${`M${points(0).join("L")}`} fill="none" stroke="var(--ink)" stroke-width="2" />
    ${means.map((/** @type {number} */ m, /** @type {number} */ k) => html`<circle cx=${x(k)} cy=${at.y(m)} r="3.5" fill="var(--ink)"><title>${`${plainly(values[k])}: ${plainly(m)} ± ${plainly(halves[k])}`}</title></circle>`)}
    ${[low, (low + high) / 2, high].map((value) => html`<text x="56" y=${at.y(value) + 4} text-anchor="end">${plainly(value)}</text>`)}
    ${values.map((/** @type {number} */ value, /** @type {number} */ k) => html`<text x=${x(k)} y=${height - 34} text-anchor="middle">${plainly(value)}</text>`)}
    <text x=${(62 + width - 16) / 2} y=${height - 10} text-anchor="middle" class="gh-name">${name}${unit ? ` (${unit})` : ""}</text>
    <text x="14" y=${height / 2 - 20} text-anchor="middle" transform=${`rotate(-90 14 ${height / 2 - 20})`} class="gh-name">${outcome}</text>
  </svg>`;
}

export function Sweep(/** @type {{ state: State, close: () => void }} */ { state, close }) {
  const { scene, frame } = state;
  const numbers = scene.settings.filter(
    (/** @type {any} */ control) => control.kind === "number" || control.kind === "whole",
  );
  const firstLever = scene.levers.find((/** @type {string} */ path) =>
    numbers.some((/** @type {any} */ control) => control.path === path),
  );
  const [path, setPath] = useState(firstLever ?? numbers[0].path);
  const [outcome, setOutcome] = useState("compliance");
  const [weeks, setWeeks] = useState(104);
  const sweep = frame.sweep;
  const running = sweep && sweep.done === null;
  return html`<${Sheet} title="Try a whole range" close=${close} message=${state.frame.message}>
    <p class="gh-note">Seven values of one setting, four seeds each, on at most 1,000 citizens; the mean of the last quarter of the weeks, with its 95% interval. The society on the page is not touched.</p>
    <div class="gh-form">
      <label>Setting <select value=${path} onChange=${(/** @type {any} */ e) => setPath(e.target.value)}>${numbers.map((/** @type {any} */ one) => html`<option key=${one.path} value=${one.path}>${one.label} (${one.heading})</option>`)}</select></label>
      <label>Outcome <select value=${outcome} onChange=${(/** @type {any} */ e) => setOutcome(e.target.value)}>${scene.outcomes.map((/** @type {[string, string]} */ [name, label]) => html`<option key=${name} value=${name}>${label}</option>`)}</select></label>
      <label>Weeks <input type="number" min="8" max="156" value=${weeks} onChange=${(/** @type {any} */ e) => setWeeks(Number(e.target.value) || 104)} /></label>
      ${
        running
          ? html`<button type="button" class="gh-button" onClick=${() => state.ask("cancel")}>Cancel</button>`
          : html`<button type="button" class="gh-button is-main" onClick=${() => state.ask("sweep", { path, outcome, weeks })}>Run it</button>`
      }
    </div>
    ${running && html`<p role="status"><progress max="100" value=${sweep.share}></progress> ${Math.round(sweep.share)}%</p>`}
    ${sweep?.fault && html`<p role="alert">${sweep.fault}</p>`}
    ${
      sweep?.done &&
      html`<${SweepChart} sweep=${sweep.done} />
      <div class="gh-buttons"><button type="button" class="gh-button" onClick=${() => state.ask("take", { file: "sweep.csv" })}>${sign("save")} Data (CSV)</button>
        <button type="button" class="gh-button" onClick=${() => state.ask("take", { file: "sweep.svg" })}>${sign("save")} Figure (SVG)</button>
        <button type="button" class="gh-button" onClick=${() => state.ask("take", { file: "study.toml" })}>Make this a study file</button></div>`
    }
  </${Sheet}>`;
}
