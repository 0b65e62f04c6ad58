// @ts-check
// Settings: levers beside the world, and all of them in the drawer. Each is keyed by its path.
import { html, useEffect, useRef, useState } from "htm/preact";
import { choice, clamp, plainly, sign } from "./dom.js";

/** @typedef {import("./state.js").State} State */

/** A value as one reads it. @param {any} control @param {any} value */
function said(control, value) {
  if (typeof value === "boolean") return value ? "on" : "off";
  if (typeof value !== "number") return String(value);
  if (control.percent) return `${plainly(100 * value)}%`;
  return plainly(value);
}

/** @param {any} control */
export const isChanged = (control) => control.value !== control.usual;

/** Where a value stands on its track, from 0 to 1. @param {any} control @param {number} value */
const share = (control, value) => clamp((value - control.low) / (control.high - control.low || 1), 0, 1);

/**
 * One setting.
 *
 * Given: control; change(value); off, whether it is without effect now; path, whether its path and source are shown.
 */
export function Setting(/** @type {any} */ { control, change, off, path, fault }) {
  const [value, setValue] = useState(control.value);
  const [open, setOpen] = useState(false);
  const closing = useRef(0);
  // What was refused goes back to what it is.
  useEffect(() => setValue(control.value), [control.value, fault]);
  useEffect(() => () => clearTimeout(closing.current), []);
  const id = `gh-${path ? "all-" : ""}${control.path.replaceAll(".", "-")}`;
  const changed = isChanged(control);
  const number = control.kind === "number" || control.kind === "whole";
  const times = control.percent ? 100 : 1;
  const hint = [control.says, control.unit && `Unit: ${control.unit}.`, control.symbol && `Symbol: ${control.symbol}.`]
    .filter(Boolean)
    .join(" ");
  const apply = (/** @type {any} */ given) => {
    const wanted = control.kind === "whole" ? Math.round(given) : given;
    setValue(wanted);
    if (wanted !== control.value) change(wanted);
  };
  const turn = html`<button type="button" class="gh-switch" role="switch" id=${id} aria-checked=${Boolean(value)} disabled=${off} aria-label=${control.label} onClick=${() => apply(!value)}></button>`;
  return html`<div class=${`gh-lever${changed ? " is-changed" : ""}${off ? " is-off" : ""}`} data-path=${control.path}
      onfocusin=${() => {
        clearTimeout(closing.current);
        setOpen(true);
      }} onfocusout=${() => {
        // Not at once: what is below must not move away from under a click.
        closing.current = window.setTimeout(() => setOpen(false), 300);
      }}>
    <div class="gh-lever-top"><label for=${id}>${control.label}</label>
      <span class="gh-value">${control.kind !== "choice" && html`<b>${said(control, value)}${changed && html`<i></i><span class="gh-hidden"> (changed)</span>`}</b>`}${control.kind === "switch" && turn}
      ${control.kind === "choice" && html`<select id=${id} value=${value} disabled=${off} onChange=${(/** @type {any} */ e) => apply(e.target.value)}>${control.choices.map((/** @type {string} */ one) => html`<option key=${one} value=${one}>${one}</option>`)}</select>`}</span></div>
    ${
      number &&
      html`<div class="gh-track" style=${`--at:${share(control, value)};--usual:${share(control, control.usual)}`}>
      <input type="range" id=${id} min=${control.low} max=${control.high} step=${control.step} value=${value} disabled=${off}
        aria-valuetext=${said(control, value)} onInput=${(/** @type {any} */ e) => setValue(Number(e.target.value))} onChange=${(/** @type {any} */ e) => apply(Number(e.target.value))} />
      <s aria-hidden="true"></s></div>`
    }
    ${number && !path && (control.ends[0] || control.ends[1]) && html`<div class="gh-ends is-ends"><span>${control.ends[0]}</span><span>${control.ends[1]}</span></div>`}
    ${path && html`<div class="gh-ends"><code>${control.path}</code><span>${control.fixed ? "Takes effect from the start." : ""}</span></div>`}
    ${
      open &&
      html`<div class="gh-tip">${hint} ${control.source && html`<span>Source: ${control.source}.</span>`}
      ${
        number &&
        !off &&
        html`<label class="gh-exact">Exactly <input type="number" step="any" value=${Number((times * value).toPrecision(12))} onChange=${(
          /** @type {any} */ e,
        ) => {
          if (e.target.value !== "") apply(Number((Number(e.target.value) / times).toPrecision(12)));
        }} />${times > 1 ? "%" : ""}</label>`
      }</div>`
    }
    ${changed && !off && html`<div class="gh-ends"><span>${said(control, control.usual)} in the scenario. <button type="button" class="gh-text" onClick=${() => apply(control.usual)}>Reset</button></span></div>`}
  </div>`;
}

/** The levers of a scenario. */
export function Levers(/** @type {{ state: State, set: (changes: any) => void }} */ { state, set }) {
  const { scene, frame } = state;
  const byPath = new Map(scene.settings.map((/** @type {any} */ control) => [control.path, control]));
  const off = frame.off !== null;
  return html`<section class="gh-panel gh-levers" aria-label="Levers">
    <div class="gh-head"><h2>Levers</h2><span class="gh-small">${off ? "without effect while off" : "▲ as in the scenario"}</span></div>
    ${scene.levers.map(
      (
        /** @type {string} */ path,
      ) => html`<${Setting} key=${path} control=${byPath.get(path)} fault=${frame.message} off=${off && path.startsWith("institutions.")}
      change=${(/** @type {any} */ value) => state.ask("change", { path, value: value === true && path.split(".").length === 2 ? {} : value })} />`,
    )}
    <div class="gh-foot"><button type="button" class="gh-button" onClick=${() => {
      set({ drawer: true });
      // The drawer takes the whole place of a phone: it begins at its top.
      window.scrollTo(0, 0);
    }}>All ${scene.settings.length} settings</button>
      <button type="button" class="gh-button is-quiet" onClick=${() => state.ask("reset")}>Reset</button></div>
    ${
      scene.settings.some(isChanged) &&
      scene.otherName !== scene.name &&
      html`<p class="gh-beside"><button type="button" class="gh-text" onClick=${() => state.ask("beside", { scenario: scene.name })}>Compare with this society unchanged</button></p>`
    }
  </section>`;
}

/** All settings: searched, or by group. */
export function Drawer(/** @type {{ state: State, set: (changes: any) => void, ui: any }} */ { state, set, ui }) {
  const other = state.scene.other;
  const which = other && ui.which === 1 ? 1 : 0;
  const everything = /** @type {any[]} */ (which ? state.scene.otherSettings : state.scene.settings);
  const groups = [...new Set(everything.map((control) => control.group))];
  const changed = everything.filter(isChanged);
  const words = ui.search.toLowerCase().split(/\s+/).filter(Boolean);
  const searched = everything.filter((control) =>
    words.every((/** @type {string} */ word) =>
      `${control.label} ${control.path} ${control.says} ${control.heading}`.toLowerCase().includes(word),
    ),
  );
  const group = ui.group === "changed" || groups.includes(ui.group) ? ui.group : groups[0];
  const shown = words.length
    ? searched
    : group === "changed"
      ? changed
      : everything.filter((control) => control.group === group);
  const headings = [...new Set(shown.map((control) => control.heading))];
  const off = which === 0 && state.frame.off !== null;
  return html`<section class="gh-panel gh-drawer" aria-label="All settings">
    <div class="gh-head"><h2>All settings</h2><button type="button" class="gh-text" onClick=${() => set({ sheet: "sweep" })}>Try a whole range</button>
      <button type="button" class="gh-button is-quiet" onClick=${() => set({ drawer: false })}>${sign("close")} Close</button></div>
    <input class="gh-find" type="search" aria-label="Search all settings" placeholder=${`Search ${everything.length} settings`} value=${ui.search} onInput=${(/** @type {any} */ e) => set({ search: e.target.value })} />
    <div class="gh-chips" role="group" aria-label="Groups of settings">
      ${[
        ["changed", "Changed", changed.length],
        ...groups.map((one) => [one, one, everything.filter((c) => c.group === one).length]),
      ].map(
        ([one, name, count]) =>
          html`<button type="button" key=${one} aria-pressed=${!words.length && one === group} onClick=${() => set({ group: one, search: "" })}>${name} ${count}</button>`,
      )}</div>
    ${
      other &&
      choice({
        label: "Settings of",
        value: which,
        choices: [
          [0, state.scene.title],
          [1, other],
        ],
        choose: (world) => set({ which: world }),
        extra: "gh-whose",
      })
    }
    ${headings.map(
      (heading) =>
        html`<div key=${heading}><h3>${heading}</h3>${shown
          .filter((control) => control.heading === heading)
          .map(
            (
              control,
            ) => html`<${Setting} key=${`${which} ${control.path}`} path control=${control} fault=${state.frame.message} off=${off && control.path.startsWith("institutions.")}
        change=${(/** @type {any} */ value) => state.ask("change", { path: control.path, world: which, value: value === true && control.path.split(".").length === 2 ? {} : value })} />`,
          )}</div>`,
    )}
    ${!shown.length && html`<p class="gh-note">${words.length ? `No setting is called so. Try one word of it, such as “court” or “trust”.` : "Nothing differs from the scenario."}</p>`}
  </section>`;
}
