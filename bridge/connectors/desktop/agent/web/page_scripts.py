"""What runs inside the page of a web app."""

HEARING = """
(() => {
  const media = window.MediaDevices && MediaDevices.prototype;
  if (!media) return;
  const original = media.getUserMedia;
  media.getUserMedia = function (wanted) {
    if (wanted && wanted.audio) {
      const audio = wanted.audio === true ? {} : wanted.audio;
      wanted = {...wanted, audio: {...audio, echoCancellation: false, noiseSuppression: false,
                                   autoGainControl: false}};
    }
    return original.call(this, wanted);
  };
})();
"""
"""No echo cancelling, noise suppression and gain control: there is no loudspeaker beside this
microphone, and a phone line is what they take for noise.
"""

CHANGED = "skype2sipChanged"
"""The function that the agent lays into every page, which calls it."""

WATCHING = """
(() => {
  let resting = false, again = false;
  const told = () => {
    if (resting) { again = true; return; }
    resting = true;
    if (window.CHANGED) window.CHANGED().catch(() => {});
    setTimeout(() => { resting = false; if (again) { again = false; told(); } }, 300);
  };
  const begin = () => {
    new MutationObserver(told).observe(document,
      {subtree: true, childList: true, attributes: true, characterData: true});
    for (const kind of ['transitionend', 'animationend', 'change'])
      document.addEventListener(kind, told, {capture: true, passive: true});
    addEventListener('resize', told);
    told();
  };
  begin();
})();
""".replace("CHANGED", CHANGED)
"""Tells at once that something has changed, and then at most three times a second."""

SHOWN = """
(all) => {
  const one = all.find((one) => {
    const box = one.getBoundingClientRect();
    return box.width > 0 && box.height > 0 && getComputedStyle(one).visibility !== 'hidden';
  });
  return one ? (one.innerText || one.value || one.getAttribute('aria-label') || '') : null;
}
"""
"""What the first of these elements that can be seen says; null where none can be seen."""

MARKING = """
([begin, most]) => {
  const what = 'a[href],button,input,textarea,select,summary,[role=button],[role=link],' +
    '[role=textbox],[role=checkbox],[role=menuitem],[role=option],[contenteditable=true],[onclick]';
  const silent = ['button', 'submit', 'checkbox', 'radio', 'image', 'reset', 'file', 'range',
                  'color'];
  const found = [];
  const layer = document.createElement('div');
  layer.id = 'skype2sip-marks';
  layer.style.cssText = 'position:fixed;inset:0;pointer-events:none;z-index:2147483647';
  const collect = (root) => {
    for (const one of root.querySelectorAll('*')) {
      if (found.length === most) return;
      if (one.shadowRoot) collect(one.shadowRoot);
      if (one.matches(what)) consider(root, one);
    }
  };
  const consider = (root, one) => {
    const box = one.getBoundingClientRect();
    const x = box.left + box.width / 2, y = box.top + box.height / 2;
    if (box.width < 4 || box.height < 4 || x < 0 || y < 0 || x > innerWidth || y > innerHeight)
      return;
    const top = root.elementFromPoint(x, y);
    if (!top || !(one.contains(top) || top.contains(one))) return;
    const kind = (one.type || '').toLowerCase();
    const takesText = one.tagName === 'TEXTAREA' || one.isContentEditable ||
      one.getAttribute('role') === 'textbox' || (one.tagName === 'INPUT' && !silent.includes(kind));
    const label = one.getAttribute('aria-label') || one.placeholder || one.innerText ||
      (takesText ? '' : one.value) || one.title || one.name || '';
    const number = begin + found.length;
    found.push({number, x, y, label: String(label).trim(), takesText, secret: kind === 'password'});
    const mark = document.createElement('div');
    mark.textContent = number;
    mark.style.cssText = `position:fixed;left:${Math.max(0, box.left - 2)}px;` +
      `top:${Math.max(0, box.top - 8)}px;background:#c00;color:#fff;` +
      'font:bold 13px sans-serif;padding:0 4px;border-radius:3px;border:1px solid #fff';
    layer.append(mark);
  };
  collect(document);
  document.documentElement.append(layer);
  return found;
}
"""
"""Numbers what can be clicked or typed into and lies on top, from `begin` on."""

UNMARKING = "() => document.getElementById('skype2sip-marks')?.remove()"
