// A learning platform for the tests: scorm-again's run-time on this window, the package in a frame, what was committed
// kept between launches, and every call that the package makes written down with its answer and error code.
// `?refuse=LMSCommit` has it refuse that call.
const asked = new URLSearchParams(location.search);
const standard = asked.get('standard');
const is12 = standard === 'scorm12';
const kept = JSON.parse(localStorage.getItem('kept') ?? 'null');
const calls = [];
const rte = is12 ? new Scorm12API({ logLevel: 5, mastery_override: true }) : new Scorm2004API({ logLevel: 5 });

rte.loadFromJSON({
  ...(is12 ? { student_data: { mastery_score: asked.get('pass') } } : { scaled_passing_score: String(asked.get('pass') / 100), completion_threshold: '1' }),
  ...(kept?.cmi ?? (is12 ? { core: { entry: 'ab-initio' } } : { entry: 'ab-initio' })),
}, 'cmi');

const end = is12 ? 'LMSFinish' : 'Terminate';
const lastError = is12 ? 'LMSGetLastError' : 'GetLastError';

function keep(isEnd) {
  const { cmi } = rte.renderCommitCMI(isEnd, true);
  // What a platform hands out anew at each launch, and what it never gives back.
  if (is12) {
    const { student_id, student_name, credit, lesson_mode, exit, session_time, ...core } = cmi.core;
    localStorage.setItem('kept', JSON.stringify({ cmi: { core: { ...core, entry: exit === 'suspend' ? 'resume' : '' }, suspend_data: cmi.suspend_data, interactions: cmi.interactions }, exit, session_time }));
  } else {
    const { suspend_data, location, completion_status, success_status, progress_measure, score, interactions, exit, session_time } = cmi;
    localStorage.setItem('kept', JSON.stringify({ cmi: { suspend_data, location, completion_status, success_status, progress_measure, score, interactions, entry: exit === 'suspend' ? 'resume' : '' }, exit, session_time }));
  }
}

window[is12 ? 'API' : 'API_1484_11'] = new Proxy(rte, {
  get: (_, name) => typeof rte[name] !== 'function' ? undefined : (...given) => {
    if (name === end) keep(true);
    const answer = name === asked.get('refuse') ? 'false' : rte[name](...given);
    if (!/Error|Diagnostic/.test(name)) calls.push({ name, given: given.map(String), answer: String(answer), error: String(rte[lastError]()) });
    if (/Commit$/.test(name)) keep(false);
    localStorage.setItem('calls', JSON.stringify(calls));
    return answer;
  },
});

addEventListener('DOMContentLoaded', () => {
  const frame = document.createElement('iframe');
  frame.title = 'The package';
  frame.src = asked.get('package');
  frame.style = 'display:block;width:100%;height:100vh;border:0';
  document.body.append(frame);
});
