'use strict';
// Opens a measure to its definition, its chart and the children in it, out of it and of whom it cannot be
// told. Text only ever enters the page as text, so that nothing in an extract can run.
document.documentElement.classList.add('js');
const Scorecard = {data: null, page: 0};
const SIDES = ['in', 'out', 'unknown'];
const SAID = {in: 'Counted in', out: 'Not counted in', unknown: 'Cannot tell'};
const ROWS = 50;

Scorecard.ready = (async () => {
  const text = atob(document.getElementById('packed').textContent);
  const bytes = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate'));
  Scorecard.data = JSON.parse(await new Response(stream).text());
  route();
})();

function h(tag, props, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props || {})) {
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else if (value !== null && value !== false) node.setAttribute(name, value === true ? '' : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
}

const number = (n) => n.toLocaleString('en-GB');
const count = (n, noun, nouns) => `${number(n)} ${n === 1 ? noun : nouns}`;
const word = (kind, code) => (code === null ? '' : Scorecard.data.words[kind][code]);
function isoDay(ago) {
  if (ago === null) return '';
  return new Date(Date.parse(Scorecard.data.asAt) - ago * 864e5).toISOString().slice(0, 10);
}
function ukDay(ago) {
  if (ago === null) return '';
  const date = new Date(Date.parse(Scorecard.data.asAt) - ago * 864e5);
  return date.toLocaleDateString('en-GB', {day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC'});
}

function rowsOf(id, side) {
  const held = Scorecard.data.measures[id];
  const wanted = SIDES.indexOf(side);
  return held.side.flatMap((at, row) => (at === wanted ? [row] : []));
}

function cellsOf(id, row, day) {
  const held = Scorecard.data.measures[id];
  return [
    word('child_id', held.child[row]), word('team', held.team[row]), word('source', held.source[row]),
    held.day ? day(held.day[row]) : '', held.amount && held.amount[row] !== null ? String(held.amount[row]) : '',
  ];
}

// A cell that a spreadsheet would take for a formula gets an apostrophe, as in the CSV files.
function csvCell(text) {
  const safe = /^[\t\r\n]|^\s*[=+\-@＝＋－＠]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function download(id, side) {
  const heads = ['child_id', 'team', 'source', 'day', 'amount'];
  const lines = [heads, ...rowsOf(id, side).map((row) => cellsOf(id, row, isoDay))];
  const text = '\ufeff' + lines.map((line) => line.map(csvCell).join(',')).join('\r\n') + '\r\n';
  const link = h('a', {href: URL.createObjectURL(new Blob([text], {type: 'text/csv'})), download: `${id}-${side}.csv`});
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

function members(place, id, side) {
  const rows = rowsOf(id, side);
  const held = Scorecard.data.measures[id];
  const children = new Set(rows.map((row) => held.child[row]).filter((code) => code !== null)).size;
  const said = `${SAID[side]}: ${count(rows.length, 'row', 'rows')}, ${count(children, 'child', 'children')}`;
  document.getElementById('live').textContent = said;
  const heads = ['Child', 'Team', 'Row of the extract', ...(held.day ? ['Date'] : []), ...(held.amount ? [place.dataset.amount || 'Length'] : [])];
  const shown = rows.slice(Scorecard.page * ROWS, (Scorecard.page + 1) * ROWS);
  const body = shown.map((row) => {
    const [child, team, source, day, amount] = cellsOf(id, row, ukDay);
    const cells = [team || 'No team', source, ...(held.day ? [day] : []), ...(held.amount ? [amount] : [])];
    return h('tr', null, h('th', {scope: 'row', class: 'child'}, child || 'No identifier'),
      cells.map((cell, place) => h('td', {'data-label': heads[place + 1]}, cell)));
  });
  place.replaceChildren(
    h('h2', {class: 'lesser'}, 'The children'),
    h('div', {class: 'sides', role: 'group', 'aria-label': 'Which children'}, SIDES.map((name) => {
      const many = rowsOf(id, name).length;
      return many || name === side ? h('button', {type: 'button', 'aria-pressed': String(name === side), 'data-side': name,
        onclick: () => { location.hash = `m=${id}&side=${name}`; }}, `${SAID[name]} (${number(many)})`) : null;
    })),
    h('p', {class: 'said'}, said + '.'),
    rows.length ? h('div', {class: 'scroll list', tabindex: '0', role: 'region', 'aria-label': said},
      h('table', {class: 'compact'}, h('caption', {class: 'vh'}, said),
        h('thead', null, h('tr', null, heads.map((head) => h('th', {scope: 'col'}, head)))), h('tbody', null, body))) : '',
    h('div', {class: 'buttons'},
      rows.length > ROWS ? pager(place, id, side, rows.length, -1, 'Earlier rows') : null,
      rows.length > ROWS ? pager(place, id, side, rows.length, 1, 'More rows') : null,
      rows.length ? h('button', {type: 'button', onclick: () => download(id, side)}, 'Download these as CSV') : null));
  place.hidden = false;
}

function pager(place, id, side, all, step, text) {
  const last = Math.ceil(all / ROWS) - 1;
  const to = Scorecard.page + step;
  return h('button', {type: 'button', class: `page-${step > 0 ? 'on' : 'back'}`, disabled: to < 0 || to > last, onclick: () => {
    Scorecard.page = to;
    members(place, id, side);
    const again = place.querySelector(`.page-${step > 0 ? 'on' : 'back'}`);
    (again.disabled ? place.querySelector('.buttons button:not(:disabled)') : again).focus();
  }}, text);
}

function route() {
  const asked = new URLSearchParams(location.hash.slice(1));
  const id = asked.get('m');
  document.querySelectorAll('.about.open').forEach((section) => {
    section.classList.remove('open');
    section.querySelector('h2').removeAttribute('aria-level');
  });
  const section = id && document.getElementById(`m=${id}`);
  const overview = document.getElementById('overview');
  overview.classList.toggle('away', Boolean(section));
  if (!section) {
    const plain = location.hash && document.getElementById(location.hash.slice(1));
    if (plain) plain.focus();

    return;
  }
  const sides = SIDES.filter((side) => rowsOf(id, side).length);
  const side = SIDES.includes(asked.get('side')) ? asked.get('side') : sides[0] || 'in';
  Scorecard.page = 0;
  section.classList.add('open');
  section.querySelector('h2').setAttribute('aria-level', '1'); // the only heading of the page that is left
  const place = section.querySelector('.members');
  if (sides.length) members(place, id, side);
  const title = section.querySelector('h2');
  if (!section.contains(document.activeElement) || document.activeElement === document.body) { scrollTo(0, 0); title.focus(); }
  else section.querySelector(`[data-side="${side}"]`)?.focus();
}

document.addEventListener('click', (event) => {
  const link = event.target.closest('a[href^="#m="]');
  if (link) Scorecard.from = link.getAttribute('href');
  const back = event.target.closest('a.back');
  if (!back) return;
  event.preventDefault();
  history.pushState(null, '', location.pathname + location.search);
  route();
  const from = Scorecard.from && [...document.querySelectorAll('#overview a')].find((a) => a.getAttribute('href') === Scorecard.from);
  (from || document.querySelector('h1')).focus();
});
addEventListener('hashchange', () => Scorecard.data && route());
