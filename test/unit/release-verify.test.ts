import { sign } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { Manifest, RELEASE_FILES } from '../../schemas/release-file.ts';
import { parsePeriod } from '../../services/core/period.ts';
import { canonicalJson } from '../../services/releases/files/canonical-json.ts';
import { digestOf, manifestJson, sumLine } from '../../services/releases/files/manifest.ts';
import { releaseFiles } from '../../services/releases/files/release-files.ts';
import { releaseDocument } from '../../services/releases/files/release-json.ts';
import { signText } from '../../services/releases/files/sign.ts';
import type { Fault, Verdict } from '../../services/releases/files/verdict.ts';
import { type FileBytes, verifyRelease } from '../../services/releases/files/verify.ts';
import { bytesOf, KEY, madeUpOrder, OTHER_KEY, smallOrder } from '../support/made-up-release.ts';

const WHOLE = bytesOf(releaseFiles(smallOrder()));
const OTHER = bytesOf(releaseFiles(madeUpOrder({ period: parsePeriod('2026-12') })));
const textOf = (name: string, files: FileBytes = WHOLE) => Buffer.from(files.get(name) as Uint8Array).toString();
const verdictOn = (files: FileBytes): Verdict => verifyRelease(files, KEY.publicKey);
const faultsOf = (files: FileBytes): readonly Fault[] => {
  const verdict = verdictOn(files);
  return verdict.ok ? [] : verdict.faults;
};
const withFile = (name: string, content: string | Uint8Array, files: FileBytes = WHOLE) =>
  new Map(files).set(name, Buffer.from(content));

/** What a publisher would have signed who made `release.json` and `release.csv` otherwise than this product does. */
function signedAnew(changes: Readonly<Record<string, string>>, change: Partial<Manifest> = {}): FileBytes {
  const files = new Map(WHOLE);
  for (const [name, content] of Object.entries(changes)) files.set(name, Buffer.from(content));
  const vouched = Manifest.parse(JSON.parse(textOf('manifest.json'))).files.map(({ name }) => ({
    name,
    ...digestOf(files.get(name) as Uint8Array),
  }));
  const sums = { files: vouched, sha256sums: (vouched as Manifest['files']).map(sumLine) };
  const manifest = { ...JSON.parse(textOf('manifest.json')), ...sums, ...change };
  return signed(canonicalJson(Manifest, manifest), files);
}

function signed(manifest: string, files: FileBytes = WHOLE): FileBytes {
  return withFile('manifest.sig', signText(manifest, KEY.privateKey), withFile('manifest.json', manifest, files));
}

const range = (most: number) => Array.from({ length: most }, (_, i) => i);

describe('a release as it was published', () => {
  test('holds, and the verdict says what it is about', () => {
    expect(verdictOn(WHOLE)).toEqual({
      ok: true,
      release: {
        period: '2026-11',
        party: 'Yealink',
        revision: 0,
        profile: 'noised',
        keyId: KEY.keyId,
        epsilon: 3.54,
        delta: 1e-6,
        sampleSites: null,
        cells: 1,
      },
    });
    expect(verifyRelease(OTHER, KEY.publicKey).ok).toBe(true);
  });

  test('holds without noise, and says that it has none', () => {
    const slice = { ...smallOrder().slice, profile: 'threshold' as const };
    const files = releaseFiles(smallOrder({ slice, cost: { rho: null, epsilon: null, delta: null } }));
    expect(verdictOn(bytesOf(files))).toMatchObject({ ok: true, release: { epsilon: 'unbounded', delta: null } });
  });

  test('looks like this: a change of the form would leave releases behind that nobody can check', () => {
    expect(textOf('release.csv').split('\r\n')).toEqual([
      'row,period,party,revision,profile,epsilon,delta,platform,category,vendor,model,sites,sites_margin,share,phones,phones_margin,phones_counted_on_a_site,sites_before,sites_change,phones_before,phones_change',
      'phone_model,2026-11,Yealink,0,noised,3.54,0.000001,,phone,Yealink,SIP-T46S,1210,17,0.5,9500,440,48+24+12+6+3+3,1200,not-significant,8000,',
      '',
    ]);
    const document = JSON.parse(textOf('release.json'));
    const keys = (of: object) => Object.keys(of).join(' ');
    expect(textOf('release.json')).toMatch(/^\{\n {2}"notice": "[^\n]*",\n {2}"schema": "rollcall.release\/2",\n/);
    expect(keys(document)).toBe(
      'notice schema period party revision profile frozenAt answer largeEnough method coverage cells earlier',
    );
    expect(keys(document.method)).toBe(
      'source caps threshold sitesRounding phonesRounding leastFleet policyVersion catalogue rho epsilon delta',
    );
    expect(keys(document.cells[0])).toBe(
      'query platform category vendor model sites sitesMargin share phones phonesMargin change',
    );
    expect(keys(document.cells[0].change)).toBe('beforeSites sites beforePhones phones');
    expect(keys(JSON.parse(textOf('manifest.json')))).toBe(
      'schema signature period party revision policyVersion catalogue profile parameters epsilon delta key files sha256sums',
    );
  });
});

describe('every byte counts', () => {
  test('of the contents', () => {
    for (const name of ['release.json', 'release.csv', 'summary.html', 'verify.mjs']) {
      const bytes = WHOLE.get(name) as Uint8Array;
      for (let at = 0; at < bytes.length; at++)
        if (faultsOf(withFile(name, flipped(bytes, at, 1)))[0]?.file !== name) expect.fail(`${name} at ${at}`);
    }
  });

  test('of the manifest', () => {
    const bytes = WHOLE.get('manifest.json') as Uint8Array;
    for (let at = 0; at < bytes.length; at++)
      for (const mask of [1, 2, 0x20, 0x80])
        if (faultsOf(withFile('manifest.json', flipped(bytes, at, mask)))[0]?.file !== 'manifest.json')
          expect.fail(`at ${at} with ${mask}`);
  });

  test('of the signature, whatever it is changed to', () => {
    const bytes = WHOLE.get('manifest.sig') as Uint8Array;
    for (let at = 0; at < bytes.length; at++)
      for (let mask = 1; mask < 256; mask++)
        if (!faultsOf(withFile('manifest.sig', flipped(bytes, at, mask))).some(({ file }) => file === 'manifest.sig'))
          expect.fail(`at ${at} with ${mask}`);
  });

  test.each(RELEASE_FILES)('and every one that is too many or too few: %s', (name) => {
    const bytes = WHOLE.get(name) as Uint8Array;
    for (const changed of [
      Buffer.concat([bytes, Buffer.from('\n')]),
      Buffer.concat([bytes, Buffer.from([0])]),
      Buffer.concat([Buffer.from('\ufeff'), bytes]),
      Buffer.concat([Buffer.from(' '), bytes]),
      bytes.subarray(0, -1),
      bytes.subarray(1),
      bytes.subarray(0, 0),
    ])
      expect(faultsOf(withFile(name, changed)).map(({ file }) => file)).toContain(name);
  });

  function flipped(bytes: Uint8Array, at: number, mask: number): Uint8Array {
    const changed = Uint8Array.from(bytes);
    changed[at] = (changed[at] as number) ^ mask;
    return changed;
  }
});

describe('is named', () => {
  test.each(RELEASE_FILES)('a file that is missing: %s', (name) => {
    const files = new Map(WHOLE);
    files.delete(name);
    expect(faultsOf(files)).toEqual([{ file: name, reason: 'missing' }]);
  });

  test('a file that the manifest does not vouch for', () => {
    expect(faultsOf(withFile('more.csv', 'x'))).toEqual([{ file: 'more.csv', reason: 'not-in-manifest' }]);
  });

  test('a file of another release', () => {
    for (const name of ['release.json', 'release.csv', 'summary.html'])
      expect(faultsOf(withFile(name, OTHER.get(name) as Uint8Array)).map(({ file }) => file)).toEqual([name]);
    const both = ['manifest.json', 'manifest.sig'];
    for (const name of both)
      expect(faultsOf(withFile(name, OTHER.get(name) as Uint8Array)).map(({ file }) => file)).toEqual(
        expect.arrayContaining(both),
      );
    const others = withFile('manifest.json', textOf('manifest.json', OTHER));
    expect(faultsOf(withFile('manifest.sig', textOf('manifest.sig', OTHER), others)).map(({ file }) => file)).toEqual([
      'release.json',
      'release.csv',
      'summary.html',
    ]);
  });

  test('a file of the right length with other bytes', () => {
    const changed = textOf('release.csv').replace('9500', '9501');
    expect(faultsOf(withFile('release.csv', changed))).toEqual([{ file: 'release.csv', reason: 'digest-differs' }]);
  });

  test('the key of somebody else who signed the whole release anew', () => {
    const files = bytesOf(releaseFiles(smallOrder({ key: OTHER_KEY })));
    expect(faultsOf(files)).toEqual([
      {
        file: 'manifest.json',
        reason: 'another-key',
        detail: `${OTHER_KEY.keyId} instead of ${KEY.keyId}`,
      },
    ]);
  });

  test('a signature of somebody else under the publisher’s name', () => {
    const forged = signText(textOf('manifest.json'), OTHER_KEY.privateKey);
    expect(faultsOf(withFile('manifest.sig', forged)).map(({ reason }) => reason)).toEqual([
      'signature-does-not-fit',
      'signature-does-not-fit',
    ]);
  });

  test('a signature of ours that was made for something else than these bytes', () => {
    const other = sign(null, Buffer.from(`rollcall.manifest/1\n${textOf('manifest.json')}`), KEY.privateKey);
    expect(faultsOf(withFile('manifest.sig', `${other.toString('base64')}\n`))[0]?.reason).toBe(
      'signature-does-not-fit',
    );
  });

  test('a signature in other letters for the same bytes', () => {
    // One with a letter that base64 has two spellings of: most have, and which of them do changes with every word of a file.
    const files = range(40)
      .map((revision) => bytesOf(releaseFiles(smallOrder({ revision }))))
      .find((one) => /[+/]/.test(textOf('manifest.sig', one))) as FileBytes;
    const text = textOf('manifest.sig', files).trim();
    // The last letter before == has four bits that decoders drop.
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
    const twin = `${text.slice(0, 85)}${letters[letters.indexOf(text[85] as string) + 1]}==`;
    expect(Buffer.from(twin, 'base64').equals(Buffer.from(text, 'base64'))).toBe(true);
    const urlSafe = text.replaceAll('+', '-').replaceAll('/', '_');
    for (const spelling of [twin, urlSafe, text.replace('==', ''), `${text.slice(0, 40)}\n${text.slice(40)}`])
      expect(faultsOf(withFile('manifest.sig', `${spelling}\n`, files))).toEqual([
        { file: 'manifest.sig', reason: 'not-a-signature' },
      ]);
  });
});

describe('what a publisher signed must agree with itself', () => {
  const json = textOf('release.json');

  test.each([
    ['is not JSON', 'no json', 'not-json'],
    ['has a field too many', json.replace('"schema"', '"digest": "0",\n  "schema"'), 'malformed'],
    ['has a number that is none', json.replace('"sites": 1210', '"sites": "1210"'), 'malformed'],
    ['calls itself another schema', json.replace('release/2', 'release/3'), 'malformed'],
    ['is laid out otherwise', JSON.stringify(JSON.parse(json)), 'not-canonical'],
    ['says a thing twice', json.replace('"party"', '"party": "Nobody",\n  "party"'), 'not-canonical'],
  ])('release.json that %s', (_, content, reason) => {
    expect(faultsOf(signedAnew({ 'release.json': content }))).toEqual([{ file: 'release.json', reason }]);
  });

  test.each([
    ['period', '2026-12'],
    ['party', 'Cisco'],
    ['revision', 1],
    ['policyVersion', 2],
    ['catalogue', '2026-10.1'],
    ['epsilon', 1],
    ['delta', 1e-9],
    ['profile', 'threshold'],
    ['parameters', { caps: [24], threshold: 10, sitesRounding: 5, phonesRounding: 10, leastFleet: 300 }],
  ])('release.json with another %s than the manifest', (field, value) => {
    expect(faultsOf(signedAnew({}, { [field]: value }))).toEqual([
      { file: 'release.json', reason: 'differs-from-manifest', detail: field },
    ]);
  });

  test('release.csv with another number than release.json', () => {
    const csv = textOf('release.csv');
    const detailOf = (content: string) => faultsOf(signedAnew({ 'release.csv': content }));
    const fault = { file: 'release.csv', reason: 'differs-from-json' };
    expect(detailOf(csv.replace(',1210,', ',1215,'))).toEqual([{ ...fault, detail: 'line 2' }]);
    expect(detailOf(csv.replace(',phones,', ',calls,'))).toEqual([{ ...fault, detail: 'line 1' }]);
    expect(detailOf(`${csv}surplus`)).toEqual([{ ...fault, detail: 'line 3' }]);
    expect(detailOf(`${csv}\r\n`)).toEqual([{ ...fault, detail: 'line 4' }]);
  });

  test.each([
    ['is not JSON', 'no json', 'not-json'],
    ['has a field too many', textOf('manifest.json').replace('"key"', '"snapshot": "0",\n  "key"'), 'malformed'],
    ['vouches for fewer files', textOf('manifest.json').replace('"summary.html"', '"release.json"'), 'malformed'],
    [
      'gives other sums than digests',
      textOf('manifest.json').replace('  summary.html', '  release.html'),
      'differs-from-itself',
    ],
    ['is laid out otherwise', JSON.stringify(JSON.parse(textOf('manifest.json'))), 'not-canonical'],
  ])('a manifest that %s', (_, manifest, reason) => {
    expect(faultsOf(signed(manifest))).toMatchObject([{ file: 'manifest.json', reason }]);
  });

  test('and does when nothing was changed', () => {
    expect(faultsOf(signedAnew({}))).toEqual([]);
    const document = releaseDocument(smallOrder());
    const contents = ['release.json', 'release.csv', 'summary.html', 'verify.mjs'].map((name) => [name, textOf(name)]);
    const { key } = Manifest.parse(JSON.parse(textOf('manifest.json')));
    expect(manifestJson(document, key, Object.fromEntries(contents))).toBe(textOf('manifest.json'));
  });
});
