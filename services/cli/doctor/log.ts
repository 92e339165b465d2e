import { connect } from 'node:net';
import type { FactLog } from '../../adapters/fact-log.ts';
import { AGGREGATOR_GROUP } from '../../aggregator/aggregator.ts';
import { openFactLog } from '../../compose/adapters.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Config } from '../../shared/config.ts';
import { settledWithin } from '../../shared/settled-within.ts';
import { lookedAt } from './bounded.ts';
import { bad, type Finding, fine, note } from './finding.ts';
import { ofPending } from './running-server.ts';

const ANSWER_MS = 30_000;
const CLOSE_MS = 10_000;
const CONNECT_MS = 3_000;

export async function ofLog({ log: target }: Config, clock: Clock): Promise<readonly Finding[]> {
  const brokers = target.kind === 'kafka' ? await Promise.all(target.brokers.map(ofBroker)) : [];
  if (brokers.length > 0 && brokers.every(({ state }) => state === 'bad')) return brokers;
  const opened: FactLog[] = [];
  try {
    const found = await lookedAt('log', ANSWER_MS, async () => {
      const log = await openFactLog(target, clock);
      opened.push(log);
      await log.check();
      return [fine('log', 'answers'), ...(await ofWaiting(log)), ...(await ofDeadLetters(log))];
    });
    return [...brokers, ...found];
  } finally {
    for (const log of opened) await settledWithin(CLOSE_MS, log.close());
  }
}

async function ofWaiting(log: FactLog): Promise<Finding[]> {
  const periods = await log.periods();
  return Promise.all(periods.map(async (period) => ofPending(period, await log.pending(AGGREGATOR_GROUP, period))));
}

async function ofDeadLetters(log: FactLog): Promise<Finding[]> {
  return (await log.deadLetters()).map(({ period, reason, blocks, facts }) =>
    note(
      `dead letters of ${period}`,
      `${blocks} blocks of ${facts} facts (${reason}) are in no count`,
      `rollcall dead-letters replay ${period}, or drop, before the month is closed`,
    ),
  );
}

/** One that hangs delays every process that asks it first. */
async function ofBroker(broker: string): Promise<Finding> {
  const what = `broker ${broker}`;
  const [, host = '', port = ''] = /^\[?([^\]]*)\]?:(\d+)$/.exec(broker.trim()) ?? [];
  if (host === '') return bad(what, 'not HOST:PORT', 'Mend ROLLCALL_LOG_URL');
  const fault = await connectFault(host, Number(port));
  return fault === undefined
    ? fine(what, 'takes connections')
    : bad(what, fault, 'Start it, or take it out of ROLLCALL_LOG_URL');
}

function connectFault(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: CONNECT_MS });
    const end = (fault: string | undefined) => {
      socket.destroy();
      resolve(fault);
    };
    socket.once('connect', () => end(undefined));
    socket.once('timeout', () => end(`no connection within ${CONNECT_MS / 1_000} s`));
    socket.once('error', (thrown) => end((thrown as NodeJS.ErrnoException).code ?? 'no connection'));
  });
}
