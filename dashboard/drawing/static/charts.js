// @ts-check
// Charts that grow with the run, drawn by uPlot, which stands above this text when both are sent to the browser.

/**
 * A line: a sum of measures, at most what is left of it after others (`least`), or the difference of the two worlds.
 *
 * @typedef {object} Line
 * @property {string} label
 * @property {string} colour
 * @property {boolean} [fill]
 * @property {number[]} [dash]
 * @property {string[]} [sum]
 * @property {string[]} [least]
 * @property {string} [difference]
 *
 * @typedef {object} Plan
 * @property {string} title
 * @property {string} unit
 * @property {string} caption
 * @property {number} [height]
 * @property {number} [floor]
 * @property {Line[]} series
 *
 * @typedef {object} More
 * @property {number} run
 * @property {number} from
 * @property {string[]} names
 * @property {(number | null)[][][]} worlds
 * @property {[number, string][]} events
 *
 * @typedef {{ text: string, grid: string }} Ink
 *
 * @typedef {object} Traits
 * @property {Plan[]} charts
 * @property {string} more
 * @property {Record<"light" | "dark", Ink>} inks
 * @property {boolean} dark
 * @property {number} wanted
 */

const MOST_POINTS = 1500;
const STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000];

/** @type {(plan: Plan, ink: Ink, mark: (plot: uPlot) => void) => uPlot.Options} */
function options(plan, ink, mark) {
  const lines = { stroke: ink.grid, width: 1 };
  const axis = { stroke: ink.text, grid: lines, ticks: lines, font: "11px sans-serif" };
  return {
    width: 300,
    height: plan.height || 150,
    cursor: { y: false, points: { show: false } },
    legend: { live: true },
    scales: { x: { time: false }, y: { range: (_, low, high) => range(low, high, plan.floor === 0) } },
    axes: [
      { ...axis, size: 26, incrs: STEPS },
      { ...axis, size: 46 },
    ],
    series: [
      { label: "week", value: (_, week) => week ?? "–" },
      ...plan.series.map((line) => ({
        label: line.label,
        stroke: line.colour,
        width: line.fill ? 1 : 1.6,
        fill: line.fill ? `${line.colour}cc` : undefined,
        dash: line.dash,
        points: { show: false },
        value: (/** @type {uPlot} */ _, /** @type {number | null} */ v) => v?.toFixed(3) ?? "–",
      })),
    ],
    hooks: { draw: [mark] },
  };
}

/** @type {(low: number | null, high: number | null, fromZero: boolean) => [number, number]} */
function range(low, high, fromZero) {
  if (low === null || high === null) return [0, 1];
  if (fromZero) return [0, Math.max(high * 1.08, 0.02)];
  const margin = 0.04 * (high - low || 0.2);
  return [low - margin, high + margin];
}

/** @type {import("@anywidget/types").Render<Traits>} */
function render({ model, el }) {
  el.classList.add("gh-charts");
  let plans = model.get("charts");
  const ink = () => model.get("inks")[model.get("dark") ? "dark" : "light"];
  /** @type {uPlot[]} */
  let plots = [];
  /** @type {number[]} */
  let weeks = [];
  /** @type {Record<string, number[]>[]} */
  let columns = [];
  /** @type {[number, string][]} */
  let events = [];
  let run = -1;

  /** @param {uPlot} plot */
  const mark = (plot) => {
    const g = plot.ctx;
    const { left, top, width, height } = plot.bbox;
    g.save();
    g.font = `${10 * devicePixelRatio}px sans-serif`;
    g.fillStyle = g.strokeStyle = ink().text;
    g.setLineDash([3, 3]);
    events.forEach(([week], k) => {
      const x = plot.valToPos(week, "x", true);
      if (x < left || x > left + width) return;
      g.beginPath();
      g.moveTo(x, top);
      g.lineTo(x, top + height);
      g.stroke();
      g.fillText(String.fromCharCode(65 + (k % 26)), x + 2, top + 9 * devicePixelRatio);
    });
    g.restore();
  };

  const build = () => {
    for (const plot of plots) plot.destroy();
    el.textContent = "";
    plots = plans.map((plan) => {
      const box = document.createElement("figure");
      const title = document.createElement("figcaption");
      const area = document.createElement("div");
      const caption = document.createElement("p");
      title.innerHTML = `<b>${plan.title}</b> <span class="gh-unit">${plan.unit}</span>`;
      title.title = caption.textContent = plan.caption;
      caption.className = "gh-caption";
      box.append(title, area, caption);
      el.append(box);
      return new uPlot(options(plan, ink(), mark), [[], ...plan.series.map(() => [])], area);
    });
    fit();
    show();
  };

  /** @type {(name: string, world?: number) => number[]} */
  const column = (name, world = 0) => columns[world]?.[name] ?? [];

  /** @type {(line: Line) => (week: number) => number} */
  const value = ({ difference, sum = [], least = [] }) => {
    if (difference) {
      const [a, b] = [column(difference, 0), column(difference, 1)];
      return (k) => b[k] - a[k];
    }
    const parts = sum.map((name) => column(name));
    /** @param {number} k */
    const total = (k) => parts.reduce((before, part) => before + part[k], 0);
    // Where a part further up is negative, what it leaves of those below is what shows.
    const later = least.map((name) => column(name));
    return (k) => {
      let top = total(k);
      let low = top;
      for (const part of later) {
        top += part[k];
        low = Math.min(low, top);
      }
      return low;
    };
  };

  // Long runs are drawn as means of equal stretches: no screen shows more, and no memory is filled with it.
  const show = () => {
    const stretch = Math.max(1, Math.ceil(weeks.length / MOST_POINTS));
    const x = Array.from({ length: Math.floor(weeks.length / stretch) }, (_, p) => weeks[(p + 1) * stretch - 1]);
    plots.forEach((plot, k) => {
      const means = plans[k].series.map((line) => {
        const at = value(line);
        return x.map((_, p) => {
          let total = 0;
          for (let j = p * stretch; j < (p + 1) * stretch; j++) total += at(j);
          return Number.isFinite(total) ? total / stretch : null;
        });
      });
      plot.setData([x, ...means]);
    });
  };

  const take = () => {
    const text = model.get("more");
    if (!text) return;
    /** @type {More} */
    const more = JSON.parse(text);
    if (more.run !== run || more.from !== weeks.length) {
      if (more.from !== 0) {
        model.set("wanted", model.get("wanted") + 1);
        model.save_changes();
        return;
      }
      run = more.run;
      weeks = [];
      columns = [];
    }
    more.worlds.forEach((rows, world) => {
      columns[world] ||= Object.fromEntries(more.names.map((name) => [name, []]));
      for (const row of rows) {
        more.names.forEach((name, k) => {
          columns[world][name].push(row[k] ?? Number.NaN);
        });
      }
    });
    columns.length = more.worlds.length;
    while (weeks.length < columns[0][more.names[0]].length) weeks.push(weeks.length + 1);
    events = more.events;
    el.dataset.weeks = String(weeks.length);
    show();
  };

  const fit = () => {
    for (const plot of plots) {
      const width = plot.root.parentElement?.clientWidth ?? 0;
      if (width > 60 && width !== plot.width) plot.setSize({ width, height: plot.height });
    }
  };

  build();
  take();
  model.on("change:more", take);
  model.on("change:dark", build);
  model.on("change:charts", () => {
    plans = model.get("charts");
    build();
  });
  const watch = new ResizeObserver(fit);
  watch.observe(el);
  return () => {
    watch.disconnect();
    for (const plot of plots) plot.destroy();
  };
}

export default { render };
