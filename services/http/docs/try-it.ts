/**
 * Asks an endpoint from the page, with the session of whoever reads it. It is told to browsers by its hash, writes
 * nothing as markup, and asks nobody but the server that the page came from. Without it, every example is a link.
 */
export const TRY_IT = `
const MOST = 20000;
for (const form of document.querySelectorAll('form.try')) {
  form.hidden = false;
  const [line, out] = [form.querySelector('code'), form.querySelector('output')];
  const address = () => {
    let path = form.dataset.path;
    const query = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      if (value === '') continue;
      if (path.includes('{' + name + '}')) path = path.replace('{' + name + '}', encodeURIComponent(value));
      else query.append(name, value);
    }
    return query.size === 0 ? path : path + '?' + query;
  };
  const said = (text) => {
    const pre = document.createElement('pre');
    pre.tabIndex = 0;
    pre.textContent = text.length > MOST ? text.slice(0, MOST) + '\\n… ' + (text.length - MOST) + ' more characters' : text;
    return pre;
  };
  form.addEventListener('input', () => { line.textContent = address(); });
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const began = performance.now();
    try {
      const answer = await fetch(address(), { headers: { accept: 'application/json' } });
      const type = answer.headers.get('content-type') ?? '';
      const text = await answer.text();
      const head = document.createElement('p');
      head.textContent = answer.status + ' ' + type + ', ' + Math.round(performance.now() - began) + ' ms' +
        (answer.status === 401 ? ': sign in to the console first, then ask again' : '');
      const shown = /json/.test(type) ? JSON.stringify(JSON.parse(text), null, 2) : text;
      out.replaceChildren(head, said(shown));
    } catch {
      out.textContent = 'The server does not answer.';
    }
  });
}
`;
