// One child: the picture, the clocks with their reasons, the events in words.

function childView(id) {
  const data = Upturn.data, code = data.words.child.indexOf(id);
  const clocks = code < 0 ? [] : data.clocksOf.get(code) || [], events = code < 0 ? [] : data.eventsOf.get(code) || [];
  const title = h('h1', {tabindex: '-1', id: 'panel-title'}, `Child ${id}`);
  if (!clocks.length && !events.length) {
    say('No such child.');
    return [title, h('p', {class: 'note'}, 'No accepted row of this extract names a child with this identifier. It may be in quarantine, or written in another way.'),
      h('p', {}, h('a', {href: address({find: id})}, 'List the children whose identifier has this in it'), ' or ', h('a', {href: '#quarantine='}, 'look at what could not be read'), '.')];
  }
  const runs = clocks.filter((row) => word('state', data.clocks.state[row]) !== 'does not apply');
  const not = clocks.filter((row) => !runs.includes(row));
  const letters = new Map(runs.filter((row) => data.clocks.due[row] !== null).map((row, i) => [row, letter(i)]));
  const teams = [...new Set(clocks.map((row) => word('team', data.clocks.team[row]) || 'No team'))];
  const workers = [...new Set(clocks.map((row) => word('worker', data.clocks.worker[row]) || 'No worker'))];
  say(`Child ${id}: ${count(clocks.length, 'clock')}, ${count(events.length, 'event')}.`);
  return [title, h('p', {class: 'quiet'}, `${teams.join(', ')} · ${workers.join(', ')} · as at ${day(0)}`),
    h('h2', {}, 'Timeline'), figure(id, events, letters),
    h('h2', {}, `Clocks (${runs.length})`), runs.length ? clockList(runs, letters) : h('p', {class: 'none'}, 'No clock runs for this child.'),
    ...(not.length ? [h('h2', {}, `Clocks that do not count (${not.length})`), clockList(not, letters)] : []),
    h('h2', {}, `Events (${events.length})`), eventList(events)];
}

// a to z, then aa, ab …
const letter = (i) => (i >= 26 ? letter(Math.floor(i / 26) - 1) : '') + String.fromCharCode(97 + (i % 26));

function figure(id, events, letters) {
  const data = Upturn.data, e = data.events, c = data.clocks;
  const marks = events.map((row, i) => ({ago: e.date[row], lane: word('episode', e.episode[row]), label: i + 1,
    sure: data.sure.includes(word('certainty', e.certainty[row])), title: eventWords(row)})).filter((mark) => mark.ago !== null);
  const dues = [...letters].map(([row, label]) => ({ago: c.due[row], lane: word('episode', c.episode[row]), label,
    state: word('state', c.state[row]), met: c.met[row], title: `due ${day(c.due[row])}: ${ruleOf(row).name} (${word('said', c.said[row])})`}));
  const lanes = [...new Set([...marks, ...dues].map((mark) => mark.lane))];
  if (!lanes.length) return h('p', {class: 'none'}, 'Nothing here has a date, so there is nothing to draw.');
  const box = h('figure', {class: 'timeline'});
  const draw = () => {
    const width = Math.max(280, Math.min(1200, box.clientWidth || document.getElementById('panel').clientWidth || 1000));
    if (box.dataset.width === String(width)) return;
    box.dataset.width = width;
    box.replaceChildren(timeline(id, lanes, marks, dues, width), h('figcaption', {class: 'quiet'},
      'Numbers are events, hollow where it is not sure. Lettered diamonds are due dates, with a line for as long as it was late. Both are listed below.'));
  };
  new ResizeObserver(draw).observe(box);
  requestAnimationFrame(draw);
  return box;
}

function eventWords(row) {
  const e = Upturn.data.events, sure = word('certainty', e.certainty[row]);
  const when = e.date[row] === null ? 'Date not known' : day(e.date[row]);
  const doubt = e.date[row] !== null && Upturn.data.doubts[sure];
  return `${when}: ${word('event', e.event[row]) || 'event'}${doubt ? ` (${doubt})` : ''}`;
}

function eventList(events) {
  const e = Upturn.data.events;
  return events.length ? h('ol', {class: 'events'}, events.map((row) => h('li', {}, eventWords(row),
    word('note', e.note[row]) ? `; ${word('note', e.note[row])}` : '',
    ' ', h('span', {class: 'quiet'}, [word('episode', e.episode[row]), e.source[row]].filter(Boolean).join(' · '))))) : h('p', {class: 'none'}, 'No event.');
}

function clockList(rows, letters) {
  return h('ul', {class: 'clocks'}, rows.map((row) => clockItem(row, letters.get(row))));
}

function clockItem(row, mark) {
  const c = Upturn.data.clocks, rule = ruleOf(row);
  const dates = [['started', c.start[row]], ['due', c.due[row]], ['met', c.met[row]]].filter(([, ago]) => ago !== null)
    .map(([what, ago]) => `${what} ${day(ago)}`);
  if (c.used[row] !== null) dates.push(`${count(c.used[row], 'working day')} used`);
  return h('li', {},
    h('h3', {}, mark ? h('span', {class: 'letter'}, h('b', {}, mark)) : null, stateTag(row), h('span', {}, rule.name || 'Rule not named'),
      rule.marks.map((text) => h('span', {class: 'mark'}, text))),
    h('p', {}, c.reason[row] || 'No reason was given.'),
    h('p', {class: 'quiet'}, [dates.join(', '), word('episode', c.episode[row]), c.rows[row]].filter(Boolean).join(' · ')),
    h('p', {class: 'quiet'}, 'Rule: ', h('a', {href: address({rule: rule.id})}, 'all clocks under it'),
      [rule.within, rule.kind, rule.source, rule.edition].filter(Boolean).map((text) => ` · ${text}`)));
}

// What a rule says and rests on, above its list.
function ruleBox(id) {
  const editions = Object.values(Upturn.data.rules).filter((rule) => rule.id === id);
  if (!editions.length) return null;
  const facts = (rule) => Object.entries({Asks: rule.within, 'Applies to': rule.applies, 'In force': rule.force, Kind: [rule.kind, ...rule.marks].filter(Boolean).join('; '),
    Source: rule.source, Edition: rule.edition, Status: rule.status, Note: rule.note}).filter(([, text]) => text);
  const tested = editions[0].tested && editions[0].tested !== 'full' ? h('p', {}, h('strong', {}, editions[0].tested === 'none' ? 'Not tested: ' : 'Tested in part: '), editions[0].because || 'no reason given') : null;
  return h('div', {class: 'rulebox'}, editions.map((rule) => h('dl', {}, facts(rule).map(([name, text]) => [h('dt', {}, name), h('dd', {}, text)]))), tested);
}
