'use strict';
// The packed rows, unpacked once, and the small tools every view uses. Text only ever enters the page as
// text (never as markup), so that nothing in an extract can run.
const Upturn = {data: null};

async function unpack() {
  const text = atob(document.getElementById('packed').textContent);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate'));
  const data = JSON.parse(await new Response(stream).text());
  data.clocksOf = rowsBy(data.clocks.child);
  data.eventsOf = rowsBy(data.events.child);
  return data;
}

function rowsBy(codes) {
  const rows = new Map();
  codes.forEach((code, row) => {
    if (!rows.has(code)) rows.set(code, []);
    rows.get(code).push(row);
  });
  return rows;
}

// An element: h('a', {href: '#x', class: 'n'}, 'text', otherElement). Null children are left out.
function h(tag, props, ...children) {
  const svg = ['svg', 'g', 'rect', 'circle', 'line', 'path', 'text', 'title'].includes(tag);
  const node = svg ? document.createElementNS('http://www.w3.org/2000/svg', tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(props || {})) {
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) node.setAttribute(name, value === true ? '' : value);
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  return node;
}

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
const asDate = (ago) => new Date((Upturn.data.asAt - ago) * 864e5);
function day(ago) {
  if (ago === null) return '';
  const date = asDate(ago);
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
}
const isoDay = (ago) => (ago === null ? '' : asDate(ago).toISOString().slice(0, 10));
const number = (n) => n.toLocaleString('en-GB');
const count = (n, noun, nouns) => `${number(n)} ${n === 1 ? noun : nouns || noun + 's'}`;
const word = (kind, code) => (code === null ? null : Upturn.data.words[kind][code]);
const slug = (state) => (state || '').replaceAll(' ', '-');
const address = (filters) => '#' + new URLSearchParams(filters).toString();
const childLink = (id) => (id === null ? 'No identifier' : h('a', {href: address({child: id})}, id));

// The rule of a clock; a clock without one still shows.
function ruleOf(row) {
  return Upturn.data.rules[word('ref', Upturn.data.clocks.ref[row]) || ''] || {id: '', name: '', marks: []};
}
const ruleWords = (rule) => rule.name + (rule.marks.length ? ` (${rule.marks.join('; ')})` : '');

// A cell that a spreadsheet would take for a formula gets an apostrophe, as in clocks.csv.
function csvCell(text) {
  let cell = text === null || text === undefined ? '' : String(text);
  if (typeof text === 'string' && /^[\t\r\n]|^\s*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]/.test(cell)) cell = "'" + cell;
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

function download(name, rows) {
  const text = '\uFEFF' + rows.map((row) => row.map(csvCell).join(',')).join('\r\n') + '\r\n';
  const url = URL.createObjectURL(new Blob([text], {type: 'text/csv'}));
  h('a', {href: url, download: name}).click();
  setTimeout(() => URL.revokeObjectURL(url), 1e4);
}

function say(text) {
  document.getElementById('live').textContent = text;
}
