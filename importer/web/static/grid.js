// The sheet: scrolls it, and edits its cells. Every text is put in as text. Decides nothing.

const grid = document.getElementById("grid");
if (grid) {
  const ROW_PX = 34;
  const total = Number(grid.dataset.total);
  const atOnce = Number(grid.dataset.atOnce);
  const [above, below] = grid.querySelectorAll(".space td");
  const body = grid.querySelector(".rows");
  const status = document.getElementById("grid-status");
  const overRows = [...grid.querySelectorAll("tr.above")].reduce((sum, row) => sum + row.offsetHeight, 0);
  let first = Number(grid.dataset.first);

  function space() {
    above.style.height = `${first * ROW_PX}px`;
    below.style.height = `${Math.max(total - first - body.rows.length, 0) * ROW_PX}px`;
  }

  // Other rows in the place of those that are there; the cell that has the keyboard keeps it.
  async function rows(from) {
    try {
      const answer = await fetch(`${grid.dataset.rows}&first=${from}`);
      const reply = await answer.json();
      const at = body.contains(document.activeElement) ? document.activeElement.dataset.at : null;
      body.innerHTML = reply.rows; // made by our own templates, with every text escaped
      first = reply.first;
      space();
      const cell = at && body.querySelector(`[data-at="${at}"]`);
      if (at) (cell ?? grid).focus({ preventScroll: true });
      if (!grid.querySelector('[data-at][tabindex="0"]')) enter(body.querySelector("[data-at]"));
    } catch {
      status.textContent = "The program does not answer. If it has ended, start it again.";
    }
  }

  // One thing after the other: a step may need other rows, and scrolling must not take them away meanwhile.
  let last = Promise.resolve();
  function then(what) { last = last.then(what, what); }

  function scrolled() {
    if (grid.querySelector("tr.line input")) return;
    const from = Math.max(Math.floor((grid.scrollTop - overRows) / ROW_PX), 0);
    const seen = Math.ceil(grid.clientHeight / ROW_PX);
    if (from < first || from + seen > Math.min(first + atOnce, total)) return around(from, seen);
  }

  function around(from, seen = Math.ceil(grid.clientHeight / ROW_PX)) {
    return rows(Math.max(Math.min(from - Math.floor((atOnce - seen) / 2), total - atOnce), 0));
  }

  let waiting = null;
  grid.addEventListener("scroll", () => { clearTimeout(waiting); waiting = setTimeout(() => then(scrolled), 40); });
  space();
  then(scrolled);
  enter(grid.querySelector("td.wrong") ?? body.querySelector("[data-at]") ?? grid.querySelector("[data-at]"));

  // The one cell that Tab comes to.
  function enter(cell) {
    for (const other of grid.querySelectorAll('[data-at][tabindex="0"]')) other.tabIndex = -1;
    if (cell) cell.tabIndex = 0;
  }

  function describe(cell) {
    const where = `${cell.dataset.at}, ${cell.dataset.over}`;
    status.textContent = cell.dataset.problems ? `${where}: ${cell.dataset.problems}` : where;
  }

  function move(down, right) { then(() => step(grid.querySelector('[data-at][tabindex="0"]'), down, right)); }

  async function step(cell, down, right) {
    if (!cell) return;
    let lines = [...grid.querySelectorAll("tr.line")];
    let at = lines.indexOf(cell.parentElement) + down;
    if ((at >= lines.length && first + body.rows.length < total) || (down < 0 && first > 0 && lines[Math.max(at, 0)]?.parentElement !== body)) {
      await around(first + [...body.rows].indexOf(cell.parentElement));
      cell = body.querySelector(`[data-at="${cell.dataset.at}"]`) ?? cell;
      lines = [...grid.querySelectorAll("tr.line")];
      at = lines.indexOf(cell.parentElement) + down;
    }
    const line = lines[Math.min(Math.max(at, 0), lines.length - 1)];
    const to = line?.cells[Math.min(Math.max(cell.cellIndex + right, 1), line.cells.length - 1)];
    if (!to) return;
    enter(to);
    to.focus();
    to.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  const isCell = (event) => event.target.closest?.("[data-at]");
  const table = grid.querySelector("table");
  table.addEventListener("focusin", (event) => { const cell = isCell(event); if (cell) { enter(cell); describe(cell); } });
  table.addEventListener("dblclick", (event) => { const cell = isCell(event); if (cell) edit(cell); });
  table.addEventListener("keydown", (event) => {
    const cell = isCell(event);
    if (!cell || event.target.tagName === "INPUT") return;
    const moves = { ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1], PageDown: [10, 0], PageUp: [-10, 0], Home: [0, -1000], End: [0, 1000] };
    if (moves[event.key]) { event.preventDefault(); move(...moves[event.key]); }
    else if (event.key === "Enter" || event.key === "F2") { event.preventDefault(); edit(cell); }
    else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) edit(cell, "");
  });

  function edit(cell, text = cell.textContent) {
    if (cell.querySelector("input")) return;
    const before = cell.textContent;
    const input = document.createElement("input");
    input.value = text;
    input.setAttribute("aria-label", `${cell.dataset.over}, ${cell.dataset.at}`);
    cell.replaceChildren(input);
    input.focus();
    let done = false;
    async function end(keep) {
      if (done) return;
      done = true;
      const value = input.value;
      cell.replaceChildren(document.createTextNode(keep ? value : before));
      enter(cell);
      if (keep && value !== before) await saveEdit(cell.dataset.at, value) && cell.classList.add("edited");
    }
    input.addEventListener("blur", () => end(true));
    input.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.key === "Enter" || event.key === "Tab") { event.preventDefault(); end(true); move(event.key === "Enter" ? 1 : 0, event.key === "Tab" ? (event.shiftKey ? -1 : 1) : 0); }
      else if (event.key === "Escape") { end(false); cell.focus(); }
    });
  }

  async function saveEdit(at, text, sheet = grid.dataset.sheet) {
    const answer = await fetch(grid.dataset.cell, { method: "POST", body: new URLSearchParams({ at, text, sheet }) });
    const reply = await answer.json().catch(() => ({ error: "We could not keep this." }));
    if (!answer.ok) status.textContent = reply.error;
    const again = document.getElementById("again");
    if (answer.ok && again) { again.hidden = false; again.querySelector("b").textContent = reply.cells; }
    return answer.ok;
  }

  for (const input of document.querySelectorAll(".correction input")) {
    input.addEventListener("change", () => saveEdit(input.dataset.at, input.value, input.dataset.sheet));
  }
}
