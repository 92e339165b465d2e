import { describe, expect, test } from 'vitest';
import { messagesOf } from '../../services/agent/formats/ami-text.ts';
import { kamailioContacts } from '../../services/agent/formats/kamailio.ts';
import { readRegistrations } from '../../services/agent/formats/read-registrations.ts';
import { Unread } from '../../services/agent/formats/unread.ts';
import { kindOf, takeInventory } from '../../services/agent/inventory.ts';
import { decodeText } from '../../services/agent/text.ts';
import { periodAt } from '../../services/core/period.ts';
import { buildIdentifier } from '../../services/identify/identifier.ts';
import { SetClock } from '../../services/shared/clock.ts';
import { loadCatalog } from '../../services/shared/load-catalog.ts';
import { NOW } from '../fixtures/agent/pbx/endpoints.ts';
import * as render from '../fixtures/agent/pbx/render.ts';
import { fc } from '../support/fast-check.ts';

const identifier = buildIdentifier(loadCatalog(), periodAt(NOW));
const known = (agent: string) => kindOf(identifier, agent);

const TEXTS = [
  render.astdbText(),
  render.consoleSession(),
  render.amiPjsipContacts(),
  render.amiDatabase(),
  render.kamailioDump(),
  render.sofiaText(),
  render.sofiaXml(),
  render.realtimeTsv(),
  render.realtimePsql(),
  render.pjsipContacts(),
];

/** A real text with pieces cut out, doubled, swapped with pieces of another, and bytes put in. */
const damaged = fc
  .tuple(
    fc.integer({ min: 0, max: TEXTS.length - 1 }),
    fc.integer({ min: 0, max: TEXTS.length - 1 }),
    fc.array(fc.tuple(fc.nat(20_000), fc.nat(400), fc.nat(20_000), fc.string({ unit: 'binary', maxLength: 12 })), {
      maxLength: 6,
    }),
  )
  .map(([a, b, cuts]) =>
    cuts.reduce((text, [at, length, from, put]) => {
      const start = at % (text.length + 1);
      return (
        text.slice(0, start) +
        put +
        TEXTS[b]!.slice(from % TEXTS[b]!.length, (from % TEXTS[b]!.length) + length) +
        text.slice(start + length)
      );
    }, TEXTS[a]!),
  );

function readOrRefuse(text: string): readonly string[] {
  try {
    return readRegistrations(text, NOW, known).registrations.map(({ userAgent }) => userAgent);
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(Unread);
    expect((thrown as Unread).hint).not.toMatch(/SECRET|Anna|198\.51/);
    return [];
  }
}

describe('whatever is given to the readers', () => {
  test('random bytes are read or refused, never thrown over', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3000 }), (bytes) => {
        readOrRefuse(decodeText(bytes));
      }),
      { numRuns: 400 },
    );
  });

  test('damaged outputs are read or refused, and call ids, host names and callers never become a User-Agent', () => {
    fc.assert(
      fc.property(damaged, (text) => {
        for (const agent of readOrRefuse(text)) expect(typeof agent).toBe('string');
      }),
      { numRuns: 400 },
    );
  });

  test('nothing of a damaged output but names of models is in the report', () => {
    fc.assert(
      fc.property(damaged, (text) => {
        let registrations: ReturnType<typeof readRegistrations>['registrations'] = [];
        try {
          ({ registrations } = readRegistrations(text, NOW, known));
        } catch {
          return;
        }
        const { lines } = takeInventory({
          root: '/nowhere',
          identifier,
          clock: new SetClock(NOW),
          hardware: false,
          endpoints: { registrations, problems: [], unknown: false },
        });
        expect(JSON.stringify(lines)).not.toMatch(/@|anna\.example|4930555|198\.51\.100|001565|Ивана/i);
      }),
      { numRuns: 250 },
    );
  });

  test('any JSON in an answer of Kamailio', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        try {
          kamailioContacts({ jsonrpc: '2.0', result: value });
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(Unread);
        }
      }),
    );
  });

  test('a phone cannot forge a key of an AMI message that stands before its own', () => {
    const [message] = messagesOf('Event: ContactList\r\nUserAgent: a\r\nUserAgent: b\r\nNo colon\r\n\r\n');
    expect(message!.get('UserAgent')).toBe('a');
  });

  test.each<[string, string]>([
    ['blanks', `/${' '.repeat(16_000)}\n`.repeat(400)],
    ['rows without an end', `/registrar/contact/1;@a: {"user_agent":"${'x'.repeat(8_000)}\n`.repeat(400)],
    ['quotes', `${'"'.repeat(16_000)}\n`.repeat(200)],
    ['escapes', '\u001b['.repeat(400_000)],
    ['an escape without an end', `\u001b]${'0;'.repeat(400_000)}`],
    ['colons', `${'a:'.repeat(8_000)}\n`.repeat(300)],
    ['bars', `user_agent|x\n${'|'.repeat(16_000)}\n`.repeat(50)],
    ['versions', `A${' 1'.repeat(8_000)}\n`.repeat(200)],
    ['dots', `Ab/${'1.'.repeat(8_000)}x\n`.repeat(200)],
    ['blocks', `Event: ContactList\r\n\r\n`.repeat(20_000)],
    ['elements', `<registration>\n<a>\n`.repeat(50_000)],
  ])('megabytes of %s cost what they weigh', (_, text) => {
    // A generous bound for a busy machine: quadratic behaviour would take minutes.
    const started = performance.now();
    readOrRefuse(text);
    expect(performance.now() - started).toBeLessThan(60_000);
  });
});
