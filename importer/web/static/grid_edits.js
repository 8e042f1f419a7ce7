// Editing the grid as people know it: type, copy and paste, fill down, delete, undo, replace. The program keeps every
// text; nothing is kept here.

import { Grid, element } from "./grid.js";

const root = document.getElementById("grid");

export const grid = root ? new Grid(root) : null;

if (grid) {
  grid.open({ headings: true });
  listen(grid);
}

// Ask the program to keep something, and show what came of it.
export async function keep(grid, path, query, fields) {
  let reply;
  try {
    const answer = await fetch(`${grid.file}/${path}?${query}`, { method: "POST", body: new URLSearchParams(fields) });
    reply = await answer.json().catch(() => null);
    if (!reply) { location.reload(); return null; } // the file was read again since
  } catch {
    grid.say(root.dataset.noAnswer);
    return null;
  }
  if (reply.error) { grid.say(reply.error); return null; }
  document.getElementById("grid-undo").disabled = !reply.can_undo;
  document.getElementById("grid-redo").disabled = !reply.can_redo;
  document.getElementById("again").hidden = !reply.edited;
  for (const count of document.querySelectorAll("[data-edited]")) count.textContent = reply.cells;
  document.dispatchEvent(new CustomEvent("edited", { detail: reply.groups }));
  await grid.refresh();
  grid.say(reply.said);
  return reply;
}

function block(grid) {
  const { top, bottom, left, right } = grid.selection();
  const size = { left, width: right - left + 1 };
  return top === -1 ? { row: grid.headerRow, ...size } : { top, height: bottom - top + 1, ...size };
}

function fill(grid, text, place = block(grid)) { return keep(grid, "cells", grid.query(place), { text }); }

// A text as spreadsheets copy it, where it would else be taken for several cells.
function quoted(text) { return /[\t\n\r"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text; }

async function fillDown(grid) {
  const { top, bottom, left, right } = grid.selection();
  if (top < 0) return;
  const from = bottom > top ? top : top - 1; // one cell alone takes what stands above it
  if (from < 0) return;
  const answer = await fetch(`${grid.file}/block?${grid.query({ top: from, height: 1, left, width: right - left + 1 })}`);
  if (answer.ok) await fill(grid, await answer.text());
}

async function step(grid, path) {
  const reply = await keep(grid, path, grid.query(), {});
  if (!reply?.at) return;
  const [number, column] = reply.at;
  const at = grid.window.lines.findIndex((line) => line.row === number);
  if (at >= 0) grid.place({ row: grid.window.first + at, column });
  grid.say(reply.said);
}

function listen(grid) {
  const moves = { ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1], PageDown: [12, 0], PageUp: [-12, 0] };

  root.addEventListener("focus", () => grid.describe());
  root.addEventListener("keydown", (event) => {
    const { key } = event;
    const command = event.ctrlKey || event.metaKey;
    const { row, column } = grid.cursor;
    const to = (place) => { event.preventDefault(); grid.place(place, event.shiftKey); };
    if (command) {
      const act = { z: () => step(grid, event.shiftKey ? "redo" : "undo"), y: () => step(grid, "redo"), d: () => fillDown(grid), a: () => { grid.anchor = { row: 0, column: 0 }; grid.place({ row: grid.total - 1, column: grid.headings.length - 1 }, true); }, Home: () => to({ row: 0, column: 0 }), End: () => to({ row: grid.total - 1, column: grid.headings.length - 1 }) }[key.length === 1 ? key.toLowerCase() : key];
      if (act) { event.preventDefault(); act(); }
      return;
    }
    if (event.altKey) return;
    if (moves[key]) to({ row: row + moves[key][0], column: column + moves[key][1] });
    else if (key === "Home") to({ row, column: 0 });
    else if (key === "End") to({ row, column: grid.headings.length - 1 });
    else if (key === "Enter" || key === "F2") { event.preventDefault(); edit(grid); }
    else if (key === "Delete" || key === "Backspace") { event.preventDefault(); fill(grid, ""); }
    else if (key.length === 1) { event.preventDefault(); edit(grid, key); }
  });

  root.addEventListener("pointerdown", (event) => {
    const cell = event.target.closest(".cell[data-column]");
    if (!cell || event.button) return;
    root.focus({ preventScroll: true });
    const at = placeOf(cell);
    const isSame = at.row === grid.cursor.row && at.column === grid.cursor.column;
    if (event.pointerType === "touch" && isSame) { event.preventDefault(); edit(grid); return; }
    grid.place(at, event.shiftKey);
    if (event.pointerType === "touch") return;
    event.preventDefault();
    const extend = (moved) => {
      const other = document.elementFromPoint(moved.clientX, moved.clientY)?.closest(".cell[data-column]");
      if (other && root.contains(other)) grid.place(placeOf(other), true);
    };
    root.addEventListener("pointermove", extend);
    window.addEventListener("pointerup", () => root.removeEventListener("pointermove", extend), { once: true });
  });
  root.addEventListener("dblclick", (event) => { if (event.target.closest(".cell[data-column]")) edit(grid); });
  root.addEventListener("click", (event) => {
    const button = event.target.closest("[data-sort]");
    if (!button) return;
    const column = Number(button.dataset.sort);
    const { sort } = grid;
    grid.sort = sort.column !== column ? { column, down: false } : sort.down ? { column: null, down: false } : { column, down: true };
    grid.open();
  });

  document.addEventListener("copy", (event) => { if (document.activeElement === root) copy(event); });
  document.addEventListener("cut", (event) => { if (document.activeElement === root) { copy(event); fill(grid, ""); } });
  document.addEventListener("paste", (event) => {
    if (document.activeElement !== root) return;
    event.preventDefault();
    const text = event.clipboardData.getData("text/plain");
    const place = block(grid);
    if (text) keep(grid, place.row ? "cells" : "paste", grid.query(place), { text });
  });

  function copy(event) {
    event.preventDefault();
    const { top, bottom, left, right } = grid.selection();
    const lines = [];
    for (let row = top; row <= bottom; row += 1) {
      const cells = [];
      for (let column = left; column <= right; column += 1) cells.push(grid.held({ row, column }));
      if (cells.includes(undefined)) break; // it is not all here
      lines.push(cells.map((cell) => quoted(cell.text)).join("\t"));
    }
    if (lines.length === bottom - top + 1) event.clipboardData.setData("text/plain", lines.join("\n"));
    else fetch(`${grid.file}/block?${grid.query(block(grid))}`).then((answer) => answer.text()).then((text) => navigator.clipboard.writeText(text)).catch(() => grid.say("We could not copy this."));
  }

  document.getElementById("grid-undo").addEventListener("click", () => step(grid, "undo"));
  document.getElementById("grid-redo").addEventListener("click", () => step(grid, "redo"));
  document.getElementById("grid-replace").addEventListener("click", () => keep(grid, "replace", grid.query(), { find: document.getElementById("grid-find").value, by: document.getElementById("grid-by").value }));
  grid.tools.addEventListener("submit", (event) => event.preventDefault());
  grid.tools.addEventListener("change", (event) => {
    if (!event.target.name) return;
    grid.narrow = null;
    if (event.target.name === "sheet") grid.tools.elements.column.value = "";
    grid.open({ headings: event.target.name === "sheet" });
  });
  let typed = null;
  document.getElementById("grid-text").addEventListener("input", () => { clearTimeout(typed); typed = setTimeout(() => { grid.narrow = null; grid.open(); }, 250); });
}

function placeOf(cell) { return { row: Number(cell.dataset.row), column: Number(cell.dataset.column) }; }

// The field lies over its cell and is never narrower than what can be read in it.
function edit(grid, typed = null) {
  const cell = document.getElementById(grid.cellId(grid.cursor));
  const held = grid.held();
  if (!cell || !held || (grid.cursor.row === -1 && !grid.headerRow)) return;
  const place = grid.cursor.row === -1 ? { row: grid.headerRow, left: grid.cursor.column } : { top: grid.cursor.row, left: grid.cursor.column };
  const sheet = root.parentElement;
  const [box, around] = [cell.getBoundingClientRect(), sheet.getBoundingClientRect()];
  const input = element("input", { className: "cell-editor", value: typed ?? held.text });
  input.setAttribute("aria-label", [grid.address(), grid.headings[grid.cursor.column].text].filter(Boolean).join(", "));
  input.setAttribute("aria-describedby", "grid-status");
  const width = Math.min(Math.max(box.width, 240), around.width);
  Object.assign(input.style, { width: `${width}px`, top: `${box.top - around.top}px`, left: `${Math.max(Math.min(box.left - around.left, around.width - width), 0)}px` });
  sheet.append(input);
  input.focus();
  if (typed === null) input.select();
  let done = false;
  function end(isKept, move) {
    if (done) return;
    done = true;
    const text = input.value;
    input.remove();
    root.focus({ preventScroll: true });
    const before = { ...held };
    const kept = isKept && text !== before.text ? fill(grid, quoted(text), place) : Promise.resolve(null);
    if (move) grid.place({ row: grid.cursor.row + move[0], column: grid.cursor.column + move[1] });
    kept.then((reply) => { if (reply && before.group !== undefined) document.dispatchEvent(new CustomEvent("corrected", { detail: { group: before.group, was: before.text, text } })); });
  }
  input.addEventListener("blur", () => end(true));
  input.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "Enter") { event.preventDefault(); end(true, [event.shiftKey ? -1 : 1, 0]); }
    else if (event.key === "Tab") { event.preventDefault(); end(true, [0, event.shiftKey ? -1 : 1]); }
    else if (event.key === "Escape") { event.preventDefault(); end(false); }
  });
}
