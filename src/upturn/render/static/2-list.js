// Lists: filtered, sorted and paged rows. The filters, the sort and the page are in the address, so that a
// list can be kept as a link and the browser's back button works.
const PAGE = 25;

// How each kind of list gets its rows. `cell` gives what is shown, `text` what a CSV file says, `rank`
// what it is sorted by.
const CLOCK_COLUMNS = [
  {key: 'child', label: 'Child', cell: (r) => childLink(word('child', Upturn.data.clocks.child[r])),
    text: (r) => word('child', Upturn.data.clocks.child[r]), rank: (r) => Upturn.data.clocks.child[r]},
  {key: 'rule', label: 'What', css: 'what', cell: (r) => ruleWords(ruleOf(r)), text: (r) => ruleWords(ruleOf(r)),
    rank: (r) => ruleRank(Upturn.data.clocks.ref[r])},
  {key: 'state', label: 'State', css: 'state', cell: (r) => stateTag(r), text: (r) => word('said', Upturn.data.clocks.said[r]),
    rank: (r) => r},
  {key: 'due', label: 'Due', css: 'date', cell: (r) => day(Upturn.data.clocks.due[r]), text: (r) => isoDay(Upturn.data.clocks.due[r]),
    rank: (r) => (Upturn.data.clocks.due[r] === null ? null : -Upturn.data.clocks.due[r])},
  {key: 'team', label: 'Team', cell: (r) => word('team', Upturn.data.clocks.team[r]) || 'No team',
    text: (r) => word('team', Upturn.data.clocks.team[r]), rank: (r) => Upturn.data.clocks.team[r]},
  {key: 'worker', label: 'Worker', cell: (r) => word('worker', Upturn.data.clocks.worker[r]) || 'No worker',
    text: (r) => word('worker', Upturn.data.clocks.worker[r]), rank: (r) => Upturn.data.clocks.worker[r]},
  {key: 'reason', label: 'Reason', css: 'why', fixed: true, cell: (r) => Upturn.data.clocks.reason[r] || '',
    text: (r) => Upturn.data.clocks.reason[r]},
];
const quarantineColumn = (key, label, kind, more) => {
  const text = (r) => (kind ? word(key, Upturn.data.quarantine[key][r]) : Upturn.data.quarantine[key][r]);
  return {key, label, text, spare: true, cell: (r) => text(r) ?? '', rank: (r) => Upturn.data.quarantine[key][r], ...more};
};
const QUARANTINE_COLUMNS = [
  quarantineColumn('list', 'List', true),
  quarantineColumn('level', 'Level', true),
  quarantineColumn('row', 'Row', false),
  quarantineColumn('column', 'Column', true),
  quarantineColumn('value', 'Value', false, {css: 'value', fixed: true, cell: (r) => cellsOf(Upturn.data.quarantine.value[r])}),
  quarantineColumn('reason', 'Reason', true, {css: 'what'}),
  quarantineColumn('todo', 'What to do', true),
  quarantineColumn('child', 'Child', false, {cell: (r) => quarantinedChild(r)}),
  quarantineColumn('team', 'Team', true),
  quarantineColumn('worker', 'Worker', true),
];

// A whole row was kept as one JSON object: shown as "heading: cell", blank cells left out.
function cellsOf(value) {
  if (!value || value[0] !== '{') return value ?? '';
  try {
    const cells = Object.entries(JSON.parse(value)).filter(([, cell]) => cell !== null && cell !== '');
    return cells.map(([heading, cell]) => `${heading}: ${cell}`).join('; ') || 'every cell is blank';
  } catch { return value; }
}

function quarantinedChild(row) {
  const id = Upturn.data.quarantine.child[row];
  return id !== null && Upturn.data.words.child.includes(id) ? childLink(id) : id ?? '';
}

function stateTag(row) {
  const clocks = Upturn.data.clocks;
  return h('span', {class: `tag s-${slug(word('state', clocks.state[row]))}`}, word('said', clocks.said[row]) || '');
}

// Rules are sorted by name, not by the code of their reference.
function ruleRank(code) {
  if (!Upturn.data.ruleRanks) {
    const names = Upturn.data.words.ref.map((ref, place) => [Upturn.data.rules[ref].name, place]);
    names.sort((a, b) => a[0].localeCompare(b[0]) || a[1] - b[1]);
    Upturn.data.ruleRanks = new Map(names.map(([, place], rank) => [place, rank]));
  }
  return code === null ? null : Upturn.data.ruleRanks.get(code);
}

// A test for one filter: the codes that pass; an empty value stands for "none given".
function passes(kind, column, value) {
  if (value === '') return (row) => column[row] === null;
  const wanted = new Set(['state', 'level'].includes(kind) ? value.split(',') : [value]);
  const codes = new Set(Upturn.data.words[kind].flatMap((w, code) => (wanted.has(w) ? [code] : [])));
  return (row) => codes.has(column[row]);
}

function clockRows(query) {
  const clocks = Upturn.data.clocks;
  const tests = ['state', 'team', 'worker', 'why'].filter((name) => query.has(name))
    .map((name) => passes(name, clocks[name], query.get(name)));
  // A list that is not of one rule has each piece of work once: no statistic that repeats the law's clock, no history.
  if (!query.has('rule') && !query.get('find')) tests.push((row) => !clocks.again[row]);
  if (query.has('rule')) {
    const refs = new Set(Upturn.data.words.ref.flatMap((ref, code) => (Upturn.data.rules[ref].id === query.get('rule') ? [code] : [])));
    tests.push((row) => refs.has(clocks.ref[row]));
  }
  if (query.get('find')) {
    const part = query.get('find').toLowerCase();
    const some = Upturn.data.words.child.map((id) => id.toLowerCase().includes(part));
    tests.push((row) => clocks.child[row] !== null && some[clocks.child[row]]);
  }
  return [...clocks.child.keys()].filter((row) => tests.every((test) => test(row)));
}

function quarantineRows(query) {
  const rows = Upturn.data.quarantine;
  const filters = {level: query.get('quarantine') || null, list: query.get('list'), sheet: query.get('sheet'), check: query.get('check')};
  const tests = Object.entries(filters).filter(([, value]) => value !== null)
    .map(([name, value]) => passes(name, rows[name], value));
  return [...rows.level.keys()].filter((row) => tests.every((test) => test(row)));
}

// Rows in the order asked for; nothing given comes last either way. Without a sort, worst first.
function sorted(rows, columns, query) {
  const column = columns.find((c) => c.key === query.get('sort') && !c.fixed);
  if (!column) return rows;
  const sign = query.get('order') === 'down' ? -1 : 1;
  const ranked = rows.map((row) => [column.rank(row), row]);
  const compare = (a, b) => (typeof a === 'string' ? a.localeCompare(b) : a - b);
  ranked.sort(([a, i], [b, j]) => (a === null) - (b === null) || (a === null ? 0 : sign * compare(a, b)) || i - j);
  return ranked.map(([, row]) => row);
}

function changed(query, changes) {
  const next = new URLSearchParams(query);
  for (const [name, value] of Object.entries(changes)) value === null ? next.delete(name) : next.set(name, value);
  return next;
}
const go = (query) => { location.hash = query.toString(); };

// One page of the list, with its buttons.
function listView({rows, columns, query, caption, counted, file}) {
  rows = sorted(rows, columns, query);
  columns = columns.filter((c, i) => !i || !c.spare || rows.some((row) => c.text(row) !== null));
  const pages = Math.max(1, Math.ceil(rows.length / PAGE));
  const page = Math.min(Math.max(1, parseInt(query.get('page'), 10) || 1), pages);
  const from = (page - 1) * PAGE;
  const shown = rows.slice(from, from + PAGE);
  const said = rows.length ? `${counted(rows)}. Showing ${number(from + 1)} to ${number(from + shown.length)}.` : 'Nothing matches.';
  say(said);
  const turn = (id, label, to) => h('button', {type: 'button', id, disabled: to < 1 || to > pages, onclick: () => go(changed(query, {page: to}))}, label);
  const table = () => [columns.map((c) => c.label), ...rows.map((row) => columns.map((c) => c.text(row)))];
  return h('div', {},
    h('div', {class: 'bar-line'}, h('p', {}, h('strong', {}, said)),
      rows.length ? h('div', {class: 'buttons'},
        h('button', {type: 'button', onclick: () => download(file, table())}, 'Download these as CSV')) : null),
    rows.length ? h('div', {class: 'scroll list', tabindex: '0', role: 'region', 'aria-label': caption},
      h('table', {role: 'table'}, h('caption', {class: 'vh'}, caption), h('thead', {role: 'rowgroup'}, h('tr', {role: 'row'}, columns.map((c) => heading(c, query)))),
        h('tbody', {role: 'rowgroup'}, shown.map((row) => h('tr', {role: 'row'}, columns.map((c, i) => i
          ? h('td', {role: 'cell', class: c.css, 'data-label': c.label}, c.cell(row))
          : h('th', {role: 'rowheader', scope: 'row', class: 'child'}, c.cell(row)))))))) : null,
    pages > 1 ? h('nav', {class: 'buttons', 'aria-label': 'Pages of the list'}, turn('page-back', 'Previous page', page - 1),
      h('span', {}, `Page ${number(page)} of ${number(pages)}`), turn('page-on', 'Next page', page + 1)) : null);
}

function heading(column, query) {
  if (column.fixed) return h('th', {role: 'columnheader', scope: 'col'}, column.label);
  const on = query.get('sort') === column.key;
  const down = on && query.get('order') === 'down';
  const press = () => go(changed(query, {sort: column.key, order: on && !down ? 'down' : 'up', page: null}));
  return h('th', {role: 'columnheader', scope: 'col', 'aria-sort': on ? (down ? 'descending' : 'ascending') : null},
    h('button', {type: 'button', id: `sort-${column.key}`, onclick: press}, column.label));
}

// The choices above a list of clocks.
function filterForm(query) {
  const words = Upturn.data.words;
  const choice = (name, label, options, none) => h('span', {}, h('label', {for: `pick-${name}`}, label),
    h('select', {id: `pick-${name}`, name}, h('option', {value: '*'}, 'All'),
      none ? h('option', {value: '', selected: query.get(name) === ''}, none) : null,
      options.map(([value, text]) => h('option', {value, selected: query.get(name) === value}, text))));
  const rules = new Map(Object.values(Upturn.data.rules).map((rule) => [rule.id, rule.name]));
  const states = words.state.map((s) => [s, s]);
  if ((query.get('state') || '').includes(',')) states.unshift([query.get('state'), query.get('state').replaceAll(',', ' or ')]);
  const form = h('form', {class: 'filters', 'aria-label': 'Choose which clocks to list'},
    choice('rule', 'Rule', [...rules].sort((a, b) => a[1].localeCompare(b[1]))),
    choice('state', 'State', states),
    choice('team', 'Team', words.team.map((t) => [t, t]), 'No team'),
    choice('worker', 'Worker', words.worker.map((w) => [w, w]), 'No worker'),
    h('span', {}, h('label', {for: 'pick-find'}, 'Child identifier has'), h('input', {id: 'pick-find', name: 'find', value: query.get('find') || '', autocomplete: 'off'})),
    h('button', {type: 'submit'}, 'List these'));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const next = new URLSearchParams([...new FormData(form)].filter(([name, value]) => (name === 'find' ? value.trim() : value !== '*')));
    go(next.size ? next : new URLSearchParams({state: words.state.join(',')}));
  });
  return form;
}
