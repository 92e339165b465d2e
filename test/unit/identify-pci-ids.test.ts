import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Card } from '../../schemas/catalog.ts';
import { loadCatalog } from '../../services/shared/load-catalog.ts';
import { parsePciIds } from '../support/identify/pci-ids.ts';

/** Debian's package pci.ids. */
const PATH = '/usr/share/misc/pci.ids';
const ids = existsSync(PATH) ? parsePciIds(readFileSync(PATH, 'utf8')) : undefined;
const { cards } = loadCatalog().pci;

/** Where drivers and makers say something else than the list of ids, and are right about it. */
const ELSEWHERE = new Set([
  'd161:b410',
  '1244:0a00',
  'e159:0001/b1d9',
  'e159:0001/b100',
  '15ad:07b0',
  '10b5:0557',
  '10b5:d00d',
]);

/** Words that the catalogue adds: a family's name, what several cards are together. */
const ADDED = new Set(['diva', 'family']);

/** Words of a name that a label must have: without marks, so that `PCI(e)` and `PCIe` are one. */
function words(text: string): string[] {
  return (
    text
      .toLowerCase()
      .replaceAll('fritz!card', 'fritz')
      .match(/[a-z0-9]+/g) ?? []
  );
}

/** Whether a label may be what a card of this name is called: of alternatives (`TE131/TE133`) one is enough. */
function names(label: string, { model }: Card): boolean {
  const said = words(label).join('');
  const alternatives = model.includes('/') ? model.split(/\/(?=[A-Z]{1,3}[0-9])/) : [model];
  return alternatives.some((one) => words(one).every((word) => ADDED.has(word) || said.includes(word)));
}

describe.skipIf(!ids)('the table of cards (skipped where the package pci.ids is missing)', () => {
  const known = cards.flatMap((card) => {
    const label = ids!.labelOf(card.id);
    return label === undefined || card.model === '' || ELSEWHERE.has(card.id) ? [] : [{ card, label }];
  });

  test('is checked against the list of ids row by row', () => {
    expect(known.filter(({ card }) => card.category === 'pci').length).toBeGreaterThan(140);
  });

  test('names no card that the list of ids calls something else', () => {
    const wrong = known
      .filter(({ card, label }) => !names(label, card))
      .map(({ card, label }) => [card.id, card.model, label]);
    expect(wrong).toEqual([]);
  });

  test('has every telephony device and subsystem of the list', () => {
    const have = new Set(cards.map(({ id }) => id));
    expect(ids!.telephony(Object.keys(loadCatalog().pci.telephony)).filter((id) => !have.has(id))).toEqual([]);
  });
});
