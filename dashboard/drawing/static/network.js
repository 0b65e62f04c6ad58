// The society on a canvas: ties drawn once to a layer of their own, citizens anew for every frame.

const KIND = ["#56B4E9", "#009E73", "#D55E00", "#CC79A7"];
const STOPS = [[0, 32, 77], [61, 78, 107], [124, 123, 120], [187, 171, 105], [255, 234, 70]];
const WORDS = {
  act: ["complies from the heart", "has come to believe in it", "complies under pressure", "deviates"],
  conviction: ["thinks it wrong", "thinks it right"], fear: ["no fear", "sure to be sanctioned"],
  score: ["lowest scores", "highest scores"], trust: ["no trust in the authority", "full trust"],
};
const VALUE = 31, GONE = 32, PRETENDS = 64, DIFFERS = 128;

function scale(k) {
  const at = (k / VALUE) * (STOPS.length - 1), low = Math.min(STOPS.length - 2, Math.floor(at)), part = at - low;
  return `rgb(${STOPS[low].map((c, i) => Math.round(c + part * (STOPS[low + 1][i] - c))).join(",")})`;
}
const SCALE = Array.from({ length: VALUE + 1 }, (_, k) => scale(k));

const bytes = (view) => (view ? new Uint8Array(view.buffer, view.byteOffset, view.byteLength) : new Uint8Array());

function render({ model, el }) {
  el.classList.add("gh-network");
  const back = document.createElement("canvas"), front = document.createElement("canvas");
  const tip = document.createElement("div"), legend = document.createElement("div");
  tip.className = "gh-tip"; legend.className = "gh-legend";
  front.tabIndex = 0;
  front.setAttribute("role", "img");
  el.append(back, front, tip, legend);

  let positions = new Float32Array(), edges = new Uint32Array(), nodes = new Uint32Array();
  let zoom = 1, shift = [0, 0], width = 1, height = 1, pending = false, hovered = -1, places = new Float32Array();

  const load = () => {
    const p = bytes(model.get("positions")), e = bytes(model.get("edges")), n = bytes(model.get("nodes"));
    positions = new Float32Array(p.slice().buffer);
    edges = new Uint32Array(e.slice().buffer);
    nodes = new Uint32Array(n.slice().buffer);
    zoom = 1; shift = [0, 0];
    project();
  };

  const resize = () => {
    const box = el.getBoundingClientRect(), ratio = Math.min(2, window.devicePixelRatio || 1);
    width = Math.max(50, box.width); height = Math.max(50, box.height);
    for (const canvas of [back, front]) {
      canvas.width = Math.round(width * ratio); canvas.height = Math.round(height * ratio);
      canvas.getContext("2d").setTransform(ratio, 0, 0, ratio, 0, 0);
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
    const g = back.getContext("2d"), chosen = new Set(model.get("neighbours"));
    g.clearRect(0, 0, width, height);
    g.lineWidth = 0.5;
    g.strokeStyle = model.get("dark") ? "rgba(255,255,255,0.10)" : "rgba(0,0,0,0.08)";
    g.beginPath();
    for (let k = 0; k < edges.length; k += 2) {
      const a = 2 * edges[k], b = 2 * edges[k + 1];
      g.moveTo(places[a], places[a + 1]); g.lineTo(places[b], places[b + 1]);
    }
    g.stroke();
    const selected = model.get("selected");
    if (selected < 0 || !chosen.size) return;
    g.lineWidth = 1.2;
    g.strokeStyle = model.get("dark") ? "rgba(255,255,255,0.8)" : "rgba(0,0,0,0.7)";
    g.beginPath();
    for (let k = 0; k < edges.length; k += 2) {
      const a = edges[k], b = edges[k + 1];
      if (nodes[a] !== selected && nodes[b] !== selected) continue;
      g.moveTo(places[2 * a], places[2 * a + 1]); g.lineTo(places[2 * b], places[2 * b + 1]);
    }
    g.stroke();
  };

  const ask = () => {
    if (pending) return;
    pending = true;
    requestAnimationFrame(() => { pending = false; draw(); });
  };

  const draw = () => {
    const g = front.getContext("2d"), marks = bytes(model.get("marks")), act = model.get("look") === "act";
    const colours = act ? KIND : SCALE;
    const radius = Math.max(1.2, Math.min(7, 0.34 * Math.sqrt((width * height) / Math.max(1, nodes.length)) * 0.42)) *
      Math.min(2.5, Math.sqrt(zoom));
    g.clearRect(0, 0, width, height);
    const discs = new Map(), rings = new Map(), different = [];
    for (let k = 0; k < nodes.length; k++) {
      const code = marks[k];
      if (code === undefined || code & GONE) continue;
      const group = code & PRETENDS ? rings : discs, value = code & VALUE;
      if (!group.has(value)) group.set(value, []);
      group.get(value).push(k);
      if (code & DIFFERS) different.push(k);
    }
    const circle = (k, r) => { g.moveTo(places[2 * k] + r, places[2 * k + 1]); g.arc(places[2 * k], places[2 * k + 1], r, 0, 6.2832); };
    for (const [value, members] of discs) {
      g.fillStyle = colours[value]; g.beginPath();
      for (const k of members) circle(k, radius);
      g.fill();
    }
    g.lineWidth = Math.max(1, radius * 0.45);
    for (const [value, members] of rings) {
      g.strokeStyle = colours[value]; g.beginPath();
      for (const k of members) circle(k, radius * 0.8);
      g.stroke();
    }
    if (different.length) {
      g.lineWidth = 1; g.strokeStyle = model.get("dark") ? "#fff" : "#000"; g.beginPath();
      for (const k of different) circle(k, radius * 1.7);
      g.stroke();
    }
    const selected = model.get("selected"), at = nodes.indexOf(selected);
    if (selected >= 0 && at >= 0) {
      g.lineWidth = 2.5; g.strokeStyle = model.get("dark") ? "#fff" : "#000"; g.beginPath(); circle(at, radius * 2.4); g.stroke();
    }
    el.dataset.frame = model.get("number");
    if (model.get("drawn") !== model.get("number")) { model.set("drawn", model.get("number")); model.save_changes(); }
  };

  const tell = () => {
    const look = model.get("look"), words = WORDS[look];
    legend.innerHTML = look === "act"
      ? words.map((w, k) => `<span><i class="${k === 2 ? "ring" : "disc"}" style="--c:${KIND[k]}"></i>${w}</span>`).join("")
      : `<span>${words[0]} <i class="ramp" style="background:linear-gradient(90deg,${SCALE.join(",")})"></i> ${words[1]}</span>` +
        `<span><i class="ring" style="--c:${SCALE[16]}"></i>acts otherwise than it would unobserved</span>`;
    const note = model.get("note");
    if (note) { const s = document.createElement("span"); s.textContent = note; legend.append(s); }
    front.setAttribute("aria-label", `The society: ${nodes.length} citizens, coloured by ${look}. ${note}`);
  };

  const nearest = (x, y) => {
    let best = -1, least = 14 * 14;
    for (let k = 0; k < nodes.length; k++) {
      const d = (places[2 * k] - x) ** 2 + (places[2 * k + 1] - y) ** 2;
      if (d < least) { least = d; best = k; }
    }
    return best;
  };
  const inside = (event) => { const box = front.getBoundingClientRect(); return [event.clientX - box.left, event.clientY - box.top]; };
  const scaleAt = (factor, [x, y]) => {
    const next = Math.max(0.5, Math.min(30, zoom * factor)), by = next / zoom;
    shift = [x - width / 2 - by * (x - width / 2 - shift[0]), y - height / 2 - by * (y - height / 2 - shift[1])];
    zoom = next; project();
  };

  const fingers = new Map();
  let moved = 0;
  front.addEventListener("wheel", (e) => { e.preventDefault(); scaleAt(Math.exp(-e.deltaY * 0.0015), inside(e)); }, { passive: false });
  front.addEventListener("dblclick", () => { zoom = 1; shift = [0, 0]; project(); });
  front.addEventListener("pointerdown", (e) => { front.setPointerCapture(e.pointerId); fingers.set(e.pointerId, inside(e)); moved = 0; });
  front.addEventListener("pointermove", (e) => {
    const now = inside(e), before = fingers.get(e.pointerId);
    if (before) {
      moved += Math.abs(now[0] - before[0]) + Math.abs(now[1] - before[1]);
      if (fingers.size === 2) {
        const other = [...fingers].find(([id]) => id !== e.pointerId)[1], span = (p) => Math.hypot(p[0] - other[0], p[1] - other[1]);
        scaleAt(span(now) / Math.max(1, span(before)), other);
      } else { shift = [shift[0] + now[0] - before[0], shift[1] + now[1] - before[1]]; project(); }
      fingers.set(e.pointerId, now);
      return;
    }
    const found = nearest(...now);
    if (found === hovered) return;
    hovered = found;
    front.style.cursor = found < 0 ? "grab" : "pointer";
    tip.style.display = found < 0 ? "none" : "block";
    if (found >= 0) {
      const code = bytes(model.get("marks"))[found], look = model.get("look");
      const state = code & GONE ? "has emigrated" : look === "act" ? WORDS.act[code & VALUE] : `${look}: ${Math.round((100 * (code & VALUE)) / VALUE)}%`;
      tip.textContent = `Citizen ${nodes[found]}: ${state}`;
      tip.style.left = `${Math.min(width - 190, places[2 * found] + 10)}px`; tip.style.top = `${places[2 * found + 1] + 10}px`;
    }
  });
  const lift = (e) => {
    const was = fingers.delete(e.pointerId);
    if (was && moved < 6 && e.type === "pointerup") { const k = nearest(...inside(e)); model.set("picked", k < 0 ? -1 : nodes[k]); model.save_changes(); }
  };
  front.addEventListener("pointerup", lift); front.addEventListener("pointercancel", lift);
  front.addEventListener("pointerleave", () => { hovered = -1; tip.style.display = "none"; });

  for (const name of ["positions", "edges", "nodes"]) model.on(`change:${name}`, () => { load(); tell(); });
  for (const name of ["marks", "look", "number"]) model.on(`change:${name}`, ask);
  for (const name of ["look", "note"]) model.on(`change:${name}`, tell);
  for (const name of ["dark", "selected", "neighbours"]) model.on(`change:${name}`, () => { drawTies(); ask(); });
  const watch = new ResizeObserver(resize);
  watch.observe(el);
  load(); resize(); tell();
  return () => watch.disconnect();
}

export default { render };
