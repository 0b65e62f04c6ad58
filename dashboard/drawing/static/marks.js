// @ts-check
// The marks of citizens: the same shapes on the canvas, in the legend and on the card.
import { html } from "htm/preact";

/** @typedef {{ token: string, shape: string, says: string }} Kind */

/** A mark as an element. @param {Kind} kind @param {number} [size] */
export function mark(kind, size = 12) {
  const r = size / 2;
  const ink = `var(--${kind.token})`;
  const shapes = {
    dot: () => html`<circle cx=${r} cy=${r} r=${r - 1} fill=${ink} />`,
    disc: () => html`<circle cx=${r} cy=${r} r=${r - 0.5} fill=${ink} />`,
    ring: () => html`<circle cx=${r} cy=${r} r=${r - 1.4} fill="none" stroke=${ink} stroke-width="2.4" />`,
    diamond: () => html`<path d=${`M${r} 0L${size} ${r}L${r} ${size}L0 ${r}z`} fill=${ink} />`,
    square: () => html`<rect x="1.5" y="1.5" width=${size - 3} height=${size - 3} fill=${ink} />`,
  };
  const shape = /** @type {keyof typeof shapes} */ (kind.shape);
  return html`<svg class="gh-mark" width=${size} height=${size} aria-hidden="true">${shapes[shape]()}</svg>`;
}

/** What happens, as signs of the legend. */
export const happening = {
  reports: () =>
    html`<svg class="gh-mark" width="22" height="12" aria-hidden="true"><path d="M0 6h16" stroke="var(--ink)" stroke-width="1.5" /><circle cx="18" cy="6" r="3" fill="var(--ink)" /></svg>`,
  sanctioned: () =>
    html`<svg class="gh-mark" width="14" height="14" aria-hidden="true"><circle cx="7" cy="7" r="2.5" fill="var(--ever)" /><circle cx="7" cy="7" r="6" fill="none" stroke="var(--ink2)" stroke-width="1.3" /></svg>`,
  listed: () =>
    html`<svg class="gh-mark" width="14" height="14" aria-hidden="true"><circle cx="7" cy="7" r="2.5" fill="var(--ever)" /><path d="M1 4.5V1h3.5M9.5 1H13v3.5M13 9.5V13H9.5M4.5 13H1V9.5" fill="none" stroke="var(--ink)" stroke-width="1.6" /></svg>`,
};

/**
 * Add a mark to a path on a canvas.
 * @param {CanvasRenderingContext2D | Path2D} path @param {string} shape @param {number} x @param {number} y @param {number} r
 */
export function trace(path, shape, x, y, r) {
  if (shape === "diamond") {
    const s = 1.22 * r;
    path.moveTo(x, y - s);
    path.lineTo(x + s, y);
    path.lineTo(x, y + s);
    path.lineTo(x - s, y);
    path.closePath();
  } else if (shape === "square") {
    path.rect(x - 0.8 * r, y - 0.8 * r, 1.6 * r, 1.6 * r);
  } else {
    const radius = shape === "dot" ? 0.86 * r : shape === "ring" ? 0.86 * r : r;
    path.moveTo(x + radius, y);
    path.arc(x, y, radius, 0, 2 * Math.PI);
  }
}
