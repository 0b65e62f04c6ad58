// @ts-check
// What the page knows: what the server told it, and what only this reader has chosen.

/**
 * @typedef {object} Traits
 * @property {any} words
 * @property {any} place
 * @property {DataView} nodes
 * @property {DataView} edges
 * @property {DataView} wide
 * @property {DataView} tall
 * @property {string} scene
 * @property {string} frame
 * @property {DataView} kinds
 * @property {DataView} rows
 * @property {number} drawn
 */

/** @typedef {{ shape: number, circles: [number, number, number][], points: Float32Array }} Placed */

/** @param {DataView | null} view */
const buffer = (view) =>
  view ? new Uint8Array(view.buffer, view.byteOffset, view.byteLength).slice().buffer : new ArrayBuffer(0);

/**
 * @param {import("@anywidget/types").AnyModel<Traits>} model
 * @param {() => void} changed
 */
export function stateOf(model, changed) {
  const state = {
    words: model.get("words"),
    scene: /** @type {any} */ (null),
    frame: /** @type {any} */ (null),
    founders: 0,
    note: "",
    nodes: new Uint32Array(),
    /** @type {Map<number, number>} */
    indexOf: new Map(),
    edges: new Uint32Array(),
    /** @type {Record<"wide" | "tall", Placed>} */
    place: {
      wide: { shape: 1, circles: [], points: new Float32Array() },
      tall: { shape: 1, circles: [], points: new Float32Array() },
    },
    /** @type {[Uint8Array, Uint8Array]} */
    kinds: [new Uint8Array(), new Uint8Array()],
    /** Measures by name, of both worlds, a number a week. @type {Record<string, [number[], number[]]>} */
    series: {},
    /** @param {string} what @param {Record<string, any>} [more] */
    ask: (what, more) => model.send({ do: what, ...more }),
    /** Draws the large society, where there is one. */
    redraw: () => {},
    drawn: () => {
      if (state.frame && model.get("drawn") !== state.frame.number) {
        model.set("drawn", state.frame.number);
        model.save_changes();
      }
    },
  };
  let run = -1;

  const placed = () => {
    const place = model.get("place");
    if (!place.wide) return;
    state.founders = place.founders;
    state.note = place.note;
    state.nodes = new Uint32Array(buffer(model.get("nodes")));
    state.edges = new Uint32Array(buffer(model.get("edges")));
    state.indexOf = new Map(Array.from(state.nodes, (node, k) => [node, k]));
    state.place = {
      wide: { ...place.wide, points: new Float32Array(buffer(model.get("wide"))) },
      tall: { ...place.tall, points: new Float32Array(buffer(model.get("tall"))) },
    };
  };
  const staged = () => {
    const text = model.get("scene");
    if (text) state.scene = JSON.parse(text);
  };
  const framed = () => {
    const text = model.get("frame");
    if (!text || !state.scene) return;
    state.frame = JSON.parse(text);
    const codes = new Uint8Array(buffer(model.get("kinds")));
    const half = codes.length / 2;
    state.kinds = [codes.subarray(0, half), codes.subarray(half)];
    const rows = new Float32Array(buffer(model.get("rows")));
    const columns = state.scene.columns;
    if (state.frame.run !== run || state.frame.from === 0) state.series = {};
    run = state.frame.run;
    const weeks = rows.length / columns.length / 2;
    columns.forEach((/** @type {string} */ name, /** @type {number} */ c) => {
      state.series[name] ??= [[], []];
      for (const world of [0, 1]) {
        const line = state.series[name][world];
        line.length = Math.min(line.length, state.frame.from);
        for (let w = 0; w < weeks; w++) line.push(rows[(world * weeks + w) * columns.length + c]);
      }
    });
    changed();
  };
  model.on("change:place", placed);
  model.on("change:scene", staged);
  model.on("change:frame", framed);
  placed();
  staged();
  return state;
}

/** @typedef {ReturnType<typeof stateOf>} State */

/**
 * Means of so many weeks up to each, of those that have a value.
 * @param {number[]} line @param {number} weeks
 */
export function smooth(line, weeks) {
  const found = new Array(line.length);
  for (let w = 0; w < line.length; w++) {
    let sum = 0;
    let count = 0;
    for (let v = Math.max(0, w - weeks + 1); v <= w; v++) {
      if (Number.isFinite(line[v])) {
        sum += line[v];
        count++;
      }
    }
    found[w] = count ? sum / count : Number.NaN;
  }
  return found;
}

/**
 * What watching adds, in acts of 100, by part and week: means of 13 weeks, in the order of the parts.
 * @param {State} state @returns {number[][]}
 */
export function added(state) {
  const { parts, smooth: weeks } = state.words;
  /** @param {string} name */
  const difference = (name) => {
    const [a, b] = state.series[name] ?? [[], []];
    return smooth(
      a.map((value, w) => 100 * (value - b[w])),
      weeks,
    );
  };
  const found = parts.map((/** @type {{ name: string }} */ part) => difference(part.name));
  const rest = difference("compliance_at_start");
  // The last part has what is left to the whole, as in the numbers.
  const last = found[found.length - 1];
  for (let w = 0; w < last.length; w++) last[w] += rest[w];
  return found;
}
