// Which view the address asks for, and moving between views without losing the reader's place.
const panel = document.getElementById('panel'), overview = document.getElementById('overview');
const place = {hash: '', shown: null, scroll: 0, back: null};

function query() {
  return new URLSearchParams(location.hash.slice(1));
}

// A list asked for twice with another page or order is the same list: the pressed button keeps the focus.
const sameList = (a, b) => String(changed(new URLSearchParams(a), {page: null, sort: null, order: null})) === String(changed(new URLSearchParams(b), {page: null, sort: null, order: null}));

function crumbs(q) {
  const links = [h('a', {href: '#'}, 'Back to the overview')];
  if (q.has('child') && place.back) links.push(h('a', {href: place.back}, 'Back to the list'));
  return h('nav', {class: 'crumbs', 'aria-label': 'Back'}, links);
}

function clocksView(q) {
  const kids = (rows) => new Set(rows.map((row) => Upturn.data.clocks.child[row])).size;
  const named = Object.values(Upturn.data.rules).find((rule) => rule.id === q.get('rule'));
  const filters = [q.get('state') && q.get('state').split(',').length < 7 ? q.get('state').replaceAll(',', ' or ') : 'Clocks', named ? named.name : null,
    q.has('team') ? q.get('team') || 'No team' : null, q.has('worker') ? q.get('worker') || 'No worker' : null,
    q.get('find') ? `child identifier has “${q.get('find')}”` : null, q.has('why') ? 'one kind of reason' : null].filter(Boolean);
  const title = filters.join(' · ').replace(/^./, (c) => c.toUpperCase());
  return [h('h1', {tabindex: '-1', id: 'panel-title'}, title), q.has('rule') ? ruleBox(q.get('rule')) : null, filterForm(q),
    listView({rows: clockRows(q), columns: CLOCK_COLUMNS.filter((c) => c.key !== 'rule' || !named), query: q, caption: `${title}, as at ${day(0)}`, file: 'clocks-listed.csv',
      counted: (rows) => `${count(rows.length, 'clock')} for ${count(kids(rows), 'child', 'children')}`})];
}

function quarantineView(q) {
  const level = {row: 'Rows quarantined', cell: 'Cells set aside', note: 'Notes', 'row,cell': 'Rows quarantined and cells set aside'}[q.get('quarantine')] || 'What could not be read';
  const title = [level, q.get('list'), q.get('sheet') !== q.get('list') ? q.get('sheet') : null, q.get('check')].filter(Boolean).join(' · ');
  return [h('h1', {tabindex: '-1', id: 'panel-title'}, title),
    h('p', {}, 'A quarantined row was not accepted. A cell set aside was left out and its row kept. A note was used as it stood, but somebody should look.'),
    listView({rows: quarantineRows(q), columns: QUARANTINE_COLUMNS, query: q, caption: title, file: 'quarantine-listed.csv',
      counted: (rows) => count(rows.length, 'entry', 'entries')})];
}

function closePanel(anchor) {
  const was = place.shown;
  panel.hidden = true;
  overview.hidden = false;
  panel.replaceChildren();
  place.shown = null;
  const target = anchor && document.getElementById(anchor);
  if (target) { target.scrollIntoView(); target.focus({preventScroll: true}); return; }
  if (!was) return;
  const opener = [...overview.querySelectorAll('a[href]')].find((a) => a.getAttribute('href') === place.opened);
  window.scrollTo(0, place.scroll);
  (opener || document.getElementById('main')).focus({preventScroll: true});
  say('Overview');
}

async function show() {
  const q = query(), hash = location.hash, anchor = decodeURIComponent(hash.slice(1));
  const lists = ['rule', 'state', 'team', 'worker', 'find', 'why'].some((name) => q.has(name));
  if (!q.has('child') && !q.has('quarantine') && !lists) return closePanel(/^[a-z-]+$/.test(anchor) ? anchor : '');
  if (overview.hidden === false) { place.scroll = window.scrollY; place.opened = hash; }
  const data = await Upturn.ready;
  if (!data || location.hash !== hash) return;
  if (!q.has('child')) place.back = hash;
  const same = place.shown !== null && !q.has('child') && !place.shown.has('child') && sameList(place.shown, q);
  const pressed = document.activeElement && document.activeElement.id;
  const view = q.has('child') ? childView(q.get('child')) : q.has('quarantine') ? quarantineView(q) : clocksView(q);
  overview.hidden = true;
  panel.hidden = false;
  panel.replaceChildren(crumbs(q), ...view.filter(Boolean));
  place.shown = q;
  const control = same && pressed && document.getElementById(pressed);
  if (control && !control.disabled) return control.focus();
  window.scrollTo(0, 0);
  document.getElementById('panel-title').focus({preventScroll: true});
}

function start() {
  const form = document.getElementById('search');
  form.hidden = false;
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const id = document.getElementById('find').value.trim(), data = await Upturn.ready;
    if (!id || !data) return;
    const exact = data.words.child.find((c) => c === id) || data.words.child.find((c) => c.toLowerCase() === id.toLowerCase());
    go(new URLSearchParams(exact ? {child: exact} : {find: id}));
  });
  Upturn.ready = unpack().then((data) => (Upturn.data = data)).catch((error) => {
    const say = `The lists could not be opened in this browser (${error.message}). Use due.xlsx and clocks.csv, written with this page.`;
    overview.prepend(h('p', {class: 'note', role: 'alert'}, say));
    return null;
  });
  window.addEventListener('hashchange', show);
  if (location.hash) show();
}
start();
