import { expect, test } from 'vitest';
import { nameOf, pageOf } from '../../services/console/app/lib/links.ts';

test('phones of a maker whose model is not in the catalogue are not called by the maker alone', () => {
  const names = { category: 'phone', vendor: 'Yealink' };
  expect(nameOf({ ...names, model: '' })).toEqual({ small: 'Yealink', main: 'not listed' });
  expect(nameOf({ ...names, model: 'SIP-T46U' })).toEqual({ small: 'Yealink', main: 'SIP-T46U' });
  expect(nameOf(names)).toEqual({ small: '', main: 'Yealink' });
  expect(pageOf({ ...names, model: '' })).toBe('/makers/Yealink');
});
