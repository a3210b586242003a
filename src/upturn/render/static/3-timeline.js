// A child's timeline as a picture: a lane per episode, a numbered mark per event, a lettered diamond per due
// date, and a line where the clocks were read. The lists below it say the same in words.
const MARK = 22;
const PENDING = new Set(['overdue', 'due soon', 'running']);
const COLOURS = {overdue: '#801650', 'due soon': '#f46a25', running: '#12436d', met: '#28a197', 'met late': '#a285d1', 'cannot tell': '#3d3d3d'};

// Marks that would touch go on a lower row.
function levels(marks, x) {
  const last = [];
  for (const mark of [...marks].sort((a, b) => x(a.ago) - x(b.ago))) {
    let level = last.findIndex((right) => x(mark.ago) - right >= MARK);
    if (level < 0) level = last.length;
    last[level] = x(mark.ago);
    mark.level = level;
  }
  return last.length;
}

function ticks(first, last, room) {
  const steps = [1, 2, 3, 6, 12, 24, 60, 120];
  const months = (first - last) / 30.44;
  const step = steps.find((s) => months / s <= room) || 240;
  const date = asDate(first);
  const found = [];
  for (let month = Math.ceil((date.getUTCFullYear() * 12 + date.getUTCMonth() + 0.01) / step) * step; ; month += step) {
    const at = new Date(Date.UTC(Math.floor(month / 12), month % 12, 1));
    const ago = Upturn.data.asAt - at / 864e5;
    if (ago < last) return found;
    found.push([ago, step >= 12 ? String(at.getUTCFullYear()) : `${MONTHS[at.getUTCMonth()]} ${at.getUTCFullYear()}`]);
  }
}

// `events` and `dues` are {ago, lane, label, title, ...}; `lanes` the episodes in order.
function timeline(id, lanes, events, dues, width) {
  const agos = [...events, ...dues].map((mark) => mark.ago).concat([0]);
  const first = Math.max(...agos), last = Math.min(...agos);
  const span = Math.max(first - last, 14), left = 16, right = width - 20;
  const x = (ago) => left + ((first - ago) / span) * (right - left);
  const parts = [];
  let y = 42;
  for (const lane of lanes) {
    const mine = events.filter((mark) => mark.lane === lane), due = dues.filter((mark) => mark.lane === lane);
    const rows = Math.max(1, levels(mine, x)), dueRows = levels(due, x);
    // The bar runs over what was recorded, and on to the as-at line while something is still waited for.
    const all = mine.map((mark) => x(mark.ago)).concat(due.some((mark) => PENDING.has(mark.state)) ? [x(0)] : []);
    parts.push(h('text', {x: left, y: y + 12, 'font-weight': 600}, lane || 'No episode'));
    y += 20;
    const height = rows * MARK + 6;
    parts.push(h('rect', {x: left - 12, y, width: right - left + 24, height: height + dueRows * MARK, fill: '#f2f5f8'}));
    if (all.length) {
      const from = Math.min(...all), to = Math.max(...all);
      parts.push(h('rect', {x: from - 10, y, width: to - from + 20, height, rx: 4, fill: '#c9d5e3'}));
    }
    for (const mark of mine) parts.push(eventMark(mark, x(mark.ago), y + 3 + MARK / 2 + mark.level * MARK));
    for (const mark of due) parts.push(...dueMark(mark, x, y + height + MARK / 2 + mark.level * MARK));
    y += height + dueRows * MARK + 12;
  }
  const axis = ticks(first, Math.min(last, 0), Math.max(2, (right - left) / 85)).map(([ago, label]) => h('g', {},
    h('line', {x1: x(ago), x2: x(ago), y1: 30, y2: y, stroke: '#cfd6db'}),
    h('text', {x: x(ago), y: y + 16, 'text-anchor': x(ago) > right - 30 ? 'end' : x(ago) < left + 30 ? 'start' : 'middle'}, label)));
  const anchor = x(0) > width - 90 ? 'end' : x(0) < 90 ? 'start' : 'middle';
  const now = h('g', {}, h('line', {x1: x(0), x2: x(0), y1: 24, y2: y, stroke: '#801650', 'stroke-width': 2, 'stroke-dasharray': '6 4'}),
    h('text', {x: anchor === 'end' ? width - 4 : x(0), y: 16, 'text-anchor': anchor, 'font-weight': 600}, `as at ${day(0)}`));
  const label = `Timeline of child ${id}: ${count(events.length, 'event')} in ${count(lanes.length, 'episode')}, ${count(dues.length, 'due date')}. The lists below say the same.`;
  const [lower, upper] = [parts.filter((p) => p.tagName === 'rect'), parts.filter((p) => p.tagName !== 'rect')];
  return h('svg', {viewBox: `0 0 ${width} ${y + 24}`, width, height: y + 24, role: 'img', 'aria-label': label}, lower, axis, now, upper);
}

// A filled mark is a sure date, a hollow one is not.
function eventMark(mark, x, y) {
  return h('g', {}, h('title', {}, mark.title),
    h('circle', {cx: x, cy: y, r: 8, fill: mark.sure ? '#12436d' : '#fff', stroke: '#12436d', 'stroke-width': 2, 'stroke-dasharray': mark.sure ? null : '3 2'}),
    h('text', {x, y: y + 4, 'text-anchor': 'middle', class: mark.sure ? 'on-dark' : null}, mark.label));
}

// A due date, with a line from it to the day it was met late or, while overdue, to the as-at line.
function dueMark(mark, x, y) {
  const at = x(mark.ago), colour = COLOURS[mark.state] || '#3d3d3d', until = mark.state === 'overdue' ? 0 : mark.met;
  const late = until !== null && until < mark.ago ? h('rect', {x: at, y: y - 2, width: x(until) - at, height: 4, fill: colour}) : null;
  return [late, h('g', {}, h('title', {}, mark.title),
    h('path', {d: `M${at} ${y - 11}L${at + 11} ${y}L${at} ${y + 11}L${at - 11} ${y}Z`, fill: '#fff', stroke: colour, 'stroke-width': 2.5}),
    h('text', {x: at, y: y + 4, 'text-anchor': 'middle', class: 'small'}, mark.label))].filter(Boolean);
}
