// The sheet as a grid: shows a window of its rows and columns, and knows which cells are selected. Decides nothing, and
// puts in every text as text.

const ROW_PX = 30;
const NUMBER_PX = 56;
const LETTER_PX = 8;
const FROZEN_SHARE = 0.35; // of the grid, so that there is room for other columns on a phone
const AHEAD_ROWS = 8;
const AHEAD_COLUMNS = 4;

export class Grid {
  constructor(root) {
    this.root = root;
    this.file = root.dataset.file;
    this.status = document.getElementById("grid-status");
    this.tools = document.getElementById("grid-tools");
    this.total = 0;
    this.window = { first: 0, columns: [], lines: [] };
    this.headings = [];
    this.cursor = { row: 0, column: 0 }; // by its place in view; row -1 is the row of headings
    this.anchor = { row: 0, column: 0 };
    this.sort = { column: null, down: false };
    this.narrow = null; // one group of problems that is shown
    this.asked = 0;
    this.onDescribe = () => {};
    this.head = element("div", { className: "head", role: "rowgroup" });
    this.body = element("div", { className: "body", role: "rowgroup" });
    root.append(this.head, this.body);
    root.addEventListener("scroll", () => this.scrolled());
    new ResizeObserver(() => this.render()).observe(root);
  }

  // ---- asking the program

  query(more = {}) {
    const fields = new FormData(this.tools);
    const show = fields.get("show");
    const values = { reading: this.root.dataset.reading, sheet: fields.get("sheet"), column: fields.get("column"), text: fields.get("text") };
    if (this.narrow !== null) values.group = this.narrow;
    else if (show.startsWith("code:")) values.code = show.slice(5);
    else values.show = show;
    if (this.sort.column !== null) values.sort = this.sort.column;
    if (this.sort.down) values.down = 1;
    const filled = Object.entries({ ...values, ...more }).filter(([, value]) => value !== "" && value !== null && value !== undefined);
    return new URLSearchParams(filled);
  }

  // Another sheet, another filter, another order: from the top, or around the row with this number.
  async open({ headings = false, at = null, column = null } = {}) {
    const reply = await this.fetch({ headings: headings ? 1 : "", at });
    if (!reply) return;
    if (headings) this.takeHeadings(reply);
    this.take(reply);
    const found = at === null ? -1 : this.window.lines.findIndex((line) => line.row === at);
    if (found < 0) this.root.scrollTop = 0;
    this.place({ row: found < 0 ? 0 : this.window.first + found, column: column ?? this.cursor.column });
  }

  async refresh() {
    const reply = await this.fetch({ headings: 1, first: this.window.first, left: this.window.left });
    if (!reply) return;
    this.takeHeadings(reply);
    this.take(reply);
    this.render();
    this.describe();
  }

  async fetch(more) {
    const asked = (this.asked += 1);
    try {
      const answer = await fetch(`${this.file}/rows?${this.query(more)}`);
      if (answer.status === 404 || answer.status === 409) { location.reload(); return null; } // it was read again since
      const reply = await answer.json();
      return asked === this.asked ? reply : null; // a later one is on its way
    } catch {
      this.say(this.root.dataset.noAnswer);
      return null;
    }
  }

  takeHeadings(reply) {
    this.headings = reply.headings;
    this.headerRow = reply.header_row;
    this.frozen = Math.min(reply.frozen, Math.max(reply.headings.length - 1, 0));
    this.left = [];
    let left = 0;
    this.headings.forEach((heading, at) => {
      this.left[at] = left;
      if (at !== this.frozen) left += this.width(at);
    });
    this.across = left;
    this.root.setAttribute("aria-colcount", this.headings.length + 1);
    const columns = document.getElementById("grid-column");
    const chosen = columns.value;
    const options = this.headings.map((heading, at) => element("option", { value: at, textContent: heading.text ? `${heading.letters}: ${heading.text.slice(0, 60)}` : heading.letters }));
    columns.replaceChildren(columns.options[0], ...options);
    columns.value = chosen;
  }

  take(reply) {
    this.total = reply.total;
    this.window = reply;
    this.body.style.height = `${this.total * ROW_PX}px`;
    this.body.style.width = this.head.style.width = `${NUMBER_PX + this.width(this.frozen) + this.across}px`;
    this.root.setAttribute("aria-rowcount", this.total + 2);
  }

  width(column) {
    const px = (this.headings[column]?.width ?? 8) * LETTER_PX + 16;
    return column === this.frozen ? Math.min(px, Math.max(this.root.clientWidth * FROZEN_SHARE, 90)) : px;
  }

  // ---- what is seen

  seen() {
    const first = Math.max(Math.floor(this.root.scrollTop / ROW_PX) - AHEAD_ROWS, 0);
    const last = Math.min(Math.ceil((this.root.scrollTop + this.root.clientHeight) / ROW_PX) + AHEAD_ROWS, this.total);
    const from = this.root.scrollLeft;
    const to = from + this.root.clientWidth;
    const columns = this.headings.map((_, at) => at).filter((at) => at !== this.frozen && this.left[at] + this.width(at) >= from && this.left[at] <= to);
    const left = Math.max((columns[0] ?? 0) - AHEAD_COLUMNS, 0);
    const right = Math.min((columns.at(-1) ?? 0) + AHEAD_COLUMNS, this.headings.length - 1);
    return { first, last, columns: range(left, right + 1).filter((at) => at !== this.frozen) };
  }

  scrolled() {
    this.render();
    const { first, last, columns } = this.seen();
    const held = this.window;
    const hasRows = first >= held.first && last <= held.first + held.lines.length;
    const hasColumns = columns.every((at) => held.columns.includes(at));
    if (hasRows && hasColumns) return;
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.load(Math.max(first - 40, 0), Math.max((columns[0] ?? 0) - 20, 0)), 30);
  }

  async load(first, left) {
    const reply = await this.fetch({ first, left });
    if (!reply) return;
    this.take(reply);
    this.render();
    this.describe();
  }

  render() {
    if (!this.headings.length) return;
    const { first, last, columns } = this.seen();
    this.head.replaceChildren(this.letters(columns), this.headingRow(columns));
    const rows = [];
    for (let at = first; at < last; at += 1) rows.push(this.row(at, columns));
    this.body.replaceChildren(...rows);
    const active = document.getElementById(this.cellId(this.cursor));
    if (active) this.root.setAttribute("aria-activedescendant", active.id);
    else this.root.removeAttribute("aria-activedescendant");
  }

  letters(columns) {
    const cell = (at) => {
      const { letters, role } = this.headings[at];
      const sorted = this.sort.column === at ? (this.sort.down ? " ▼" : " ▲") : "";
      const button = element("button", { type: "button", tabIndex: -1, className: "sort", textContent: letters + sorted, title: `Sort by ${letters}` });
      button.dataset.sort = at;
      button.setAttribute("aria-label", `Sort by ${letters}`);
      const box = this.cell({ row: -2, column: at }, "", "columnheader");
      box.removeAttribute("data-column");
      box.removeAttribute("id");
      box.append(button);
      if (role && role !== "a skill") box.append(element("span", { className: "role", textContent: role }));
      if (sorted) box.setAttribute("aria-sort", this.sort.down ? "descending" : "ascending");
      return box;
    };
    return this.line("letters", 1, element("div", { className: "number", role: "columnheader", textContent: "Row" }), columns, cell);
  }

  headingRow(columns) {
    const number = element("div", { className: "number", role: "rowheader", textContent: this.headerRow || "" });
    return this.line("headings", 2, number, columns, (at) => this.cell({ row: -1, column: at }, this.headings[at], "columnheader"));
  }

  row(at, columns) {
    const line = this.window.lines[at - this.window.first];
    const number = element("div", { className: "number", role: "rowheader", textContent: line?.row ?? "" });
    if (line?.wrong) { number.classList.add("wrong"); number.title = line.wrong; }
    const row = this.line("line", at + 3, number, columns, (column) => {
      const place = line ? this.window.columns.indexOf(column) : -1;
      return this.cell({ row: at, column }, place < 0 ? null : line.cells[place], "gridcell");
    });
    row.style.top = `${at * ROW_PX}px`;
    return row;
  }

  // A row: its number and the frozen column stay; the columns that are not seen are a space.
  line(className, index, number, columns, cell) {
    const row = element("div", { className, role: "row" });
    row.setAttribute("aria-rowindex", index);
    const space = element("div", { className: "gap", role: "presentation" });
    space.style.width = `${this.left[columns[0]] ?? 0}px`;
    const frozen = cell(this.frozen);
    frozen.classList.add("frozen");
    row.append(number, frozen, space, ...columns.map(cell));
    return row;
  }

  cell(at, held, role) {
    const box = element("div", { className: "cell", role, textContent: held?.text ?? "" });
    box.style.width = `${this.width(at.column)}px`;
    box.id = this.cellId(at);
    box.dataset.row = at.row;
    box.dataset.column = at.column;
    box.setAttribute("aria-colindex", at.column + 2);
    const number = this.rowNumber(at.row);
    if (number) box.dataset.at = `${this.headings[at.column].letters}${number}`;
    if (held?.wrong) { box.classList.add("wrong"); box.setAttribute("aria-invalid", "true"); box.title = held.wrong; }
    if (held?.edited) box.classList.add("edited");
    if (role !== "columnheader" || at.row === -1) {
      const selected = this.isSelected(at);
      box.setAttribute("aria-selected", selected);
      if (selected) box.classList.add("selected");
      if (at.row === this.cursor.row && at.column === this.cursor.column) box.classList.add("active");
    }
    return box;
  }

  cellId(at) { return `cell-${at.row}-${at.column}`; }

  rowNumber(row) { return row === -1 ? this.headerRow : this.window.lines[row - this.window.first]?.row; }

  // ---- the cell that has the keyboard, and those that are selected

  held(at = this.cursor) {
    if (at.row === -1) return this.headings[at.column];
    const place = this.window.columns.indexOf(at.column);
    return this.window.lines[at.row - this.window.first]?.cells[place];
  }

  isSelected({ row, column }) {
    const { top, bottom, left, right } = this.selection();
    return row >= top && row <= bottom && column >= left && column <= right;
  }

  selection() {
    const [a, b] = [this.anchor, this.cursor];
    return { top: Math.min(a.row, b.row), bottom: Math.max(a.row, b.row), left: Math.min(a.column, b.column), right: Math.max(a.column, b.column) };
  }

  place(at, extend = false) {
    const lowest = this.headerRow && !extend ? -1 : 0;
    const row = Math.min(Math.max(at.row, lowest), Math.max(this.total - 1, lowest));
    this.cursor = { row, column: Math.min(Math.max(at.column, 0), Math.max(this.headings.length - 1, 0)) };
    if (!extend) this.anchor = this.cursor;
    this.reveal();
    this.render();
    this.scrolled();
    this.describe();
  }

  reveal() {
    const { row, column } = this.cursor;
    const headPx = this.head.offsetHeight;
    if (row >= 0) {
      const top = row * ROW_PX;
      if (top < this.root.scrollTop) this.root.scrollTop = top;
      const bottom = top + ROW_PX + headPx - this.root.clientHeight;
      if (bottom > this.root.scrollTop) this.root.scrollTop = bottom;
    }
    if (column === this.frozen) return;
    const covered = NUMBER_PX + this.width(this.frozen);
    if (this.left[column] < this.root.scrollLeft) this.root.scrollLeft = this.left[column];
    const right = this.left[column] + this.width(column) + covered - this.root.clientWidth;
    if (right > this.root.scrollLeft) this.root.scrollLeft = Math.min(right, this.left[column]);
  }

  address(at = this.cursor) {
    const number = this.rowNumber(at.row);
    return number ? `${this.headings[at.column].letters}${number}` : "";
  }

  describe() {
    const cell = this.held();
    if (!cell) return;
    const heading = this.headings[this.cursor.column].text.trim();
    const where = [this.address(), heading].filter(Boolean).join(", ");
    const text = cell.wrong ? `${where}: ${cell.wrong}` : where;
    if (this.described !== text) this.say(text);
    this.described = text;
    this.onDescribe();
  }

  say(text) { this.described = null; this.status.textContent = text ?? ""; }
}

export function element(name, values) { return Object.assign(document.createElement(name), values); }

export function range(from, to) { return Array.from({ length: Math.max(to - from, 0) }, (_, at) => from + at); }
