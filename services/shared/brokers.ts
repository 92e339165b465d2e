import { isIPv6 } from 'node:net';

/** Of Kafka, where an address names none. */
const PORT = '9092';

/**
 * The brokers of `HOST:PORT,…` as they are listed, each with its port; blanks and empty places are nothing. An address
 * of IPv6 stands in brackets. Undefined when one of them is no address.
 */
export function parseBrokers(list: string): readonly string[] | undefined {
  const brokers = list
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '')
    .map(withPort);
  return brokers.length > 0 && brokers.every((one) => one !== undefined) ? brokers : undefined;
}

function withPort(address: string): string | undefined {
  const [, host = '', port = PORT] = /^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::(\d{1,5}))?$/.exec(address) ?? [];
  if (host === '' || Number(port) < 1 || Number(port) > 65_535) return undefined;
  if (host.startsWith('[') && !isIPv6(host.slice(1, -1))) return undefined;
  return `${host}:${port}`;
}
