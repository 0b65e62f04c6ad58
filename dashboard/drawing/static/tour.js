// A tour of five steps on the first visit, and keys: space plays and pauses, → lives a week, Home starts again.

function render({ model, el }) {
  const steps = model.get("steps"), STORE = "glasshouse-tour";
  let at = -1;
  const card = document.createElement("div");
  card.className = "gh-tour"; card.setAttribute("role", "dialog"); card.setAttribute("aria-label", "Tour");
  el.append(card);
  let seen = true;
  try { seen = localStorage.getItem(STORE) === "seen"; } catch { /* a page without storage: no tour of itself */ }

  const end = () => { at = -1; mark(); card.style.display = "none"; try { localStorage.setItem(STORE, "seen"); } catch { /* as above */ } };
  const mark = () => {
    document.querySelectorAll(".gh-pointed").forEach((e) => e.classList.remove("gh-pointed"));
    if (at >= 0) document.querySelector(steps[at].at)?.classList.add("gh-pointed");
  };
  const show = (k) => {
    at = k;
    mark();
    card.style.display = "block";
    card.innerHTML = `<p><b>${k + 1} of ${steps.length}: ${steps[k].title}</b></p><p>${steps[k].says}</p>`;
    const button = (words, act) => { const b = document.createElement("button"); b.textContent = words; b.onclick = act; card.append(b); return b; };
    button("Leave", end);
    if (k > 0) button("Back", () => show(k - 1));
    button(k + 1 < steps.length ? "Next" : "Begin", () => (k + 1 < steps.length ? show(k + 1) : end())).focus();
  };

  const KEYS = { " ": "play", ArrowRight: "step", Home: "restart" };
  const key = (event) => {
    if (event.key === "Escape" && at >= 0) { end(); return; }
    const inField = event.target.closest("input, textarea, select, button, [role=button], [role=slider], [role=listbox], a");
    if (inField || event.ctrlKey || event.metaKey || event.altKey || !KEYS[event.key]) return;
    event.preventDefault();
    model.send({ key: KEYS[event.key] });
  };
  document.addEventListener("keydown", key);
  model.on("change:asked", () => show(0));
  if (!seen) setTimeout(() => show(0), 300);
  return () => document.removeEventListener("keydown", key);
}

export default { render };
