/** A page for whoever sends a file of customers and meters: log in, choose the file, watch it go in, take the report. */

export const PAGE_STYLE = `
body { font: 1rem/1.5 'Noto Sans Bengali', 'Noto Sans', system-ui, sans-serif; max-width: 42rem; margin: 2rem auto; padding: 0 1rem; color: #1b2733; }
h1 { font-size: 1.5rem; } small { color: #51606f; }
label { display: block; margin: .75rem 0; font-weight: 600; }
input { display: block; width: 100%; box-sizing: border-box; font: inherit; padding: .5rem; margin-top: .25rem; border: 1px solid #8595a6; border-radius: .25rem; }
button { margin: .5rem .5rem 0 0; font: inherit; font-weight: 600; padding: .6rem 1.2rem; border: 0; border-radius: .25rem; background: #0b5c9e; color: #fff; cursor: pointer; }
button:disabled { background: #8595a6; } :focus-visible { outline: 3px solid #f2a900; outline-offset: 2px; }
progress { width: 100%; height: 1.5rem; } dl { display: grid; grid-template-columns: auto 1fr; gap: .25rem 1rem; } dt { font-weight: 600; } dd { margin: 0; }
.message { border-left: 4px solid #b3261e; padding: .5rem 1rem; background: #fdecea; } [hidden] { display: none !important; }
`;

export const PAGE_HTML = `<!doctype html>
<html lang="bn"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>গ্রাহক ও মিটার আমদানি · Import of customers and meters</title>
<link rel="stylesheet" href="/imports/page.css"></head><body>
<h1>গ্রাহক ও মিটার আমদানি<br><small lang="en">Import of customers and meters</small></h1>
<p id="message" class="message" role="alert" hidden></p>
<form id="login">
  <label>ব্যবহারকারীর নাম <small lang="en">Username</small><input name="username" autocomplete="username" required autofocus></label>
  <label>পাসওয়ার্ড <small lang="en">Password</small><input name="password" type="password" autocomplete="current-password" required></label>
  <label>ফোনের ৬ অঙ্কের কোড <small lang="en">Six-digit code from your phone</small><input name="code" inputmode="numeric" autocomplete="one-time-code"></label>
  <button>লগইন <span lang="en">· Log in</span></button>
</form>
<form id="send" hidden>
  <label>CSV বা XLSX ফাইল <small lang="en">CSV or XLSX file</small><input name="file" type="file" accept=".csv,.xlsx" required></label>
  <button>পাঠান <span lang="en">· Send</span></button>
</form>
<section id="going" aria-live="polite" hidden>
  <h2 id="step"></h2>
  <progress id="bar" max="100" value="0"></progress>
  <dl>
    <dt>সারি <small lang="en">Rows</small></dt><dd id="rows">0</dd>
    <dt>প্রতি সেকেন্ডে <small lang="en">A second</small></dt><dd id="rate">–</dd>
    <dt>বাকি সময় <small lang="en">Time left</small></dt><dd id="left">–</dd>
    <dt>নতুন <small lang="en">New</small></dt><dd id="inserted">0</dd>
    <dt>বদলেছে <small lang="en">Changed</small></dt><dd id="updated">0</dd>
    <dt>আগের মতো <small lang="en">As before</small></dt><dd id="unchanged">0</dd>
    <dt>বাতিল সারি <small lang="en">Refused rows</small></dt><dd id="rejected">0</dd>
  </dl>
  <button id="report" type="button" hidden>ভুল সারির তালিকা নিন <span lang="en">· Download the refused rows</span></button>
  <button id="another" type="button" hidden>আরেকটি ফাইল <span lang="en">· Another file</span></button>
</section>
<script src="/imports/page.js"></script></body></html>
`;

/** Plain script: the page needs no build. The key of an import is made before it is sent, so that a lost line repeats it. */
export const PAGE_SCRIPT = `'use strict';
const at = (id) => document.getElementById(id);
const KINDS = { csv: 'text/csv', xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' };
let session;
let current;

function say(problem) {
  const text = problem && (problem.titleBn ? problem.titleBn + ' · ' + problem.title : problem);
  at('message').textContent = text || '';
  at('message').hidden = !text;
}

async function call(path, options, again) {
  const headers = { ...(options && options.headers), ...(session && { authorization: 'Bearer ' + session.accessToken }) };
  const answer = await fetch(path, { ...options, headers });
  if (answer.status === 401 && session && !again) {
    const next = await fetch('/v1/sessions/refresh', json({ refreshToken: session.refreshToken }));
    if (next.ok) { session = await next.json(); return call(path, options, true); }
  }
  return answer;
}

const json = (body) => ({ method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
const problemOf = async (answer) => answer.json().catch(() => 'HTTP ' + answer.status);

at('login').addEventListener('submit', async (event) => {
  event.preventDefault();
  const { username, password, code } = event.target.elements;
  const body = { username: username.value, password: password.value, ...(code.value && { code: code.value.trim() }) };
  const answer = await fetch('/v1/sessions', json(body)).catch(() => undefined);
  if (!answer) return say('সংযোগ নেই; কিছু পাঠানো হয়নি। · No connection; nothing was sent.');
  if (!answer.ok) return say(await problemOf(answer));
  session = await answer.json();
  password.value = code.value = '';
  say();
  at('login').hidden = true;
  at('send').hidden = false;
  at('send').elements.file.focus();
});

at('send').addEventListener('submit', (event) => {
  event.preventDefault();
  const file = event.target.elements.file.files[0];
  const kind = KINDS[file.name.toLowerCase().split('.').pop()];
  if (!kind) return say('শুধু CSV বা XLSX ফাইল। · CSV or XLSX only.');
  current = { file, kind, key: crypto.randomUUID() };
  say();
  at('send').hidden = true;
  at('going').hidden = false;
  upload();
});

function upload() {
  at('step').textContent = 'ফাইল পাঠানো হচ্ছে · Sending the file';
  const request = new XMLHttpRequest();
  request.open('POST', '/v1/imports');
  request.setRequestHeader('authorization', 'Bearer ' + session.accessToken);
  request.setRequestHeader('content-type', current.kind);
  request.setRequestHeader('idempotency-key', current.key);
  request.setRequestHeader('x-file-name', encodeURIComponent(current.file.name));
  request.upload.onprogress = ({ loaded, total }) => { at('bar').value = (100 * loaded) / total; };
  request.onerror = () => {
    // With the same key it is the same import, whatever became of the first try.
    say('সংযোগ নেই; আবার চেষ্টা হচ্ছে। · No connection; trying again.');
    setTimeout(upload, 3000);
  };
  request.onload = () => {
    const answer = JSON.parse(request.responseText);
    if (request.status >= 400) return ended(answer);
    say();
    at('bar').value = 0;
    watch();
  };
  request.send(current.file);
}

async function watch() {
  const answer = await call('/v1/imports/' + current.key).catch(() => undefined);
  if (answer && !answer.ok) return ended(await problemOf(answer));
  if (!answer) say('সংযোগ নেই; আমদানি চলছে। · No connection; the import goes on.');
  const job = answer && (await answer.json());
  if (job) show(job);
  if (job && job.state === 'FAILED') return ended({ titleBn: job.refusal.bn, title: job.refusal.en });
  if (job && job.state === 'DONE') return ended();
  setTimeout(watch, 1000);
}

function show(job) {
  say();
  const step = { QUEUED: 'অপেক্ষায় · Waiting', RUNNING: 'সারি নেওয়া হচ্ছে · Taking rows in', DONE: 'শেষ · Done', FAILED: 'হয়নি · Failed' };
  at('step').textContent = step[job.state];
  at('bar').value = job.percent;
  for (const name of ['rows', 'inserted', 'updated', 'unchanged', 'rejected']) at(name).textContent = job[name].toLocaleString('en');
  at('rate').textContent = job.rowsPerSecond.toLocaleString('en');
  at('left').textContent = job.secondsLeft === null ? '–' : Math.floor(job.secondsLeft / 60) + ' min ' + (job.secondsLeft % 60) + ' s';
  at('report').hidden = job.faults === 0;
}

function ended(problem) {
  say(problem);
  at('another').hidden = false;
}

at('report').addEventListener('click', async () => {
  const answer = await call('/v1/imports/' + current.key + '/report');
  if (!answer.ok) return say(await problemOf(answer));
  const link = document.createElement('a');
  link.href = URL.createObjectURL(await answer.blob());
  link.download = 'faults-' + current.file.name.replace(/\\.[^.]*$/, '') + '.csv';
  link.click();
  URL.revokeObjectURL(link.href);
});

at('another').addEventListener('click', () => {
  say();
  at('going').hidden = at('another').hidden = at('report').hidden = true;
  at('send').hidden = false;
  at('send').reset();
});
`;
