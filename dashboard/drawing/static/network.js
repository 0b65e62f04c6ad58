// @ts-check
// The society on a canvas: ties drawn once to a layer of their own, citizens anew for every frame.

/**
 * @typedef {[number, number]} Point
 * @typedef {{ tie: string, chosen: string, circle: string }} Ink
 *
 * @typedef {object} Traits
 * @property {{ says: string, colour: string, pretends: boolean }[]} kinds
 * @property {string[]} scale
 * @property {Record<string, [string, string]>} ends
 * @property {Record<"value" | "gone" | "pretends" | "differs", number>} bits
 * @property {Record<"light" | "dark", Ink>} inks
 * @property {DataView} nodes
 * @property {DataView} positions
 * @property {DataView} edges
 * @property {DataView} marks
 * @property {number} number
 * @property {string} look
 * @property {string} note
 * @property {number} selected
 * @property {number[]} neighbours
 * @property {boolean} dark
 * @property {number} drawn
 * @property {number} picked
 */

/** @param {DataView | null} view */
const bytes = (view) => (view ? new Uint8Array(view.buffer, view.byteOffset, view.byteLength) : new Uint8Array());

/** @param {HTMLCanvasElement} canvas */
function pen(canvas) {
  const found = canvas.getContext("2d");
  if (!found) throw new Error("this browser cannot draw");
  return found;
}

/** @type {import("@anywidget/types").Render<Traits>} */
function render({ model, el }) {
  el.classList.add("gh-network");
  const back = document.createElement("canvas");
  const front = document.createElement("canvas");
  const tip = document.createElement("div");
  const legend = document.createElement("div");
  tip.className = "gh-tip";
  legend.className = "gh-legend";
  front.tabIndex = 0;
  front.setAttribute("role", "img");
  el.append(back, front, tip, legend);

  const kinds = model.get("kinds");
  const scale = model.get("scale");
  const bits = model.get("bits");
  const ink = () => model.get("inks")[model.get("dark") ? "dark" : "light"];

  let positions = new Float32Array();
  let edges = new Uint32Array();
  let nodes = new Uint32Array();
  let places = new Float32Array();
  let zoom = 1;
  /** @type {Point} */
  let shift = [0, 0];
  let width = 1;
  let height = 1;
  let pending = false;
  let hovered = -1;

  const load = () => {
    positions = new Float32Array(bytes(model.get("positions")).slice().buffer);
    edges = new Uint32Array(bytes(model.get("edges")).slice().buffer);
    nodes = new Uint32Array(bytes(model.get("nodes")).slice().buffer);
    zoom = 1;
    shift = [0, 0];
    project();
  };

  const resize = () => {
    const box = el.getBoundingClientRect();
    const ratio = Math.min(2, window.devicePixelRatio || 1);
    width = Math.max(50, box.width);
    height = Math.max(50, box.height);
    for (const canvas of [back, front]) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
      pen(canvas).setTransform(ratio, 0, 0, ratio, 0, 0);
    }
    project();
  };

  const project = () => {
    const reach = 0.41 * Math.min(width, height) * zoom;
    places = new Float32Array(positions.length);
    for (let k = 0; k < positions.length; k += 2) {
      places[k] = width / 2 + shift[0] + reach * positions[k];
      places[k + 1] = height / 2 + shift[1] + reach * positions[k + 1];
    }
    drawTies();
    ask();
  };

  const drawTies = () => {
    const g = pen(back);
    /** @type {(a: number, b: number) => void} */
    const line = (a, b) => {
      g.moveTo(places[2 * a], places[2 * a + 1]);
      g.lineTo(places[2 * b], places[2 * b + 1]);
    };
    g.clearRect(0, 0, width, height);
    g.lineWidth = 0.5;
    g.strokeStyle = ink().tie;
    g.beginPath();
    for (let k = 0; k < edges.length; k += 2) line(edges[k], edges[k + 1]);
    g.stroke();
    const selected = model.get("selected");
    if (selected < 0 || !model.get("neighbours").length) return;
    g.lineWidth = 1.2;
    g.strokeStyle = ink().chosen;
    g.beginPath();
    for (let k = 0; k < edges.length; k += 2) {
      const [a, b] = [edges[k], edges[k + 1]];
      if (nodes[a] === selected || nodes[b] === selected) line(a, b);
    }
    g.stroke();
  };

  const ask = () => {
    if (pending) return;
    pending = true;
    requestAnimationFrame(() => {
      pending = false;
      draw();
    });
  };

  const draw = () => {
    const g = pen(front);
    const marks = bytes(model.get("marks"));
    const colours = model.get("look") === "act" ? kinds.map((kind) => kind.colour) : scale;
    const room = Math.sqrt((width * height) / Math.max(1, nodes.length));
    const radius = Math.max(1.2, Math.min(7, 0.143 * room)) * Math.min(2.5, Math.sqrt(zoom));
    /** @type {(k: number, r: number) => void} */
    const circle = (k, r) => {
      g.moveTo(places[2 * k] + r, places[2 * k + 1]);
      g.arc(places[2 * k], places[2 * k + 1], r, 0, 2 * Math.PI);
    };
    // Those of one colour are drawn in one go.
    /** @type {number[][]} */
    const discs = colours.map(() => []);
    /** @type {number[][]} */
    const rings = colours.map(() => []);
    /** @type {number[]} */
    const different = [];
    for (let k = 0; k < nodes.length; k++) {
      const code = marks[k];
      if (code === undefined || code & bits.gone) continue;
      (code & bits.pretends ? rings : discs)[code & bits.value].push(k);
      if (code & bits.differs) different.push(k);
    }
    g.clearRect(0, 0, width, height);
    discs.forEach((members, value) => {
      g.fillStyle = colours[value];
      g.beginPath();
      for (const k of members) circle(k, radius);
      g.fill();
    });
    g.lineWidth = Math.max(1, radius * 0.45);
    rings.forEach((members, value) => {
      g.strokeStyle = colours[value];
      g.beginPath();
      for (const k of members) circle(k, radius * 0.8);
      g.stroke();
    });
    g.strokeStyle = ink().circle;
    g.lineWidth = 1;
    g.beginPath();
    for (const k of different) circle(k, radius * 1.7);
    g.stroke();
    const selected = model.get("selected");
    const at = nodes.indexOf(selected);
    if (selected >= 0 && at >= 0) {
      g.lineWidth = 2.5;
      g.beginPath();
      circle(at, radius * 2.4);
      g.stroke();
    }
    el.dataset.frame = String(model.get("number"));
    if (model.get("drawn") !== model.get("number")) {
      model.set("drawn", model.get("number"));
      model.save_changes();
    }
  };

  const tell = () => {
    const look = model.get("look");
    const note = model.get("note");
    /** @type {(shape: string, colour: string, words: string) => string} */
    const sign = (shape, colour, words) => `<span><i class="${shape}" style="--c:${colour}"></i>${words}</span>`;
    if (look === "act") {
      legend.innerHTML = kinds.map((kind) => sign(kind.pretends ? "ring" : "disc", kind.colour, kind.says)).join("");
    } else {
      const [lowest, highest] = model.get("ends")[look];
      const ramp = `background:linear-gradient(90deg,${scale.join(",")})`;
      legend.innerHTML =
        `<span>${lowest} <i class="ramp" style="${ramp}"></i> ${highest}</span>` +
        sign("ring", scale[scale.length >> 1], "acts otherwise than it would unobserved");
    }
    if (note) {
      const words = document.createElement("span");
      words.textContent = note;
      legend.append(words);
    }
    front.setAttribute("aria-label", `The society: ${nodes.length} citizens, coloured by ${look}. ${note}`);
  };

  /** @type {(x: number, y: number) => number} */
  const nearest = (x, y) => {
    let best = -1;
    let least = 14 * 14;
    for (let k = 0; k < nodes.length; k++) {
      const d = (places[2 * k] - x) ** 2 + (places[2 * k + 1] - y) ** 2;
      if (d < least) {
        least = d;
        best = k;
      }
    }
    return best;
  };

  /** @type {(k: number) => string} */
  const state = (k) => {
    const code = bytes(model.get("marks"))[k];
    const look = model.get("look");
    const value = code & bits.value;
    if (code & bits.gone) return "has emigrated";
    return look === "act" ? kinds[value].says : `${look}: ${Math.round((100 * value) / (scale.length - 1))}%`;
  };

  /** @type {(event: MouseEvent) => Point} */
  const inside = (event) => {
    const box = front.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };

  /** @type {(factor: number, at: Point) => void} */
  const scaleAt = (factor, [x, y]) => {
    const next = Math.max(0.5, Math.min(30, zoom * factor));
    const by = next / zoom;
    shift = [x - width / 2 - by * (x - width / 2 - shift[0]), y - height / 2 - by * (y - height / 2 - shift[1])];
    zoom = next;
    project();
  };

  /** @type {Map<number, Point>} */
  const fingers = new Map();
  let moved = 0;

  /** @type {(event: PointerEvent, before: Point, now: Point) => void} */
  const drag = (event, before, now) => {
    const [x, y] = [now[0] - before[0], now[1] - before[1]];
    moved += Math.abs(x) + Math.abs(y);
    const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1];
    if (other && fingers.size === 2) {
      /** @type {(p: Point) => number} */
      const span = (p) => Math.hypot(p[0] - other[0], p[1] - other[1]);
      scaleAt(span(now) / Math.max(1, span(before)), other);
    } else {
      shift = [shift[0] + x, shift[1] + y];
      project();
    }
    fingers.set(event.pointerId, now);
  };

  /** @type {(found: number) => void} */
  const hover = (found) => {
    if (found === hovered) return;
    hovered = found;
    front.style.cursor = found < 0 ? "grab" : "pointer";
    tip.style.display = found < 0 ? "none" : "block";
    if (found < 0) return;
    tip.textContent = `Citizen ${nodes[found]}: ${state(found)}`;
    tip.style.left = `${Math.min(width - 190, places[2 * found] + 10)}px`;
    tip.style.top = `${places[2 * found + 1] + 10}px`;
  };

  /** @type {(event: PointerEvent) => void} */
  const lift = (event) => {
    if (!fingers.delete(event.pointerId) || moved >= 6 || event.type !== "pointerup") return;
    const found = nearest(...inside(event));
    model.set("picked", found < 0 ? -1 : nodes[found]);
    model.save_changes();
  };

  const wheel = (/** @type {WheelEvent} */ event) => {
    event.preventDefault();
    scaleAt(Math.exp(-event.deltaY * 0.0015), inside(event));
  };
  front.addEventListener("wheel", wheel, { passive: false });
  front.addEventListener("dblclick", () => {
    zoom = 1;
    shift = [0, 0];
    project();
  });
  front.addEventListener("pointerdown", (event) => {
    front.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, inside(event));
    moved = 0;
  });
  front.addEventListener("pointermove", (event) => {
    const now = inside(event);
    const before = fingers.get(event.pointerId);
    if (before) drag(event, before, now);
    else hover(nearest(...now));
  });
  front.addEventListener("pointerup", lift);
  front.addEventListener("pointercancel", lift);
  front.addEventListener("pointerleave", () => hover(-1));

  const reload = () => {
    load();
    tell();
  };
  const redraw = () => {
    drawTies();
    ask();
  };
  for (const name of ["positions", "edges", "nodes"]) model.on(`change:${name}`, reload);
  for (const name of ["marks", "look", "number"]) model.on(`change:${name}`, ask);
  for (const name of ["look", "note"]) model.on(`change:${name}`, tell);
  for (const name of ["dark", "selected", "neighbours"]) model.on(`change:${name}`, redraw);
  const watch = new ResizeObserver(resize);
  watch.observe(el);
  load();
  resize();
  tell();
  return () => watch.disconnect();
}

export default { render };
