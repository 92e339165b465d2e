import { expect, test } from 'vitest';
import { openerFor } from '../../services/cli/demo/open-browser.ts';
import { signsTable, whereToLook } from '../../services/cli/demo/where-to-look.ts';
import { bannerOf } from '../../services/cli/terminal.ts';
import { SetClock } from '../../services/shared/clock.ts';

const URL = 'http://127.0.0.1:8080';

test('the demo names a link and a key for each role, and where to look', () => {
  const table = signsTable([
    { role: 'reader', key: 'rc_reader', link: `${URL}/signin#link=r` },
    { role: 'admin', key: '', link: `${URL}/signin#link=a` },
  ]);
  expect(table).toMatch(/reader +http:\/\/127\.0\.0\.1:8080\/signin#link=r\n.*or with the key rc_reader\n/);
  expect(table).toMatch(/admin +http:\/\/127\.0\.0\.1:8080\/signin#link=a\n.*or with the key demo-key/);
  expect(whereToLook({ url: URL, metricsUrl: undefined }, '2026-11')).toMatch(/\/docs [\s\S]*\/privacy /);
});

test('the browser is asked for as its system does it, and not where no screen is', () => {
  expect(openerFor('linux', {})).toBeUndefined();
  expect(openerFor('linux', { DISPLAY: ':0' })).toEqual(['xdg-open']);
  expect(openerFor('darwin', {})).toEqual(['open']);
  expect(openerFor('win32', {})?.[0]).toBe('cmd');
  expect(openerFor('aix', {})).toBeUndefined();
});

test('the banner of a start names the console, the documentation and where the key is', () => {
  const banner = bannerOf({ name: 'start', url: URL, adminKeyPath: 'data/admin-key', roles: ['api', 'ingest'] });
  for (const word of [
    `console        ${URL}/`,
    `${URL}/docs`,
    `${URL}/privacy`,
    'in data/admin-key',
    'keys link admin',
  ])
    expect(banner).toContain(word);
  expect(bannerOf({ name: 'ingest', url: URL, adminKeyPath: undefined, roles: ['ingest'] })).not.toContain('console');
});

test('a clock that was set can be let run, and set again', () => {
  const real = new SetClock(50);
  const clock = new SetClock(1_000);
  clock.runLike(real);
  real.moveTo(80);
  expect(clock.now()).toBe(1_030);
  expect(() => clock.moveTo(1_029)).toThrow(RangeError);
  clock.moveTo(2_000);
  real.moveTo(90);
  expect(clock.now()).toBe(2_010);
});
