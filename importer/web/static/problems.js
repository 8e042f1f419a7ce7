// The problems beside the grid: go to their cells, show only them, enter one text in all of them.

import { grid, keep } from "./grid_edits.js";
import { element } from "./grid.js";

if (grid) {
  const reading = grid.root.dataset.reading;

  function show(value, group = null) {
    grid.tools.elements.show.value = value;
    grid.tools.elements.column.value = "";
    grid.tools.elements.text.value = "";
    grid.narrow = group;
  }

  function alike(group, text) { return keep(grid, "alike", grid.query(), { group, text, reading }); }

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    const { cell: at, row, sheet, showCode, showGroup } = button.dataset;
    if (showCode) { show(`code:${showCode}`); await grid.open(); grid.root.focus(); }
    else if (showGroup) { show("problems", showGroup); await grid.open(); grid.root.focus(); }
    else if (at !== undefined) {
      const sheets = grid.tools.elements.sheet;
      const option = [...(sheets.options ?? [])].find((each) => each.textContent === sheet);
      if (option) sheets.value = option.value;
      const number = Number(/\d+$/.exec(at)?.[0] ?? row);
      const isHeading = at && number === grid.headerRow;
      show("all");
      const column = columnOf(at);
      await grid.open({ headings: true, at: isHeading ? null : number, column });
      if (isHeading) grid.place({ row: -1, column });
      grid.root.focus();
    } else if (button.closest(".alike")) {
      const line = button.closest(".alike");
      const field = line.querySelector("input, select");
      if (field.selectedOptions?.[0]?.disabled) { field.focus(); return; }
      await alike(button.closest(".group").dataset.group, field.value);
    } else if (button.dataset.alike) {
      await alike(button.dataset.alike, button.dataset.text);
    }
  });

  function columnOf(at) {
    const letters = /^[A-Z]+/.exec(at ?? "")?.[0] ?? "A";
    return [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
  }

  // What was entered in the grid counts here too: both show the same cells.
  document.addEventListener("edited", (event) => {
    for (const group of document.querySelectorAll(".group")) {
      const line = group.querySelector(".alike");
      if (!line) continue;
      const changed = event.detail[group.dataset.group] ?? 0;
      const cells = Number(line.dataset.cells);
      const note = line.querySelector(".done");
      note.hidden = !changed;
      note.textContent = !changed ? "" : changed === cells ? "✎ changed, not checked yet" : `✎ ${changed} of ${cells} changed, not checked yet`;
      group.classList.toggle("changed", changed === cells);
    }
  });

  // One of several cells with the same text was corrected: offer the others.
  document.addEventListener("corrected", (event) => {
    const { group, was, text } = event.detail;
    const line = document.querySelector(`.group[data-group="${group}"] .alike`);
    const others = Number(line?.dataset.cells ?? 1) - 1;
    if (!others) return;
    const button = element("button", { type: "button", className: "small-button", textContent: "Change them alike" });
    Object.assign(button.dataset, { alike: group, text });
    grid.status.append(` “${was}” stands in ${others.toLocaleString("en")} more ${others === 1 ? "cell" : "cells"}. `, button);
  });
}
