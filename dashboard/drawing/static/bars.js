// @ts-check
// Distributions as plain bars.

/**
 * @typedef {{ low: number, high: number, counts: number[] }} Distribution
 *
 * @typedef {object} Traits
 * @property {Record<string, string>} titles
 * @property {string} bars
 */

/** @type {import("@anywidget/types").Render<Traits>} */
function render({ model, el }) {
  el.classList.add("gh-bars");

  const draw = () => {
    /** @type {Record<string, Distribution>} */
    const found = JSON.parse(model.get("bars") || "null") ?? {};
    el.replaceChildren(...Object.entries(model.get("titles")).map(([name, title]) => figure(title, found[name])));
  };

  draw();
  model.on("change:bars", draw);
}

/** @type {(title: string, part: Distribution | undefined) => HTMLElement} */
function figure(title, part) {
  const box = document.createElement("figure");
  box.innerHTML = `<figcaption><b>${title}</b></figcaption>`;
  if (!part) {
    const absent = document.createElement("p");
    absent.className = "gh-caption";
    absent.textContent = "There is no score in this scenario.";
    box.append(absent);
    return box;
  }
  const { low, high, counts } = part;
  const most = Math.max(1, ...counts);
  const step = (high - low) / counts.length;
  /** @param {number} value */
  const word = (value) => value.toFixed(high > 2 ? 0 : 2);
  const row = document.createElement("div");
  row.className = "gh-row";
  counts.forEach((count, k) => {
    const bar = document.createElement("i");
    bar.style.height = `${(100 * count) / most}%`;
    bar.title = `${word(low + k * step)} to ${word(low + (k + 1) * step)}: ${count} citizens`;
    row.append(bar);
  });
  const ends = document.createElement("div");
  ends.className = "gh-ends";
  ends.innerHTML = `<span>${word(low)}</span><span>${word(high)}</span>`;
  box.append(row, ends);
  return box;
}

export default { render };
