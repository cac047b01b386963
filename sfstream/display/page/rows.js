const ROWS = 60; // after which a table goes on in another
const SAME = 0.5; // px by which columns may differ

/**
 * The rows of a table that grows. The browser lays out a whole table when one row changes, so a long one stands in
 * several, of the same columns, until it ends or a row needs wider ones: only the last changes. At 750 rows that is 1 ms
 * a frame instead of 5.
 */
export class Rows {
  /** @param {HTMLTableSectionElement} body of the table */
  constructor(body) {
    this.bodies = [body];
    this.table = tableOf(body);
    this.most = ROWS; // rows of the last, after which to see whether it can go on in another
  }

  get last() {
    return this.bodies[this.bodies.length - 1];
  }

  get isSplit() {
    return this.last !== this.bodies[0];
  }

  /** @returns {HTMLElement} where the next row belongs */
  end() {
    const count = this.last.rows.length;
    if (count < this.most || count % 2) return this.last; // every other row is shaded, beginning anew in each table
    const isFull = this.table.offsetWidth >= (this.table.parentElement?.clientWidth ?? 0); // the columns share the width
    if (isFull) this.most += ROWS;
    else this.split();
    return this.last;
  }

  /** Let the next rows stand in another table. */
  split() {
    const before = tableOf(this.last);
    const table = /** @type {HTMLTableElement} */ (this.table.cloneNode());
    table.append(columns(widths(this.table)), this.last.cloneNode());
    before.classList.add("sfstream-goes-on");
    before.after(table);
    this.bodies.push(table.tBodies[0]);
    this.most = ROWS;
  }

  /** @returns {boolean} whether the last table has the columns of the first */
  fits() {
    const [first, last] = [this.table, tableOf(this.last)].map(widths);
    return first.every((width, i) => Math.abs(width - last[i]) < SAME);
  }

  /** Make one table of all. */
  join() {
    const [first, ...others] = this.bodies;
    for (const body of others) {
      first.append(...body.childNodes);
      tableOf(body).remove();
    }
    this.table.classList.remove("sfstream-goes-on");
    this.bodies = [first];
    this.most = first.rows.length + ROWS;
  }
}

/** @param {HTMLElement} body @returns {HTMLTableElement} */
const tableOf = (body) => /** @type {HTMLTableElement} */ (body.parentElement);

/** @param {HTMLTableElement} table @returns {number[]} px of each column */
const widths = (table) => [...table.rows[0].cells].map((cell) => cell.getBoundingClientRect().width);

/** What makes the columns of a table no narrower than this. @param {number[]} widths px of each */
function columns(widths) {
  const head = document.createElement("thead");
  head.className = "sfstream-columns";
  head.setAttribute("aria-hidden", "true");
  const row = head.insertRow();
  for (const width of widths) row.insertCell().appendChild(document.createElement("div")).style.width = `${width}px`;
  return head;
}
