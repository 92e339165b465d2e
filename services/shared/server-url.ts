/** Characters that end a part of a URL: within a name or password each is written otherwise. */
const ESCAPES = '# as %23, / as %2F, ? as %3F, @ as %40, % as %25';

/** What is said of an address that is none. It never repeats it: it may hold a password. */
export const SERVER_URL_FAULT = `is no URL as it stands: within its name and password write ${ESCAPES}`;

/**
 * Whether the address is understood as whoever wrote it means it. A password with a bare `#`, `/` or `?` ends the
 * address before its host: then it is none, or, worse, that of another host.
 */
export function isServerUrl(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { username, password, pathname, hash, search } = new URL(address);
  if (hash !== '' || address.includes('#') || `${pathname}${search}`.includes('@')) return false;
  return [username, password, pathname].every(canDecode);
}

function canDecode(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
