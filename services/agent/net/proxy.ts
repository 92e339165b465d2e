/** Settings that say which way leads out, as programs have read them for decades. */
export interface ProxySettings {
  readonly httpProxy?: string | undefined;
  readonly httpsProxy?: string | undefined;
  readonly noProxy?: string | undefined;
}

/** `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`, in small letters first. */
export function proxySettings(env: Readonly<Record<string, string | undefined>>): ProxySettings {
  const of = (...names: string[]) =>
    names.flatMap((name) => [env[name.toLowerCase()], env[name]]).find((value) => value !== undefined && value !== '');
  return {
    httpProxy: of('HTTP_PROXY', 'ALL_PROXY'),
    httpsProxy: of('HTTPS_PROXY', 'ALL_PROXY'),
    noProxy: of('NO_PROXY'),
  };
}

/** The proxy for `target`; undefined where it is spoken to directly, as this machine itself always is. */
export function proxyFor(target: URL, settings: ProxySettings): URL | undefined {
  const named = target.protocol === 'https:' ? settings.httpsProxy : settings.httpProxy;
  if (named === undefined || isLoopback(target.hostname) || isExcepted(target, settings.noProxy ?? ''))
    return undefined;
  const text = /^[a-z]+:\/\//i.test(named) ? named : `http://${named}`;
  if (!URL.canParse(text)) return undefined;
  const proxy = new URL(text);
  return proxy.protocol === 'http:' || proxy.protocol === 'https:' ? proxy : undefined;
}

export function isLoopback(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);
}

/** `.example.org` and `example.org` stand for the name and all below it, `*` for everything; a port narrows it. */
function isExcepted(target: URL, list: string): boolean {
  const host = target.hostname.replace(/^\[|\]$/g, '').toLowerCase();
  const port = target.port || (target.protocol === 'https:' ? '443' : '80');
  return list.split(/[\s,]+/).some((entry) => {
    const [, name = '', only] = /^\*?\.?(\[?[^\]]*?\]?)(?::(\d+))?$/.exec(entry.toLowerCase()) ?? [];
    if (entry === '*') return true;
    const bare = name.replace(/^\[|\]$/g, '');
    if (bare === '' || (only !== undefined && only !== port)) return false;
    return host === bare || host.endsWith(`.${bare}`) || inNetwork(host, bare);
  });
}

/** `192.168.0.0/16` holds `192.168.3.4`. */
function inNetwork(host: string, network: string): boolean {
  const [base, bits] = network.split('/');
  const [a, b] = [numberOf(host), numberOf(base ?? '')];
  if (a === undefined || b === undefined || !/^\d{1,2}$/.test(bits ?? '') || Number(bits) > 32) return false;
  const size = 2 ** (32 - Number(bits));
  return Math.floor(a / size) === Math.floor(b / size);
}

function numberOf(address: string): number | undefined {
  if (!/^\d{1,3}(?:\.\d{1,3}){3}$/.test(address)) return undefined;
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}
