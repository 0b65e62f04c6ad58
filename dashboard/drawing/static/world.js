// @ts-check
// The society on a canvas: circles and ties on a layer of their own, citizens and what happens to them over it.
import { Component, html } from "htm/preact";
import { clamp } from "./dom.js";
import { trace } from "./marks.js";

/** @typedef {import("./state.js").State} State */

const LAYER = ["paper", "blob", "tie", "ink", "ink2", "ever", "chance", "heart", "crowd", "eye", "deviates"];
const SPARK = 700;
const PULSE = 600;
/** Where in its course what happens is drawn while nothing moves. */
const STILL = 0.62;

/** @param {Element} element @returns {Record<string, string>} */
function inksOf(element) {
  const style = getComputedStyle(element);
  return Object.fromEntries(LAYER.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
}

/** @param {HTMLCanvasElement} canvas */
function pen(canvas) {
  const found = canvas.getContext("2d");
  if (!found) throw new Error("this browser cannot draw");
  return found;
}

/** How large marks are, in pixels. @param {number} width @param {number} count */
export const sizeOf = (width, count) =>
  Math.max(count > 2000 ? 1.4 : 2.4, Math.min(5, width / 118) * Math.sqrt(400 / count));

/**
 * The large society.
 *
 * Given: state, tall (which shape), most (pixels high at most), world, selected (node or -1), moving (whether what
 * happens moves), pick(node).
 */
export class World extends Component {
  /** @type {HTMLElement | null} */ box = null;
  /** @type {HTMLCanvasElement | null} */ back = null;
  /** @type {HTMLCanvasElement | null} */ front = null;
  width = 0;
  height = 0;
  zoom = 1;
  shift = [0, 0];
  scale = 1;
  offset = [0, 0];
  drawnBack = "";
  began = 0;
  week = -1;
  pending = 0;
  hovered = -1;
  inked = false;
  /** @type {Record<string, string> | null} */ inks = null;
  /** @type {Map<number, [number, number]>} */ fingers = new Map();

  componentDidMount() {
    const front = /** @type {HTMLCanvasElement} */ (this.front);
    this.sizes = new ResizeObserver(() => this.ask());
    this.sizes.observe(/** @type {HTMLElement} */ (this.box));
    this.given.state.redraw = () => this.ask();
    front.addEventListener("wheel", this.wheel, { passive: false });
    this.ask();
  }

  componentWillUnmount() {
    this.sizes?.disconnect();
    cancelAnimationFrame(this.pending);
  }

  componentDidUpdate() {
    this.ask();
  }

  ask() {
    if (!this.pending) {
      this.pending = requestAnimationFrame((now) => {
        this.pending = 0;
        this.draw(now);
      });
    }
  }

  /** @returns {{ state: State, tall: boolean, most: number, world: number, selected: number, moving: boolean, dark: boolean, pick: (node: number) => void }} */
  get given() {
    return /** @type {any} */ (this.props);
  }

  get placed() {
    return this.given.state.place[this.given.tall ? "tall" : "wide"];
  }

  fit() {
    const box = /** @type {HTMLElement} */ (this.box);
    const { shape } = this.placed;
    const width = Math.max(50, box.clientWidth);
    const height = Math.round(Math.min(width / shape, this.given.most || Number.POSITIVE_INFINITY));
    if (width !== this.width || height !== this.height) {
      // In another frame what was near would lie elsewhere, or outside.
      this.zoom = 1;
      this.shift = [0, 0];
      this.width = width;
      this.height = height;
      box.style.height = `${height}px`;
      const ratio = Math.min(2, window.devicePixelRatio || 1);
      for (const canvas of [this.back, this.front]) {
        if (!canvas) continue;
        canvas.width = Math.round(width * ratio);
        canvas.height = Math.round(height * ratio);
        pen(canvas).setTransform(ratio, 0, 0, ratio, 0, 0);
      }
      this.drawnBack = "";
    }
    const usual = Math.min(width, height * shape);
    this.scale = usual * this.zoom;
    this.offset = [(width - this.scale) / 2 + this.shift[0], (height - this.scale / shape) / 2 + this.shift[1]];
    this.radius = sizeOf(usual, Math.max(1, this.placed.points.length / 2)) * Math.sqrt(this.zoom);
  }

  /** Where one is, on the canvas. @param {number} k @returns {[number, number]} */
  at(k) {
    const { points } = this.placed;
    return [this.offset[0] + this.scale * points[2 * k], this.offset[1] + this.scale * points[2 * k + 1]];
  }

  /** @param {number} now */
  draw(now) {
    const { state, world, selected, moving } = this.given;
    const { front, box } = this;
    if (!front || !box || !state.frame || !state.nodes.length) return;
    this.fit();
    if (!this.inks || this.inked !== this.given.dark) {
      this.inked = this.given.dark;
      this.inks = inksOf(box);
    }
    const inks = /** @type {Record<string, string>} */ (this.inks);
    const chosen = state.indexOf.get(selected) ?? -1;
    const near = this.neighbours();
    this.drawBack(inks);
    if (this.back) this.back.style.opacity = chosen >= 0 ? "0.6" : "1";
    if (state.frame.week !== this.week) {
      this.week = state.frame.week;
      this.began = now;
    }
    const passed = now - this.began;
    const quick = state.frame.speed > 1;
    const runs = moving && state.frame.playing && !quick && passed < SPARK + PULSE;
    const context = pen(front);
    context.clearRect(0, 0, this.width, this.height);
    if (chosen >= 0) this.drawTies(context, inks, chosen, near);
    this.drawMarks(context, inks, world, chosen, near, runs ? passed : SPARK + PULSE);
    if (world === 0 && !(quick && state.frame.playing && state.frame.speed >= 20)) {
      const time = runs ? passed : STILL * SPARK + (state.frame.playing ? SPARK : 0);
      this.drawHappening(context, inks, chosen, runs, time, quick && state.frame.playing);
    }
    this.drawChosen(context, inks, chosen);
    box.dataset.week = String(state.frame.week);
    box.dataset.frame = String(state.frame.number);
    state.drawn();
    if (runs) this.ask();
  }

  neighbours() {
    const { state, selected } = this.given;
    const card = state.frame?.card;
    return card && card.citizen === selected && card.neighbours ? card.neighbours : [];
  }

  /** Circles and ties, which stay as they are whoever is chosen. @param {Record<string, string>} inks */
  drawBack(inks) {
    const { state, tall, dark } = this.given;
    const { circles, points } = this.placed;
    const key = [this.width, this.height, this.zoom, this.shift, tall, dark, points.length, circles[0]].join();
    if ((key === this.drawnBack && this.placed === this.drawnPlace) || !this.back) return;
    this.drawnBack = key;
    this.drawnPlace = this.placed;
    const context = pen(this.back);
    context.clearRect(0, 0, this.width, this.height);
    context.fillStyle = inks.blob;
    for (const [x, y, r] of circles) {
      context.beginPath();
      context.arc(
        this.offset[0] + this.scale * x,
        this.offset[1] + this.scale * y,
        this.scale * r * 1.02,
        0,
        2 * Math.PI,
      );
      context.fill();
    }
    context.strokeStyle = inks.tie;
    context.lineWidth = 0.7;
    context.globalAlpha = 0.8 * Math.min(1, Math.sqrt(800 / state.nodes.length));
    context.beginPath();
    for (let e = 0; e < state.edges.length; e += 2) {
      context.moveTo(...this.at(state.edges[e]));
      context.lineTo(...this.at(state.edges[e + 1]));
    }
    context.stroke();
    context.globalAlpha = 1;
  }

  /** Ties of the chosen one, above the others. @param {CanvasRenderingContext2D} context @param {Record<string, string>} inks @param {number} chosen @param {number[]} near */
  drawTies(context, inks, chosen, near) {
    const { state } = this.given;
    context.strokeStyle = inks.ink;
    context.lineWidth = 1.4;
    context.beginPath();
    for (const node of near) {
      const other = state.indexOf.get(node);
      if (other === undefined) continue;
      context.moveTo(...this.at(chosen));
      context.lineTo(...this.at(other));
    }
    context.stroke();
  }

  /** @param {CanvasRenderingContext2D} context @param {Record<string, string>} inks @param {number} world @param {number} chosen @param {number[]} near @param {number} time */
  drawMarks(context, inks, world, chosen, near, time) {
    const { state } = this.given;
    const r = /** @type {number} */ (this.radius);
    const kinds = state.kinds[world];
    const shown = new Set(near.map((node) => state.indexOf.get(node)));
    const fresh =
      time < PULSE && world === 0
        ? new Set(state.frame.fresh?.map((/** @type {number} */ n) => state.indexOf.get(n)))
        : null;
    const faint = state.words.kinds.map(() => new Path2D());
    const plain = state.words.kinds.map(() => new Path2D());
    const coming = state.words.kinds.map(() => new Path2D());
    for (let k = 0; k < state.nodes.length; k++) {
      const kind = kinds[k];
      if (kind >= faint.length) continue;
      const [x, y] = this.at(k);
      if (x < -20 || y < -20 || x > this.width + 20 || y > this.height + 20) continue;
      const paths = fresh?.has(k) ? coming : chosen >= 0 && k !== chosen && !shown.has(k) ? faint : plain;
      trace(paths[kind], state.words.kinds[kind].shape, x, y, r);
    }
    for (const [paths, alpha] of /** @type {[Path2D[], number][]} */ ([
      [faint, 0.38],
      [plain, 1],
      [coming, time / PULSE],
    ])) {
      context.globalAlpha = alpha;
      state.words.kinds.forEach((/** @type {import("./marks.js").Kind} */ kind, /** @type {number} */ k) => {
        if (kind.shape === "ring") {
          context.fillStyle = inks.blob;
          context.strokeStyle = inks[kind.token];
          context.lineWidth = 0.52 * r;
          context.fill(paths[k]);
          context.stroke(paths[k]);
        } else {
          context.fillStyle = inks[kind.token];
          context.fill(paths[k]);
        }
      });
    }
    context.globalAlpha = 1;
  }

  /** @param {CanvasRenderingContext2D} context @param {Record<string, string>} inks @param {number} chosen @param {boolean} runs @param {number} time @param {boolean} quick */
  drawHappening(context, inks, chosen, runs, time, quick) {
    const { state } = this.given;
    const { reports = [], sanctioned = [], listed = [] } = state.frame;
    const r = /** @type {number} */ (this.radius);
    const spark = Math.min(1, time / SPARK);
    const pulse = runs ? clamp((time - SPARK) / PULSE, 0, 1) : STILL;
    context.lineWidth = 1.4;
    if (!quick && (!runs || spark < 1)) {
      for (const [from, to] of reports) {
        const [a, b] = [state.indexOf.get(from), state.indexOf.get(to)];
        if (a === undefined || b === undefined) continue;
        const [ax, ay] = this.at(a);
        const [bx, by] = this.at(b);
        const head = runs ? spark : 1;
        const tail = runs ? Math.max(0, spark - 0.5) : 0;
        const [hx, hy] = [ax + (bx - ax) * head, ay + (by - ay) * head];
        context.globalAlpha = chosen >= 0 && a !== chosen && b !== chosen ? 0.4 : 0.9;
        context.strokeStyle = context.fillStyle = inks.ink;
        context.beginPath();
        context.moveTo(ax + (bx - ax) * tail, ay + (by - ay) * tail);
        context.lineTo(hx, hy);
        context.stroke();
        context.beginPath();
        context.arc(hx, hy, Math.max(1.6, 0.45 * r), 0, 2 * Math.PI);
        context.fill();
      }
    }
    if (!runs || time >= SPARK) {
      context.strokeStyle = inks.ink2;
      context.lineWidth = 1.2;
      for (const node of sanctioned) {
        const k = state.indexOf.get(node);
        if (k === undefined) continue;
        context.globalAlpha = (chosen >= 0 && k !== chosen ? 0.3 : 1) * (1 - 0.55 * pulse);
        context.beginPath();
        context.arc(...this.at(k), r * (1.5 + 1.3 * pulse), 0, 2 * Math.PI);
        context.stroke();
      }
    }
    context.strokeStyle = inks.ink;
    context.lineWidth = Math.max(1, 0.28 * r);
    for (const node of listed) {
      const k = state.indexOf.get(node);
      if (k === undefined) continue;
      const [x, y] = this.at(k);
      const s = 1.6 * r;
      const c = 0.75 * r;
      context.globalAlpha = chosen >= 0 && k !== chosen ? 0.4 : 1;
      context.beginPath();
      for (const [u, v] of [
        [1, 1],
        [1, -1],
        [-1, 1],
        [-1, -1],
      ]) {
        context.moveTo(x + u * s, y + v * (s - c));
        context.lineTo(x + u * s, y + v * s);
        context.lineTo(x + u * (s - c), y + v * s);
      }
      context.stroke();
    }
    context.globalAlpha = 1;
  }

  /** @param {CanvasRenderingContext2D} context @param {Record<string, string>} inks @param {number} chosen */
  drawChosen(context, inks, chosen) {
    const r = /** @type {number} */ (this.radius);
    for (const [k, width] of [
      [this.hovered, 1],
      [chosen, 2.2],
    ]) {
      if (k < 0) continue;
      const [x, y] = this.at(k);
      context.strokeStyle = inks.ink;
      context.lineWidth = width;
      context.beginPath();
      context.arc(x, y, 2.3 * r, 0, 2 * Math.PI);
      context.stroke();
      const words = `Citizen ${this.given.state.nodes[k]}`;
      context.font = "700 13px Arial, 'Liberation Sans', sans-serif";
      const wide = context.measureText(words).width + 12;
      const left = clamp(x - wide / 2, 2, this.width - wide - 2);
      const top = y - 2.3 * r - 26 < 2 ? y + 2.3 * r + 6 : y - 2.3 * r - 26;
      context.fillStyle = inks.ink;
      context.beginPath();
      context.roundRect(left, top, wide, 20, 4);
      context.fill();
      context.fillStyle = inks.paper;
      context.fillText(words, left + 6, top + 14.5);
    }
  }

  // What a reader does

  /** The one at a point of the canvas, -1 if none. @param {number} x @param {number} y */
  found(x, y) {
    const { state, world } = this.given;
    let best = -1;
    let least = Math.max(12, 2 * /** @type {number} */ (this.radius)) ** 2;
    for (let k = 0; k < state.nodes.length; k++) {
      if (state.kinds[world][k] >= state.words.gone) continue;
      const [px, py] = this.at(k);
      const far = (px - x) ** 2 + (py - y) ** 2;
      if (far < least) {
        least = far;
        best = k;
      }
    }
    return best;
  }

  /** @param {number} factor @param {number} x @param {number} y */
  zoomAt(factor, x, y) {
    const zoom = clamp(this.zoom * factor, 1, 12);
    const by = zoom / this.zoom;
    const middle = [this.width / 2, this.height / 2];
    this.shift =
      zoom === 1
        ? [0, 0]
        : [(x - middle[0]) * (1 - by) + this.shift[0] * by, (y - middle[1]) * (1 - by) + this.shift[1] * by];
    this.zoom = zoom;
    this.ask();
  }

  /** @param {PointerEvent | WheelEvent} event @returns {[number, number]} */
  point(event) {
    const box = /** @type {HTMLElement} */ (this.front).getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  wheel = (/** @type {WheelEvent} */ event) => {
    // The page scrolls by the wheel; with Ctrl, as on a touch pad with two fingers, the society comes nearer.
    if (!event.ctrlKey) return;
    event.preventDefault();
    this.zoomAt(Math.exp(-event.deltaY / 400), ...this.point(event));
  };

  down = (/** @type {PointerEvent} */ event) => {
    this.fingers.set(event.pointerId, this.point(event));
    this.moved = 0;
    if (event.pointerType === "mouse") /** @type {HTMLElement} */ (event.target).setPointerCapture(event.pointerId);
  };

  move = (/** @type {PointerEvent} */ event) => {
    const [x, y] = this.point(event);
    const before = this.fingers.get(event.pointerId);
    if (!before) {
      const hovered = event.pointerType === "mouse" ? this.found(x, y) : -1;
      if (hovered !== this.hovered) {
        this.hovered = hovered;
        this.ask();
      }
      return;
    }
    const others = [...this.fingers].filter(([id]) => id !== event.pointerId);
    const by = [x - before[0], y - before[1]];
    this.moved = (this.moved ?? 0) + Math.abs(by[0]) + Math.abs(by[1]);
    if (others.length === 1) {
      const [ox, oy] = others[0][1];
      this.zoomAt(Math.hypot(x - ox, y - oy) / Math.max(1, Math.hypot(before[0] - ox, before[1] - oy)), ox, oy);
    }
    if (this.zoom > 1 && (event.pointerType === "mouse" || others.length === 1)) {
      const [most, highest] = [(this.width * (this.zoom - 1)) / 2, (this.height * (this.zoom - 1)) / 2];
      this.shift = [clamp(this.shift[0] + by[0], -most, most), clamp(this.shift[1] + by[1], -highest, highest)];
      this.ask();
    }
    this.fingers.set(event.pointerId, [x, y]);
  };

  up = (/** @type {PointerEvent} */ event) => {
    const [x, y] = this.point(event);
    if (this.fingers.delete(event.pointerId) && (this.moved ?? 0) < 6) {
      const k = this.found(x, y);
      this.given.pick(k < 0 ? -1 : this.given.state.nodes[k]);
    }
  };

  leave = (/** @type {PointerEvent} */ event) => {
    this.fingers.delete(event.pointerId);
    this.hovered = -1;
    this.ask();
  };

  key = (/** @type {KeyboardEvent} */ event) => {
    const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    const { state, pick } = this.given;
    if (event.key in ways) {
      const [dx, dy] = ways[/** @type {keyof typeof ways} */ (event.key)];
      const from = this.hovered >= 0 ? this.hovered : (state.indexOf.get(this.given.selected) ?? 0);
      const [x, y] = this.at(from);
      let best = -1;
      let least = Number.POSITIVE_INFINITY;
      for (let k = 0; k < state.nodes.length; k++) {
        const [px, py] = this.at(k);
        const along = (px - x) * dx + (py - y) * dy;
        const aside = Math.abs((px - x) * dy) + Math.abs((py - y) * dx);
        if (along > 0.5 && along >= aside && along + aside < least) {
          least = along + aside;
          best = k;
        }
      }
      this.hovered = best >= 0 ? best : from;
      /** @type {HTMLElement} */ (this.box).dataset.at = String(state.nodes[this.hovered]);
    } else if (event.key === "Enter" && this.hovered >= 0) pick(state.nodes[this.hovered]);
    else if (event.key === "Escape") pick(-1);
    else if (event.key === "+" || event.key === "-")
      this.zoomAt(event.key === "+" ? 1.5 : 1 / 1.5, this.width / 2, this.height / 2);
    else return;
    event.preventDefault();
    event.stopPropagation();
    this.ask();
  };

  /** @param {any} props */
  render({ says }) {
    return html`<div class="gh-canvas" ref=${(/** @type {any} */ box) => {
      this.box = box;
    }}>
      <canvas aria-hidden="true" ref=${(/** @type {any} */ back) => {
        this.back = back;
      }}></canvas>
      <canvas tabindex="0" role="img" aria-label=${`${says} Arrow keys go from citizen to citizen, Enter shows one.`}
        ref=${(/** @type {any} */ front) => {
          this.front = front;
        }}
        onPointerDown=${this.down} onPointerMove=${this.move} onPointerUp=${this.up} onPointerCancel=${this.leave}
        onPointerLeave=${this.leave} onKeyDown=${this.key} onDblClick=${() => this.zoomAt(0, 0, 0)}></canvas>
    </div>`;
  }
}

/** The other society, small: two colours, no ties, nothing that happens. */
export class Inset extends Component {
  /** @type {HTMLCanvasElement | null} */ canvas = null;

  componentDidMount() {
    this.sizes = new ResizeObserver(() => this.draw());
    if (this.canvas) this.sizes.observe(this.canvas);
  }

  componentWillUnmount() {
    this.sizes?.disconnect();
  }

  componentDidUpdate() {
    this.draw();
  }

  draw() {
    const { state, world } = /** @type {{ state: State, world: number }} */ (/** @type {any} */ (this.props));
    const { canvas } = this;
    if (!canvas?.clientWidth || !canvas.clientHeight) return;
    const ratio = Math.min(2, window.devicePixelRatio || 1);
    const [width, height] = [canvas.clientWidth, canvas.clientHeight];
    if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
    }
    const context = pen(canvas);
    const inks = inksOf(canvas);
    const { points, shape } = state.place.wide;
    const scale = Math.min(width - 8, (height - 8) * shape);
    context.setTransform(ratio, 0, 0, ratio, (ratio * (width - scale)) / 2, (ratio * (height - scale / shape)) / 2);
    context.clearRect(-width, -height, 3 * width, 3 * height);
    const r = Math.max(0.8, 1.5 * Math.sqrt(400 / Math.max(1, state.nodes.length)));
    const deviates = state.words.kinds.length - 1;
    const paths = [new Path2D(), new Path2D()];
    for (let k = 0; k < state.nodes.length; k++) {
      const kind = state.kinds[world][k];
      if (kind < state.words.gone)
        trace(paths[kind === deviates ? 1 : 0], "disc", scale * points[2 * k], scale * points[2 * k + 1], r);
    }
    ["ever", "deviates"].forEach((token, k) => {
      context.fillStyle = inks[token];
      context.fill(paths[k]);
    });
  }

  render() {
    return html`<canvas aria-hidden="true" ref=${(/** @type {any} */ canvas) => {
      this.canvas = canvas;
    }}></canvas>`;
  }
}
