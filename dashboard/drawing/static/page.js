// @ts-check
// The page: its top, its numbers, its columns and its time bar.
import { html, render, useEffect, useRef, useState } from "htm/preact";
import { Rail } from "./charts.js";
import { Card } from "./citizen.js";
import { choice, icon, sign } from "./dom.js";
import { room, yearName, years } from "./figure.js";
import { Guess } from "./guess.js";
import { Drawer, Levers } from "./levers.js";
import { happening, mark } from "./marks.js";
import { Away, Reading, Scenarios, Sweep } from "./sheets.js";
import { stateOf } from "./state.js";
import { Inset, World } from "./world.js";

/** @typedef {import("./state.js").State} State */

const PHONE = 700;
const MIDDLE = 1240;
const THEME = "glasshouse-theme";
/** Seconds between two readings of the numbers to who does not see them. */
const READ = 5;
/** Milliseconds between two renewals of words and charts while weeks pass fast. */
const BETWEEN = 120;

/** @param {any} element @param {number} usual */
function useWidth(element, usual) {
  const [width, setWidth] = useState(usual);
  useEffect(() => {
    const sizes = new ResizeObserver(() => element.current?.clientWidth && setWidth(element.current.clientWidth));
    if (element.current) sizes.observe(element.current);
    return () => sizes.disconnect();
  }, []);
  return width;
}

function Top(/** @type {any} */ { state, set, ui }) {
  const { scene } = state;
  const copy = () => {
    const done = () => {
      set({ copied: true });
      setTimeout(() => set({ copied: false }), 2000);
    };
    const text = new URL(state.frame.link, window.location.href.split("?")[0]).href;
    // Without a secure address a browser lends no clipboard; the words are then shown to be copied by hand.
    if (navigator.clipboard)
      navigator.clipboard.writeText(text).then(done, () => window.prompt("Copy this address", text));
    else window.prompt("Copy this address", text);
  };
  return html`<header class="gh-top">
    <a class="gh-name-of gh-serif" href="?" onClick=${(/** @type {Event} */ e) => {
      e.preventDefault();
      set({ cover: true });
    }}>Glasshouse</a>
    <button type="button" class="gh-chooser" aria-haspopup="dialog" aria-expanded=${ui.sheet === "scenarios"} onClick=${() => set({ sheet: "scenarios" })}><span>${scene.title}</span>${sign("down")}</button>
    <span class="gh-grow gh-note gh-line gh-wide">${scene.line}</span>
    <button type="button" class="gh-button is-quiet gh-wide" onClick=${() => set({ sheet: "reading" })}>How to read this</button>
    <button type="button" class="gh-button is-quiet gh-wide" onClick=${() => set({ sheet: "away" })}>${sign("save")} Take away</button>
    <button type="button" class="gh-button is-quiet gh-wide" onClick=${copy}>${sign("link")} ${ui.copied ? "Copied" : "Copy link"}</button>
    <button type="button" class="gh-icon" aria-label=${ui.dark ? "Light" : "Dark"} onClick=${() => set({ dark: !ui.dark })}>${sign("moon")}</button>
  </header>`;
}

function Numbers(/** @type {any} */ { state }) {
  const { frame, words } = state;
  if (!frame.parts)
    return html`<div class="gh-numbers"><p class="gh-caption">The first week is still to come.</p></div>`;
  const [before, more, after] = frame.caption;
  return html`<div class="gh-numbers"><p class="gh-caption">${before}<b>${more}</b>${after}${
    Math.abs(frame.circumstances) >= 0.05 &&
    html` <span class="gh-chance">${frame.circumstances < 0 ? "−" : "+"}${Math.abs(frame.circumstances).toFixed(1)} by circumstances.</span>`
  }</p>
    ${frame.parts.map((/** @type {any} */ part, /** @type {number} */ k) => {
      const { token, label, why, says } = words.parts[k];
      const kind = words.kinds.find((/** @type {any} */ one) => one.token === token);
      return html`<div key=${token} class=${`gh-number is-${token}`} title=${says}><div class="gh-big">${part.value}</div><div class="gh-label">${mark(kind, 12)} ${label}</div><div class="gh-note">${part.was !== null ? `was ${part.was}` : part.value.startsWith("−") ? "fewer than without it" : why}</div></div>`;
    })}</div>`;
}

function Costs(/** @type {any} */ { state }) {
  const { frame, words, scene } = state;
  if (!frame.costs) return html`<div class="gh-costs"></div>`;
  return html`<div class="gh-costs"><p class="gh-caption">${frame.off === null ? "What it costs" : "What it still costs"}</p>
    ${frame.costs.map(
      (
        /** @type {any} */ { value, unwatched },
        /** @type {number} */ k,
      ) => html`<div class="gh-cost" key=${k} title=${words.costs[k].says}>
      <div class="gh-label">${words.costs[k].label}</div>
      <div class="gh-amount">${Math.round(value)} <small>of 100 ${words.costs[k].of}</small></div>
      <div class="gh-bar"><i style=${`width:${value}%`}></i><b style=${`left:${unwatched}%`}></b></div>
      <div class="gh-note">${scene.other ? "other world" : "unwatched"} ${Math.round(unwatched)}</div></div>`,
    )}</div>`;
}

/** How many do what, in the world that is shown. */
function Legend(/** @type {any} */ { state, cover }) {
  const { frame, words, scene } = state;
  const counts = new Array(words.kinds.length + 1).fill(0);
  for (const kind of state.kinds[frame.world]) counts[Math.min(kind, words.gone)]++;
  const acts = scene.domains[frame.domain];
  const says = words.kinds.map(
    (/** @type {any} */ kind) =>
      ({ anyway: `${acts.do} anyway`, deviate: acts.do_not })[/** @type {"anyway"} */ (kind.says)] ?? kind.says,
  );
  const order = [0, 2, 3, 4, 5, ...(counts[1] ? [1] : [])];
  return html`<div class="gh-legend" role="group" aria-label="Legend">
    ${frame.week === 0 && html`<span>Nobody has acted yet.</span>`}
    ${frame.week > 0 && order.map((k) => html`<span key=${k}>${mark(words.kinds[k], 12)} <b>${counts[k].toLocaleString("en")}</b> ${says[k]}</span>`)}
    ${
      frame.world === 0 &&
      html`<span class="gh-events">
      <span>${happening.reports()} <b>${frame.reports?.length ?? 0}</b> reports this week</span>
      <span>${happening.sanctioned()} <b>${frame.sanctioned?.length ?? 0}</b> sanctioned</span>
      <span>${happening.listed()} <b>${frame.listed?.length ?? 0}</b> on the public list</span>
      ${!cover && !frame.card && html`<span class="gh-note">Click a mark to ask why</span>`}</span>`
    }
    ${counts[words.gone] > 0 && html`<span><b>${counts[words.gone]}</b> have left</span>`}
    ${frame.world === 1 && !scene.other && html`<span class="gh-note">Unwatched people change too, by themselves</span>`}
    ${state.note && html`<span class="gh-note">${state.note}</span>`}
  </div>`;
}

/** What is drawn, in words. @param {State} state */
function described(state) {
  const { frame, scene, words } = state;
  const acts = scene.domains[frame.domain];
  const deviates = words.kinds.length - 1;
  let count = 0;
  for (const kind of state.kinds[frame.world]) if (kind === deviates) count++;
  return `The society in week ${frame.week}, ${acts.where}: ${count} of ${state.nodes.length} ${acts.do_not}.`;
}

function Society(/** @type {any} */ { state, ui, set, tall, most, cover, still }) {
  const { frame, scene } = state;
  const pick = (/** @type {number} */ citizen) => {
    state.ask("view", { citizen });
    if (citizen >= 0) set({ cover: false });
  };
  const selected = frame.card ? frame.card.citizen : -1;
  const acts = scene.domains[frame.domain];
  const title = frame.off === null ? `${state.founders.toLocaleString("en")} people` : frame.since;
  const other = scene.other ? "Other" : "Unwatched";
  // That it was switched off stands above already.
  const diary = frame.events.filter(
    (/** @type {[number, string]} */ [week]) => frame.off === null || week - 1 !== frame.off,
  );
  return html`<section class=${`gh-society${cover ? "" : " gh-panel"}`} aria-label="The society">
    ${
      cover
        ? html`<p class="gh-note">${state.founders.toLocaleString("en")} people, ${acts.where}, week ${frame.week.toLocaleString("en")}</p>`
        : html`<div class="gh-head"><h2>${title}</h2>
      <label class="gh-domain"><span class="gh-hidden">Shown are their acts</span><select value=${acts.name} onChange=${(/** @type {any} */ e) => state.ask("view", { domain: e.target.value })}>${scene.domains.map((/** @type {any} */ one) => html`<option key=${one.name} value=${one.name}>${one.where}</option>`)}</select></label>
      <span class="gh-grow"></span>
      ${choice({
        label: "World",
        value: frame.world,
        choices: [
          [0, frame.off === null ? "Watched" : "Now"],
          [1, other],
        ],
        choose: (world) => state.ask("view", { world }),
      })}</div>`
    }
    <div class="gh-world"><${World} state=${state} tall=${tall} most=${most} world=${frame.world} selected=${selected} moving=${!still} dark=${ui.dark} pick=${pick} says=${described(state)} tick=${frame.number} />
      ${!tall && html`<div class="gh-inset"><${Inset} state=${state} world=${1 - frame.world} tick=${frame.number} /><div><b>${frame.world ? (frame.off === null ? "The same people, watched" : "The same people, no longer watched") : scene.otherName === scene.name ? "The same people, settings unchanged" : scene.other ? `The same people: ${scene.other}` : "The same people, unwatched"}</b><span>Same luck, week ${frame.week}</span></div></div>`}</div>
    <${Legend} state=${state} cover=${cover} tick=${frame.number} />
    ${
      !cover &&
      !frame.question &&
      (diary.length > 0 || frame.coming.length > 0) &&
      html`<p class="gh-note gh-diary">${diary.slice(-3).map((/** @type {any} */ [week, says]) => html`<span key=${`${week}${says}`}>${week > frame.week ? "From week" : "Week"} ${week.toLocaleString("en")}${week > frame.week ? " on" : ""}: ${says.replace(/\.$/, "")}. </span>`)}${
        frame.coming.length > 0 &&
        html`<span>Still to come: ${frame.coming
          .slice(0, 2)
          .map((/** @type {any} */ [week, says]) => `week ${week.toLocaleString("en")}: ${says}`)
          .join("; ")}.</span>`
      }</p>`
    }
  </section>`;
}

function Time(/** @type {any} */ { state }) {
  const { frame, words, scene } = state;
  const off = frame.off !== null;
  const end = room(Math.max(frame.week, frame.going ?? 0)) + 48;
  const [wanted, setWanted] = useState(/** @type {number | null} */ (null));
  useEffect(() => setWanted(null), [frame.week]);
  const week = wanted ?? frame.week;
  const at = (/** @type {number} */ w) => w / end;
  const left = (/** @type {number} */ w) => `left:calc(8px + (100% - 16px) * ${at(w)})`;
  const changes = [...new Set(frame.events.map((/** @type {any} */ [w]) => w - 1))].filter((w) => w > 0);
  return html`<footer class="gh-time" aria-label="Time">
    <button type="button" class="gh-button is-main gh-play" aria-label=${frame.playing ? "Pause" : "Play"} onClick=${() => state.ask("play", { on: !frame.playing })}>${icon(frame.playing ? "pause" : "play")} <span class="gh-wide">${frame.playing ? "Pause" : "Play"}</span></button>
    <button type="button" class="gh-icon gh-wide" aria-label="Back to the start" title="Back to the start" disabled=${Boolean(frame.question)} onClick=${() => state.ask("restart")}>${icon("back")}</button>
    <button type="button" class="gh-button gh-wide gh-one" onClick=${() => state.ask("step")}>${icon("step")} One week</button>
    ${choice({ label: "Weeks a second", value: frame.speed, choices: words.speeds.map((/** @type {number} */ speed, /** @type {number} */ k) => [speed, k === 0 ? "slow" : k === 2 ? `${speed} a second` : String(speed)]), choose: (speed) => state.ask("speed", { speed }), extra: "gh-wide" })}
    <div class="gh-course"><input type="range" min="0" max=${end} value=${week} aria-label="Week" aria-valuetext=${`week ${week}`} style=${`--at:${at(week)}`}
        onInput=${(/** @type {any} */ e) => setWanted(Number(e.target.value))} onChange=${(/** @type {any} */ e) => state.ask("go", { week: Number(e.target.value) })} />
      ${changes.map((w) => html`<s key=${w} style=${left(Number(w))} aria-hidden="true"></s>`)}
      ${off && html`<span class="gh-course-off" style=${left(frame.off)}>${frame.itself ? "ended" : "switched off"}</span>`}
      ${years(end, window.innerWidth <= MIDDLE ? 3 : 5).map((year) => html`<span class="gh-year-name" key=${year} style=${left(52 * year)}>${yearName(year, scene.begins, false)}</span>`)}</div>
    <span class="gh-week gh-serif">week ${frame.week.toLocaleString("en")}${frame.going !== null && frame.going !== frame.week ? html` <small>→ ${frame.going.toLocaleString("en")}</small>` : ""}</span>
    <button type="button" class="gh-button gh-off" disabled=${Boolean(frame.question) || frame.itself} onClick=${() => state.ask(off ? "on" : "off")}>${sign("power")} <span class="gh-wide">${frame.itself ? "It has ended" : off ? "Switch on again" : "Switch the watching off"}</span><span class="gh-narrow">${frame.itself ? "Ended" : off ? "Switch on" : "Switch off"}</span></button>
  </footer>`;
}

/** The numbers, read aloud now and then. */
function Aloud(/** @type {any} */ { state }) {
  const [text, setText] = useState("");
  const newest = useRef("");
  const { frame, words } = state;
  newest.current = frame.parts
    ? `Week ${frame.week}: ${frame.parts.map((/** @type {any} */ part, /** @type {number} */ k) => `${part.value} ${words.parts[k].label}`).join(", ")}.`
    : "";
  useEffect(() => {
    const timer = setInterval(() => setText(newest.current), 1000 * READ);
    return () => clearInterval(timer);
  }, []);
  return html`<p class="gh-hidden" role="status" aria-live="polite">${text}</p>`;
}

function Cover(/** @type {any} */ { state, ui, set, still, tall }) {
  const { scene, words } = state;
  const first = scene.questions[0];
  const lead =
    scene.name === "visible-score-and-reports"
      ? `Here live ${state.founders.toLocaleString("en")} people with a score that others see and neighbours who report each other.`
      : `Here live ${state.founders.toLocaleString("en")} people under this: ${scene.title}. ${scene.line}.`;
  return html`<div class="gh-cover"><div><h1>${words.question}</h1>
    <p class="gh-lead">${lead} In a second world live the same people with the same luck, unwatched. What differs is the watching.</p>
    <${Numbers} state=${state} /><${Costs} state=${state} />
    <div class="gh-buttons gh-begin"><button type="button" class="gh-button is-main" onClick=${() => {
      set({ cover: false });
      state.ask("play", { on: true });
    }}>${icon("play")} Let them live on</button>
      ${
        first &&
        html`<button type="button" class="gh-button" onClick=${() => {
          set({ cover: false });
          state.ask("ask", { question: first.name });
        }}>Guess first</button>`
      }</div></div>
    <${Society} state=${state} ui=${ui} set=${set} tall=${tall} most=${tall ? 0 : window.innerHeight - 210} cover still=${still} /></div>`;
}

function Workspace(/** @type {any} */ { state, ui, set, still, wide }) {
  const { frame, words } = state;
  const rail = useRef(null);
  const width = useWidth(rail, 396);
  const asked = frame.question;
  const phone = wide <= PHONE;
  const middle = wide <= MIDDLE;
  const tall = middle || Boolean(asked);
  const most = phone ? 0 : Math.max(340, window.innerHeight - (asked && middle ? 412 : middle ? 396 : 388));
  const society = html`<${Society} key="society" state=${state} ui=${ui} set=${set} tall=${tall} most=${most} cover=${false} still=${still} />`;
  const close = () => state.ask("view", { citizen: -1 });
  const right = html`<div key="right" class="gh-right" ref=${rail}>${
    asked
      ? html`<${Guess} state=${state} width=${width} height=${phone ? 280 : middle ? 246 : asked.guess === null ? 386 : 350} still=${still} />`
      : frame.card
        ? html`<${Card} state=${state} width=${width} close=${close} />`
        : html`<${Rail} state=${state} width=${width} ui=${ui} set=${set} run=${frame.number} />`
  }</div>`;
  const left =
    !asked &&
    (ui.drawer
      ? html`<${Drawer} key="drawer" state=${state} set=${set} ui=${ui} />`
      : html`<${Levers} key="levers" state=${state} set=${set} />`);
  const classes = `gh-columns${asked ? " is-asked" : ui.drawer ? " is-drawer" : ""}${frame.off !== null ? " is-off" : ""}`;
  return html`<div class=${classes}>
    <section class="gh-band" aria-label="What the watching does"><h1 aria-live=${frame.banner ? "off" : null}>${frame.banner || words.question}</h1><${Numbers} state=${state} /><${Costs} state=${state} /></section>
    <div class="gh-work">${left}${society}${right}</div>
    <p class="gh-last"><button type="button" class="gh-text" onClick=${() => set({ sheet: "reading" })}>How to read this</button> <button type="button" class="gh-text" onClick=${() => set({ sheet: "away" })}>Take away</button></p>
    <${Time} state=${state} />
  </div>`;
}

function App(
  /** @type {{ state: State, ui: any, set: (changes: any) => void, wide: number, still: boolean }} */ {
    state,
    ui,
    set,
    wide,
    still,
  },
) {
  const { frame, scene } = state;
  if (!frame || !scene) return html`<p class="gh-waiting" role="status">The society is being born …</p>`;
  const sheets = { scenarios: Scenarios, reading: Reading, away: Away, sweep: Sweep };
  const Open = sheets[/** @type {keyof typeof sheets} */ (ui.sheet)];
  return html`<${Top} state=${state} ui=${ui} set=${set} />
    ${frame.message && html`<p class="gh-message" role="alert">${frame.message}</p>`}
    ${ui.cover ? html`<${Cover} state=${state} ui=${ui} set=${set} still=${still} tall=${wide <= MIDDLE} />` : html`<${Workspace} state=${state} ui=${ui} set=${set} still=${still} wide=${wide} />`}
    <${Aloud} state=${state} />
    ${Open && html`<${Open} state=${state} close=${() => set({ sheet: "" })} />`}`;
}

/** @param {string} name @param {BlobPart} data */
function save(name, data) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([data]));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

/** @type {import("@anywidget/types").Render<import("./state.js").Traits>} */
function show({ model, el }) {
  el.classList.add("glasshouse");
  document.documentElement.lang = "en";
  const prefers = window.matchMedia("(prefers-color-scheme: dark)");
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
  const known = window.localStorage?.getItem(THEME);
  const ui = {
    cover: Boolean(model.get("words").cover),
    sheet: "",
    drawer: false,
    chart: "difference",
    search: "",
    group: "",
    dark: known ? known === "dark" : prefers.matches,
    copied: false,
    /** @type {string[]} */ answered: [],
  };
  let pending = 0;
  const state = stateOf(model, () => told());
  const ask = state.ask;
  // Whatever is asked for leaves the cover, but for looking at it.
  state.ask = (what, more) => {
    if (!["view", "ready", "play"].includes(what)) ui.cover = returns = false;
    ask(what, more);
  };
  const draw = () => {
    pending = 0;
    el.classList.toggle("is-dark", ui.dark);
    document.documentElement.style.background = getComputedStyle(el).getPropertyValue("--paper");
    render(
      html`<${App} state=${state} ui=${{ ...ui }} set=${set} wide=${window.innerWidth} still=${calm.matches} />`,
      el,
    );
  };
  const later = () => {
    pending ||= requestAnimationFrame(draw);
  };
  const set = (/** @type {any} */ changes) => {
    Object.assign(ui, changes);
    if ("dark" in changes) window.localStorage?.setItem(THEME, ui.dark ? "dark" : "light");
    later();
  };
  let address = window.location.search;
  let returns = false;
  let stood = "";
  let rendered = 0;
  let answered = "";
  const told = () => {
    const { frame, scene } = state;
    // Another view begins at its top.
    const stands = `${frame.question?.name ?? ""}${ui.drawer}`;
    if (stands !== stood) window.scrollTo(0, 0);
    stood = stands;
    if (frame.question?.became && !ui.answered.includes(frame.question.name))
      ui.answered = [...ui.answered, frame.question.name];
    document.title = ui.cover ? "Glasshouse: what being watched does to people" : `${scene.title} – Glasshouse`;
    el.dataset.week = String(frame.week);
    el.dataset.going = String(frame.going ?? "");
    el.dataset.playing = String(frame.playing);
    // What was done makes a new entry to go back to, at once; weeks that pass only change it, where they end.
    const done = frame.link.split("&")[0] !== address.split("&")[0];
    const ends = !frame.playing && (frame.going === null || frame.going === frame.week);
    // On the way back frames of what is left may still arrive.
    returns &&= done;
    if (!ui.cover && !returns && frame.link !== address && (done || ends)) {
      window.history[done ? "pushState" : "replaceState"](null, "", window.location.pathname + frame.link);
      address = frame.link;
    }
    if (calm.matches && ui.cover && frame.playing) ask("play", { on: false });
    // Marks move with every frame; words and charts, which cost more, as often as they can be read.
    const now = performance.now();
    const asked = `${frame.card?.citizen} ${frame.world} ${frame.domain} ${frame.message} ${frame.playing} ${frame.speed}`;
    const answers = asked !== answered;
    answered = asked;
    if (!answers && frame.playing && frame.speed > 1 && now - rendered < BETWEEN) state.redraw();
    else {
      rendered = now;
      later();
    }
  };
  const back = () => {
    address = window.location.search;
    ui.cover = !address.includes("s=");
    returns = !ui.cover;
    ask("open", { search: address });
  };
  const key = (/** @type {KeyboardEvent} */ event) => {
    const target = /** @type {Element} */ (event.target);
    if (event.ctrlKey || event.metaKey || event.altKey || target.closest("input,select,button,a,dialog,textarea"))
      return;
    if (event.key === " ") ask("play", { on: !state.frame?.playing });
    else if (event.key === "ArrowRight") state.ask("step");
    else if (event.key === "Home") state.ask("restart");
    else return;
    event.preventDefault();
  };
  const taken = (/** @type {any} */ message, /** @type {DataView[]} */ buffers) => {
    if (message.taken) save(message.taken, /** @type {any} */ (buffers[0]));
  };
  model.on("msg:custom", taken);
  window.addEventListener("resize", later);
  window.addEventListener("popstate", back);
  document.addEventListener("keydown", key);
  ask("ready");
  draw();
  return () => {
    cancelAnimationFrame(pending);
    model.off("msg:custom", taken);
    window.removeEventListener("resize", later);
    window.removeEventListener("popstate", back);
    document.removeEventListener("keydown", key);
    render(/** @type {any} */ (null), el);
  };
}

export default { render: show };
